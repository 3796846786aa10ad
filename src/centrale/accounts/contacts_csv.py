"""Contacts as CSV: our own export, and what spreadsheets and mail programs write (ACC-7).

The first line names the columns, in English or Dutch, or as Outlook and Google call them; between columns stands a
comma, a semicolon or a tab. A column that is not there leaves what is stored as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
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
    unreadable,
)
from centrale.accounts.contacts_text import folded

TEXTS = ("first_name", "prefix", "surname", "company", "email", "notes")

COLUMNS = ("id", "first_name", "prefix", "surname", "company", *NumberLabel, "email", "favourite", "notes")
"""Of an export. Several numbers of one kind stand in one cell, with commas between them."""

_PHONE = ("phone", "phone number", "telephone", "tel", "telefoon", "telefoonnummer", "number", "nummer", "extension")

_CALLED: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "name": ("name", "naam", "full name", "display name", "volledige naam", "weergavenaam", "contact"),
    "first_name": ("first name", "given name", "voornaam"),
    "prefix": ("prefix", "tussenvoegsel", "tussenvoegsels", "middle name", "additional name", "voorvoegsel"),
    "surname": ("surname", "last name", "family name", "achternaam"),
    "company": ("company", "organization", "organisation", "organisatie", "bedrijf", "bedrijfsnaam", "firma"),
    "email": ("email", "e mail", "email address", "e mail address", "mail", "e mailadres", "emailadres"),
    "notes": ("notes", "note", "notities", "notitie", "opmerking", "opmerkingen"),
    "favourite": ("favourite", "favorite", "favoriet"),
    "work": ("work", "werk", "zakelijk", "business phone", "work phone", "telefoon werk", "telefoon op werk", *_PHONE),
    "mobile": ("mobile", "mobiel", "mobile phone", "cell", "cell phone", "mobiele telefoon", "mobiel nummer", "gsm"),
    "home": ("home", "thuis", "prive", "home phone", "telefoon thuis"),
    "fax": ("fax", "business fax", "faxnummer", "home fax", "fax werk"),
    "other": ("other", "overig", "anders", "other phone"),
}
_MEANING = {called: column for column, names in _CALLED.items() for called in names}
_YES = frozenset({"1", "true", "yes", "y", "ja", "j", "x", "waar"})
_NO = frozenset({"", "0", "false", "no", "n", "nee", "onwaar"})
_SIGNS = re.compile(r"[\W_]+")
_QUOTED_FORMULA = re.compile(r"^'(?=[=+\-@\t\r\n|%])")
"""What an export puts before text that a spreadsheet would take for a formula."""

_DELIMITERS = ";,\t"

COLUMNS_AT_MOST = 500
"""What mail programs export has some 90."""
_LONGEST_ROW = 200_000
"""Characters."""


def read(text: str) -> Reading:
    """The contacts in the file; a line that cannot be one says why. Raises `Invalid` when the file is none at all."""
    head = text[:_LONGEST_ROW].lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: list[str | None] | None = None
    count = 0
    try:
        for place, row in enumerate(rows, start=1):
            lines.of_row = 0
            if place % AT_A_STRETCH == 0 or len(row) > COLUMNS_AT_MOST:
                yield None
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _columns(row)
                continue
            count += 1
            if count > LINES_AT_MOST:
                raise unreadable(f"a file has {LINES_AT_MOST} contacts at most; send it in parts", "too_many")
            yield _line(rows.line_num, columns, row)
    except csv.Error as error:
        raise unreadable(f"line {rows.line_num} is no CSV: {error}") from error
    if columns is None:
        raise unreadable("the file is empty", "empty")


class _Lines:
    """The lines of the file for the reader of rows, which goes on until a row ends: none may be so long that it keeps
    others waiting."""

    def __init__(self, text: str) -> None:
        self._lines = enumerate(io.StringIO(text, newline=""), start=1)
        self.of_row = 0
        """Characters of the row that is being read."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        self.of_row += len(line)
        if self.of_row > _LONGEST_ROW:
            raise unreadable(f"line {number}: this row is longer than {_LONGEST_ROW} characters", "too_long")
        return line


def cells(contact: ContactOut) -> dict[str, Any]:
    """A contact as a line of an export."""
    numbers = {label: [it.number for it in contact.numbers if it.label is label] for label in NumberLabel}
    return {
        "id": contact.id,
        **{name: getattr(contact, name) for name in TEXTS},
        "favourite": "yes" if contact.favourite else "",
        **{label.value: ", ".join(of_label) for label, of_label in numbers.items()},
    }


def _columns(row: list[str]) -> list[str | None]:
    if len(row) > COLUMNS_AT_MOST:
        raise unreadable(f"a file has {COLUMNS_AT_MOST} columns at most", "too_many")
    found = [_MEANING.get(re.sub(r" [0-9]+( value)?$", "", _SIGNS.sub(" ", folded(cell)).strip())) for cell in row]
    if not {"name", "first_name", "surname", "company"} & set(found):
        raise unreadable(
            "the first line must name the columns, such as first name, surname, company, work, mobile, e-mail",
            "no_columns",
        )
    return found


def _line(line: int, columns: list[str | None], row: list[str]) -> Line:
    values: dict[str, Any] = {}
    numbers: list[dict[str, str]] = []
    id = None
    if len(row) > len(columns):
        return rejected(line, "it has more cells than there are columns")
    for column, cell in zip(columns, row, strict=False):
        cell = _QUOTED_FORMULA.sub("", cell.strip()).strip()
        match column:
            case None:
                pass
            case "id":
                if cell and not (cell.isascii() and cell.isdigit() and len(cell) < 18):
                    return rejected(line, f"{cell[:40]} is no id of a contact")
                id = int(cell) if cell else None
            case "name":
                values = name_parts(cell[:LONGEST]) | values
            case "favourite":
                if folded(cell) not in _YES | _NO:
                    return rejected(line, f"favourite is yes or no, and not {cell[:40]}")
                values[column] = folded(cell) in _YES
            case _ if column in TEXTS:
                values[column] = values.get(column) or cell
            case _:
                several = cell.split(",", NUMBERS_AT_MOST + 1)  # one too many is enough to be told so
                numbers += [{"number": it.strip(), "label": column} for it in several if it.strip()]
    if set(NumberLabel) & set(columns):
        values[NUMBERS] = [short(it) for it in numbers[: NUMBERS_AT_MOST + 1]]
    return Line(line, short(values), id)
