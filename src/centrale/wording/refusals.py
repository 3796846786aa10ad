"""Refusals in another language (issue 5 point 5).

A refusal is composed where the rule stands, as an English sentence with values in it. The catalogue has the Dutch by
the English with `{places}`. What is not recognised stays English; a test lists it.
"""

from __future__ import annotations

import re
from functools import cache

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.recognising import Recogniser, sentence

_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z])")

LONGEST = 1000
"""Characters; what is longer quotes somebody, and is left as it is."""


def refusal(english: str, language: Language) -> str:
    """`english`, one sentence or several, in `language`."""
    if language is Language.ENGLISH or not 0 < len(english) <= LONGEST:
        return english
    if (whole := _whole(english, language)) is not None:
        return whole
    return " ".join(_one(part, language) for part in _SENTENCES.split(english))


def _one(english: str, language: Language) -> str:
    """With what stands behind a colon (where something is used) left as it is."""
    if (whole := _whole(english, language)) is not None:
        return whole
    head, colon, rest = english.partition(": ")
    if colon and (known_head := _whole(head, language)) is not None:
        return sentence(f"{known_head.rstrip('.')}: {rest}")
    return english


def _whole(english: str, language: Language) -> str | None:
    things = catalogue(language).things

    def filled(place: str, value: str) -> str:
        """A value as it is; a thing that is named (`extension 201`) by its Dutch name."""
        if place != "what":
            return value
        thing, space, key = value.partition(" ")
        return f"{things.get(thing.lower(), thing)}{space}{key}"

    known = _recogniser(language)(english, filled)
    return None if known is None else sentence(known)


@cache
def _recogniser(language: Language) -> Recogniser:
    return Recogniser(catalogue(language).problems)
