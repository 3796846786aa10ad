"""Accounts: the customers of the platform (ACC-1..5)."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar
from urllib.parse import quote, unquote
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy import delete as sql_delete

from centrale.accounts import references, twinning
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.fields import AreaCode, Country, Input, Language, Name, TelephoneNumberField
from centrale.accounts.models import AccountRow, Base, PartnerRow, SchemaRow
from centrale.accounts.rows import insert
from centrale.accounts.unit import Unit
from centrale.kinds.kind import semantic
from centrale.routing.snapshot import WORKING, AccountId, Facility

NOT_YET = "x-not-yet"
"""Beside a field: choices that have no effect yet."""

_timezones = cache(available_timezones)
"""Looking through the system's files takes 20 ms, and a list of accounts asks for each."""


def _known_timezone(name: str) -> str:
    if name not in _timezones():
        raise ValueError("is not a time zone; write it like Europe/Amsterdam")
    return name


class AccountIn(Input):
    """What an administrator sets for an account."""

    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,20}$")] = Field(
        title="Customer number", description="Unique on the platform; channel names are suggested from it."
    )
    name: Name = Field(title="Name")
    country: Country = Field(default="NL", title="Country")
    language: Language = Field(default="nl", title="Language")
    timezone: Annotated[str, AfterValidator(_known_timezone)] = Field(
        default="Europe/Amsterdam", title="Time zone", json_schema_extra=semantic("timezone")
    )
    area_code: AreaCode | None = Field(default=None, title="Area code", description="As dialled, such as 020.")
    default_caller_id: TelephoneNumberField | None = Field(
        default=None, title="Number shown outside", json_schema_extra=semantic("own-number")
    )
    emergency_caller_id: TelephoneNumberField | None = Field(
        default=None,
        title="Emergency caller-id fallback",
        description="Shown to the emergency centre when nothing nearer is known. Needed to save the settings (ACC-4).",
        json_schema_extra=semantic("own-number"),
    )
    facilities: frozenset[Facility] = Field(
        default=frozenset(),
        title="Facilities",
        description="Some wait for what they switch on, and do nothing yet.",
        json_schema_extra={NOT_YET: [it.value for it in sorted(set(Facility) - WORKING)]},
    )
    infotainment_every: int = Field(
        default=60,
        ge=10,
        le=600,
        title="Infotainment every (seconds)",
        description="For callers who wait in a queue (QUE-11).",
        json_schema_extra=semantic("seconds"),
    )


class AccountOut(AccountIn):
    """An account as stored."""

    not_audited: ClassVar = frozenset({"id", "extension_length", "partner", "revision"})

    id: int = Field(title="Id")
    extension_length: int | None = Field(
        title="Length of extension numbers", description="Fixed by the first extension (ACC-2)."
    )
    partner: int | None = Field(title="Partner", description="The wholesale partner whose customer it is (ACC-1).")
    revision: int = Field(title="Revision", description="Grows with every change.")


async def create(unit: Unit, data: AccountIn) -> AccountOut:
    """A new account with its main plan schema (NP-1). It has no numbers yet, so caller ids come with a later change.

    Raises `Conflict` when the customer number is taken, `Invalid` when a caller id is given.
    """
    for field in ("default_caller_id", "emergency_caller_id"):
        if getattr(data, field) is not None:
            raise Invalid.field(field, "add the number to the account first, then choose it here", "unknown_number")
    await unit.lock_platform()
    row = AccountRow(**_columns(data), extension_length=None, revision=0, logons_revision=0)
    await insert(unit, row, taken=f"customer number {data.number} is taken", field="number")
    unit.session.add(SchemaRow(account_id=row.id, number=1, name=data.name, standing=None, override=None))
    account = AccountId(row.id)
    await unit.audit(account, "create", "account", data.number, after=data.as_audit())
    await unit.audit(None, "create", "account", account, after={"number": data.number, "name": data.name})
    return await get(unit, account)


async def get(unit: Unit, account: AccountId) -> AccountOut:
    """Raises `NotFound`."""
    return _out(await load(unit, account))


_SHOWN = select(*(getattr(AccountRow, name) for name in AccountOut.model_fields)).where(
    AccountRow.id == bindparam("account")
)


async def shown(unit: Unit, account: AccountId) -> dict[str, Any]:
    """The fields of `AccountOut` as they are stored. Raises `NotFound`."""
    row = (await unit.session.execute(_SHOWN, {"account": account})).one_or_none()
    if row is None:
        raise NotFound("account", account)
    return dict(zip(AccountOut.model_fields, row, strict=True))


async def find(unit: Unit, number: str) -> AccountOut:
    """By customer number; raises `NotFound`."""
    row = await unit.session.scalar(select(AccountRow).where(AccountRow.number == number))
    if row is None:
        raise NotFound("account", number)
    return _out(row)


