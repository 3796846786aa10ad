"""Number plans: schemas, plans, and the choice of the active one (NP-1, NP-2, NP-3, NP-7).

When which plan is active by itself is in `schedules` and `holidays`, choosing one by phone in `plans_override`, and
what was when in `plans_versions`.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy import insert as insert_many

from centrale.accounts.errors import Conflict, Invalid, Problem, Use
from centrale.accounts.models import ExtensionRow, NumberRow, PlanEntryRow, PlanRow, SchemaRow
from centrale.accounts.plans_changing import begin, ended
from centrale.accounts.plans_fields import PlanEntryIn, PlanIn, PlanOut, SchemaIn, SchemaOut
from centrale.accounts.plans_reading import get_plan, get_schema, list_schemas, load_plan, load_schema, remember
from centrale.accounts.plans_versions import keep
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

__all__ = [
    "MAIN",
    "PlanEntryIn",
    "PlanIn",
    "PlanOut",
    "SchemaIn",
    "SchemaOut",
    "change_plan",
    "change_schema",
    "copy_plan",
    "create_plan",
    "create_schema",
    "delete_plan",
    "delete_schema",
    "get_plan",
    "get_schema",
    "list_schemas",
    "load_plan",
    "load_schema",
    "set_override",
]

MAIN = 1
"""The schema that every account has (NP-1)."""


async def create_schema(unit: Unit, account: AccountId, data: SchemaIn, number: int | None = None) -> SchemaOut:
    """A further schema, with the next number (NP-1), or the one that it had elsewhere. Raises `Conflict` when taken."""
    await unit.lock(account)
    if number is None:
        last = await unit.session.scalar(select(func.max(SchemaRow.number)).where(SchemaRow.account_id == account))
        number = (last or 0) + 1
    row = SchemaRow(account_id=account, number=number, name=data.name, standing=None, override=None)
    _check_choice(number, data, [])
    await insert(unit, row, taken=f"schema {row.number} exists already", field="number")
    await keep(unit, account, number, new=True)
    created = await get_schema(unit, account, row.number)
    await unit.audit(account, "create", "schema", row.number, after=created.as_audit())
    return created


async def change_schema(unit: Unit, account: AccountId, number: int, data: SchemaIn) -> SchemaOut:
    """Renames it and chooses its plans. Raises `Invalid` for a plan that it does not have."""
    row = await begin(unit, account, number)
    before = await get_schema(unit, account, number)
    _check_choice(number, data, before.plans)
    row.name, row.standing, row.override = data.name, data.standing, data.override
    await unit.audit(account, "change", "schema", number, before=before.as_audit(), after=data.as_audit())
    after = before.model_copy(update={name: getattr(data, name) for name in SchemaIn.model_fields})
    remember(unit, account, after)
    return after


async def set_override(unit: Unit, account: AccountId, number: int, plan: int | None) -> SchemaOut:
    """Makes `plan` active until further notice; None gives back to the schedule (NP-3)."""
    row = await begin(unit, account, number)
    chosen = SchemaIn(name=row.name, standing=row.standing, override=plan)
    return await change_schema(unit, account, number, chosen)


async def delete_schema(unit: Unit, account: AccountId, number: int) -> None:
    """Deletes the schema with its plans, schedule, holidays and versions. Raises `Conflict` for the main one (NP-1)."""
    await unit.lock(account)
    row = await load_schema(unit, account, number)
    if number == MAIN:
        raise Conflict("the main schema cannot be deleted")
    before = await get_schema(unit, account, number)
    await remove(unit, row)
    ended(unit, account, number)
    await unit.audit(account, "delete", "schema", number, before=before.model_dump(mode="json"))


async def create_plan(unit: Unit, account: AccountId, schema: int, data: PlanIn) -> PlanOut:
    """Raises `Conflict` when the number is taken or all 99 are, `Invalid` for entries that break NP-2."""
    await begin(unit, account, schema)
    number = data.number or await _free_plan(unit, account, schema)
    await _check_entries(unit, account, schema, data.entries)
    row = PlanRow(account_id=account, schema_number=schema, number=number, name=data.name)
    await insert(unit, row, taken=f"plan {number} exists already", field="number")
    await _put_entries(unit, account, schema, number, data.entries)
    created = await get_plan(unit, account, schema, number)
    await unit.audit(account, "create", "plan", f"{schema}/{number}", after=created.as_audit())
    return created


async def change_plan(unit: Unit, account: AccountId, schema: int, number: int, data: PlanIn) -> PlanOut:
    """Sets name and entries anew; its number stays."""
    await begin(unit, account, schema)
    row = await load_plan(unit, account, schema, number)
    if data.number not in (None, number):
        raise Invalid.field("number", "cannot be changed; copy the plan instead", "fixed")
    await _check_entries(unit, account, schema, data.entries)
    before = await get_plan(unit, account, schema, number)
    row.name = data.name
    await _put_entries(unit, account, schema, number, data.entries)
    after = await get_plan(unit, account, schema, number)
    await unit.audit(account, "change", "plan", f"{schema}/{number}", before=before.as_audit(), after=after.as_audit())
    return after


async def copy_plan(unit: Unit, account: AccountId, schema: int, source: int, target: int) -> PlanOut:
    """Overwrites the entries of `target` with those of `source`; its own name stays (NP-7)."""
    entries = (await get_plan(unit, account, schema, source)).entries
    name = (await load_plan(unit, account, schema, target)).name
    return await change_plan(unit, account, schema, target, PlanIn(name=name, entries=entries))


async def delete_plan(unit: Unit, account: AccountId, schema: int, number: int) -> None:
    """Raises `Conflict` while it is the schema's standing plan or manual override, or is scheduled."""
    await begin(unit, account, schema)
    row = await load_plan(unit, account, schema, number)
    owner = await get_schema(unit, account, schema)
    fields = [field for field in ("standing", "override") if getattr(owner, field) == number]
    fields += [f"schedule.{entry.id}" for entry in owner.schedule if entry.plan == number]
    fields += [f"holidays.{holiday.id}" for holiday in owner.holidays if holiday.plan == number]
    if uses := [Use("schema", str(schema), field) for field in fields]:
        raise Conflict(f"plan {number} is still in use", uses=uses)
    before = await get_plan(unit, account, schema, number)
    await remove(unit, row)
    await unit.audit(account, "delete", "plan", f"{schema}/{number}", before=before.as_audit())


