"""VoIP channels: one SIP registration each (CHN-1, LNK-1)."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from pydantic import Field, SecretStr
from sqlalchemy import bindparam, func, select

from centrale.accounts import logons, references, twinning
from centrale.accounts.accounts import load as load_account
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.fields import (
    AreaCode,
    ChannelNameField,
    Country,
    Input,
    Language,
    TelephoneNumberField,
    UserField,
)
from centrale.accounts.models import ChannelRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.accounts.vault import strong_password
from centrale.kinds.kind import semantic
from centrale.routing.snapshot import AccountId, ChannelName, DtmfMethod


class ChannelIn(Input):
    """What an administrator sets for a channel."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"password"})

    name: ChannelNameField | None = Field(
        default=None, title="Name", description="SIP user name; left out at creation: customer number, EC, two digits."
    )
    password: SecretStr | None = Field(
        default=None,
        title="Password",
        description="At least 10 visible ASCII characters. Empty: a strong one is made at creation, and stays.",
    )
    dtmf: DtmfMethod = Field(default=DtmfMethod.RFC4733, title="DTMF method")
    area_code: AreaCode | None = Field(default=None, title="Area code", description="The account's if empty.")
    language: Language | None = Field(default=None, title="Language", description="The account's if empty.")
    country: Country | None = Field(default=None, title="Country", description="The account's if empty.")
    call_limit: int = Field(default=2, ge=1, le=5, title="Call limit", description="Calls at once (BAR-3).")
    linked_user: UserField | None = Field(
        default=None, title="Linked user", description="Always logged on here; can neither log on nor off (LNK-1)."
    )
    emergency_caller_id: TelephoneNumberField | None = Field(
        default=None,
        title="Emergency caller-id fallback",
        description="When nobody is logged on (EMG-3).",
        json_schema_extra=semantic("own-number"),
    )


class ChannelOut(ChannelIn):
    """A channel as stored. Its password is asked for apart (`password_of`)."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"password"})

    name: ChannelNameField = Field(title="Name")
    password: SecretStr | None = Field(default=None, exclude=True)


class Listed(NamedTuple):
    """A channel as it is stored: the fields of `ChannelOut` that are shown, in its order."""

    name: ChannelName
    dtmf: str
    area_code: str | None
    language: str | None
    country: str | None
    call_limit: int
    linked_user: str | None
    emergency_caller_id: str | None


_LISTED = (
    select(*(getattr(ChannelRow, name) for name in Listed._fields))
    .where(ChannelRow.account_id == bindparam("account"), ChannelRow.name > bindparam("after"))
    .order_by(ChannelRow.name)
)
_PAGE = _LISTED.limit(bindparam("fetched"))
"""Put together once, as that takes as long as asking."""


async def create(unit: Unit, account: AccountId, data: ChannelIn) -> ChannelOut:
    """Raises `Conflict` when the name is taken (on the whole platform), `Invalid` for what does not fit."""
    await unit.lock(account)
    name = data.name or await suggest_name(unit, account)
    await _check(unit, account, name, data)
    password = _password(data) or strong_password()
    row = ChannelRow(account_id=account, name=name, secret=unit.vault.seal(password), **_columns(data))
    await insert(unit, row, taken=f"channel name {name} is taken", field="name")
    created = _out(row)
    await unit.audit(account, "create", "channel", name, after=created.as_audit())
    return created


async def get(unit: Unit, account: AccountId, name: str) -> ChannelOut:
    """Raises `NotFound`."""
    return _out(await load(unit, account, name))


async def list_all(unit: Unit, account: AccountId) -> list[ChannelOut]:
    """The account's channels by name."""
    rows = await unit.session.execute(_LISTED, {"account": account, "after": ""})
    return [ChannelOut.model_validate(Listed._make(row)._asdict()) for row in rows]


async def listed(unit: Unit, account: AccountId, *, after: str = "", limit: int = 100) -> list[Listed]:
    """The same as they are stored, at most `limit`, from the one behind `after`."""
    rows = await unit.session.execute(_PAGE, {"account": account, "after": after, "fetched": limit})
    return list(map(Listed._make, rows))


