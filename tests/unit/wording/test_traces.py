"""What a trace says, a Dutch administrator reads in Dutch: also of a call of last year (issue 5 point 5)."""

from __future__ import annotations

import re
from enum import Enum

import pytest
from said import PLACE, names_in_traces, step_sentences, traced

from centrale.accounts.expectations import Told
from centrale.acd.agent_state import AgentState
from centrale.acd.events import Leaving, Miss
from centrale.acd.instructions import Forwarding, Withdrawal
from centrale.acd.picture import Strategy
from centrale.calls.line import Because
from centrale.calls.ports import PinVerdict, PlanChange, QueueVerdict, Situation
from centrale.kinds.location_routing import By
from centrale.kinds.registry import KINDS
from centrale.routing.callerid import DiversionReason
from centrale.routing.pins import PinProblem
from centrale.routing.schedule_times import Weekday
from centrale.telephony.switch import Cause
from centrale.wording.catalogue import Language, catalogue
from centrale.wording.traces import LONGEST, fact_in_words, rule_in_words, told

DUTCH = catalogue(Language.DUTCH).traces
ENUMS: tuple[type[Enum], ...] = (
    AgentState,
    Because,
    By,
    Cause,
    DiversionReason,
    Forwarding,
    Leaving,
    Miss,
    PinVerdict,
    PlanChange,
    QueueVerdict,
    Situation,
    Strategy,
    Told,
    Withdrawal,
)
"""Their values stand in steps and facts."""

NO_SENTENCES = frozenset(
    {
        "Erlang A",
        "Erlang C",
        " the day after",
        "all day",
        "{}, the whole week",
        "{}: greeting",
        "call",
        "day",
        "it was made meanwhile",
        "parking line, 1-99",
        "the name of a queue has letters, digits, spaces, dots, dashes and apostrophes only",
        "An extension number has only the digits 0 to 9.",
        "All extension numbers of an account have the same length, 2 to 5 digits.",
        "900 to 940, 930 with a parking line, and 1233 are service numbers of every account.",
        "This is an emergency number, which must always reach the emergency centre.",
    }
    | {PLACE.sub("{}", re.sub("[0-9]+(?= )", "{}", str(it.value))) for it in PinProblem}
    | {str(it.value) for it in PinProblem}
)
"""Texts of these folders that stand in no trace: refusals, and parts of periods, which are translated as such."""

SHORT = frozenset({"declined", "holiday", "{} by {}", "{} s", "{}. {}", *(day.value for day in Weekday)})
"""What is looked for by its spaces and words, and has none."""


def bare(template: str) -> str:
    """Without what differs between the code and the catalogue: names of places, a party's number and name, brackets
    around it, the first letter."""
    plain = re.sub(r"\{\}( \{\})+", "{}", PLACE.sub("{}", template)).strip().removesuffix(".")
    plain = re.sub(r"^\((.*)\)$", r"\1", plain)
    return plain[:1].lower() + plain[1:]


KNOWN = {bare(english) for english in DUTCH.sentences}


def test_every_sentence_of_a_trace_exists_in_dutch() -> None:
    words = set(DUTCH.codes) | set(DUTCH.rules)
    missing = {said: at for said, at in traced().items() if bare(said) not in KNOWN and said not in words}
    assert {said: at for said, at in missing.items() if said not in NO_SENTENCES} == {}


def test_nothing_is_translated_that_no_trace_says() -> None:
    assert KNOWN - {bare(said) for said in {*traced(), *SHORT, "{} {}"}} == set()
    assert set(DUTCH.steps) - set(step_sentences()) == set()


def test_every_sentence_about_a_step_exists_in_dutch() -> None:
    shared = {"{first} and {last}", "nobody"}
    assert {said: at for said, at in step_sentences().items() if said not in set(DUTCH.steps) | shared} == {}


@pytest.mark.parametrize("english", [*DUTCH.sentences, *DUTCH.steps])
def test_a_translation_fills_in_what_the_english_has(english: str) -> None:
    dutch = {**DUTCH.sentences, **DUTCH.steps}[english]
    assert sorted(PLACE.findall(dutch)) == sorted(PLACE.findall(english))


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_code_is_called_something(enum: type[Enum]) -> None:
    assert {member.value for member in enum} - set(DUTCH.codes) == set()


