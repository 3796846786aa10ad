"""Reading plan schemas: whole, in four queries however many plans there are, once for as long as nothing changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.errors import NotFound
from centrale.accounts.models import AccountRow, HolidayRow, PlanEntryRow, PlanRow, ScheduleEntryRow, SchemaRow
from centrale.accounts.parts import Part
from centrale.accounts.plans_fields import HolidayIn, HolidayOut, PlanEntryIn, PlanOut, ScheduleEntryOut, SchemaOut
from centrale.accounts.unit import Unit
from centrale.routing.moments import instant, of_calendar
from centrale.routing.schedule_times import Weekday
from centrale.routing.snapshot import AccountId

Stored = Row[*tuple[Any, ...]]
"""The columns of a row, by their names in its model."""

_READ = "schemas"
"""In the session's notes: what was read of them, and how much had been changed by then."""

_SCHEMAS = Part(
    select(SchemaRow.number, SchemaRow.name, SchemaRow.standing, SchemaRow.override, AccountRow.timezone)
    .join(AccountRow, AccountRow.id == SchemaRow.account_id)
    .order_by(SchemaRow.number),
    SchemaRow.account_id,
    SchemaRow.number,
)
_PLANS = Part(
    select(
        PlanRow.schema_number,
        PlanRow.number,
        PlanRow.name,
        PlanEntryRow.e164,
        PlanEntryRow.destination,
        PlanEntryRow.prefix,
    )
    .outerjoin(
        PlanEntryRow,
        and_(
            PlanEntryRow.account_id == PlanRow.account_id,
            PlanEntryRow.schema_number == PlanRow.schema_number,
            PlanEntryRow.plan_number == PlanRow.number,
        ),
    )
    .order_by(PlanRow.schema_number, PlanRow.number, PlanEntryRow.e164),
    PlanRow.account_id,
    PlanRow.schema_number,
)
_SCHEDULE = Part(
    select(
        ScheduleEntryRow.schema_number,
        ScheduleEntryRow.id,
        ScheduleEntryRow.plan_number,
        ScheduleEntryRow.starts,
        ScheduleEntryRow.ends,
        ScheduleEntryRow.start_day,
        ScheduleEntryRow.end_day,
        ScheduleEntryRow.days,
    ).order_by(ScheduleEntryRow.schema_number, ScheduleEntryRow.id),
    ScheduleEntryRow.account_id,
    ScheduleEntryRow.schema_number,
)
_HOLIDAYS = Part(
    select(
        HolidayRow.schema_number,
        HolidayRow.id,
        HolidayRow.description,
        HolidayRow.starts,
        HolidayRow.ends,
        HolidayRow.plan_number,
        HolidayRow.temporary,
    ).order_by(HolidayRow.schema_number, HolidayRow.id),
    HolidayRow.account_id,
    HolidayRow.schema_number,
)
_ENTRIES = (
    select(PlanEntryRow.e164, PlanEntryRow.destination, PlanEntryRow.prefix)
    .where(
        PlanEntryRow.account_id == bindparam("account"),
        PlanEntryRow.schema_number == bindparam("schema"),
        PlanEntryRow.plan_number == bindparam("plan"),
    )
    .order_by(PlanEntryRow.e164)
)
_TIMEZONE = select(AccountRow.timezone).where(AccountRow.id == bindparam("account"))


async def get_schema(unit: Unit, account: AccountId, number: int) -> SchemaOut:
    """With all that is in it. Raises `NotFound`.

    It is read again when something was changed in the unit since: every change is in the audit, and tells an event.
    """
    changes, known = _known(unit).get((account, number), (-1, None))
    if known is not None and changes == len(unit.events):
        return known
    found = await _schemas(unit, account, number)
    if not found:
        raise NotFound("schema", number)
    remember(unit, account, found[0])
    return found[0]


