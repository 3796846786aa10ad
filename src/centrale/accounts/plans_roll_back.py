"""Going back to an earlier version of a plan schema (NP-10)."""

from __future__ import annotations

from centrale.accounts import holidays, plans, schedules
from centrale.accounts.errors import Invalid, Problem
from centrale.accounts.plans_changing import begin
from centrale.accounts.plans_fields import HolidayOut, PlanIn, PlanOut, PutEntry, PutHoliday, SchemaIn, SchemaOut
from centrale.accounts.plans_reading import get_schema, is_over, timezone
from centrale.accounts.plans_versions import get_version
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


async def roll_back(unit: Unit, account: AccountId, schema: int, version: int) -> SchemaOut:
    """Makes the schema what it was in `version`, plans, schedule and holidays included; that is a new version.

    Temporary changes that have ended since stay away. Raises `NotFound` for a version that is not there, `Invalid`
    for what cannot be any more, all of it at once: `plans.2.entries[0].destination`, there is no extension 205.
    """
    await begin(unit, account, schema, restored=version)
    return await put(unit, account, schema, await get_version(unit, account, schema, version))


async def put(unit: Unit, account: AccountId, schema: int, wanted: SchemaOut) -> SchemaOut:
    """Makes the schema `wanted`, whole. Raises as `roll_back`."""
    before = await get_schema(unit, account, schema)
    await _put_plans(unit, account, before, wanted)
    await schedules.replace_all(unit, account, schema, [PutEntry(**it.model_dump()) for it in wanted.schedule])
    staying = await _not_over(unit, account, wanted.holidays)
    await holidays.replace_all(unit, account, schema, [PutHoliday(**it.model_dump()) for it in staying])
    if (choice := _choice(wanted)) != _choice(before):
        await plans.change_schema(unit, account, schema, choice)
    # Last, when nothing refers to them any more.
    await _delete_plans(unit, account, schema, before, wanted)
    return await get_schema(unit, account, schema)


def _choice(schema: SchemaOut) -> SchemaIn:
    return SchemaIn(**schema.model_dump(include=set(SchemaIn.model_fields)))


async def _put_plans(unit: Unit, account: AccountId, before: SchemaOut, wanted: SchemaOut) -> None:
    there = {plan.number: plan for plan in before.plans}
    problems: list[Problem] = []
    for plan in wanted.plans:
        if plan == there.get(plan.number):
            continue
        try:
            await _put_plan(unit, account, wanted.number, plan, new=plan.number not in there)
        except Invalid as error:
            problems += [Problem(f"plans.{plan.number}.{it.field}", it.code, it.message) for it in error.problems]
    if problems:
        raise Invalid(*problems)


async def _put_plan(unit: Unit, account: AccountId, schema: int, plan: PlanOut, *, new: bool) -> None:
    data = PlanIn(**plan.model_dump())
    if new:
        await plans.create_plan(unit, account, schema, data)
    else:
        await plans.change_plan(unit, account, schema, plan.number, data)


async def _delete_plans(unit: Unit, account: AccountId, schema: int, before: SchemaOut, wanted: SchemaOut) -> None:
    staying = {plan.number for plan in wanted.plans}
    for plan in before.plans:
        if plan.number not in staying:
            await plans.delete_plan(unit, account, schema, plan.number)


async def _not_over(unit: Unit, account: AccountId, wanted: list[HolidayOut]) -> list[HolidayOut]:
    zone, now = await timezone(unit.session, account), unit.clock.now()
    return [holiday for holiday in wanted if not (holiday.temporary and is_over(holiday, zone, now))]
