"""Telephone numbers of an account (ACC-6)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from pydantic import Field
from sqlalchemy import bindparam, select

from centrale.accounts import references
from centrale.accounts.errors import Conflict, Invalid, NotFound, Use
from centrale.accounts.fields import Input, TelephoneNumberField, UserField
from centrale.accounts.models import NumberRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber, NumberUse


class OrderStatus(StrEnum):
    """How far the order of a number is. Only an active number can be used."""

    ORDERED = "ordered"
    ACTIVE = "active"


class NumberIn(Input):
    """What is set for a telephone number."""

    e164: TelephoneNumberField = Field(title="Number", description="International, such as +31201234567.")
    use: NumberUse = Field(
        default=NumberUse.BUSINESS, title="Use", description="Business: for number plans. Personal: for one user."
    )
    status: OrderStatus = Field(default=OrderStatus.ACTIVE, title="Order status")
    user: UserField | None = Field(default=None, title="User", description="The owner of a personal number.")


class NumberOut(NumberIn):
    """A telephone number as stored."""


class Listed(NamedTuple):
    """A number as it is stored: the fields of `NumberOut`, in its order."""

    e164: str
    use: str
    status: str
    user: str | None


_LISTED = (
    select(NumberRow.e164, NumberRow.use, NumberRow.status, NumberRow.user_number)
    .where(NumberRow.account_id == bindparam("account"), NumberRow.e164 > bindparam("after"))
    .order_by(NumberRow.e164)
)
_PAGE = _LISTED.limit(bindparam("fetched"))
_THERE = select(NumberRow.e164).where(
    NumberRow.account_id == bindparam("account"), NumberRow.e164 == bindparam("wanted")
)
"""Put together once, as that takes as long as asking."""


async def create(unit: Unit, account: AccountId, data: NumberIn) -> NumberOut:
    """Raises `Conflict` when the platform has it already, `Invalid` when use and user do not fit together."""
    await unit.lock(account)
    await _check(unit, account, data)
    row = NumberRow(
        e164=data.e164, account_id=account, use=data.use.value, status=data.status.value, user_number=data.user
    )
    await insert(unit, row, taken=f"{data.e164} is on the platform already", field="e164")
    await unit.audit(account, "create", "number", data.e164, after=data.as_audit())
    return _out(row)


async def get(unit: Unit, account: AccountId, e164: str) -> NumberOut:
    """Raises `NotFound`."""
    return _out(await load(unit, account, e164))


async def list_all(unit: Unit, account: AccountId) -> list[NumberOut]:
    """The account's numbers in order."""
    rows = await unit.session.execute(_LISTED, {"account": account, "after": ""})
    return [NumberOut.model_validate(Listed._make(row)._asdict()) for row in rows]


async def listed(unit: Unit, account: AccountId, *, after: str = "", limit: int = 100) -> list[Listed]:
    """The same as they are stored, at most `limit`, from the one behind `after`."""
    rows = await unit.session.execute(_PAGE, {"account": account, "after": after, "fetched": limit})
    return list(map(Listed._make, rows))


async def change(unit: Unit, account: AccountId, e164: str, data: NumberIn) -> NumberOut:
    """Raises `Conflict` when it is to become personal while a plan uses it, or inactive while anything does (ACC-6)."""
    await unit.lock(account)
    row = await load(unit, account, e164)
    if data.e164 != e164:
        raise Invalid.field("e164", "cannot be changed; add the other number beside it", "fixed")
    await _check(unit, account, data)
    before = _out(row)
    if before.use is NumberUse.BUSINESS and data.use is NumberUse.PERSONAL:
        plans = [use for use in await uses(unit, account, e164) if use.object_type == "plan"]
        if plans:
            raise Conflict(f"{e164} stands in a number plan, so it cannot become personal", field="use", uses=plans)
    if before.status is OrderStatus.ACTIVE and data.status is not OrderStatus.ACTIVE:
        await references.refuse_if_used(unit, account, e164, await uses(unit, account, e164), field="status")
    row.use, row.status = data.use.value, data.status.value
    row.user_number = None if data.user is None else ExtensionNumber(data.user)
    await unit.audit(account, "change", "number", e164, before=before.as_audit(), after=data.as_audit())
    return _out(row)


async def delete(unit: Unit, account: AccountId, e164: str) -> None:
    """Raises `Conflict` with the list of uses."""
    await unit.lock(account)
    row = await load(unit, account, e164)
    await references.refuse_if_used(unit, account, e164, await uses(unit, account, e164))
    before = _out(row)
    await remove(unit, row)
    await unit.audit(account, "delete", "number", e164, before=before.as_audit())


async def uses(unit: Unit, account: AccountId, e164: str) -> list[Use]:
    """In which plans and extensions the number is used; for its page (ACC-6). Raises `NotFound`."""
    if (await unit.session.execute(_THERE, {"account": account, "wanted": e164})).first() is None:
        raise NotFound("number", e164)
    return await references.uses_of_number(unit, account, e164)


async def load(unit: Unit, account: AccountId, e164: str) -> NumberRow:
    """The row; raises `NotFound`, also for a number of another account."""
    row = await unit.session.get(NumberRow, e164)
    if row is None or row.account_id != account:
        raise NotFound("number", e164)
    return row


async def _check(unit: Unit, account: AccountId, data: NumberIn) -> None:
    if data.use is NumberUse.PERSONAL and data.user is None:
        raise Invalid.field("user", "a personal number belongs to a user", "required")
    if data.use is NumberUse.BUSINESS and data.user is not None:
        raise Invalid.field("user", "only a personal number belongs to a user", "not_allowed")
    if data.user is not None:
        await references.check_extension(unit, account, "user", data.user, kind="user")


def _out(row: NumberRow) -> NumberOut:
    return NumberOut(e164=row.e164, use=NumberUse(row.use), status=OrderStatus(row.status), user=row.user_number)
