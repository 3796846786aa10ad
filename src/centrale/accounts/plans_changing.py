"""What every change of a plan schema begins with."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, select

from centrale.accounts.models import AccountRow, HolidayRow, SchemaRow
from centrale.accounts.plans_reading import is_over, load_schema
from centrale.accounts.plans_versions import keep
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

_BEGUN = "begun schemas"
"""In the session's notes: the schemas of which the change has begun."""

_TEMPORARY = (
    select(HolidayRow.id, HolidayRow.ends, AccountRow.timezone)
    .join(AccountRow, AccountRow.id == HolidayRow.account_id)
    .where(
        HolidayRow.account_id == bindparam("account"),
        HolidayRow.schema_number == bindparam("schema"),
        HolidayRow.temporary,
    )
)


async def begin(unit: Unit, account: AccountId, schema: int, *, restored: int | None = None) -> SchemaRow:
    """Locks the account, has a version of the schema kept, and forgets temporary changes that are over.

    `restored`: the version that the change goes back to. Raises `NotFound`. The steps of which one change is made begin
    with it, too: for a schema it is done once in a unit.
    """
    await unit.lock(account)
    begun = _begun(unit)
    if (known := begun.get((account, schema))) is not None and restored is None:
        return known
    row = begun[account, schema] = await load_schema(unit, account, schema)
    await keep(unit, account, schema, restored=restored)
    now = unit.clock.now()
    found = await unit.session.execute(_TEMPORARY, {"account": account, "schema": schema})
    over = [it.id for it in found if is_over(it, ZoneInfo(it.timezone), now)]
    if over:
        # Time did this, not a person, so it is not in the audit: how long they last was, when they were made.
        gone = (HolidayRow.account_id == account, HolidayRow.schema_number == schema, HolidayRow.id.in_(over))
        await unit.session.execute(delete(HolidayRow).where(*gone))
    return row


def ended(unit: Unit, account: AccountId, schema: int) -> None:
    """The schema is gone; one that gets its number in the same unit is another."""
    _begun(unit).pop((account, schema), None)


def _begun(unit: Unit) -> dict[tuple[AccountId, int], SchemaRow]:
    begun: dict[tuple[AccountId, int], SchemaRow] = unit.session.info.setdefault(_BEGUN, {})
    return begun
