"""Contacts as text: the name that is shown, what lists are sorted by, and what searches find."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from centrale.routing.e164 import e164_beginning, without_separators

_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})
"""What Unicode does not take apart, and keyboards do not have."""

_WORD = re.compile(r"\w+")
_ONLY_A_NUMBER = re.compile(r"\+?[0-9][0-9 ()./\-]*")
TERMS_AT_MOST = 8

SORTED_BY, SEARCHED_IN = 200, 1500
"""Bytes that are kept of each: together they fit into one entry of an index."""


def folded(text: str) -> str:
    """`text` without case and accents: `Müller` and `MULLER` are found alike."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def display_name(first_name: str, prefix: str, surname: str, company: str) -> str:
    """As a phone shows it: the person, else the company."""
    return " ".join(part for part in (first_name, prefix, surname) if part) or company


def sort_keys(first_name: str, prefix: str, surname: str, company: str) -> tuple[str, str]:
    """By name (`Vries, Jan de`; a company by its own) and by company."""
    person = " ".join(part for part in (surname, first_name, prefix) if part)
    by_name = folded(f"{person or company} {company if person else ''}".strip())
    return _cut(by_name, SORTED_BY), _cut(folded(f"{company} {person}".strip()), SORTED_BY)


def search_words(texts: Iterable[str], numbers: Iterable[str]) -> str:
    """What a search looks in: each word with a space before it, so that words are found by how they begin."""
    words = [*numbers, *(word for text in texts for word in _WORD.findall(folded(text)))]
    return _cut("".join(f" {word}" for word in dict.fromkeys(words)), SEARCHED_IN)


def search_terms(text: str, country: str) -> Sequence[tuple[str, ...]]:
    """The beginnings of words that a search for `text` must find, of each one of several; what looks like a number
    dialled in `country` is one."""
    text = text.strip()
    if _ONLY_A_NUMBER.fullmatch(text):
        digits = without_separators(text.replace("(0)", "") if text.startswith(("+", "00")) else text)
        return [tuple(dict.fromkeys((digits, e164_beginning(digits, country))))]
    words: list[str] = _WORD.findall(folded(text))
    return [(word,) for word in dict.fromkeys(words)][:TERMS_AT_MOST]


def _cut(text: str, length: int) -> str:
    return text.encode()[:length].decode(errors="ignore")
