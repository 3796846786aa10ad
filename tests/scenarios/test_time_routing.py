"""Time routing by the account's clock (TBR-1)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from centrale.kinds.time_routing import TimeRouting
from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import because, story
from tests.scenarios.world import MONDAY_NINE, Company, World

WEEK = [
    {"start_day": "monday", "start": "9:00", "end_day": "friday", "end": "17:00", "destination": "202"},
    {"start_day": "wednesday", "start": "12:00", "end_day": "wednesday", "end": "13:00", "destination": "203"},
    {"start_day": "saturday", "start": "22:00", "end_day": "monday", "end": "06:00", "destination": "204"},
]


@pytest.fixture
async def phones(acme: Company) -> dict[str, SimulatedPhone]:
    phones = {}
    for n in range(1, 6):
        acme.user(f"20{n}", f"User {n}")
        phones[f"20{n}"] = await acme.phone(f"phone{n}", logged_on=f"20{n}")
    acme.extension("500", "time_routing", "Week", periods=WEEK, failover="205")
    return phones


@pytest.mark.parametrize(
    ("moment", "reaches"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "202"),  # Monday nine o'clock in Amsterdam
        (datetime(2026, 11, 25, 11, 30, tzinfo=UTC), "203"),  # Wednesday, lunch: the narrower period counts
        (datetime(2026, 11, 26, 3, 0, tzinfo=UTC), "202"),  # a period runs through the nights in between
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "205"),  # Friday five o'clock: over
        (datetime(2026, 11, 29, 22, 59, 59, tzinfo=UTC), "204"),  # over the end of the week
        (datetime(2026, 11, 30, 4, 59, 59, tzinfo=UTC), "204"),
        (datetime(2026, 11, 30, 5, 0, 0, tzinfo=UTC), "205"),
        (datetime(2027, 3, 29, 6, 59, 59, tzinfo=UTC), "205"),  # the first Monday of summer time: 8:59:59
        (datetime(2027, 3, 29, 7, 0, 0, tzinfo=UTC), "202"),
    ],
)
async def test_the_moment_decides(
    world: World, phones: dict[str, SimulatedPhone], moment: datetime, reaches: str
) -> None:
    await asyncio.sleep((moment - MONDAY_NINE).total_seconds())
    call = await phones["201"].dials("500")
    await phones[reaches].rings()
    await call.hang_up()
    await world.over()
    assert any(f"time: to {reaches}" in line for line in story(world.last_record))


OFFICE = {"days": ["monday", "friday"], "start": "9:00", "end": "17:00", "destination": "202"}
"""The same hours on some days, as one period."""


@pytest.mark.parametrize(
    ("moment", "reaches"),
    [
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "202"),
        (datetime(2026, 11, 24, 8, 0, tzinfo=UTC), "205"),  # not on Tuesdays
        (datetime(2026, 11, 27, 15, 59, 59, tzinfo=UTC), "202"),
        (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "205"),
    ],
)
async def test_a_period_of_some_days_counts_on_those(
    world: World, acme: Company, phones: dict[str, SimulatedPhone], moment: datetime, reaches: str
) -> None:
    acme.extension("501", "time_routing", "Office", periods=[OFFICE], failover="205")
    await asyncio.sleep((moment - MONDAY_NINE).total_seconds())
    call = await phones["201"].dials("501")
    await phones[reaches].rings()
    await call.hang_up()
    await world.over()


async def test_what_was_passed_over_stands_in_the_record(world: World, phones: dict[str, SimulatedPhone]) -> None:
    moment = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
    await asyncio.sleep((moment - MONDAY_NINE).total_seconds())
    call = await phones["201"].dials("500")
    await phones["203"].rings()
    await call.hang_up()
    await world.over()
    assert "Mon 09:00 – Fri 17:00, to 202: Wed 12:00 – Wed 13:00 is narrower" in because(world.last_record)


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        ({"start": "25:00"}, "write it like 17:30"),
        ({"start_day": "someday"}, "monday"),
        ({"destination": "0612345678"}, "pattern"),
        ({"days": ["monday"]}, "not both"),
        ({"end_day": None}, "choose days"),
        ({"start_day": None, "end_day": None, "days": []}, "at least 1"),
    ],
)
def test_periods_that_cannot_be(period: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        TimeRouting.model_validate({"failover": "205", "periods": [WEEK[0] | period]})
