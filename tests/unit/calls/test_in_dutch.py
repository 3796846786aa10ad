"""Whatever a call of the company comes to, its trace leaves no English for a Dutch administrator (issue 5 point 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from company import CALLS, cast
from test_hanging_up import Reaction, Story, tell
from tests.scenarios.world import World

from centrale.api.steps import in_words
from centrale.kinds.registry import KINDS
from centrale.routing.trace import Step
from centrale.telephony.simulated import SimulatedSwitch
from centrale.telephony.simulated.virtual_time import run_virtual
from centrale.wording import ENGLISH, Wording
from centrale.wording.catalogue import Language, catalogue
from centrale.wording.traces import told

ANSWERS = (Reaction("answer", 2.0, 0, 5.0),)
NOBODY = (Reaction("ring", 0.0, 0, 0.0),)
TROUBLE = tuple(Reaction(what, 1.0, 0, 0.0) for what in ("486", "503", "603", "404", "vanish"))

WORD = re.compile(r"[a-z][a-z'’]+")
OURS = re.compile(
    r"“[^”]*”|\S+\.wav|bericht message|\b(?:At most one|In turn|Nobody|Direct|Plans|Sounds|Messages|Reception|Day"
    r"|1000desk|carrier|second|Dial by extension|All|Where|When|Mobile)\b"
)
"""Names and words of the company, which nobody translates."""


def words_of(texts: Iterator[str]) -> set[str]:
    return {word for text in texts for word in WORD.findall(re.sub(r"\{[^{}]*\}", " ", text).lower())}


def english_only() -> set[str]:
    """The words of which the English of traces is made, and not the Dutch."""
    dutch, english = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)
    theirs = [dutch.traces.sentences, dutch.traces.steps, dutch.texts, dutch.traces.codes, dutch.traces.facts]
    choices = [words for choice in english.choices.values() for words in choice.values()]
    said = words_of(iter([*choices, *(key.replace("_", " ") for it in theirs for key in it)]))
    ours = words_of(words for it in (*theirs, *dutch.choices.values()) for words in it.values())
    return said - ours


ENGLISH_ONLY = english_only()


def shown(trace: list[Mapping[str, Any]]) -> Iterator[str]:
    """All that a page shows of it."""
    for step in trace:
        told = in_words(Step.from_json(step), Language.DUTCH)
        yield from (told.title, told.words, *told.passed_over)
        for fact in told.weighed:
            yield from (fact.name, fact.value)


def left_over(world: World) -> set[str]:
    """Texts in which an English word is left."""
    texts = {text for record in world.records for text in shown(record["trace"])}
    return {text for text in texts if words_of(iter([OURS.sub(" ", text)])) & ENGLISH_ONLY}


@pytest.mark.parametrize("reactions", [ANSWERS, NOBODY, TROUBLE], ids=["answered", "in vain", "trouble"])
@pytest.mark.parametrize("call", sorted(CALLS))
def test_no_english_is_left_in_a_trace(call: str, reactions: tuple[Reaction, ...]) -> None:
    world = run_virtual(tell(Story(call, reactions, 120.0, 0, 1.0), SimulatedSwitch()))
    assert world.records
    assert left_over(world) == set()


def test_an_english_sentence_would_be_seen() -> None:
    """Else the test above proves nothing."""
    step = Step.from_json({"at": "2026-03-02T09:00:00+00:00", "rule": "tea", "outcome": "the kettle is on"})
    words = in_words(step, Language.DUTCH).words
    assert words_of(iter([words])) & ENGLISH_ONLY == {"the", "on"}


def test_what_an_extension_does_is_read_back_as_the_list_of_extensions_has_it() -> None:
    """A trace keeps the summary in English; in Dutch it is what the summary would have been."""
    account = run_virtual(_company())
    summaries = [(KINDS[it.kind].summary, it.settings) for it in account.extensions.values()]
    expected = [summary(settings, Wording(Language.DUTCH)) for summary, settings in summaries]
    assert [told(summary(settings, ENGLISH), Language.DUTCH) for summary, settings in summaries] == expected


async def _company() -> Any:
    people = await cast(SimulatedSwitch())
    [account] = people.world.books.current.accounts.values()
    await people.world.over()
    return account
