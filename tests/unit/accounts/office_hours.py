"""An office with opening hours, for the stories of schedules: Day on workdays, Lunch in it, Night all week."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from centrale.accounts import holidays, plans, schedules
from centrale.accounts.plans import PlanEntryIn, PlanIn
from centrale.accounts.plans_fields import HolidayIn, HolidayOut, ScheduleEntryIn, ScheduleEntryOut

from .office import BAKKER, JANSEN, MAIN, Office

DAY, LUNCH, NIGHT, CLOSED = 1, 2, 3, 4
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def daily(plan: int, start: str, end: str, days: list[str] | None = None) -> ScheduleEntryIn:
    return ScheduleEntryIn.model_validate({"plan": plan, "start": start, "end": end, "days": days or WORKDAYS})


def whole_week(plan: int) -> ScheduleEntryIn:
    day = {"start_day": "monday", "end_day": "monday"}
    return ScheduleEntryIn.model_validate({"plan": plan, "start": "00:00", "end": "00:00", **day})


def day_off(description: str, start: str, end: str, plan: int = CLOSED) -> HolidayIn:
    return HolidayIn.model_validate({"description": description, "start": start, "end": end, "plan": plan})


def here(text: str) -> datetime:
    """The instant at which the wall in Amsterdam shows `text`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Amsterdam"))


async def open_up(office: Office) -> None:
    """Gives the office its four plans and its week."""
    await office.number(MAIN)
    for number, name, destination in ((DAY, "Day", JANSEN), (LUNCH, "Lunch", BAKKER), (NIGHT, "Night", BAKKER)):
        entry = PlanEntryIn(e164=MAIN, destination=destination)
        await office.do(plans.create_plan, 1, PlanIn(number=number, name=name, entries=[entry]))
    await office.do(plans.create_plan, 1, PlanIn(number=CLOSED, name="Closed"))
    await enter(office, whole_week(NIGHT))
    await enter(office, daily(DAY, "08:30", "17:30"))
    await enter(office, daily(LUNCH, "12:30", "13:00"))


async def enter(office: Office, data: ScheduleEntryIn, schema: int = 1) -> ScheduleEntryOut:
    return await office.do(schedules.create, schema, data)


async def close(office: Office, data: HolidayIn, **more: Any) -> HolidayOut:
    return await office.do(holidays.create, 1, data, **more)