def test_every_rule_and_every_fact_has_a_name() -> None:
    rules, facts = names_in_traces()
    assert {rule: at for rule, at in rules.items() if rule not in DUTCH.rules and rule not in KINDS} == {}
    assert {fact: at for fact, at in facts.items() if fact not in DUTCH.facts} == {}


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("rings 201 on ACMEEC01, 202 on ACMEEC02", "belt 201 op ACMEEC01, 202 op ACMEEC02"),
        ("nobody answered: no_answer", "niemand nam op: geen gehoor"),
        ("rings 201 on the phone of 201, 202 on desk", "belt 201 op het toestel van 201, 202 op desk"),
        ("202 on desk: busy; tries 202 on hall", "202 op desk: in gesprek; probeert 202 op hall"),
        (
            "300 Sales: rings 202 and 203 for 4 s, then forwards to 204; calls from outside: rings nobody",
            "300 Sales: belt 202 en 203 4 s, daarna 204; gesprekken van buiten: belt niemand",
        ),
        (
            "holiday Kerst (2026-12-25 00:00 – 2026-12-27 00:00), plan Day: the manual override goes first",
            "vakantie Kerst (25-12-2026 00:00 – 27-12-2026 00:00), nummerplan Day: handmatige keuze gaat voor",
        ),
        (
            "schema Acme: not in plan Night (weekly schedule Mon 09:00 – Tue 17:00)",
            "schema Acme: staat niet in nummerplan Night (weekschema ma 09:00 – di 17:00)",
        ),
        (
            "schema Acme: not in plan Night (weekly schedule Sat, Sun all day)",
            "schema Acme: staat niet in nummerplan Night (weekschema za, zo de hele dag)",
        ),
        (
            "schema Acme: not in plan Night (weekly schedule Sun 00:00–00:00)",
            "schema Acme: staat niet in nummerplan Night (weekschema zo de hele dag)",
        ),
        ("530 Pauze: Sun all day to 300; otherwise 520", "530 Pauze: zo de hele dag naar 300; anders naar 520"),
        ("201 (idle since 09:00:00)", "201 (geen gesprek sinds 09:00:00)"),
        (
            "Monday 10:00, from +31612345678 to +31205550100, entering 1, 2, when nobody answers: is told no answer",
            "Maandag 10:00, van +31612345678 naar +31205550100, met de invoer 1, 2, terwijl niemand opneemt: "
            "krijgt te horen: geen gehoor",
        ),
        ("700 Main → 202 Bakker. Unanswered: no answer.", "700 Main → 202 Bakker. Niet aangenomen: geen gehoor."),
        ("Balie: NL", "Balie: NL"),
        ("Jansen", "Jansen"),
        ("x" * (LONGEST + 1), "x" * (LONGEST + 1)),
        ("{what} {0} \1 hung up", "{what} {0} \1 hing op"),
        ("", ""),
    ],
)
def test_steps_as_they_are_noted(english: str, dutch: str) -> None:
    assert told(english, Language.DUTCH) == dutch


def test_english_readers_read_codes_as_words() -> None:
    assert told("nobody answered: no_answer", Language.ENGLISH) == "nobody answered: no answer"
    assert told(["must_choose", True, 2.5], Language.ENGLISH) == "must choose, yes, 2.5"
    assert (rule_in_words("own-forward", Language.ENGLISH), fact_in_words("active_by", Language.ENGLISH)) == (
        "Own forward",
        "active by",
    )


def test_numbers_and_moments_are_written_as_the_reader_does() -> None:
    facts = {"waited": 12.5, "emergency": True, "moment": "2026-03-02T10:00:00+01:00", "timeout": 20.0}
    assert told(facts, Language.DUTCH) == "gewacht (s): 12,5, spoed: ja, moment: 2-3-2026 10:00:00, ten hoogste (s): 20"


@pytest.mark.parametrize(
    ("noted", "english", "dutch"),
    [
        ("offered to 201", "offered to 201 Jansen", "aangeboden aan 201 Jansen"),
        (
            "700 Desk: asks upload-1.wav: 1 to 300, 2 to 500; else 299",
            "700 Desk: asks “Welcome”: 1 to 300 Sales, 2 to 500 Support; else 299",
            "700 Desk: vraagt “Welcome”: 1 naar 300 Sales, 2 naar 500 Support; anders naar 299",
        ),
        (
            "rings 201 for 300 s, then forwards to 300",
            "rings 201 Jansen for 300 s, then forwards to 300 Sales",
            "belt 201 Jansen 300 s, daarna 300 Sales",
        ),
        ("rings 201 Jansen", "rings 201 Jansen", "belt 201 Jansen"),
        ("at most 300 calls", "at most 300 calls", "at most 300 calls"),
    ],
)
def test_extensions_and_sounds_are_told_by_name_and_other_figures_are_not(noted: str, english: str, dutch: str) -> None:
    names = {"201": "Jansen", "300": "Sales", "500": "Support", "upload-1.wav": "Welcome"}
    assert told(noted, Language.ENGLISH, names.get) == english
    assert told(noted, Language.DUTCH, names.get) == dutch
