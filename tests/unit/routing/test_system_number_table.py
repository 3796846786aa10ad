"""The declared service numbers are those of the handbook (SYS-*)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from centrale.routing.system_numbers import BY_CODE, find, is_reserved

HANDBOOK = Path(__file__).parent / "data" / "system-numbers.csv"


def test_every_system_number_of_the_handbook_is_declared_with_its_requirement() -> None:
    rows = csv.DictReader(HANDBOOK.read_text().splitlines())
    handbook = {row["code"]: row["section"] for row in rows if row["section"].startswith("SYS-")}
    assert {code: number.requirement for code, number in BY_CODE.items()} == handbook


def test_only_asking_who_is_here_and_logging_on_work_without_a_user() -> None:
    assert {code for code, number in BY_CODE.items() if not number.logged_on} == {"900", "901"}


def test_the_handbooks_codes_before_a_number_are_no_services() -> None:
    rows = csv.DictReader(HANDBOOK.read_text().splitlines())
    codes = [code for row in rows if row["section"].startswith("CID-") for code in re.findall(r"#\d+#", row["code"])]
    assert codes
    assert not any(find(code, 3) for code in codes)


def test_the_whole_range_is_reserved_and_nothing_beside_it() -> None:
    reserved = {number for number in map(str, range(10_000)) if is_reserved(number)}
    lines = {f"930{line}" for line in range(1, 10)}
    assert reserved == {*map(str, range(900, 941)), "1233", *lines}
