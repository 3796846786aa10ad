"""Weekly entries and holidays as administrators keep them, and the picture that calls read (NP-1, NP-3..6)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from centrale.accounts import accounts, audit, holidays, plans, schedules
from centrale.accounts.directory import Directory
from centrale.accounts.errors import Invalid, NotFound, Use
from centrale.accounts.models import AccountRow, HolidayRow, ScheduleEntryRow, SchemaVersionRow
from centrale.accounts.plans import PlanIn, SchemaIn
from centrale.accounts.plans_fields import HolidayIn, PutEntry, PutHoliday, ScheduleEntryIn
from centrale.routing.plans import active_plan

from .conftest import SetClock
from .office import Office, invalid, refused
from .office_hours import CLOSED, DAY, LUNCH, NIGHT, close, daily, day_off, enter, here, open_up, whole_week


async def active(directory: Directory, office: Office, moment: str) -> str | None:
    [schema, *_] = directory.current.accounts[office.id].schemas
    plan = active_plan(schema, here(moment)).plan
    return None if plan is None else plan.name


@pytest.fixture
async def directory(office: Office) -> Directory:
    directory = Directory(office.database)
    await directory.load()
    return directory


async def test_the_next_call_after_the_instant_follows_the_new_plan(office: Office, directory: Directory) -> None:
    await open_up(office)
    await close(office, day_off("King's Day", "2026-04-27 00:00", "2026-04-28 00:00"))
    told = [
        await active(directory, office, f"2026-04-{moment}")
        for moment in ("24 08:29:59", "24 08:30", "24 12:30", "24 13:00", "24 17:30", "27 12:45", "28 08:30")
    ]
    assert told == ["Night", "Day", "Lunch", "Day", "Night", "Closed", "Day"]


async def test_every_change_of_a_schedule_is_in_the_picture_at_once(office: Office, directory: Directory) -> None:
    await open_up(office)
    moment = "2026-04-24 12:45"
    lunch = (await office.see(schedules.list_all, 1))[-1]
    await office.do(schedules.change, 1, lunch.id, daily(LUNCH, "12:00", "12:30"))
    assert await active(directory, office, moment) == "Day"
    holiday = await close(office, day_off("Party", "2026-04-24 12:00", "2026-04-24 18:00"))
    assert await active(directory, office, moment) == "Closed"
    await office.do(holidays.change, 1, holiday.id, day_off("Party", "2026-04-24 15:00", "2026-04-24 18:00"))
    assert await active(directory, office, moment) == "Day"
    await office.do(schedules.delete, 1, 2)
    assert await active(directory, office, moment) == "Night"
    await office.do(holidays.delete, 1, holiday.id)
    assert await active(directory, office, "2026-04-24 16:00") == "Night"

    anew = Directory(office.database)
    await anew.load()
    assert directory.current == anew.current


async def test_an_account_that_moves_keeps_its_hours_by_its_own_wall(office: Office, directory: Directory) -> None:
    await open_up(office)
    await office.settings(emergency_caller_id="+31201234567", timezone="America/New_York")
    assert await active(directory, office, "2026-04-24 13:00") == "Night"  # 07:00 in New York
    assert await active(directory, office, "2026-04-24 14:30") == "Day"


async def test_of_two_equally_narrow_entries_the_later_created_counts_also_after_a_change_of_the_older(
    office: Office, directory: Directory
) -> None:
    await open_up(office)
    first = await enter(office, daily(CLOSED, "10:00", "10:10"))
    await enter(office, daily(NIGHT, "10:05", "10:15"))
    assert await active(directory, office, "2026-04-24 10:07") == "Night"
    await office.do(schedules.change, 1, first.id, daily(CLOSED, "10:01", "10:11"))
    assert await active(directory, office, "2026-04-24 10:07") == "Night"


async def test_entries_and_holidays_are_told_in_the_order_of_creation(office: Office) -> None:
    await open_up(office)
    await office.do(schedules.delete, 1, 2)
    await enter(office, daily(DAY, "09:00", "17:00", ["saturday", "friday"]))
    told = await office.see(schedules.list_all, 1)
    assert [(it.id, str(it.when), it.plan) for it in told] == [
        (1, "Mon 00:00 – Mon 00:00, the whole week", NIGHT),
        (3, "Mon–Fri 12:30–13:00", LUNCH),
        (4, "Fri, Sat 09:00–17:00", DAY),
    ]
    assert (await office.see(schedules.get, 1, 4)).model_dump(mode="json") == {
        "id": 4,
        "plan": DAY,
        "start": "09:00",
        "end": "17:00",
        "start_day": None,
        "end_day": None,
        "days": ["friday", "saturday"],
    }
    await close(office, day_off("Christmas", "2026-12-25T00:00:30", "2026-12-27 00:00"))
    [christmas] = await office.see(holidays.list_all, 1)
    assert christmas.model_dump(mode="json") == {
        "id": 1,
        "description": "Christmas",
        "start": "2026-12-25 00:00:30",
        "end": "2026-12-27 00:00",
        "plan": CLOSED,
        "temporary": False,
    }
    assert await office.see(holidays.get, 1, 1) == christmas
    schema = await office.see(plans.get_schema, 1)
    assert (schema.schedule, schema.holidays) == (await office.see(schedules.list_all, 1), [christmas])
    assert await office.see(plans.list_schemas) == [schema]


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({}, {"days": "choose days, or a start day and an end day"}),
        ({"days": []}, {"days": "List should have at least 1 item after validation, not 0"}),
        ({"start_day": "monday"}, {"days": "choose days, or a start day and an end day"}),
        (
            {"days": ["monday"], "end_day": "monday"},
            {"days": "either days, or a start day and an end day, not both"},
        ),
        (
            {"days": ["monday"], "start": "25:00"},
            {"start": "is not a time of day; write it like 17:30, without a time zone"},
        ),
        ({"days": ["monday"], "end": 1020}, {"end": "is not a time of day; write it like 17:30, without a time zone"}),
        ({"days": ["monday"], "plan": 0}, {"plan": "Input should be greater than or equal to 1"}),
    ],
)
def test_what_is_wrong_with_an_entry_is_told_field_by_field(given: dict[str, Any], problems: dict[str, str]) -> None:
    told = _problems(ScheduleEntryIn, {"plan": DAY, "start": "09:00", "end": "17:00", **given})
    assert told == problems


@pytest.mark.parametrize(
    ("given", "problems"),
    [
        ({"end": "2026-12-25 00:00"}, {"end": "is not behind the start"}),
        ({"start": "2026-02-30 00:00"}, {"start": "is not a date: day is out of range for month"}),
        (
            {"start": "2026-12-25T00:00Z"},
            {"start": "is not a date and time; write it like 2026-12-25 17:30, without a time zone"},
        ),
        ({"end": "9999-01-01 00:00"}, {"end": "needs a year between 1970 and 9000"}),
        ({"description": "two\nlines"}, {"description": "may not contain line breaks or control characters"}),
    ],
)
def test_what_is_wrong_with_a_holiday_is_told_field_by_field(given: dict[str, Any], problems: dict[str, str]) -> None:
    whole = {"description": "Closed", "start": "2026-12-25 00:00", "end": "2026-12-26 00:00", "plan": 1, **given}
    assert _problems(HolidayIn, whole) == problems


def _problems(model: type[ScheduleEntryIn] | type[HolidayIn], given: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate(given)
    return {it.field: it.message.removeprefix("Value error, ") for it in Invalid.of(refusal.value).problems}


def test_the_end_of_a_day_may_be_written_24_00() -> None:
    assert str(daily(DAY, "9:00", "24:00", ["monday"]).when) == "Mon 09:00–00:00"


async def test_only_plans_of_the_schema_are_scheduled(office: Office) -> None:
    await open_up(office)
    unknown = {"plan": "schema 1 has no plan 7"}
    assert await invalid(office.do(schedules.create, 1, daily(7, "09:00", "10:00"))) == unknown
    assert await invalid(office.do(schedules.change, 1, 1, daily(7, "09:00", "10:00"))) == unknown
    assert (
        await invalid(office.do(holidays.create, 1, day_off("x", "2026-12-25 00:00", "2026-12-26 00:00", 7))) == unknown
    )
    for attempt in (
        office.do(schedules.create, 9, daily(1, "09:00", "10:00")),
        office.do(schedules.change, 1, 9, daily(1, "09:00", "10:00")),
        office.do(schedules.delete, 1, 9),
        office.see(schedules.get, 1, 9),
        office.see(schedules.list_all, 9),
        office.do(holidays.delete, 1, 9),
        office.see(holidays.get, 1, 9),
        office.do(holidays.change, 1, 9, day_off("x", "2026-12-25 00:00", "2026-12-26 00:00")),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_plan_that_is_scheduled_stays(office: Office) -> None:
    await open_up(office)
    await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00", NIGHT))
    assert (await refused(office.do(plans.delete_plan, 1, NIGHT))).uses == (
        Use("schema", "1", "schedule.1"),
        Use("schema", "1", "holidays.1"),
    )
    await office.do(plans.delete_plan, 1, CLOSED)


async def test_a_week_has_so_many_entries_and_no_more(office: Office) -> None:
    await open_up(office)
    entry = PutEntry(**daily(DAY, "09:00", "10:00").model_dump())
    await office.do(schedules.replace_all, 1, [entry] * schedules.AT_MOST)
    assert "the most" in str(await refused(office.do(schedules.create, 1, entry)))
    assert list(await invalid(office.do(schedules.replace_all, 1, [entry] * (schedules.AT_MOST + 1)))) == [""]


async def test_a_whole_schedule_is_put_at_once_and_only_what_differs_is_changed(office: Office) -> None:
    await open_up(office)
    before = await office.see(schedules.list_all, 1)
    changes = len(await office.see(audit.list_all, object_type="schedule"))
    wanted = [
        PutEntry(id=3, **daily(LUNCH, "12:00", "12:30").model_dump()),
        PutEntry(**daily(CLOSED, "18:00", "19:00").model_dump()),
        PutEntry(id=1, **whole_week(NIGHT).model_dump()),
    ]
    after = await office.do(schedules.replace_all, 1, wanted)
    assert [it.id for it in after] == [1, 3, 4]
    assert after[0] == before[0]
    told = await office.see(audit.list_all, object_type="schedule")
    assert [(it.action, it.object_key) for it in told[: len(told) - changes]] == [
        ("create", "1/4"),
        ("change", "1/3"),
        ("delete", "1/2"),
    ]
    twice = [PutEntry(id=3, **whole_week(7).model_dump()), PutEntry(id=3, **whole_week(NIGHT).model_dump())]
    assert await invalid(office.do(schedules.replace_all, 1, twice)) == {"[1].id": "3 stands here twice"}
    assert await invalid(office.do(schedules.replace_all, 1, twice[:1])) == {"[0].plan": "schema 1 has no plan 7"}
    assert await office.see(schedules.list_all, 1) == after


async def test_a_whole_table_of_holidays_is_put_at_once(office: Office) -> None:
    await open_up(office)
    for name in ("Christmas", "New Year"):
        await close(office, day_off(name, "2026-12-25 00:00", "2026-12-27 00:00"))
    easter = day_off("Easter", "2027-03-28 00:00", "2027-03-30 00:00")
    after = await office.do(
        holidays.replace_all, 1, [PutHoliday(id=2, **easter.model_dump()), PutHoliday(**easter.model_dump())]
    )
    assert [(it.id, it.description) for it in after] == [(2, "Easter"), (3, "Easter")]


async def test_expired_holidays_are_removed_when_asked(office: Office, clock: SetClock) -> None:
    await open_up(office)
    for name, start, end in (
        ("Carnival", "2026-02-16 00:00", "2026-02-18 00:00"),
        ("Ends now", "2026-03-01 00:00", "2026-03-02 10:00"),
        ("Runs", "2026-03-02 00:00", "2026-03-02 10:00:01"),
    ):
        await close(office, day_off(name, start, end))
    assert clock.now() == here("2026-03-02 10:00")
    removed = await office.do(holidays.remove_expired, 1, clock.now())
    assert [it.description for it in removed] == ["Carnival", "Ends now"]
    assert [it.description for it in await office.see(holidays.list_all, 1)] == ["Runs"]
    assert await office.do(holidays.remove_expired, 1, clock.now()) == []


async def test_a_schema_goes_with_everything_in_it(office: Office) -> None:
    await open_up(office)
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    await office.do(plans.create_plan, 2, PlanIn(number=1, name="Always"))
    await enter(office, whole_week(1), schema=2)
    await office.do(holidays.create, 2, day_off("Closed", "2026-12-25 00:00", "2026-12-26 00:00", 1))
    await office.do(plans.delete_schema, 2)
    async with office.database.read() as unit:
        for row in (ScheduleEntryRow, HolidayRow, SchemaVersionRow):
            assert set(await unit.session.scalars(select(row.schema_number))) <= {1}, row

    await office.do(accounts.delete)
    async with office.database.read() as unit:
        for row in (ScheduleEntryRow, HolidayRow, SchemaVersionRow):
            assert not (await unit.session.scalars(select(row.account_id))).all(), row
        assert not (await unit.session.scalars(select(AccountRow.id).where(AccountRow.id == office.id))).all()


async def test_who_changed_which_hour_is_in_the_audit(office: Office) -> None:
    await open_up(office)
    await office.do(schedules.change, 1, 3, daily(LUNCH, "12:00", "12:30"))
    [latest, *_] = await office.see(audit.list_all, object_type="schedule", object_key="1/3")
    assert latest.actor == "anna"
    assert latest.before is not None
    assert latest.after is not None
    assert (latest.before["start"], latest.after["start"]) == ("12:30", "12:00")
