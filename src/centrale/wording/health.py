"""What the exchange says of itself, in another language: what the doctor finds, and why something could not be done.

It is composed in English where it is found, also by the operating system; the catalogue has the Dutch by the English
with `{places}`. What is not recognised stays as it is.
"""

from __future__ import annotations

from functools import cache

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.places import small
from centrale.wording.recognising import Recogniser

LONGEST = 1000
"""Characters; what is longer quotes somebody, and is left as it is."""

_DEEPEST = 4
"""Causes of causes that are looked into."""


def of_itself(english: str, language: Language) -> str:
    """`english` in `language`."""
    if language is Language.ENGLISH or len(english) > LONGEST:
        return english
    return _told(english, language, _DEEPEST) or english


def _told(english: str, language: Language, depth: int) -> str | None:
    if depth == 0:
        return None

    def filled(place: str, value: str) -> str:
        known = _told(value, language, depth - 1) if place.startswith(("what", "why")) else None
        return value if known is None else small(known)

    said = _recogniser(language)(english, filled)
    if said is None:
        return None
    return f"{said.rstrip('.')}." if english.endswith(".") else said


@cache
def _recogniser(language: Language) -> Recogniser:
    return Recogniser(catalogue(language).health)
