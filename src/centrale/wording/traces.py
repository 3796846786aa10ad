"""What a trace says, in the language of whoever reads it (issue 5 point 5).

A trace is stored in English: its outcomes are sentences with values in them, its facts are numbers, names and codes. It
is translated when it is shown, so that a call of last year reads in Dutch today. The catalogue has each sentence with
its `{places}`; those whose name begins with `what` or `why` hold something that is a sentence or a code itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.health import of_itself
from centrale.wording.recognising import PLACE, Recogniser
from centrale.wording.words import NameOf, nameless

LONGEST = 1000
"""Characters; what is longer quotes somebody, and is left as it is."""

MOST_WORK = 250
"""For one text, in looks at a short part of it."""

_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_NUMBER = "[0-9.]+"
_SHAPES = MappingProxyType(
    {
        "channel": "the phone of [0-9]+|[^,: ]+",
        "count": _NUMBER,
        "end": f"{_DAY} [0-9:]+",
        "extension": "[0-9]{2,5}",
        "keys": "[0-9*#]+(?:, [0-9*#]+)*",
        "limit": _NUMBER,
        "most": _NUMBER,
        "number": r"\+?[0-9*#]+",
        "party": r"\+?[0-9]+(?: .*?)?",
        "period": f"{_DAY}[^;]*? (?:[0-9:]+|all day)(?:, the whole week)?",
        "seconds": _NUMBER,
        "first": r"\+?[0-9*#]+(?:, \+?[0-9*#]+)*",
        "last": r"\+?[0-9*#]+|[0-9]+ others",
        "trunk": "[^,: ]+",
        "start": f"{_DAY} [0-9:]+",
        "what_day": "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
        "what_entering": "(?:, entering [0-9*#]+(?:, [0-9*#]+)*)?",
        "what_people": "(?:, when .*?)?",
        "what_keys": "[0-9*]{1,6}",
        "what_to": "(?:(?! to ).)+?",
        "what_source": "manual override|temporary override|holiday|weekly schedule|standing plan",
    }
)
"""What may stand in a place, where that is not just anything."""

_EXTENSIONS = frozenset(
    {
        "agent",
        "agents",
        "extension",
        "other",
        "to",
        "what",
        "what_above",
        "what_first",
        "what_last",
        "what_other",
        "what_outside",
        "what_to",
        "what_whom",
        "what_within",
        "who",
    }
)
"""Places that hold extensions by number, where they hold only digits."""

_QUOTED = frozenset({"question", "text", "sound", "address"})
"""Places of summaries that hold words of the account's own."""

_TIME = "[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_PERIOD = re.compile(
    f"{_DAY}(?:(?:–|, | – ){_DAY}| {_TIME}|–{_TIME}| – (?={_DAY}))*(?:{_TIME})?(?: the day after| all day)?"
)
_INSTANT = r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?([+-][0-9:]{5}|Z)?"
_INSTANTS = re.compile(f"{_INSTANT}(?: – {_INSTANT})?")
_BRACKETED = re.compile(r"(.+) \(([^()]+)\)", re.DOTALL)


def rule_in_words(rule: str, language: Language) -> str:
    """What a step's rule is called: `Doorschakeling`."""
    return catalogue(language).traces.rules.get(rule) or rule.replace("-", " ").capitalize()


def fact_in_words(name: str, language: Language) -> str:
    """What a fact is called: `gewacht (s)`. Facts that are called by a party's name keep it."""
    return catalogue(language).traces.facts.get(name) or told(name.replace("_", " "), language)


def told(noted: object, language: Language, name_of: NameOf = nameless) -> str:
    """`noted`, an outcome, a fact, or why something was passed over, in `language`. What nobody translates (a name, a
    number) stays as it is; extensions and sounds are told by name, as far as `name_of` knows it."""
    match noted:
        case bool():
            return _YES[language] if noted else _NO[language]
        case int() | float():
            return decimal(noted, language)
        case Mapping():
            return ", ".join(
                f"{fact_in_words(name, language)}: {told(it, language, name_of)}" for name, it in noted.items()
            )
        case list() | tuple():
            return ", ".join(told(it, language, name_of) for it in noted)
        case _:
            text = str(noted)
            return text if len(text) > LONGEST else named(_told(text, language), name_of)


_YES = MappingProxyType({Language.ENGLISH: "yes", Language.DUTCH: "ja"})
_NO = MappingProxyType({Language.ENGLISH: "no", Language.DUTCH: "nee"})


def decimal(number: float, language: Language) -> str:
    """`12,5`; whole numbers without a fraction."""
    shown = f"{number:.3f}".rstrip("0").rstrip(".")
    return shown.replace(".", ",") if language is Language.DUTCH else shown


def named(marked: str, name_of: NameOf = nameless) -> str:
    """With the names of what was marked as an extension, and of sounds: `201 Jansen`, `“Welcome”`."""

    def with_name(found: re.Match[str]) -> str:
        name = name_of(found[1] or found[2])
        if found[2]:
            return found[2] if name is None else f"“{name}”"
        return found[1] if name is None else f"{found[1]} {name}"

    return _NAMED.sub(with_name, marked)


