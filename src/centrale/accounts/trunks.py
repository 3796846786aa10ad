"""Trunks: carriers of the platform, and each account's choice of them."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from sqlalchemy import delete as sql_delete
from sqlalchemy import insert as insert_many
from sqlalchemy import select

from centrale.accounts.errors import Conflict, Invalid, NotFound, Problem, Use
from centrale.accounts.fields import Input
from centrale.accounts.models import AccountRow, AccountTrunkRow, TrunkRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


class TrunkMode(StrEnum):
    """How the carrier knows us."""

    REGISTRATION = "registration"
    IP = "ip"


class Transport(StrEnum):
    """What SIP travels over."""

    UDP = "udp"
    TCP = "tcp"


def _source(text: str) -> str:
    """`192.0.2.7`, `192.0.2.0/28`, `192.0.2.7:5070` or `[2001:db8::7]:5070`."""
    address, port = text, ""
    if text.startswith("["):
        address, _, port = text[1:].partition("]:")
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{port} is not a port")
    try:
        _ = ip_network(address) if "/" in address else ip_address(address)
    except ValueError as error:
        raise ValueError(f"{address} is not an IP address or network") from error
    return text


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


Source = Annotated[str, AfterValidator(_source)]
TrunkName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:_-]{1,253}$")]


class TrunkIn(Input):
    """What the platform's administrator sets for a trunk."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"password"})

    name: TrunkName = Field(title="Name", description="Small letters, digits and dashes.")
    mode: TrunkMode = Field(default=TrunkMode.IP, title="Known by", description="Registration, or our IP address.")
    host: Host = Field(title="Host", description="Name or address of the carrier.")
    port: int = Field(default=5060, ge=1, le=65535, title="Port")
    transport: Transport = Field(default=Transport.UDP, title="Transport")
    username: str | None = Field(default=None, max_length=80, pattern=r"^[!-~]+$", title="User name")
    password: SecretStr | None = Field(default=None, title="Password", description="Empty: it stays what it was.")
    sources: list[Source] = Field(
        default_factory=list,
        max_length=500,
        title="Calls come from",
        description="Addresses or networks, with a port if need be. Left empty: the host's own; with its port when "
        "that is this machine, where phones may call from the same address.",
    )
    keeps_foreign_caller_id: bool = Field(
        default=False, title="May show numbers that are not ours", description="On forwarded calls (CID-3)."
    )
    qualify: int = Field(default=60, ge=0, le=3600, title="Check every (seconds)", description="0: never.")
    enabled: bool = Field(default=True, title="In use")

    @model_validator(mode="after")
    def _registration_needs_a_user(self) -> Self:
        if self.mode is TrunkMode.REGISTRATION and self.username is None:
            raise ValueError("a trunk that registers needs a user name")
        return self

    @model_validator(mode="after")
    def _its_calls_are_recognised(self) -> Self:
        """By address: a host's name would have to be looked up at every request, also a hostile one."""
        if self.mode is TrunkMode.IP and not self.sources and not _is_address(self.host):
            raise ValueError("give the addresses that it calls from (sources), as its host is a name")
        return self


class TrunkOut(TrunkIn):
    """A trunk as stored."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"password", "has_password"})

    password: SecretStr | None = Field(default=None, exclude=True)
    has_password: bool = Field(title="Has a password")


def endpoint(name: str) -> str:
    """The switch's name for the trunk; no channel can be called so."""
    return f"trunk-{name}"


async def create(unit: Unit, data: TrunkIn) -> TrunkOut:
    """Raises `Conflict` when the name is taken."""
    await unit.lock_platform()
    row = TrunkRow(secret=_sealed(unit, data), **_columns(data))
    await insert(unit, row, taken=f"trunk {data.name} exists already", field="name")
    created = _out(row)
    await unit.audit(None, "create", "trunk", data.name, after=created.as_audit())
    return created


async def get(unit: Unit, name: str) -> TrunkOut:
    """Raises `NotFound`."""
    return _out(await load(unit, name))


async def list_all(unit: Unit) -> list[TrunkOut]:
    """By name."""
    return [_out(row) for row in await unit.session.scalars(select(TrunkRow).order_by(TrunkRow.name))]


async def change(unit: Unit, name: str, data: TrunkIn) -> TrunkOut:
    """Sets everything anew; the password only when one is given. The name stays."""
    await unit.lock_platform()
    row = await load(unit, name)
    if data.name != name:
        raise Invalid.field("name", "cannot be changed; create another trunk beside it", "fixed")
    before = _out(row)
    if data.password is not None:
        row.secret = _sealed(unit, data)
    for column, value in _columns(data).items():
        setattr(row, column, value)
    after = _out(row)
    noted = after.as_audit() | ({"password": "changed"} if data.password is not None else {})
    await unit.audit(None, "change", "trunk", name, before=before.as_audit(), after=noted)
    return after


async def delete(unit: Unit, name: str) -> None:
    """Raises `Conflict` with the accounts that use it."""
    await unit.lock_platform()
    row = await load(unit, name)
    query = select(AccountRow.number).join(AccountTrunkRow, AccountTrunkRow.account_id == AccountRow.id)
    users = await unit.session.scalars(query.where(AccountTrunkRow.trunk == name).order_by(AccountRow.number))
    uses = [Use("account", number, "trunks") for number in users]
    if uses:
        raise Conflict(f"trunk {name} is still in use", uses=uses)
    before = _out(row)
    await remove(unit, row)
    await unit.audit(None, "delete", "trunk", name, before=before.as_audit())


async def chosen(unit: Unit, account: AccountId) -> list[str]:
    """The trunks of the account, in the order in which it tries them."""
    query = select(AccountTrunkRow.trunk).where(AccountTrunkRow.account_id == account)
    return list(await unit.session.scalars(query.order_by(AccountTrunkRow.position)))


async def choose(unit: Unit, account: AccountId, names: list[str]) -> list[str]:
    """Sets the account's trunks, in order. Raises `Invalid` for an unknown one or one that is named twice."""
    await unit.lock(account)
    known = set(await unit.session.scalars(select(TrunkRow.name).where(TrunkRow.name.in_(names))))
    problems = [
        Problem(f"trunks[{index}]", "unknown_trunk", f"there is no trunk {name}")
        if name not in known
        else Problem(f"trunks[{index}]", "twice", f"{name} is named twice")
        for index, name in enumerate(names)
        if name not in known or name in names[:index]
    ]
    if problems:
        raise Invalid(*problems)
    before = await chosen(unit, account)
    await unit.session.execute(sql_delete(AccountTrunkRow).where(AccountTrunkRow.account_id == account))
    if names:
        rows = [{"account_id": account, "position": n, "trunk": name} for n, name in enumerate(names, start=1)]
        await unit.session.execute(insert_many(AccountTrunkRow), rows)
    await unit.audit(account, "change", "trunks", account, before={"trunks": before}, after={"trunks": names})
    return names


async def load(unit: Unit, name: str) -> TrunkRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(TrunkRow, name)
    if row is None:
        raise NotFound("trunk", name)
    return row


def _sealed(unit: Unit, data: TrunkIn) -> str | None:
    return None if data.password is None else unit.vault.seal(data.password.get_secret_value())


def _columns(data: TrunkIn) -> dict[str, object]:
    values = data.model_dump(include=set(TrunkIn.model_fields) - {"password"})
    return {**values, "mode": data.mode.value, "transport": data.transport.value}


def _out(row: TrunkRow) -> TrunkOut:
    values = {field: getattr(row, field) for field in TrunkIn.model_fields if field != "password"}
    return TrunkOut.model_validate({**values, "has_password": row.secret is not None})
