"""What every change of a plan schema begins with."""

from __future__ import annotations

from sqlalchemy import delete

from centrale.accounts.models import HolidayRow, SchemaRow
from centrale.accounts.plans_reading import holiday_rows, is_over, load_schema, timezone
from centrale.accounts.plans_versions import keep
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


async def begin(unit: Unit, account: AccountId, schema: int, *, restored: int | None = None) -> SchemaRow:
    """Locks the account, has a version of the schema kept, and forgets temporary changes that are over.

    `restored`: the version that the change goes back to. Raises `NotFound`.
    """
    await unit.lock(account)
    row = await load_schema(unit, account, schema)
    await keep(unit, account, schema, restored=restored)
    zone, now = await timezone(unit.session, account), unit.clock.now()
    over = [
        it.id for it in await holiday_rows(unit.session, account, schema) if it.temporary and is_over(it, zone, now)
    ]
    if over:
        # Time did this, not a person, so it is not in the audit: how long they last was, when they were made.
        gone = (HolidayRow.account_id == account, HolidayRow.schema_number == schema, HolidayRow.id.in_(over))
        await unit.session.execute(delete(HolidayRow).where(*gone))
    return row
