"""The schedules of plan schemas for the picture that calls read: three queries, however many accounts there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.models import AccountRow, HolidayRow, ScheduleEntryRow
from centrale.accounts.parts import Accounts, Part
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import Daily, Period, Weekday

Key = tuple[int, int]
"""Account and schema."""

_ZONES = Part(select(AccountRow.id, AccountRow.timezone), AccountRow.id)
_ENTRIES = Part(
    select(
        ScheduleEntryRow.account_id,
        ScheduleEntryRow.schema_number,
        ScheduleEntryRow.id,
        ScheduleEntryRow.days,
        ScheduleEntryRow.start_day,
        ScheduleEntryRow.end_day,
        ScheduleEntryRow.starts,
        ScheduleEntryRow.ends,
        ScheduleEntryRow.plan_number,
    ).order_by(ScheduleEntryRow.id),
    ScheduleEntryRow.account_id,
)
_HOLIDAYS = Part(
    select(
        HolidayRow.account_id,
        HolidayRow.schema_number,
        HolidayRow.id,
        HolidayRow.description,
        HolidayRow.starts,
        HolidayRow.ends,
        HolidayRow.plan_number,
        HolidayRow.temporary,
    ).order_by(HolidayRow.id),
    HolidayRow.account_id,
)


async def schedules(session: AsyncSession, accounts: Accounts) -> Callable[[Key], Schedule[int]]:
    """Tells the schedule of each schema of `accounts` (None: of all), in the account's time zone.

    Temporary changes that are over are in it still; they make no difference.
    """
    zones = dict((await _ZONES.read(session, accounts)).tuples().all())
    entries = await _entries(session, accounts)
    holidays = await _holidays(session, accounts)
    return lambda key: Schedule(zones[key[0]], tuple(entries.get(key, ())), tuple(holidays.get(key, ())))


async def _entries(session: AsyncSession, accounts: Accounts) -> dict[Key, list[Entry[int]]]:
    found: dict[Key, list[Entry[int]]] = {}
    rows = await _ENTRIES.read(session, accounts)
    for account, schema, id, days, start_day, end_day, starts, ends, plan in rows:
        when = times(days, start_day, starts, end_day, ends)
        found.setdefault((account, schema), []).append(Entry(when, plan, id))
    return found


def times(days: list[str] | None, start_day: str, starts: time, end_day: str, ends: time) -> Daily | Period:
    """What stands in a row, in one of its two forms: there are days, or else the other two."""
    if days is not None:
        return Daily(tuple(map(Weekday, days)), starts, ends)
    return Period(Weekday(start_day), starts, Weekday(end_day), ends)


async def _holidays(session: AsyncSession, accounts: Accounts) -> dict[Key, list[Holiday[int]]]:
    found: dict[Key, list[Holiday[int]]] = {}
    rows = await _HOLIDAYS.read(session, accounts)
    for account, schema, id, description, starts, ends, plan, temporary in rows:
        holiday = Holiday(description, starts, ends, plan, temporary, id)
        found.setdefault((account, schema), []).append(holiday)
    return found
