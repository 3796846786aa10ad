"""Lists as CSV (RFC 4180): the same for everybody, whatever language a browser or a spreadsheet speaks. Commas, dots in
numbers, instants in ISO 8601, UTF-8. No text in it is a formula to a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
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


def csv_of(lines: Iterable[Mapping[str, Any]], columns: Iterable[str], name: str) -> Response:
    """A table with these columns, to be saved as `name`; what is inside something else has its path with dots."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Vary": "Accept"}
    return Response(
        csv_text(lines, columns).encode(), media_type=f"{MEDIA_TYPE}; charset=utf-8; header=present", headers=headers
    )


def csv_text(lines: Iterable[Mapping[str, Any]], columns: Iterable[str], *, with_header: bool = True) -> str:
    """The same as text, whole or as a part of a longer table."""
    text = io.StringIO()
    names = list(columns)
    writer = csv.writer(text)
    if with_header:
        writer.writerow(names)
    for line in lines:
        flat = dict(_flat(line))
        writer.writerow([_cell(flat.get(name)) for name in names])
    return text.getvalue()


def _flat(line: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in line.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield path + name, value


def _cell(value: Any) -> str | int | float:
    match value:
        case None:
            return ""
        case int() | float():
            return value
        case datetime():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
