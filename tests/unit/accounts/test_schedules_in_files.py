"""Schedules and holidays in the file of an account (issue 2.10, NP-4, NP-6)."""

from __future__ import annotations

from typing import Any

import yaml

from centrale.accounts import holidays, plans, schedules
from centrale.accounts.plans_override import override_temporarily
from centrale.accounts.plans_versions import versions

from .conftest import SetClock
from .office import Office
from .office_hours import CLOSED, LUNCH, close, day_off, open_up
from .transfers import Transfers, edited, told


async def test_the_week_and_the_holidays_are_written_as_people_write_them(office: Office, files: Transfers) -> None:
    await open_up(office)
    await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    text = await files.out(office.id)
    [schema] = yaml.safe_load(text)["schemas"]
    assert schema["schedule"][1] == {
        "id": 2,
        "plan": 1,
        "start": "08:30",
        "end": "17:30",
        "start_day": None,
        "end_day": None,
        "days": ["monday", "tuesday", "wednesday", "thursday", "friday"],
    }
    assert schema["holidays"] == [
        {
            "id": 1,
            "description": "Christmas",
            "start": "2026-12-25 00:00",
            "end": "2026-12-27 00:00",
            "plan": 4,
            "temporary": False,
        }
    ]
    assert (await files.plan(text)).changes == ()


async def test_a_changed_hour_is_shown_and_done(office: Office, files: Transfers) -> None:
    await open_up(office)
    before = await office.see(versions, 1)

    def edit(data: Any) -> None:
        [schema] = data["schemas"]
        schema["schedule"][2] |= {"start": "12:00", "end": "12:30"}
        del schema["schedule"][1]
        schema["schedule"].append(
            {"plan": 1, "start_day": "friday", "start": "9:00", "end_day": "sunday", "end": "24:00"}
        )
        schema["holidays"] = [
            {"description": "Easter", "start": "2027-03-28 00:00", "end": "2027-03-30 00:00", "plan": 4}
        ]

    text = edited(await files.out(office.id), edit)
    assert told(await files.plan(text)) == [
        (
            "change",
            "schema 1",
            {
                "schedule.2": ("Mon–Fri 08:30–17:30: plan 1", None),
                "schedule.3": ("Mon–Fri 12:30–13:00: plan 2", "Mon–Fri 12:00–12:30: plan 2"),
                "schedule.4": (None, "Fri 09:00 – Sun 00:00: plan 1"),
                "holidays.1": (None, "Easter, 2027-03-28 00:00 – 2027-03-30 00:00: plan 4"),
            },
        )
    ]
    await files.do(text)
    assert [it.id for it in await office.see(schedules.list_all, 1)] == [1, 3, 4]
    assert [it.description for it in await office.see(holidays.list_all, 1)] == ["Easter"]
    assert (await files.plan(text)).changes == ()
    assert len(await office.see(versions, 1)) == len(before) + 1


async def test_a_plan_goes_with_its_hours(office: Office, files: Transfers) -> None:
    await open_up(office)

    def edit(data: Any) -> None:
        [schema] = data["schemas"]
        schema["plans"] = [plan for plan in schema["plans"] if plan["number"] != LUNCH]
        schema["schedule"] = [entry for entry in schema["schedule"] if entry["plan"] != LUNCH]

    await files.do(edited(await files.out(office.id), edit))
    assert [it.number for it in (await office.see(plans.get_schema, 1)).plans] == [1, 3, 4]


async def test_an_account_moves_to_another_exchange_with_its_hours(office: Office, files: Transfers) -> None:
    await open_up(office)
    await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))

    def edit(data: Any) -> None:
        data["numbers"] = []
        for plan in data["schemas"][0]["plans"]:
            plan["entries"] = []

    moved = Office(office.database, await files.do(edited(await files.out(office.id), edit), "300"))
    assert (await moved.see(plans.get_schema, 1)).schedule == (await office.see(plans.get_schema, 1)).schedule
    assert await moved.see(holidays.list_all, 1) == await office.see(holidays.list_all, 1)


async def test_a_temporary_choice_that_ended_meanwhile_is_not_brought_back(
    office: Office, files: Transfers, clock: SetClock
) -> None:
    await open_up(office)
    await office.do(override_temporarily, 1, CLOSED, clock.now())
    text = await files.out(office.id)
    assert (await files.plan(text)).changes == ()
    clock.pass_time(days=1)
    assert (await files.plan(text)).changes == ()


async def test_what_is_wrong_is_told_at_its_line(office: Office, files: Transfers) -> None:
    await open_up(office)
    text = await files.out(office.id)

    def references(data: Any) -> None:
        [schema] = data["schemas"]
        schema["schedule"][0]["plan"] = 9
        schema["schedule"][2]["id"] = 2
        holiday = {"description": "x", "start": "2026-12-25 00:00", "end": "2026-12-26 00:00", "plan": 8}
        schema["holidays"] = [holiday]

    assert await files.problems(edited(text, references)) == {
        "schemas[0].schedule[2].id `id: 2`": "2 stands here twice",
        "schemas[0].schedule[0].plan `plan: 9`": "there is no plan 9 in this schema",
        "schemas[0].holidays[0].plan `plan: 8`": "there is no plan 8 in this schema",
    }

    def fields(data: Any) -> None:
        [schema] = data["schemas"]
        schema["schedule"][1] |= {"start": "8.30", "start_day": "monday"}
        del schema["holidays"]

    told_time = "is not a time of day; write it like 17:30, without a time zone"
    assert await files.problems(edited(text, fields)) == {
        "schemas[0].schedule[1].start `- start: '8.30'`": told_time,
        "schemas[0].schedule[1].days `days:`": "either days, or a start day and an end day, not both",
        "schemas[0].holidays `- number: 1`": "is missing",
    }