class Order(StrEnum):
    """What a list of accounts is sorted by; names whatever their capitals."""

    NUMBER = "number"
    NUMBER_BACK = "-number"
    NAME = "name"
    NAME_BACK = "-name"

    @property
    def by_name(self) -> bool:
        """By name, and of equal names by number."""
        return self in (Order.NAME, Order.NAME_BACK)


async def list_all(
    unit: Unit,
    *,
    partner: int | None = None,
    search: str = "",
    order: Order = Order.NUMBER,
    after: str = "",
    limit: int | None = None,
) -> list[AccountOut]:
    """Every account, or a partner's, by customer number or as `order` says, from the one behind `after`: what
    `place_in` gave. `search`: part of its number or name."""
    back = order.startswith("-")
    by: list[Any] = [func.lower(AccountRow.name), AccountRow.number] if order.by_name else [AccountRow.number]
    query = select(AccountRow).order_by(*(column.desc() if back else column for column in by)).limit(limit)
    if after:
        seen_number, _, seen_name = after.partition("~")
        seen = [func.lower(unquote(seen_name)), seen_number] if order.by_name else [seen_number]
        query = query.where(tuple_(*by) < tuple_(*seen) if back else tuple_(*by) > tuple_(*seen))
    if partner is not None:
        query = query.where(AccountRow.partner == partner)
    if search:
        number, name = AccountRow.number, AccountRow.name
        query = query.where(number.icontains(search, autoescape=True) | name.icontains(search, autoescape=True))
    return [_out(row) for row in await unit.session.scalars(query)]


def place_in(order: Order, account: AccountOut) -> str:
    """Where `account` stands in a list of this order."""
    return f"{account.number}~{quote(account.name)}" if order.by_name else account.number


async def change(unit: Unit, account: AccountId, data: AccountIn) -> AccountOut:
    """Sets everything anew. Raises `Invalid` without an emergency caller id (ACC-4) or for numbers not its own."""
    await unit.lock(account)
    row = await load(unit, account)
    if data.emergency_caller_id is None:
        raise Invalid.field(
            "emergency_caller_id", "choose the number that emergency services see as a last resort", "required"
        )
    await references.check_own_number(unit, account, "default_caller_id", data.default_caller_id)
    await references.check_own_number(unit, account, "emergency_caller_id", data.emergency_caller_id)
    before = _out(row)
    if data.number != row.number and await _number_taken(unit, data.number):
        raise Conflict(f"customer number {data.number} is taken", field="number")
    for column, value in _columns(data).items():
        setattr(row, column, value)
    await twinning.check_links(unit, account)
    await unit.audit(account, "change", "account", data.number, before=before.as_audit(), after=data.as_audit())
    return await get(unit, account)


async def hand_over(unit: Unit, account: AccountId, partner: int | None) -> AccountOut:
    """Makes the account a customer of `partner`, or of the platform itself. Raises `Invalid` for one that is none."""
    await unit.lock_platform()
    await unit.lock(account)
    row = await load(unit, account)
    if partner is not None and await unit.session.get(PartnerRow, partner) is None:
        raise Invalid.field("partner", f"there is no partner {partner}", "unknown_partner")
    before, row.partner = row.partner, partner
    change = {"before": {"partner": before}, "after": {"partner": partner}}
    await unit.audit(account, "hand over", "account", row.number, **change)
    return await get(unit, account)


async def delete(unit: Unit, account: AccountId) -> None:
    """Deletes the account with everything in it. Call records and the audit stay."""
    await unit.lock_platform()
    await unit.lock(account)
    before = await get(unit, account)
    # From the leaves inwards: rows of one account refer to one another.
    for table in reversed(Base.metadata.sorted_tables):
        if table.name not in KEPT and "account_id" in table.columns:
            await unit.session.execute(table.delete().where(table.c.account_id == account))
    await unit.session.execute(sql_delete(AccountRow).where(AccountRow.id == account))
    await unit.audit(account, "delete", "account", before.number, before=before.as_audit())
    await unit.audit(None, "delete", "account", account, before={"number": before.number, "name": before.name})


KEPT = frozenset({"cdrs", "cdr_parties", "audit"})
"""What outlives an account."""


async def load(unit: Unit, account: AccountId) -> AccountRow:
    """The account's row, read anew; raises `NotFound`."""
    row = await unit.session.get(AccountRow, account, populate_existing=True)
    if row is None:
        raise NotFound("account", account)
    return row


async def _number_taken(unit: Unit, number: str) -> bool:
    return await unit.session.scalar(select(AccountRow.id).where(AccountRow.number == number)) is not None


def _columns(data: AccountIn) -> dict[str, Any]:
    values = data.model_dump(include=set(AccountIn.model_fields))
    return {**values, "facilities": sorted(data.facilities)}


def _out(row: AccountRow) -> AccountOut:
    return AccountOut.model_validate({name: getattr(row, name) for name in AccountOut.model_fields})
