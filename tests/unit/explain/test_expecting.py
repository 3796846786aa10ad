"""What an expectation says, and when: each outcome, the usual weekday, people who are assumed (NP-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenarios.world import World

from centrale.accounts.expectations import ExpectationOut
from centrale.explain.expecting import Verdict, judge_all, moment
from centrale.routing.schedule import Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS
from centrale.routing.snapshot import AccountId, AccountSnapshot, PlatformSnapshot
from centrale.telephony.simulated.virtual_time import run_virtual

ACME = AccountId(1)
NOW = datetime(2026, 12, 21, 12, tzinfo=UTC)  # Monday, 13:00 in Amsterdam
CALLER, MAIN = "+4930123456", "+31201110700"


async def build() -> PlatformSnapshot:
    """Nobody is logged on."""
    world = World()
    acme = world.company(name="Acme")
    for number, name in (("201", "Anna"), ("202", "Ben")):
        acme.user(number, name)
    acme.user("203", "Carla", forwards={"no_answer": "800", "no_answer_after": 10})
    acme.extension("300", "group", "Sales", members=["201", "202"], outside={"no_answer": "0687654321"})
    acme.extension("400", "announcement", "Closed", text="We zijn vandaag gesloten.")
    acme.extension("401", "announcement", "Hours", sound="hours.wav")
    acme.extension("800", "mailbox", "Messages")
    options = [{"digits": str(n), "destination": to} for n, to in enumerate(("300", "400", "401", "203", "201"))]
    acme.extension("700", "menu", "Main", question={"text": "Kies."}, options=options)
    acme.number(MAIN, "700")
    await world.carrier("carrier", acme)
    return world.books.current


PICTURE = run_virtual(build())
ACCOUNT = PICTURE.accounts[ACME]


def expected(outcome: dict[str, Any], *choices: str, **other: Any) -> ExpectationOut:
    fields = {"at": "monday 10:00", "caller": CALLER, "called": MAIN, "choices": list(choices), "outcome": outcome}
    return ExpectationOut.model_validate({"id": 1, "name": "It", **fields, **other})


def judged(outcome: dict[str, Any], *choices: str, **other: Any) -> Verdict:
    [verdict] = judge_all(PICTURE, ACME, [expected(outcome, *choices, **other)], NOW, None)
    return verdict


@pytest.mark.parametrize(
    ("outcome", "choices", "people", "holds"),
    [
        ({"reaches": "300"}, ("0",), "answer", True),
        ({"reaches": "700"}, ("0",), "answer", True),
        ({"reaches": "201"}, ("4",), "answer", True),
        ({"reaches": "201"}, ("0",), "answer", False),  # rung as one of the group
        ({"reaches": "203"}, ("0",), "answer", False),
        ({"rings": ["201", "202"]}, ("0",), "answer", True),
        ({"rings": ["202"]}, ("0",), "answer", True),
        ({"rings": ["201", "203"]}, ("0",), "answer", False),
        ({"rings": ["+31687654321"]}, ("0",), "no_answer", True),
        ({"hears": "vandaag GESLOTEN"}, ("1",), "answer", True),
        ({"hears": "hours"}, ("2",), "answer", True),
        ({"hears": "gesloten"}, ("2",), "answer", False),
        ({"leaves_message_in": "800"}, ("3",), "no_answer", True),
        ({"leaves_message_in": "800"}, ("3",), "answer", False),
        ({"goes_outside_to": "+31687654321"}, ("0",), "no_answer", True),
        ({"goes_outside_to": "+31687654321"}, ("0",), "answer", False),
        ({"is_told": "busy"}, ("4",), "busy", True),
        ({"is_told": "busy"}, ("4",), "answer", False),
        ({"is_told": "no_answer"}, ("4",), "no_answer", True),
    ],
)
def test_each_outcome_is_told_from_its_opposite(
    outcome: dict[str, Any], choices: tuple[str, ...], people: str, holds: bool
) -> None:
    verdict = judged(outcome, *choices, people=people)
    assert verdict.holds is holds, verdict.found
    assert verdict.found.startswith(f"{MAIN} → 700 Main → ")
    assert verdict.trace


def test_a_number_that_is_not_in_use() -> None:
    empty = replace(ACCOUNT, schemas=tuple(replace(schema, standing=None) for schema in ACCOUNT.schemas))
    picture = replace(PICTURE, accounts={ACME: empty})
    [verdict] = judge_all(picture, ACME, [expected({"is_told": "not_in_use"})], NOW, None)
    assert verdict.holds


def test_a_caller_who_does_not_exist_is_told() -> None:
    verdict = judged({"reaches": "300"}, caller="999")
    assert (verdict.holds, verdict.trace) == (False, ())
    assert verdict.found.startswith("the call cannot be made: 999 is no channel, no extension")


def test_a_fault_of_ours_is_a_verdict_and_not_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("centrale.explain.expecting.rehearse", breaks)
    assert judged({"reaches": "300"}).found == "the call could not be tried: RuntimeError"


# -- when ------------------------------------------------------------------------------------------------------------


def on_holiday(*days: str) -> AccountSnapshot:
    """Acme, closed on these days of a year."""
    starts = [datetime.fromisoformat(day) for day in days]
    holidays = tuple(Holiday(f"{day:%d %B}", day, day.replace(hour=23, minute=59), 1) for day in starts)
    schemas = tuple(replace(it, schedule=Schedule(ACCOUNT.timezone, (), holidays)) for it in ACCOUNT.schemas)
    return replace(ACCOUNT, schemas=schemas)


@pytest.mark.parametrize(
    ("at", "account", "meant"),
    [
        ("monday 14:00", ACCOUNT, "2026-12-21T14:00:00+01:00"),
        ("monday 13:00", ACCOUNT, "2026-12-28T13:00:00+01:00"),  # that is now
        ("monday 10:00", ACCOUNT, "2026-12-28T10:00:00+01:00"),
        ("friday 10:00", ACCOUNT, "2026-12-25T10:00:00+01:00"),
        ("friday 10:00", on_holiday("2026-12-25"), "2027-01-01T10:00:00+01:00"),
        ("friday 10:00", on_holiday("2026-12-25", "2027-01-01"), "2027-01-08T10:00:00+01:00"),
        ("2026-12-25 10:00", on_holiday("2026-12-25"), "2026-12-25T10:00:00+01:00"),
        ("sunday 02:30", replace(ACCOUNT, timezone="Europe/London"), "2026-12-27T02:30:00+00:00"),
    ],
)
def test_a_weekday_is_the_next_usual_one(at: str, account: AccountSnapshot, meant: str) -> None:
    found = moment(at, account, NOW)
    assert found is not None
    assert found.isoformat() == meant


def test_a_date_that_is_over_holds_whatever_is_arranged() -> None:
    verdict = judged({"reaches": "203"}, at="2026-12-21 12:59")
    assert (verdict.holds, verdict.at, verdict.found) == (True, None, "its moment is over")


def test_who_is_on_holiday_all_year_has_no_usual_day() -> None:
    closed = on_holiday()
    whole = Holiday("Closed", datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2030-01-01"), 1)
    schemas = tuple(replace(it, schedule=Schedule(ACCOUNT.timezone, (), (whole,))) for it in closed.schemas)
    found = moment("tuesday 10:00", replace(closed, schemas=schemas), NOW)
    assert found is not None
    assert found.isoformat() == "2026-12-22T10:00:00+01:00"


@given(day=st.sampled_from(WEEKDAYS), hour=st.integers(0, 23), later=st.integers(0, 10 * 366 * 86_400))
def test_the_next_one_lies_within_a_week_on_that_day(day: str, hour: int, later: int) -> None:
    now = NOW + timedelta(seconds=later)
    found = moment(f"{day} {hour:02}:00", ACCOUNT, now)
    assert found is not None
    assert 0 < (found - now).total_seconds() <= 8 * 86_400
    assert found.strftime("%A").lower() == day