async def change(unit: Unit, account: AccountId, name: str, data: ChannelIn) -> ChannelOut:
    """Sets everything anew; the password only when one is given. The name stays: phones know it."""
    await unit.lock(account)
    row = await load(unit, account, name)
    if data.name not in (None, name):
        raise Invalid.field("name", f"cannot be changed; create a new channel beside {name}", "fixed")
    await _check(unit, account, name, data)
    before = _out(row)
    if data.linked_user is not None and data.linked_user != row.linked_user:
        await logons.clear_channel(unit, account, ChannelName(name))
    password = _password(data)
    if password is not None:
        row.secret = unit.vault.seal(password)
    for column, value in _columns(data).items():
        setattr(row, column, value)
    after = _out(row)
    noted = after.as_audit() | ({"password": "changed"} if password is not None else {})
    await unit.audit(account, "change", "channel", name, before=before.as_audit(), after=noted)
    return after


async def delete(unit: Unit, account: AccountId, name: str) -> None:
    """Deletes the channel; whoever is logged on there is logged off."""
    await unit.lock(account)
    row = await load(unit, account, name)
    await logons.clear_channel(unit, account, ChannelName(name))
    before = _out(row)
    await remove(unit, row)
    await unit.audit(account, "delete", "channel", name, before=before.as_audit())


async def password_of(unit: Unit, account: AccountId, name: str) -> str:
    """The password, for the one who sets up the phone. Raises `NotFound`."""
    return unit.vault.unseal((await load(unit, account, name)).secret)


async def suggest_name(unit: Unit, account: AccountId) -> str:
    """The first free name of the form customer number + `EC` + two digits (CHN-1); three digits after 99."""
    stem = f"{(await load_account(unit, account)).number}EC"
    # Another customer whose number begins alike may hold some of them: names are unique on the platform.
    taken = set(await unit.session.scalars(select(ChannelRow.name).where(ChannelRow.name.startswith(stem))))
    return next(name for n in range(1, len(taken) + 2) if (name := f"{stem}{n:02}") not in taken)


async def load(unit: Unit, account: AccountId, name: str) -> ChannelRow:
    """The row; raises `NotFound`, also for a channel of another account."""
    row = await unit.session.get(ChannelRow, name)
    if row is None or row.account_id != account:
        raise NotFound("channel", name)
    return row


async def _check(unit: Unit, account: AccountId, name: str, data: ChannelIn) -> None:
    await references.check_own_number(unit, account, "emergency_caller_id", data.emergency_caller_id)
    if data.linked_user is not None:
        await _check_link(unit, account, name, data.linked_user)


async def _check_link(unit: Unit, account: AccountId, name: str, user: str) -> None:
    """A user is linked to one channel, or two with twinning (LNK-1)."""
    await references.check_extension(unit, account, "linked_user", user, kind="user")
    if unit.defer_references:
        await twinning.check_links(unit, account)
        return
    linked = (
        select(func.count())
        .select_from(ChannelRow)
        .where(ChannelRow.account_id == account, ChannelRow.linked_user == user, ChannelRow.name != name)
    )
    others = (await unit.session.execute(linked)).scalar_one()
    if others >= await twinning.phones_allowed(unit, account, user):
        raise Conflict(f"user {user} is linked to another channel already", field="linked_user")


def _password(data: ChannelIn) -> str | None:
    if data.password is None:
        return None
    password = data.password.get_secret_value()
    if not 10 <= len(password) <= 80 or not all("!" <= letter <= "~" for letter in password):
        raise Invalid.field("password", "needs 10 to 80 visible ASCII characters", "weak_password")
    return password


def _columns(data: ChannelIn) -> dict[str, object]:
    values = data.model_dump(include=set(ChannelIn.model_fields) - {"name", "password"})
    return {**values, "dtmf": data.dtmf.value}


def _out(row: ChannelRow) -> ChannelOut:
    return ChannelOut.model_validate(
        {field: getattr(row, field) for field in ChannelOut.model_fields if field != "password"}
    )
