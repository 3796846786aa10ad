"""Finds the translation of a sentence that was composed in English, by its fixed words.

So what composes a sentence carries no second one, nor a key that says nothing to whoever reads the code; and a
sentence that was stored years ago is shown in the language of whoever reads it today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

PLACE = re.compile(r"\{([^{}]*)\}")


class Recogniser:
    """Knows sentences by `translations`: the English with `{places}`, and the same in another language.

    `shapes`: regular expressions for the places that cannot hold just anything.
    """

    def __init__(self, translations: Mapping[str, str], shapes: Mapping[str, str] | None = None) -> None:
        self._shapes = shapes or {}
        self._exact = {_plain(english): said for english, said in translations.items() if not PLACE.search(english)}
        templates = sorted(filter(PLACE.search, translations), key=lambda it: len(PLACE.sub("", it)), reverse=True)
        self._patterns = [
            (_longest_fixed(it), self._compiled(it), PLACE.findall(it), translations[it]) for it in templates
        ]
        """Those with the most fixed words first, as they say most precisely what is meant."""

    def __call__(self, english: str, filled: Callable[[str, str], str]) -> str | None:
        """The translation, without a full stop of its own; None for what is not known. A capital and a full stop at the
        end of `english` make no difference. `filled`: what a place becomes, by its name and what stood there."""
        if (exact := self._exact.get(_plain(english))) is not None:
            return _begun_as(english, exact)
        text = english.rstrip(".")
        for fixed, pattern, places, said in self._patterns:
            # To look for words is a tenth of the work of a pattern, and most are not there.
            if fixed in text and (found := pattern.fullmatch(text)) is not None:
                begun = said if said.startswith("{") else _begun_as(english, said)
                values = {place: filled(place, it) for place, it in zip(places, found.groups(), strict=True)}
                return PLACE.sub(lambda place: values[place[1]], begun)  # noqa: B023 (called at once)
        return None

    def _shape(self, place: str) -> str:
        return self._shapes.get(place) or self._shapes.get(place.removeprefix("what_"), ".*?")

    def _compiled(self, english: str) -> re.Pattern[str]:
        parts = re.split(r"\{([^{}]*)\}", english.rstrip("."))
        for at, part in enumerate(parts):
            parts[at] = f"({self._shape(part)})" if at % 2 else re.escape(part)
        if english[:1].isalpha():
            first = english[0]
            parts[0] = f"[{first.lower()}{first.upper()}]{parts[0][1:]}"
        return re.compile("".join(parts), re.DOTALL)


def _longest_fixed(english: str) -> str:
    """The longest of the words that stand in `english` whatever is filled in, but for its first letter."""
    first, *parts = re.split(r"\{[^{}]*\}", english.rstrip("."))
    return max(first[1:], *parts, key=len)


def _begun_as(english: str, said: str) -> str:
    """`said` with a capital when `english` has one, and with none when it has none (but `PIN`, `SIP`)."""
    if english[:1].isupper():
        return said[:1].upper() + said[1:]
    return said[:1].lower() + said[1:] if english[:1].islower() and said[1:2].islower() else said


def _plain(english: str) -> str:
    return english[:1].lower() + english[1:].rstrip(".")


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "”")) else f"{text}."
