"""Refusals in another language (issue 5 point 5).

A refusal is composed where the rule stands, as an English sentence with values in it. The catalogue has the Dutch by
the English with `{places}`, and a sentence is recognised by its fixed words: so no rule has to carry two sentences, or
a key that says nothing to whoever reads the code. What is not recognised stays English; a test lists it.
"""

from __future__ import annotations

import re
from functools import cache

from centrale.wording.catalogue import Language, catalogue

_PLACE = re.compile(r"\{([^{}]*)\}")
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z])")

LONGEST = 1000
"""Characters; what is longer quotes somebody, and is left as it is."""


def refusal(english: str, language: Language) -> str:
    """`english`, one sentence or several, in `language`."""
    if language is Language.ENGLISH or not 0 < len(english) <= LONGEST:
        return english
    whole = _recognised(english, language)
    if whole is not None:
        return whole
    return " ".join(_one(sentence, language) for sentence in _SENTENCES.split(english))


def _one(english: str, language: Language) -> str:
    """With what stands behind a colon (where something is used) left as it is."""
    head, colon, rest = english.partition(": ")
    known = _recognised(english, language)
    if known is None and colon and (known_head := _recognised(head, language)) is not None:
        known = f"{known_head.rstrip('.')}: {rest}"
    return english if known is None else known


def _recognised(english: str, language: Language) -> str | None:
    plain = english.rstrip(".")
    if (exact := _exact(language).get(plain[:1].lower() + plain[1:])) is not None:
        return _sentence(exact)
    for pattern, places, dutch in _patterns(language):
        if (found := pattern.fullmatch(plain)) is not None:
            values = dict(zip(places, found.groups(), strict=True))
            return _sentence(_filled(dutch, values, language))
    return None


def _filled(dutch: str, values: dict[str, str], language: Language) -> str:
    return _PLACE.sub(lambda place: _value(place[1], values[place[1]], language), dutch)


def _value(place: str, value: str, language: Language) -> str:
    """A value as it is; a thing that is named (`extension 201`) by its Dutch name."""
    if place != "what":
        return value
    thing, space, key = value.partition(" ")
    return f"{catalogue(language).things.get(thing.lower(), thing)}{space}{key}"


@cache
def _exact(language: Language) -> dict[str, str]:
    return {
        english[:1].lower() + english[1:].rstrip("."): dutch
        for english, dutch in catalogue(language).problems.items()
        if _PLACE.search(english) is None
    }


@cache
def _patterns(language: Language) -> list[tuple[re.Pattern[str], list[str], str]]:
    """Each with the names of its places and its translation; those with the most fixed words first, as they say most
    precisely what is meant."""
    problems = catalogue(language).problems
    templates = sorted(filter(_PLACE.search, problems), key=lambda it: len(_PLACE.sub("", it)), reverse=True)
    return [(_compiled(english), _PLACE.findall(english), problems[english]) for english in templates]


def _compiled(english: str) -> re.Pattern[str]:
    fixed = [re.escape(part) for part in _PLACE.sub("\0", english.rstrip(".")).split("\0")]
    if fixed[0][:1].isalpha():
        fixed[0] = f"[{fixed[0][0].lower()}{fixed[0][0].upper()}]{fixed[0][1:]}"
    return re.compile("(.*?)".join(fixed), re.DOTALL)


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
