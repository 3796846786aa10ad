"""Contacts as vCards: RFC 6350 (4.0) is written; that, RFC 2426 (3.0) and 2.1, as old phones send it, are read (ACC-7).

Of a card: FN, N, ORG, TEL, EMAIL and NOTE. All else in it (pictures, addresses) is passed over.
"""

from __future__ import annotations

import io
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from centrale.accounts.contacts_fields import NUMBERS_AT_MOST, ContactOut, NumberLabel
from centrale.accounts.contacts_lines import (
    AT_A_STRETCH,
    LINES_AT_MOST,
    LONGEST,
    NUMBERS,
    Line,
    Reading,
    name_parts,
    rejected,
    short,
    surname_parts,
    unreadable,
)

MEDIA_TYPE = "text/vcard"

FOLD_AT = 75
"""Bytes of a line (RFC 6350 §3.2)."""

_LONGEST_LINE = 50_000
"""Characters of a whole line that are looked at: 2,000 of a note, each as nine. Longer are pictures, passed over."""
_READ = frozenset({"VERSION", "FN", "N", "ORG", "EMAIL", "NOTE"})
"""Of each the first counts; and of numbers, one more than a contact may have."""

_LABELS = {"cell": NumberLabel.MOBILE, "fax": NumberLabel.FAX, "home": NumberLabel.HOME, "work": NumberLabel.WORK}
"""The first of these types that a number has says what it is: `TYPE=work,cell` is a mobile."""
_TYPES = {NumberLabel.MOBILE: "cell", NumberLabel.OTHER: ""} | {
    label: label.value for label in (NumberLabel.WORK, NumberLabel.HOME, NumberLabel.FAX)
}
_VERSIONS = ("2.1", "3.0", "4.0")
_PARAMETER = re.compile(r';(?:([A-Za-z0-9-]+)=)?("[^"]*"|[^;:"]*)((?:,(?:"[^"]*"|[^,;:"]*))*)')
_NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)")
_COMPONENT = re.compile(r"(?:^|;)((?:\\.|[^;\\]|\\$)*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: dict[str, list[str]]
    value: str


@dataclass(slots=True)
class _Card:
    first: dict[str, _Property] = field(default_factory=dict)
    """By name."""
    numbers: list[_Property] = field(default_factory=list)

    def add(self, read: _Property) -> None:
        if read.name in _READ:
            self.first.setdefault(read.name, read)
        elif read.name == "TEL" and read.value.strip() and len(self.numbers) <= NUMBERS_AT_MOST:
            self.numbers.append(read)


def is_one(text: str) -> bool:
    """Does it begin as vCards do?"""
    return text.lstrip().upper().startswith("BEGIN:VCARD")


def read(text: str) -> Reading:
    """The cards in the file; one that cannot be read says why. Raises `Invalid` when it does not end as it must."""
    card: _Card | None = None
    began, count = 0, 0
    spoilt: Line | None = None
    for found in _unfolded(text):
        if found is None:
            yield None
            continue
        number, line = found
        upper = line[:20].strip().upper()
        if upper == "BEGIN:VCARD":
            if card is not None:
                raise unreadable(f"line {number}: a card begins inside another one")
            card, began, spoilt = _Card(), number, None
            count += 1
            if count > LINES_AT_MOST:
                raise unreadable(f"a file has {LINES_AT_MOST} contacts at most; send it in parts", "too_many")
        elif upper == "END:VCARD" and card is not None:
            yield spoilt or _line(began, card)
            card = None
        elif card is None:
            raise unreadable(f"line {number}: this stands outside of any card")
        elif (read := _property(line)) is None:
            spoilt = spoilt or rejected(began, f"line {number} is no line of a vCard")
        else:
            card.add(read)
    if card is not None:
        raise unreadable(f"the card that begins at line {began} does not end")
    if not count:
        raise unreadable("the file is empty", "empty")


def write(contacts: Iterable[ContactOut]) -> str:
    """A card for each."""
    lines: list[str] = []
    for it in contacts:
        family = " ".join(part for part in (it.prefix, it.surname) if part)
        lines += ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(it.name)}"]
        lines += [f"N:{_escaped(family)};{_escaped(it.first_name)};;;"] if family or it.first_name else []
        lines += [f"ORG:{_escaped(it.company)}"] if it.company else []
        for number in it.numbers:
            kind = f";TYPE={_TYPES[number.label]}" if _TYPES[number.label] else ""
            is_uri = number.number.startswith("+")
            lines.append(f"TEL;VALUE=uri{kind}:tel:{number.number}" if is_uri else f"TEL{kind}:{number.number}")
        lines += [f"EMAIL:{_escaped(it.email)}"] if it.email else []
        lines += [f"NOTE:{_escaped(it.notes)}"] if it.notes else []
        lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _unfolded(text: str) -> Iterator[tuple[int, str] | None]:
    """Whole lines, each with the number of its first one; None now and then, see `Reading`."""
    whole, began, soft = "", 0, False
    for number, ending in enumerate(io.StringIO(text, newline="\n"), start=1):
        if number % AT_A_STRETCH == 0:
            yield None
        line = ending.removesuffix("\n").removesuffix("\r")
        if soft or (line[:1] in (" ", "\t") and whole):
            # Of what is too long the rest is left out: putting it together would take ever longer.
            if len(whole) < _LONGEST_LINE:
                whole = whole[:-1] + line if soft else whole + line[1:]
            soft = soft and line.endswith("=")
        else:
            if whole.strip():
                yield began, whole[:_LONGEST_LINE]
            whole, began = line, number
        if not soft and len(whole) < _LONGEST_LINE:
            soft = whole.endswith("=") and "QUOTED-PRINTABLE" in whole.partition(":")[0].upper()
    if whole.strip():
        yield began, whole[:_LONGEST_LINE]