def marked(numbers: str) -> str:
    """One extension or several (`201, 202`, `201;202`), marked for `named`. What has its name already keeps it."""
    return _LONE.sub("\x02\\g<0>\x03", numbers) if _NUMBERS.fullmatch(numbers) else numbers


_LONE = re.compile("[0-9]{2,5}")
_NUMBERS = re.compile("[0-9]{2,5}(?:(?:, |;| and | en )[0-9]{2,5})*")
_NAMED = re.compile("\x02([0-9]+)\x03|\\b([\\w-]{1,80}\\.wav)\\b")


@lru_cache(4096)
def _told(text: str, language: Language) -> str:
    """Cached, as the traces of an account say much the same."""
    return _Reading(language).known(text) or text


class _Reading:
    """One text, and what it is put together of. Somebody may have named an extension so that there are more ways to
    read it than anyone has time for, so the work has an end."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._left = MOST_WORK

    def known(self, text: str) -> str | None:
        """In the language; None where there is nothing to translate."""
        language = self._language
        self._left -= 1 + len(text) // 100
        if self._left < 0:
            return None
        if (code := _code(text, language)) is not None:
            return code
        if language is Language.DUTCH and (moment := _moment(text)) is not None:
            return moment
        if (found := _BRACKETED.fullmatch(text)) and (brackets := self.known(found[2])):
            return f"{self._or_as_it_is(found[1])} ({brackets})"
        if (said := _sentences(language)(text, self._filled)) is not None:
            return said
        return self._in_parts(text)

    def _or_as_it_is(self, text: str) -> str:
        return self.known(text) or text

    def _filled(self, place: str, value: str) -> str:
        if place == "problem":
            return of_itself(value, self._language)
        known = self.known(value) if place.startswith(("what", "why")) else None
        return (marked(value) if place in _EXTENSIONS else value) if known is None else known

    def _in_parts(self, text: str) -> str | None:
        """What is put together: `X (Y)`, `X: Y`, `X; Y`, `X, Y`. None when no part of it is known."""
        if (found := _BRACKETED.fullmatch(text)) and (whole := self.known(found[1])):
            return f"{whole} ({found[2]})"
        for colon in re.finditer(": ", text):
            head, tail = text[: colon.start()], text[colon.end() :]
            if (rest := self.known(tail)) is not None:
                return f"{self._or_as_it_is(head)}: {rest}"
        for mark in ("; ", ", "):
            parts = text.split(mark)
            if len(parts) > 1 and any(known := [self.known(part) for part in parts]):
                return mark.join(said or part for said, part in zip(known, parts, strict=True))
        return None


def _code(text: str, language: Language) -> str | None:
    """A value such as `no_answer`, or `no answer` where a sentence has it so. Which there are, the Dutch file says."""
    for code in (text, text.replace(" ", "_")):
        if code in catalogue(Language.DUTCH).traces.codes:
            return catalogue(language).traces.codes.get(code) or code.replace("_", " ")
    return None


def _moment(text: str) -> str | None:
    """Periods of the week, dates and instants, as they are written in Dutch."""
    if _PERIOD.fullmatch(text):
        in_dutch = re.sub(_DAY, lambda day: _days()[day[0]], text)
        # Of traces of before, which are kept: midnight to midnight.
        in_dutch = re.sub(" 00:00–00:00$| all day$", " de hele dag", in_dutch)
        return in_dutch.replace("the day after", "de volgende dag")
    if found := _INSTANTS.fullmatch(text):
        first, second = found.groups()[:5], found.groups()[5:]
        return " – ".join(_date(*it) for it in (first, second) if it[0])
    return None


def _date(year: str, month: str, day: str, time: str, zone: str | None) -> str:
    return f"{int(day)}-{int(month)}-{year} {time}{' UTC' if zone in ('Z', '+00:00') else ''}"


@cache
def _days() -> Mapping[str, str]:
    days = catalogue(Language.DUTCH).choices["schedule_times.Weekday"]
    return {english[:3].capitalize(): dutch[:2] for english, dutch in days.items()}


@cache
def _sentences(language: Language) -> Recogniser:
    """Of traces, and of summaries: what an extension does stands in the step of the call that comes to it."""
    sentences = catalogue(Language.DUTCH).traces.sentences
    # Titles and descriptions of fields begin with a capital, and stand in no summary.
    summaries = {
        PLACE.sub(_nested, english): PLACE.sub(_nested, dutch)
        for english, dutch in catalogue(Language.DUTCH).texts.items()
        if not english[:1].isupper()
    }
    if language is Language.ENGLISH:
        return Recogniser({english: english for english in (*summaries, *sentences)}, _SHAPES)
    return Recogniser({**summaries, **_choices(language), **sentences}, _SHAPES)


def _nested(place: re.Match[str]) -> str:
    """What stands in a summary is made of summaries, but for the account's own words."""
    return place[0] if place[1] in _QUOTED else f"{{what_{place[1]}}}"


def _choices(language: Language) -> dict[str, str]:
    """By the English words: `agents by rank`."""
    theirs = catalogue(language).choices
    return {
        words: theirs[enum][value]
        for enum, choices in catalogue(Language.ENGLISH).choices.items()
        for value, words in choices.items()
    }
