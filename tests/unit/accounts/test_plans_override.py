"""Choosing the active plan by phone: for a while, until further notice, and back (NP-8)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from centrale.accounts import holidays, plans, plans_override, schedules
from centrale.accounts.directory import Directory
from centrale.accounts.errors import NotFound
from centrale.accounts.models import HolidayRow
from centrale.accounts.plans import PlanIn, SchemaIn
from centrale.accounts.plans_override import (
    Choice,
    back_to_schedule,
    override_permanently,
    override_temporarily,
    override_until,
)
from centrale.routing.plans import active_plan

from .conftest import SetClock
from .office import Office, invalid
from .office_hours import CLOSED, DAY, LUNCH, NIGHT, close, daily, day_off, enter, here, open_up, whole_week


class Phone:
    """915 in the hands of somebody who may do it."""

    def __init__(self, office: Office, clock: SetClock) -> None:
        self.office = office
        self.clock = clock
        self.directory = Directory(office.database)

    async def for_now(self, plan: int) -> Choice:
        return await self.office.do(override_temporarily, 1, plan, self.clock.now())

    async def until(self, plan: int, wall: str) -> Choice:
        """In the portal, where a time can be typed."""
        until = datetime.fromisoformat(wall)
        return await self.office.do(override_until, 1, plan, self.clock.now(), until)

    async def for_good(self, plan: int) -> Choice:
        return await self.office.do(override_permanently, 1, plan, self.clock.now())

    async def as_scheduled(self) -> Choice:
        return await self.office.do(back_to_schedule, 1, self.clock.now())

    def active(self, moment: str) -> tuple[str | None, str]:
        """The plan that calls follow, and what chose it."""
        decided = active_plan(self.directory.current.accounts[self.office.id].schemas[0], here(moment))
        return decided.plan and decided.plan.name, decided.decision.facts["by"]  # type: ignore[return-value]

    def wait_until(self, moment: str) -> None:
        self.clock.moment = here(moment)


@pytest.fixture
async def phone(office: Office, clock: SetClock) -> Phone:
    """On Monday 2 March 2026 at 10:00, with opening hours."""
    await open_up(office)
    phone = Phone(office, clock)
    await phone.directory.load()
    assert phone.active("2026-03-02 10:00") == ("Day", "weekly schedule")
    return phone


async def test_for_a_while_is_until_the_next_scheduled_change(phone: Phone) -> None:
    told = await phone.for_now(CLOSED)
    assert told == Choice(1, "Acme", CLOSED, "Closed", here("2026-03-02 12:30"))
    assert phone.active("2026-03-02 10:00") == ("Closed", "temporary override")
    assert phone.active("2026-03-02 12:29:59") == ("Closed", "temporary override")
    assert phone.active("2026-03-02 12:30") == ("Lunch", "weekly schedule")
    assert phone.active("2026-03-03 10:00") == ("Day", "weekly schedule")


async def test_while_it_lasts_it_stands_among_the_holidays_with_a_mark(phone: Phone) -> None:
    await phone.for_now(CLOSED)
    [marked] = await phone.office.see(holidays.list_all, 1)
    assert (marked.description, marked.temporary, marked.plan) == ("Tijdelijk: Closed", True, CLOSED)
    assert marked.model_dump(mode="json", include={"start", "end"}) == {
        "start": "2026-03-02 10:00",
        "end": "2026-03-02 12:30",
    }


async def test_when_it_is_over_it_is_gone_and_the_next_change_cleans_up(phone: Phone) -> None:
    await phone.for_now(CLOSED)
    phone.wait_until("2026-03-02 12:29:59")
    assert len(await phone.office.see(holidays.list_all, 1)) == 1
    phone.wait_until("2026-03-02 12:30")
    assert await phone.office.see(holidays.list_all, 1) == []
    with pytest.raises(NotFound):
        await phone.office.see(holidays.get, 1, 1)
    await phone.office.do(plans.delete_plan, 1, CLOSED)  # nothing holds the plan any more
    async with phone.office.database.read() as unit:
        assert (await unit.session.scalars(select(HolidayRow.id))).all() == []


async def test_a_second_choice_takes_the_place_of_the_first(phone: Phone) -> None:
    await phone.for_now(CLOSED)
    phone.wait_until("2026-03-02 11:00")
    told = await phone.for_now(NIGHT)
    assert told.until == here("2026-03-02 12:30")
    [only] = await phone.office.see(holidays.list_all, 1)
    assert only.plan == NIGHT


async def test_for_a_while_ends_what_was_chosen_for_good(phone: Phone) -> None:
    await phone.for_good(NIGHT)
    await phone.for_now(CLOSED)
    assert phone.active("2026-03-02 10:00") == ("Closed", "temporary override")
    assert phone.active("2026-03-02 13:00") == ("Day", "weekly schedule")


async def test_for_a_while_goes_before_a_holiday_and_ends_with_it(phone: Phone) -> None:
    await close(phone.office, day_off("Carnival", "2026-03-02 09:00", "2026-03-02 11:00"))
    told = await phone.for_now(NIGHT)
    assert told.until == here("2026-03-02 11:00")
    assert phone.active("2026-03-02 10:00") == ("Night", "temporary override")
    assert phone.active("2026-03-02 11:00") == ("Day", "weekly schedule")


async def test_a_later_shorter_holiday_does_not_end_it(phone: Phone) -> None:
    await phone.for_now(NIGHT)
    await close(phone.office, day_off("Drinks", "2026-03-02 10:30", "2026-03-02 10:40"))
    assert phone.active("2026-03-02 10:35") == ("Night", "temporary override")


async def test_a_change_of_entry_that_keeps_the_plan_does_not_end_it(phone: Phone) -> None:
    await enter(phone.office, daily(DAY, "11:00", "12:00"))
    assert (await phone.for_now(CLOSED)).until == here("2026-03-02 12:30")


async def test_without_any_scheduled_change_it_stays_until_somebody_goes_back(phone: Phone) -> None:
    await phone.office.do(schedules.replace_all, 1, [])
    told = await phone.for_now(CLOSED)
    assert (told.plan_name, told.until) == ("Closed", None)
    assert phone.active("2030-01-01 10:00") == ("Closed", "manual override")
    assert await phone.office.see(holidays.list_all, 1) == []


async def test_for_good_is_the_manual_override(phone: Phone) -> None:
    await phone.for_now(NIGHT)
    told = await phone.for_good(CLOSED)
    assert told == Choice(1, "Acme", CLOSED, "Closed", None)
    assert (await phone.office.see(plans.get_schema, 1)).override == CLOSED
    assert await phone.office.see(holidays.list_all, 1) == []
    assert phone.active("2026-03-09 12:45") == ("Closed", "manual override")


async def test_back_to_the_schedule_tells_what_is_active_then_and_until_when(phone: Phone) -> None:
    await close(phone.office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    for choose in (phone.for_now, phone.for_good):
        await choose(CLOSED)
        assert await phone.as_scheduled() == Choice(1, "Acme", DAY, "Day", here("2026-03-02 12:30"))
        assert phone.active("2026-03-02 10:00") == ("Day", "weekly schedule")
    assert [it.description for it in await phone.office.see(holidays.list_all, 1)] == ["Christmas"]


async def test_back_to_a_schedule_that_says_nothing_is_told_too(phone: Phone) -> None:
    await phone.office.do(schedules.replace_all, 1, [])
    assert await phone.as_scheduled() == Choice(1, "Acme", None, None, None)


async def test_unknown_plans_and_schemas_change_nothing(phone: Phone) -> None:
    await phone.for_good(NIGHT)
    before = await phone.office.see(plans.get_schema, 1)
    for choose in (phone.for_now, phone.for_good):
        assert await invalid(choose(9)) == {"plan": "schema 1 has no plan 9"}
    for attempt in (override_temporarily, override_permanently):
        with pytest.raises(NotFound):
            await phone.office.do(attempt, 2, DAY, phone.clock.now())
    with pytest.raises(NotFound):
        await phone.office.do(back_to_schedule, 2, phone.clock.now())
    assert await phone.office.see(plans.get_schema, 1) == before


async def test_each_schema_has_its_own_choice(phone: Phone) -> None:
    await phone.office.do(plans.create_schema, SchemaIn(name="Branch"))
    await phone.office.do(plans.create_plan, 2, PlanIn(number=DAY, name="Open"))
    await enter(phone.office, whole_week(DAY), schema=2)
    told = await phone.office.do(override_permanently, 2, DAY, phone.clock.now())
    assert (told.schema, told.schema_name) == (2, "Branch")
    assert phone.active("2026-03-02 10:00") == ("Day", "weekly schedule")


async def test_over_the_doubled_hour_it_lasts_until_the_change_and_no_longer(phone: Phone) -> None:
    await phone.office.do(schedules.create, 1, daily(LUNCH, "02:30", "04:00", ["sunday"]))
    phone.clock.moment = here("2026-10-25 01:45")
    assert (await phone.for_now(CLOSED)).until == here("2026-10-25 02:30")
    phone.clock.moment = here("2026-10-25 02:10").replace(fold=1)
    assert await phone.office.see(holidays.list_all, 1) == []
    told = await phone.for_now(CLOSED)
    assert told.until == here("2026-10-25 04:00")
    [schema] = phone.directory.current.accounts[phone.office.id].schemas
    decided = active_plan(schema, phone.clock.moment)
    assert decided.plan is not None
    assert decided.plan.name == "Closed"


async def test_the_description_is_in_the_language_of_the_account(phone: Phone) -> None:
    await phone.office.settings(language="en", emergency_caller_id="+31201234567")
    await phone.for_now(CLOSED)
    [marked] = await phone.office.see(holidays.list_all, 1)
    assert marked.description == "Temporary: Closed"
    assert set(plans_override.DESCRIPTION) == {"nl", "en", "de", "es", "lv"}


async def test_until_a_chosen_time_whatever_is_scheduled_before(phone: Phone) -> None:
    told = await phone.until(CLOSED, "2026-03-03 11:00")
    assert told == Choice(1, "Acme", CLOSED, "Closed", here("2026-03-03 11:00"))
    for moment in ("2026-03-02 10:00", "2026-03-02 12:30", "2026-03-02 23:00", "2026-03-03 10:59:59"):
        assert phone.active(moment) == ("Closed", "temporary override")
    assert phone.active("2026-03-03 11:00") == ("Day", "weekly schedule")


async def test_a_chosen_time_takes_the_place_of_the_choice_before_and_is_taken_away_like_it(phone: Phone) -> None:
    await phone.for_good(NIGHT)
    await phone.until(CLOSED, "2026-03-02 11:00")
    assert phone.active("2026-03-02 10:30") == ("Closed", "temporary override")
    assert phone.active("2026-03-02 11:00") == ("Day", "weekly schedule")
    await phone.as_scheduled()
    assert phone.active("2026-03-02 10:30") == ("Day", "weekly schedule")


async def test_a_time_that_is_over_is_refused_and_leaves_the_choice_before(phone: Phone) -> None:
    await phone.for_good(NIGHT)
    refused = await invalid(phone.until(CLOSED, "2026-03-02 10:00"))
    assert refused == {"until": "is over already"}
    assert phone.active("2026-03-02 10:00") == ("Night", "manual override")