def _property(line: str) -> _Property | None:
    name = _NAME.match(line)
    if name is None:
        return None
    parameters: dict[str, list[str]] = {}
    place = name.end()
    while (found := _PARAMETER.match(line, place)) and found.end() > place:
        key, first, more = found.groups()
        values = [it.strip('"').lower() for it in f"{first}{more}".replace('"', "").split(",")]
        parameters.setdefault((key or "type").lower(), []).extend(values)  # 2.1 has TEL;WORK
        place = found.end()
    if line[place : place + 1] != ":":
        return None
    value = line[place + 1 :]
    if "quoted-printable" in (*parameters.get("encoding", ()), *parameters.get("type", ())):
        value = quopri.decodestring(value.encode("latin-1", "replace")).decode("utf-8", "replace")
    return _Property(name.group(1).upper(), parameters, value)


def _line(began: int, card: _Card) -> Line:
    first = card.first
    version = first["VERSION"].value.strip() if "VERSION" in first else ""
    if version not in _VERSIONS:
        if not version:
            return rejected(began, "it does not say which version it is")
        return rejected(began, f"version {version[:20]} of vCard is not read: save it as 3.0 or 4.0")
    values: dict[str, Any] = {}
    family, given = ([*_parts(first["N"].value), "", ""][:2]) if "N" in first else ("", "")
    if family or given:
        values |= {"first_name": given} | surname_parts(family[:LONGEST])
    if "ORG" in first:
        values["company"] = (_parts(first["ORG"].value) or [""])[0]
    full = _plain(first["FN"].value) if "FN" in first else ""
    if not (family or given) and full and full != values.get("company"):
        values |= name_parts(full[:LONGEST])
    if "EMAIL" in first:
        values["email"] = _plain(first["EMAIL"].value)
    if "NOTE" in first:
        values["notes"] = _plain(first["NOTE"].value)
    values[NUMBERS] = [short(_number(it)) for it in card.numbers]
    return Line(began, short(values))


def _number(tel: _Property) -> dict[str, str]:
    types = {type for it in tel.parameters.get("type", ()) for type in it.split(",")}
    label = next((label for type, label in _LABELS.items() if type in types), NumberLabel.OTHER)
    return {"number": _plain(tel.value).removeprefix("tel:").partition(";")[0], "label": label.value}


def _parts(value: str) -> list[str]:
    """The components of a structured value; a semicolon behind a backslash is part of one."""
    return [_plain(part) for part in _COMPONENT.findall(value)]


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda it: "\n" if it.group(1) in "nN" else it.group(1), value).strip()


def _escaped(text: str) -> str:
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """In lines of at most 75 bytes, none of which ends within a character."""
    parts: list[str] = []
    rest = line.encode()
    while len(rest) > FOLD_AT - bool(parts):
        cut = FOLD_AT - bool(parts)
        while rest[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(rest[:cut].decode())
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest.decode()])
