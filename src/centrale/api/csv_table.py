"""Lists as CSV (RFC 4180): the same for everybody, whatever language a browser or a spreadsheet speaks. Commas, dots in
numbers, instants in ISO 8601, UTF-8. No text in it is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

MEDIA_TYPE = "text/csv"

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%")

CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "As JSON, or as CSV."}
}
"""`responses` of an operation that gives either."""


class Format(StrEnum):
    """How a list is given."""

    JSON = "json"
    CSV = "csv"


async def _as_csv(
    request: Request,
    format: Annotated[
        Format | None, Query(title="Format", description="Left out: what the Accept header prefers.")
    ] = None,
) -> bool:
    if format is not None:
        return format is Format.CSV
    accepted = request.headers.get("accept", "")
    return MEDIA_TYPE in accepted and "application/json" not in accepted


AsCsv = Annotated[bool, Depends(_as_csv)]


def csv_answer(text: str, name: str) -> Response:
    """A table, to be saved as `name`."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"}
    return Response(text.encode(), media_type=f"{MEDIA_TYPE}; charset=utf-8; header=present", headers=headers)


def csv_text(lines: Iterable[Mapping[str, Any]], columns: Iterable[str], *, with_header: bool = True) -> str:
    """A table with these columns, whole or as a part of a longer one; empty where a line has nothing."""
    names = list(columns)
    head = csv_rows([names]) if with_header else ""
    return head + csv_rows([cell(line.get(name)) for name in names] for line in lines)


def csv_rows(rows: Iterable[Iterable[str | float | None]]) -> str:
    """Rows of cells."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def cells_in(line: Mapping[str, Any]) -> list[str | float | None]:
    """The cells of all values, also of those that are inside something else, in their order."""
    found: list[str | float | None] = []
    for value in line.values():
        kind = type(value)
        if kind is dict:
            found += cells_in(value)
        else:
            found.append(value if kind in _AS_THEY_ARE else cell(value))
    return found


_AS_THEY_ARE = frozenset({int, float, NoneType})


def cell(value: Any) -> str | float | None:
    """A value as it is written; numbers, and nothing, as they are."""
    if type(value) in _AS_THEY_ARE:
        return value  # type: ignore[no-any-return]
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
