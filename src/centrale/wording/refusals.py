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
    whole = _known(language)(english)
    if whole is not None:
        return sentence(whole)
    return " ".join(_one(part, language) for part in _SENTENCES.split(english))


def _one(english: str, language: Language) -> str:
    """With what stands behind a colon (where something is used) left as it is."""
    known = _known(language)
    head, colon, rest = english.partition(": ")
    if (whole := known(english)) is not None:
        return sentence(whole)
    if colon and (known_head := known(head)) is not None:
        return sentence(f"{known_head.rstrip('.')}: {rest}")
    return english


@cache
def _known(language: Language) -> Recogniser:
    things = catalogue(language).things

    def filled(place: str, value: str) -> str:
        """A value as it is; a thing that is named (`extension 201`) by its Dutch name."""
        if place != "what":
            return value
        thing, space, key = value.partition(" ")
        return f"{things.get(thing.lower(), thing)}{space}{key}"

    return Recogniser(catalogue(language).problems, filled)