def remember(unit: Unit, account: AccountId, schema: SchemaOut) -> None:
    """This is how the schema is now, in the unit: who knows need not read it again."""
    _known(unit)[account, schema.number] = len(unit.events), schema


def _known(unit: Unit) -> dict[tuple[AccountId, int], tuple[int, SchemaOut]]:
    known: dict[tuple[AccountId, int], tuple[int, SchemaOut]] = unit.session.info.setdefault(_READ, {})
    return known


async def list_schemas(unit: Unit, account: AccountId) -> list[SchemaOut]:
    """By number, with all that is in them."""
    return await _schemas(unit, account)


async def get_plan(unit: Unit, account: AccountId, schema: int, number: int) -> PlanOut:
    """Raises `NotFound`."""
    row = await load_plan(unit, account, schema, number)
    entries = await unit.session.execute(_ENTRIES, {"account": account, "schema": schema, "plan": number})
    return PlanOut(number=row.number, name=row.name, entries=[_entry(*entry) for entry in entries])


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
    return ZoneInfo((await session.execute(_TIMEZONE, {"account": account})).scalar_one())


def is_over(holiday: HolidayRow | Stored | HolidayIn, zone: ZoneInfo, now: datetime) -> bool:
    """Has it ended?"""
    ends = holiday.end if isinstance(holiday, HolidayIn) else holiday.ends
    return instant(of_calendar(ends), zone) <= now


def entry_out(row: ScheduleEntryRow | Stored) -> ScheduleEntryOut:
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


def holiday_out(row: HolidayRow | Stored) -> HolidayOut:
    """The holiday as it is told."""
    return HolidayOut.model_construct(  # it was looked at when it was stored
        id=row.id,
        description=row.description,
        start=row.starts,
        end=row.ends,
        plan=row.plan_number,
        temporary=row.temporary,
    )


async def schedule_rows(session: AsyncSession, account: AccountId, schema: int) -> Sequence[Stored]:
    """The weekly entries of one schema, in the order of creation."""
    return (await _SCHEDULE.read(session, [account], [schema])).all()


async def _schemas(unit: Unit, account: AccountId, number: int | None = None) -> list[SchemaOut]:
    """All, or the one with `number`. Temporary changes that are over are not told: they have gone by themselves."""
    session, one, numbers = unit.session, [account], None if number is None else [number]
    rows = (await _SCHEMAS.read(session, one, numbers)).all()
    if not rows:
        return []
    plans: dict[int, dict[int, PlanOut]] = {}
    for schema, plan, name, *entry in await _PLANS.read(session, one, numbers):
        of_schema = plans.setdefault(schema, {})
        if plan not in of_schema:
            of_schema[plan] = PlanOut(number=plan, name=name, entries=[])
        if entry[0] is not None:
            of_schema[plan].entries.append(_entry(*entry))
    schedule: dict[int, list[ScheduleEntryOut]] = {}
    for it in await _SCHEDULE.read(session, one, numbers):
        schedule.setdefault(it.schema_number, []).append(entry_out(it))
    holidays: dict[int, list[HolidayOut]] = {}
    zone, now = ZoneInfo(rows[0].timezone), unit.clock.now()
    for holiday in await _HOLIDAYS.read(session, one, numbers):
        if not (holiday.temporary and is_over(holiday, zone, now)):
            holidays.setdefault(holiday.schema_number, []).append(holiday_out(holiday))
    return [
        SchemaOut(
            number=row.number,
            name=row.name,
            standing=row.standing,
            override=row.override,
            plans=list(plans.get(row.number, {}).values()),
            schedule=schedule.get(row.number, []),
            holidays=holidays.get(row.number, []),
        )
        for row in rows
    ]


def _entry(e164: str, destination: str, prefix: str) -> PlanEntryIn:
    # It was looked at when it was stored; there may be thousands.
    return PlanEntryIn.model_construct(e164=e164, destination=destination, prefix=prefix)
