"""Which row of a location routing a caller belongs to (LBR-1..5). Pure: text in, row out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from centrale.routing.e164 import as_dialled_inside, without_separators
from centrale.routing.snapshot import E164


@dataclass(frozen=True, slots=True)
class Found:
    """The best row (its index), and what the others were passed over for. `index` None: no row matches."""

    index: int | None
    because: str
    rejected: tuple[str, ...] = ()


def by_area_code(number: E164, country: str, area_codes: Iterable[str]) -> Found:
    """The longest area code that the number, as it is dialled in `country`, begins with (LBR-2)."""
    dialled = as_dialled_inside(number, country)
    return _best(dialled, [(code, len(code), dialled.startswith(code)) for code in area_codes])


def by_caller(number: E164, country: str, patterns: Iterable[str]) -> Found:
    """The most specific pattern that the number matches, however it is written (LBR-4).

    `*` and `%` stand for any digits, also none: `0049*`, `+49*`, `020*`. The more digits a pattern names the more
    specific it is; one without wildcards beats all others.
    """
    dialled = as_dialled_inside(number, country)
    forms = {number, "00" + number.removeprefix("+"), dialled}
    return _best(number, [(p, _specificity(p), any(_compiled(p).fullmatch(form) for form in forms)) for p in patterns])


def by_called(number: E164, country: str, numbers: Iterable[str]) -> Found:
    """The row of the number of ours that was called (LBR-5)."""
    forms = {number, "00" + number.removeprefix("+"), as_dialled_inside(number, country)}
    return _best(number, [(row, 0, without_separators(row) in forms) for row in numbers])


def by_postcode(digits: str, postcodes: Iterable[str]) -> Found:
    """The narrowest row that holds the four digits: `1012`, `10*`, `1000-1099` (LBR-3)."""
    rows = []
    for row in postcodes:
        first, last = postcode_range(row)
        rows.append((row, first - last, len(digits) == 4 and digits.isascii() and first <= int(digits) <= last))
    return _best(digits, rows)


def postcode_range(row: str) -> tuple[int, int]:
    """The first and the last postcode of a row. Raises ValueError for anything else than the forms of `by_postcode`."""
    if found := re.fullmatch(r"([0-9]{1,4})([*%]?)", row):
        digits, wildcard = found[1], found[2]
        if len(digits) < 4 and not wildcard:
            raise ValueError(f"{row} has fewer than four digits; write {row}* for all that begin so")
        return int(digits.ljust(4, "0")), int(digits.ljust(4, "9"))
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{4})", row):
        if found[1] > found[2]:
            raise ValueError(f"{row} ends before it begins")
        return int(found[1]), int(found[2])
    raise ValueError(f"{row} is not a postcode: write 1012, 10* or 1000-1099")


def _best(what: str, rows: list[tuple[str, int, bool]]) -> Found:
    """Of those that match the one with the highest rank, and of equal ones the first."""
    matching = [(rank, -index, row) for index, (row, rank, matches) in enumerate(rows) if matches]
    if not matching:
        return Found(None, f"{what} matches no row")
    best = max(matching)
    rejected = tuple(f"{row}: less specific" for rank, index, row in sorted(matching, reverse=True)[1:])
    return Found(-best[1], f"{what} matches {best[2]}", rejected)


def _specificity(pattern: str) -> int:
    literal = sum(character not in "*%" for character in pattern)
    return literal if literal < len(pattern) else literal + 100


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"[*%]", without_separators(pattern))
    return re.compile("[0-9]*".join(re.escape(part) for part in parts))
