"""The holidays of a plan schema: exceptions to its week (NP-6, NP-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from centrale.accounts.errors import NotFound
from centrale.accounts.models import HolidayRow
from centrale.accounts.plans_changing import begin
from centrale.accounts.plans_fields import HolidayIn, HolidayOut, PutHoliday
from centrale.accounts.plans_items import Items
from centrale.accounts.plans_reading import get_schema, holiday_out, is_over, timezone
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

AT_MOST = 1000
"""Holidays of a schema: decades of them."""


async def list_all(unit: Unit, account: AccountId, schema: int) -> list[HolidayOut]:
    """In the order of creation; temporary changes only while they last. Raises `NotFound` for an unknown schema."""
    return (await get_schema(unit, account, schema)).holidays


async def get(unit: Unit, account: AccountId, schema: int, id: int) -> HolidayOut:
    """Raises `NotFound`."""
    for holiday in await list_all(unit, account, schema):
        if holiday.id == id:
            return holiday
    raise NotFound("holiday", f"{schema}/{id}")


async def create(
    unit: Unit, account: AccountId, schema: int, data: HolidayIn, *, temporary: bool = False
) -> HolidayOut:
    """A new holiday. Raises `Invalid` for a plan that the schema does not have, `Conflict` when there are too many."""
    return await _holidays.create(unit, account, schema, _put(data, temporary=temporary))


async def change(unit: Unit, account: AccountId, schema: int, id: int, data: HolidayIn) -> HolidayOut:
    """Sets all of it anew; its place in the order of creation stays. Raises `NotFound`, and `Invalid` as `create`."""
    temporary = (await get(unit, account, schema, id)).temporary
    return await _holidays.change(unit, account, schema, id, _put(data, temporary=temporary))


async def delete(unit: Unit, account: AccountId, schema: int, id: int) -> None:
    """Raises `NotFound`."""
    await _holidays.delete(unit, account, schema, id)


async def remove_expired(unit: Unit, account: AccountId, schema: int, now: datetime) -> list[HolidayOut]:
    """Deletes every holiday that has ended at `now`, and tells which (NP-6)."""
    await begin(unit, account, schema)
    zone = await timezone(unit.session, account)
    over = [holiday for holiday in await list_all(unit, account, schema) if is_over(holiday, zone, now)]
    for holiday in over:
        await delete(unit, account, schema, holiday.id)
    return over


async def replace_all(unit: Unit, account: AccountId, schema: int, wanted: Sequence[PutHoliday]) -> list[HolidayOut]:
    """Makes the table what is `wanted`; what is not in it goes. Raises `Invalid` with paths such as `[2].plan`."""
    await _holidays.replace_all(unit, account, schema, wanted)
    return await list_all(unit, account, schema)


def _put(data: HolidayIn, *, temporary: bool) -> PutHoliday:
    return PutHoliday(**data.model_dump(include=set(HolidayIn.model_fields)), temporary=temporary)


def _columns(data: PutHoliday) -> dict[str, Any]:
    return {
        "description": data.description,
        "starts": data.start,
        "ends": data.end,
        "plan_number": data.plan,
        "temporary": data.temporary,
    }


_holidays: Items[HolidayRow, PutHoliday, HolidayOut] = Items(HolidayRow, "holiday", AT_MOST, _columns, holiday_out)
