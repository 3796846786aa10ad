"""The schedules of plan schemas for the picture that calls read: three queries, however many accounts there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.models import AccountRow, HolidayRow, ScheduleEntryRow
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import Daily, Period, Weekday
from centrale.routing.snapshot import AccountId

Key = tuple[int, int]
"""Account and schema."""


async def schedules(session: AsyncSession, accounts: Collection[AccountId] | None) -> Callable[[Key], Schedule[int]]:
    """Tells the schedule of each schema of `accounts` (None: of all), in the account's time zone.

    Temporary changes that are over are in it still; they make no difference.
    """
    query = select(AccountRow.id, AccountRow.timezone)
    rows = await session.execute(query if accounts is None else query.where(AccountRow.id.in_(accounts)))
    zones = {account: timezone for account, timezone in rows}  # noqa: C416 - rows are no pairs to a type checker
    entries = await _entries(session, accounts)
    holidays = await _holidays(session, accounts)
    return lambda key: Schedule(zones[key[0]], tuple(entries.get(key, ())), tuple(holidays.get(key, ())))


async def _entries(session: AsyncSession, accounts: Collection[AccountId] | None) -> dict[Key, list[Entry[int]]]:
    row = ScheduleEntryRow
    query = select(
        row.account_id,
        row.schema_number,
        row.id,
        row.days,
        row.start_day,
        row.end_day,
        row.starts,
        row.ends,
        row.plan_number,
    ).order_by(row.id)
    rows = await session.execute(query if accounts is None else query.where(row.account_id.in_(accounts)))
    found: dict[Key, list[Entry[int]]] = {}
    for account, schema, id, days, start_day, end_day, starts, ends, plan in rows:
        when = times(days, start_day, starts, end_day, ends)
        found.setdefault((account, schema), []).append(Entry(when, plan, id))
    return found


def times(days: list[str] | None, start_day: str, starts: time, end_day: str, ends: time) -> Daily | Period:
    """What stands in a row, in one of its two forms: there are days, or else the other two."""
    if days is not None:
        return Daily(tuple(map(Weekday, days)), starts, ends)
    return Period(Weekday(start_day), starts, Weekday(end_day), ends)


async def _holidays(session: AsyncSession, accounts: Collection[AccountId] | None) -> dict[Key, list[Holiday[int]]]:
    row = HolidayRow
    query = select(
        row.account_id, row.schema_number, row.id, row.description, row.starts, row.ends, row.plan_number, row.temporary
    ).order_by(row.id)
    rows = await session.execute(query if accounts is None else query.where(row.account_id.in_(accounts)))
    found: dict[Key, list[Holiday[int]]] = {}
    for account, schema, id, description, starts, ends, plan, temporary in rows:
        holiday = Holiday(description, starts, ends, plan, temporary, id)
        found.setdefault((account, schema), []).append(holiday)
    return found
