"""The weekly schedule of a plan schema (NP-4, NP-5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from centrale.accounts.models import ScheduleEntryRow
from centrale.accounts.plans_fields import PutEntry, ScheduleEntryIn, ScheduleEntryOut
from centrale.accounts.plans_items import Items
from centrale.accounts.plans_reading import entry_out, load_schema, schedule_rows
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

AT_MOST = 200
"""Entries in a week; each is a line in a table that people read."""


async def list_all(unit: Unit, account: AccountId, schema: int) -> list[ScheduleEntryOut]:
    """In the order of creation. Raises `NotFound` for a schema that is not there."""
    await load_schema(unit, account, schema)
    return [entry_out(row) for row in await schedule_rows(unit.session, account, schema)]


async def get(unit: Unit, account: AccountId, schema: int, id: int) -> ScheduleEntryOut:
    """Raises `NotFound`."""
    return entry_out(await _entries.load(unit, account, schema, id))


async def create(unit: Unit, account: AccountId, schema: int, data: ScheduleEntryIn) -> ScheduleEntryOut:
    """A new entry. Raises `Invalid` for a plan that the schema does not have, `Conflict` when there are too many."""
    return await _entries.create(unit, account, schema, _put(data))


async def change(unit: Unit, account: AccountId, schema: int, id: int, data: ScheduleEntryIn) -> ScheduleEntryOut:
    """Sets all of it anew; its place in the order of creation stays. Raises `NotFound`, and `Invalid` as `create`."""
    return await _entries.change(unit, account, schema, id, _put(data))


async def delete(unit: Unit, account: AccountId, schema: int, id: int) -> None:
    """Raises `NotFound`."""
    await _entries.delete(unit, account, schema, id)


async def replace_all(
    unit: Unit, account: AccountId, schema: int, wanted: Sequence[PutEntry]
) -> list[ScheduleEntryOut]:
    """Makes the schedule what is `wanted`; what is not in it goes. Raises `Invalid` with paths such as `[2].plan`."""
    await _entries.replace_all(unit, account, schema, wanted)
    return await list_all(unit, account, schema)


def _put(data: ScheduleEntryIn) -> PutEntry:
    return PutEntry(**data.model_dump(include=set(ScheduleEntryIn.model_fields)))


def _columns(data: PutEntry) -> dict[str, Any]:
    return {
        "days": None if data.days is None else [day.value for day in data.days],
        "start_day": None if data.start_day is None else data.start_day.value,
        "end_day": None if data.end_day is None else data.end_day.value,
        "starts": data.start,
        "ends": data.end,
        "plan_number": data.plan,
    }


_entries: Items[ScheduleEntryRow, PutEntry, ScheduleEntryOut] = Items(
    ScheduleEntryRow, "schedule", AT_MOST, _columns, entry_out
)
