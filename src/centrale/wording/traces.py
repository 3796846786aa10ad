"""What a trace says, in the language of whoever reads it (issue 5 point 5).

A trace is stored in English: its outcomes are sentences with values in them, its facts are numbers, names and codes. It
is translated when it is shown, so that a call of last year reads in Dutch today. The catalogue has each sentence with
its `{places}`; those whose name begins with `what` or `why` hold something that is a sentence or a code itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.recognising import Recogniser

LONGEST = 2000
"""Characters; what is longer quotes somebody, and is left as it is."""

_DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_NUMBER = "[0-9.]+"
_SHAPES = MappingProxyType(
    {
        "channel": "[^, ]+",
        "count": _NUMBER,
        "end": f"{_DAY} [0-9:]+",
        "extension": "[0-9]{2,5}",
        "keys": "[0-9*#]+(?:, [0-9*#]+)*",
        "limit": _NUMBER,
        "most": _NUMBER,
        "number": r"\+?[0-9*#]+",
        "party": r"\+?[0-9]+(?: .*?)?",
        "period": f"{_DAY}[^;]*? [0-9:]+(?:, the whole week)?",
        "seconds": _NUMBER,
        "trunk": "[^,]+?",
        "start": f"{_DAY} [0-9:]+",
        "what_day": "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day",
        "what_entering": "(?:, entering [0-9*#]+(?:, [0-9*#]+)*)?",
        "what_people": "(?:, when .*?)?",
        "what_source": "manual override|temporary override|holiday|weekly schedule|standing plan",
    }
)
"""What may stand in a place, where that is not just anything."""

_QUOTED = frozenset({"question", "text", "sound", "address"})
"""Places of summaries that hold words of the account's own."""

_TIME = "[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_PERIOD = re.compile(f"{_DAY}(?:(?:–|, | – ){_DAY}| {_TIME}|–{_TIME}| – (?={_DAY}))*(?:{_TIME})?(?: the day after)?")
_INSTANT = r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?([+-][0-9:]{5}|Z)?"
_INSTANTS = re.compile(f"{_INSTANT}(?: – {_INSTANT})?")
_BRACKETED = re.compile(r"(.+) \(([^()]+)\)", re.DOTALL)


def rule_in_words(rule: str, language: Language) -> str:
    """What a step's rule is called: `Doorschakeling`."""
    return catalogue(language).traces.rules.get(rule) or rule.replace("-", " ").capitalize()


def fact_in_words(name: str, language: Language) -> str:
    """What a fact is called: `gewacht (s)`. Facts that are called by a party's name keep it."""
    return catalogue(language).traces.facts.get(name) or told(name.replace("_", " "), language)


def told(noted: object, language: Language) -> str:
    """`noted`, an outcome, a fact, or why something was passed over, in `language`. What nobody translates (a name, a
    number) stays as it is."""
    match noted:
        case bool():
            return _YES[language] if noted else _NO[language]
        case int() | float():
            return decimal(noted, language)
        case Mapping():
            return ", ".join(f"{fact_in_words(name, language)}: {told(it, language)}" for name, it in noted.items())
        case list() | tuple():
            return ", ".join(told(it, language) for it in noted)
        case _:
            text = str(noted)
            return text if len(text) > LONGEST else _known(text, language) or text


_YES = MappingProxyType({Language.ENGLISH: "yes", Language.DUTCH: "ja"})
_NO = MappingProxyType({Language.ENGLISH: "no", Language.DUTCH: "nee"})


def decimal(number: float, language: Language) -> str:
    """`12,5`; whole numbers without a fraction."""
    shown = f"{number:.3f}".rstrip("0").rstrip(".")
    return shown.replace(".", ",") if language is Language.DUTCH else shown


def _known(text: str, language: Language) -> str | None:
    """In `language`; None where there is nothing to translate."""
    if (code := _code(text, language)) is not None:
        return code
    if language is Language.DUTCH and (moment := _moment(text)) is not None:
        return moment
    if (found := _BRACKETED.fullmatch(text)) and (brackets := _known(found[2], language)):
        return f"{_known(found[1], language) or found[1]} ({brackets})"
    for known in _recognisers(language):
        if (said := known(text)) is not None:
            return _begun_as(text, said)
    return _in_parts(text, language)


def _begun_as(text: str, said: str) -> str:
    """`said` with a capital when `text` has one, and with none when it has none."""
    if text[:1].isupper():
        return said[:1].upper() + said[1:]
    return said[:1].lower() + said[1:] if text[:1].islower() and said[1:2].islower() else said


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


def _in_parts(text: str, language: Language) -> str | None:
    """What is put together: `X (Y)`, `X: Y`, `X; Y`, `X, Y`. None when no part of it is known."""
    if (found := _BRACKETED.fullmatch(text)) and (whole := _known(found[1], language)):
        return f"{whole} ({found[2]})"
    for colon in re.finditer(": ", text):
        head, tail = text[: colon.start()], text[colon.end() :]
        if (rest := _known(tail, language)) is not None:
            return f"{_known(head, language) or head}: {rest}"
    for mark in ("; ", ", "):
        parts = text.split(mark)
        if len(parts) > 1 and any(known := [_known(part, language) for part in parts]):
            return mark.join(said or part for said, part in zip(known, parts, strict=True))
    return None


@cache
def _recognisers(language: Language) -> tuple[Recogniser, ...]:
    """Of traces, and of summaries: what an extension does stands in the step of the call that comes to it."""

    def nested(place: str, value: str) -> str:
        return told(value, language) if place.startswith(("what", "why")) else value

    def of_summary(place: str, value: str) -> str:
        return value if place in _QUOTED else told(value, language)

    sentences = catalogue(Language.DUTCH).traces.sentences
    if language is Language.ENGLISH:
        return (Recogniser({english: english for english in sentences}, nested, _SHAPES),)
    texts = catalogue(language).texts
    # Titles and descriptions of fields begin with a capital, and stand in no summary.
    summaries = {english: dutch for english, dutch in texts.items() if not english[:1].isupper()} | _choices(language)
    return (Recogniser(sentences, nested, _SHAPES), Recogniser(summaries, of_summary, _SHAPES))


def _choices(language: Language) -> dict[str, str]:
    """By the English words: `agents by rank`."""
    theirs = catalogue(language).choices
    return {
        words: theirs[enum][value]
        for enum, choices in catalogue(Language.ENGLISH).choices.items()
        for value, words in choices.items()
    }
