"""A file of contacts, line by line: what CSV and vCard have in common (ACC-7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from centrale.accounts.errors import Invalid

LINES_AT_MOST = 100_000
"""Contacts in one file."""

NUMBERS = "numbers"

AT_A_STRETCH = 200
"""Lines of the file that are read before others get their turn: a millisecond or two. See `Reading`."""

LONGEST, LONGEST_NOTES = 300, 3000
"""Characters of a field that are looked at; none takes so many."""


@dataclass(frozen=True, slots=True)
class Line:
    """One contact of a file: at `line`, from 1. `id`: which one it is, where the file says so. `values`: fields of
    `ContactIn`, only those that the file has, so that the others stay. `problem`: why it cannot be read."""

    line: int
    values: Mapping[str, Any] = field(default_factory=dict)
    id: int | None = None
    problem: str = ""


Reading = Iterator[Line | None]
"""The contacts of a file, as they are found; None now and then: who reads lets others have their turn, so that no file
keeps calls waiting."""


def rejected(line: int, why: str) -> Line:
    """A line that cannot be a contact."""
    return Line(line, problem=why)


def unreadable(message: str, code: str = "unreadable") -> Invalid:
    """The whole file cannot be read."""
    return Invalid.field("file", message, code)


def short(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values`, without what is longer than any field takes: that is rejected all the same, and soon."""
    return {
        name: value[: LONGEST_NOTES if name == "notes" else LONGEST] if isinstance(value, str) else value
        for name, value in values.items()
    }


def text_of(content: bytes) -> str:
    """The file's text: UTF-8, UTF-16 with its mark, else Windows-1252, as spreadsheets on Windows write it. Raises
    `Invalid`."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise unreadable("this is no text: save it as CSV (UTF-8) or as a vCard, and send that", "not_text")


def name_parts(name: str) -> dict[str, str]:
    """A name that was written in one piece: `Jan van den Berg` has the prefix `van den`."""
    first, _, rest = " ".join(name.split()).partition(" ")
    if not rest:
        return {"first_name": "", "prefix": "", "surname": first}
    return {"first_name": first} | surname_parts(rest)


def surname_parts(surname: str) -> dict[str, str]:
    """`van den Berg` as prefix and surname. Words in small letters before the last one are the prefix."""
    words = surname.split()
    small = 0
    while small < len(words) - 1 and words[small][:1].islower():
        small += 1
    return {"prefix": " ".join(words[:small]), "surname": " ".join(words[small:])}
