"""The plan schemas of the picture that calls read: six queries, however many accounts there are; and fewer when it is
known what of them changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.models import PlanEntryRow, PlanRow, SchemaRow
from centrale.accounts.parts import Accounts, Part
from centrale.accounts.schedules_picture import schedules
from centrale.routing.snapshot import E164, AccountId, NumberPlan, PlanEntry, PlanSchema

SCHEMA, PLAN, TIMES = "schema", "plan", frozenset({"schedule", "holiday"})
"""What a schema is made of, by type in the audit."""

Plans = Mapping[int, NumberPlan]

_ENTRIES = Part(
    select(
        PlanEntryRow.account_id,
        PlanEntryRow.schema_number,
        PlanEntryRow.plan_number,
        PlanEntryRow.e164,
        PlanEntryRow.destination,
        PlanEntryRow.prefix,
    ),
    PlanEntryRow.account_id,
)
_PLANS = Part(
    select(PlanRow.account_id, PlanRow.schema_number, PlanRow.number, PlanRow.name).order_by(PlanRow.number),
    PlanRow.account_id,
)
_SCHEMAS = Part(
    select(SchemaRow.account_id, SchemaRow.number, SchemaRow.name, SchemaRow.standing, SchemaRow.override).order_by(
        SchemaRow.number
    ),
    SchemaRow.account_id,
)


async def schemas(session: AsyncSession, accounts: Accounts) -> defaultdict[AccountId, tuple[PlanSchema, ...]]:
    """All plan schemas, by number."""
    plans = await _plans(session, accounts)
    schedule_of = await schedules(session, accounts)
    found: defaultdict[AccountId, tuple[PlanSchema, ...]] = defaultdict(tuple)
    for account, number, name, standing, override in await _SCHEMAS.read(session, accounts):
        these = MappingProxyType(plans.get((account, number), {}))
        made = PlanSchema(number, name, these, standing, override, schedule_of((account, number)))
        found[AccountId(account)] += (made,)
    return found


async def changed_schemas(
    session: AsyncSession, account: AccountId, old: tuple[PlanSchema, ...], touched: Set[str]
) -> tuple[PlanSchema, ...]:
    """The account's schemas when they were `old` before things of the types `touched` were changed, and no schema came
    or went."""
    known = {schema.number: schema for schema in old}
    if PLAN in touched:
        plans = await _plans(session, [account])
        for number, schema in known.items():
            known[number] = replace(schema, plans=MappingProxyType(plans.get((account, number), {})))
    if TIMES & touched:
        schedule_of = await schedules(session, [account])
        for number, schema in known.items():
            known[number] = replace(schema, schedule=schedule_of((account, number)))
    if SCHEMA in touched:
        for _, number, name, standing, override in await _SCHEMAS.read(session, [account]):
            known[number] = replace(known[number], name=name, standing=standing, override=override)
    return tuple(known.values())


async def _plans(session: AsyncSession, accounts: Accounts) -> dict[tuple[int, int], dict[int, NumberPlan]]:
    """Plans by number, by account and schema."""
    entries: dict[tuple[int, int, int], dict[E164, PlanEntry]] = defaultdict(dict)
    for account, schema, plan, e164, destination, prefix in await _ENTRIES.read(session, accounts):
        entries[account, schema, plan][e164] = PlanEntry(destination, prefix)
    plans: dict[tuple[int, int], dict[int, NumberPlan]] = defaultdict(dict)
    for account, schema, number, name in await _PLANS.read(session, accounts):
        of_plan = MappingProxyType(entries.get((account, schema, number), {}))
        plans[account, schema][number] = NumberPlan(number, name, of_plan)
    return plans
