"""Wholesale partners: who sells the exchange to accounts of their own (ACC-1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field
from sqlalchemy import select

from centrale.accounts.errors import Conflict, NotFound, Use
from centrale.accounts.fields import Input, Name
from centrale.accounts.models import AccountRow, PartnerRow, WebUserRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit


class PartnerIn(Input):
    """What the platform sets for a partner."""

    name: Name = Field(title="Name")


class PartnerOut(PartnerIn):
    """A partner as stored."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"id"})

    id: int = Field(title="Id")


async def create(unit: Unit, data: PartnerIn) -> PartnerOut:
    """Raises `Conflict` when the name is taken."""
    await unit.lock_platform()
    row = PartnerRow(name=data.name)
    await insert(unit, row, taken=f"there is a partner {data.name} already", field="name")
    await unit.audit(None, "create", "partner", row.id, after=data.as_audit())
    return _out(row)


async def get(unit: Unit, id: int) -> PartnerOut:
    """Raises `NotFound`."""
    return _out(await load(unit, id))


async def list_all(unit: Unit, *, after: int | None = None, limit: int | None = None) -> list[PartnerOut]:
    """By id."""
    query = select(PartnerRow).where(PartnerRow.id > (after or 0)).order_by(PartnerRow.id).limit(limit)
    return [_out(row) for row in await unit.session.scalars(query)]


async def change(unit: Unit, id: int, data: PartnerIn) -> PartnerOut:
    """Raises `NotFound`, and `Conflict` when the name is taken."""
    await unit.lock_platform()
    row = await load(unit, id)
    before = _out(row)
    other = await unit.session.scalar(select(PartnerRow.id).where(PartnerRow.name == data.name, PartnerRow.id != id))
    if other is not None:
        raise Conflict(f"there is a partner {data.name} already", field="name")
    row.name = data.name
    await unit.audit(None, "change", "partner", id, before=before.as_audit(), after=data.as_audit())
    return await get(unit, id)


async def delete(unit: Unit, id: int) -> None:
    """Raises `NotFound`, and `Conflict` while it has accounts or web users."""
    await unit.lock_platform()
    row = await load(unit, id)
    before = _out(row)
    accounts = await unit.session.scalars(select(AccountRow.number).where(AccountRow.partner == id).limit(20))
    uses = [Use("account", number, "partner") for number in accounts]
    people = await unit.session.scalars(select(WebUserRow.email).where(WebUserRow.partner_id == id).limit(20))
    uses += [Use("web user", email, "partner") for email in people]
    if uses:
        raise Conflict(f"partner {before.name} is in use", uses=uses)
    await remove(unit, row)
    await unit.audit(None, "delete", "partner", id, before=before.as_audit())


async def load(unit: Unit, id: int) -> PartnerRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(PartnerRow, id, populate_existing=True)
    if row is None:
        raise NotFound("partner", id)
    return row


def _out(row: PartnerRow) -> PartnerOut:
    return PartnerOut(id=row.id, name=row.name)
