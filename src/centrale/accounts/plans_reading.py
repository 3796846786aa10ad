"""Reading plan schemas: whole, in five queries however many plans there are."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.errors import NotFound
from centrale.accounts.models import AccountRow, HolidayRow, PlanEntryRow, PlanRow, ScheduleEntryRow, SchemaRow
from centrale.accounts.plans_fields import HolidayIn, HolidayOut, PlanEntryIn, PlanOut, ScheduleEntryOut, SchemaOut
from centrale.accounts.unit import Unit
from centrale.routing.moments import instant, of_calendar
from centrale.routing.schedule_times import Weekday
from centrale.routing.snapshot import AccountId

Key = tuple[int, int]
"""Schema and plan, by number."""


async def get_schema(unit: Unit, account: AccountId, number: int) -> SchemaOut:
    """With all that is in it. Raises `NotFound`."""
    await load_schema(unit, account, number)
    [schema] = await _schemas(unit, account, number)
    return schema


async def list_schemas(unit: Unit, account: AccountId) -> list[SchemaOut]:
    """By number, with all that is in them."""
    return await _schemas(unit, account)


async def get_plan(unit: Unit, account: AccountId, schema: int, number: int) -> PlanOut:
    """Raises `NotFound`."""
    row = await load_plan(unit, account, schema, number)
    entries = await _entries(unit, account, schema, number)
    return PlanOut(number=row.number, name=row.name, entries=entries.get((schema, number), []))


async def load_schema(unit: Unit, account: AccountId, number: int) -> SchemaRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(SchemaRow, (account, number))
    if row is None:
        raise NotFound("schema", number)
    return row


async def load_plan(unit: Unit, account: AccountId, schema: int, number: int) -> PlanRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(PlanRow, (account, schema, number))
    if row is None:
        raise NotFound("plan", f"{schema}/{number}")
    return row


async def timezone(session: AsyncSession, account: AccountId) -> ZoneInfo:
    """Where the account's wall is."""
    return ZoneInfo((await session.execute(select(AccountRow.timezone).where(AccountRow.id == account))).scalar_one())


def is_over(holiday: HolidayRow | HolidayIn, zone: ZoneInfo, now: datetime) -> bool:
    """Has it ended?"""
    ends = holiday.ends if isinstance(holiday, HolidayRow) else holiday.end
    return instant(of_calendar(ends), zone) <= now


def entry_out(row: ScheduleEntryRow) -> ScheduleEntryOut:
    """The entry as it is told."""
    return ScheduleEntryOut(
        id=row.id,
        plan=row.plan_number,
        start=row.starts,
        end=row.ends,
        start_day=None if row.start_day is None else Weekday(row.start_day),
        end_day=None if row.end_day is None else Weekday(row.end_day),
        days=None if row.days is None else [Weekday(day) for day in row.days],
    )


def holiday_out(row: HolidayRow) -> HolidayOut:
    """The holiday as it is told."""
    return HolidayOut(
        id=row.id,
        description=row.description,
        start=row.starts,
        end=row.ends,
        plan=row.plan_number,
        temporary=row.temporary,
    )


async def _schemas(unit: Unit, account: AccountId, number: int | None = None) -> list[SchemaOut]:
    """All, or the one with `number`. Temporary changes that are over are not told: they have gone by themselves."""
    query = select(SchemaRow).where(SchemaRow.account_id == account).order_by(SchemaRow.number)
    rows = await unit.session.scalars(query if number is None else query.where(SchemaRow.number == number))
    plans = await _plans(unit, account, number)
    schedule: dict[int, list[ScheduleEntryOut]] = {}
    for entry in await schedule_rows(unit.session, account, number):
        schedule.setdefault(entry.schema_number, []).append(entry_out(entry))
    holidays: dict[int, list[HolidayOut]] = {}
    zone, now = await timezone(unit.session, account), unit.clock.now()
    for holiday in await holiday_rows(unit.session, account, number):
        if not (holiday.temporary and is_over(holiday, zone, now)):
            holidays.setdefault(holiday.schema_number, []).append(holiday_out(holiday))
    return [
        SchemaOut(
            number=row.number,
            name=row.name,
            standing=row.standing,
            override=row.override,
            plans=plans.get(row.number, []),
            schedule=schedule.get(row.number, []),
            holidays=holidays.get(row.number, []),
        )
        for row in rows.all()
    ]


async def schedule_rows(session: AsyncSession, account: AccountId, schema: int | None = None) -> list[ScheduleEntryRow]:
    """Weekly entries of one schema, or of all, in the order of creation."""
    query = select(ScheduleEntryRow).where(ScheduleEntryRow.account_id == account)
    if schema is not None:
        query = query.where(ScheduleEntryRow.schema_number == schema)
    return list(await session.scalars(query.order_by(ScheduleEntryRow.schema_number, ScheduleEntryRow.id)))


async def holiday_rows(session: AsyncSession, account: AccountId, schema: int | None = None) -> list[HolidayRow]:
    """Holidays of one schema, or of all, in the order of creation."""
    query = select(HolidayRow).where(HolidayRow.account_id == account)
    if schema is not None:
        query = query.where(HolidayRow.schema_number == schema)
    return list(await session.scalars(query.order_by(HolidayRow.schema_number, HolidayRow.id)))


async def _plans(unit: Unit, account: AccountId, schema: int | None) -> dict[int, list[PlanOut]]:
    query = select(PlanRow.schema_number, PlanRow.number, PlanRow.name).where(PlanRow.account_id == account)
    if schema is not None:
        query = query.where(PlanRow.schema_number == schema)
    entries = await _entries(unit, account, schema)
    plans: dict[int, list[PlanOut]] = {}
    for owner, number, name in await unit.session.execute(query.order_by(PlanRow.schema_number, PlanRow.number)):
        plan = PlanOut(number=number, name=name, entries=entries.get((owner, number), []))
        plans.setdefault(owner, []).append(plan)
    return plans


async def _entries(
    unit: Unit, account: AccountId, schema: int | None, plan: int | None = None
) -> dict[Key, list[PlanEntryIn]]:
    row = PlanEntryRow
    query = select(row.schema_number, row.plan_number, row.e164, row.destination, row.prefix)
    query = query.where(row.account_id == account)
    if schema is not None:
        query = query.where(row.schema_number == schema)
    if plan is not None:
        query = query.where(row.plan_number == plan)
    found: dict[Key, list[PlanEntryIn]] = {}
    for owner, number, e164, destination, prefix in await unit.session.execute(query.order_by(row.e164)):
        entry = PlanEntryIn(e164=e164, destination=destination, prefix=prefix)
        found.setdefault((owner, number), []).append(entry)
    return found