async def _free_plan(unit: Unit, account: AccountId, schema: int) -> int:
    query = select(PlanRow.number).where(PlanRow.account_id == account, PlanRow.schema_number == schema)
    taken = set(await unit.session.scalars(query))
    free = next((n for n in range(1, 100) if n not in taken), None)
    if free is None:
        raise Conflict("a schema holds 99 plans at most; delete one first", field="number")
    return free


def _check_choice(schema: int, data: SchemaIn, plans: list[PlanOut]) -> None:
    known = {plan.number for plan in plans}
    for field in ("standing", "override"):
        plan = getattr(data, field)
        if plan is not None and plan not in known:
            raise Invalid.field(field, f"schema {schema} has no plan {plan}", "unknown_plan")


async def _check_entries(unit: Unit, account: AccountId, schema: int, entries: list[PlanEntryIn]) -> None:
    """NP-2: once in a plan, in one schema only, active and not personal; the destination exists."""
    e164s = [entry.e164 for entry in entries]
    query = select(NumberRow.e164, NumberRow.use, NumberRow.status)
    rows = await unit.session.execute(query.where(NumberRow.account_id == account, NumberRow.e164.in_(e164s)))
    numbers = {str(e164): (use, status) for e164, use, status in rows.tuples()}
    elsewhere_query = select(PlanEntryRow.e164, PlanEntryRow.schema_number).where(
        PlanEntryRow.account_id == account, PlanEntryRow.schema_number != schema, PlanEntryRow.e164.in_(e164s)
    )
    elsewhere = {str(e164): other for e164, other in await unit.session.execute(elsewhere_query)}
    destinations = select(ExtensionRow.number).where(
        ExtensionRow.account_id == account, ExtensionRow.number.in_({entry.destination for entry in entries})
    )
    known = set(await unit.session.scalars(destinations))
    problems = []
    for index, entry in enumerate(entries):
        if problem := _why_not(entry.e164, numbers.get(entry.e164), elsewhere.get(entry.e164)):
            problems.append(Problem(f"entries[{index}].e164", "unusable_number", problem))
        elif entry.e164 in e164s[:index]:
            problems.append(Problem(f"entries[{index}].e164", "twice", f"{entry.e164} stands in this plan twice"))
        if entry.destination not in known:
            message = f"there is no extension {entry.destination}"
            problems.append(Problem(f"entries[{index}].destination", "unknown_extension", message))
    if problems:
        raise Invalid(*problems)


def _why_not(e164: str, number: tuple[str, str] | None, other_schema: int | None) -> str | None:
    match number:
        case None:
            return f"{e164} is not a number of this account"
        case ("personal", _):
            return f"{e164} is a personal number"
        case (_, status) if status != "active":
            return f"{e164} is not active yet"
    return None if other_schema is None else f"{e164} stands in schema {other_schema} already"


async def _put_entries(unit: Unit, account: AccountId, schema: int, plan: int, entries: list[PlanEntryIn]) -> None:
    await unit.session.execute(delete(PlanEntryRow).where(*_in_plan(account, schema, plan)))
    rows = [
        {"account_id": account, "schema_number": schema, "plan_number": plan, **entry.model_dump()} for entry in entries
    ]
    if rows:
        await unit.session.execute(insert_many(PlanEntryRow), rows)


def _in_plan(account: AccountId, schema: int, plan: int) -> tuple[ColumnElement[bool], ...]:
    return (
        PlanEntryRow.account_id == account,
        PlanEntryRow.schema_number == schema,
        PlanEntryRow.plan_number == plan,
    )
