"""Web users: who signs in to the portal, with which role, over what (ROLE-1)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from sqlalchemy import Select, or_, select
from sqlalchemy import delete as sql_delete

from centrale.accounts import partners, passwords, references
from centrale.accounts.accounts import load as load_account
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.fields import Input, Name, UserField
from centrale.accounts.models import AccountRow, WebLinkRow, WebSessionRow, WebUserRow
from centrale.accounts.roles import EVERYONE, Right, Role, Sight
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.kinds.kind import semantic
from centrale.routing.snapshot import AccountId


def as_kept(email: str) -> str:
    """An address as it is kept and looked up. Only A to Z are made small: the Kelvin sign is not the letter k, and
    who has the one address may not pass for who has the other."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in email.strip())


Email = Annotated[
    str,
    StringConstraints(max_length=80, pattern=r"^[^@\s<>()\[\],;:\\\"]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]{2,}$"),
    AfterValidator(as_kept),
    Field(json_schema_extra=semantic("email")),
]
"""An e-mail address; in lower case, since nobody means another person by another case. 80: it names the web user in
the audit."""

OF_PARTNER = frozenset({Role.PARTNER})
OF_ACCOUNT = frozenset({Role.ACCOUNT, Role.SUPERVISOR, Role.END_USER})


class WebUserIn(Input):
    """What is set for a web user."""

    email: Email = Field(title="E-mail address", description="Signs in with it.")
    name: Name = Field(title="Name")
    language: Annotated[str, StringConstraints(pattern="^(nl|en)$")] = Field(
        default="nl", title="Language", json_schema_extra=semantic("language", only="nl|en")
    )
    role: Role = Field(title="Role")
    partner: int | None = Field(default=None, ge=1, le=2**31 - 1, title="Partner", description="Of a partner's people.")
    account: int | None = Field(
        default=None, ge=1, le=2**31 - 1, title="Account", description="Of an account's people."
    )
    extension: UserField | None = Field(
        default=None, title="User extension", description="Which user of the account this person is."
    )
    rights: frozenset[Right] = Field(
        default=frozenset(),
        title="Further rights",
        description="They can be given already, "
        "and count once recordings, devices and orders are part of this version.",
    )
    disabled: bool = Field(default=False, title="May not sign in")

    @model_validator(mode="after")
    def _role_has_its_place(self) -> Self:
        if (self.role in OF_PARTNER) != (self.partner is not None):
            raise ValueError("a partner's administrator, and nobody else, belongs to a partner: set both or none")
        if (self.role in OF_ACCOUNT) != (self.account is not None):
            raise ValueError("an account's administrator, supervisor or end user belongs to an account: name it")
        if self.extension is not None and self.account is None:
            raise ValueError("only an account's people have a user extension")
        if self.role is Role.END_USER and self.extension is None:
            raise ValueError("an end user is one of the account's users: choose the user extension")
        return self


class WebUserOut(WebUserIn):
    """A web user as stored."""

    not_audited: ClassVar[frozenset[str]] = frozenset(
        {"id", "created", "last_seen", "password", "second_factor", "outside"}
    )

    id: int = Field(title="Id")
    created: datetime = Field(title="Created")
    last_seen: datetime | None = Field(title="Signed in last")
    password: bool = Field(title="Has a password", description="Without one: invited, or signs in elsewhere.")
    second_factor: bool = Field(title="Is asked for a code of an authenticator, too")
    outside: bool = Field(title="Signs in by OpenID Connect")


async def create(unit: Unit, data: WebUserIn) -> WebUserOut:
    """A new web user, who has no password yet. Raises `Conflict` when the address is taken, `Invalid`, `NotFound`."""
    account = await _place(unit, data)
    row = WebUserRow(**_columns(data), created=unit.clock.now())
    await insert(unit, row, taken=f"somebody signs in as {data.email} already", field="email")
    await unit.audit(account, "create", "web user", data.email, after=data.as_audit())
    return _out(row)


async def get(unit: Unit, id: int, sight: Sight = EVERYONE) -> WebUserOut:
    """Raises `NotFound`, also for one out of sight."""
    return _out(await load(unit, id, sight))


async def find(unit: Unit, email: str) -> WebUserRow | None:
    """By address, in whatever case."""
    row: WebUserRow | None = await unit.session.scalar(select(WebUserRow).where(WebUserRow.email == as_kept(email)))
    return row


async def list_all(
    unit: Unit, sight: Sight = EVERYONE, *, after: int | None = None, limit: int | None = None
) -> list[WebUserOut]:
    """By id, from the one behind `after`."""
    query = select(WebUserRow).where(WebUserRow.id > (after or 0)).order_by(WebUserRow.id).limit(limit)
    return [_out(row) for row in await unit.session.scalars(_in(sight, query))]


async def change(unit: Unit, id: int, data: WebUserIn, sight: Sight = EVERYONE) -> WebUserOut:
    """Sets everything anew. Who may less from now on, or nothing, is signed out everywhere."""
    row = await load(unit, id, sight)
    before = _out(row)
    if (data.account, data.partner) != (before.account, before.partner):
        raise Invalid.field("account", "stays as it is: invite the person anew in the other place", "fixed")
    account = await _place(unit, data)
    other = await find(unit, data.email)
    if other is not None and other.id != id:
        raise Conflict(f"somebody signs in as {data.email} already", field="email")
    for column, value in _columns(data).items():
        setattr(row, column, value)
    if data.disabled or data.role.rank < before.role.rank or not data.rights >= before.rights:
        await sign_out(unit, id)
    if data.disabled or data.email != before.email:
        # A link that is under way was mailed to the address of before.
        await unit.session.execute(sql_delete(WebLinkRow).where(WebLinkRow.web_user_id == id))
    await unit.audit(account, "change", "web user", data.email, before=before.as_audit(), after=data.as_audit())
    return await get(unit, id)


async def delete(unit: Unit, id: int, sight: Sight = EVERYONE) -> None:
    """Signs out at once, and for ever."""
    row = await load(unit, id, sight)
    before = _out(row)
    account = await _place(unit, before)
    await sign_out(unit, id)
    await unit.session.execute(sql_delete(WebLinkRow).where(WebLinkRow.web_user_id == id))
    await remove(unit, row)
    await unit.audit(account, "delete", "web user", before.email, before=before.as_audit())


async def set_password(unit: Unit, id: int, password: str, *, field: str = "password") -> None:
    """Raises `Invalid` for one that is easily guessed. Whoever is signed in elsewhere is signed out."""
    row = await load(unit, id)
    if problem := passwords.problem(password, row.email, row.name):
        raise Invalid.field(field, problem, "weak_password")
    row.password_hash = await passwords.hash_password(password)
    await sign_out(unit, id)
    await unit.session.execute(sql_delete(WebLinkRow).where(WebLinkRow.web_user_id == id))
    account = None if row.account_id is None else AccountId(row.account_id)
    await unit.audit(account, "set password", "web user", row.email)


async def sign_out(unit: Unit, id: int, *, but: str | None = None) -> None:
    """Ends the sessions of a web user, but for the one with the digest `but`."""
    ending = sql_delete(WebSessionRow).where(WebSessionRow.web_user_id == id)
    await unit.session.execute(ending if but is None else ending.where(WebSessionRow.digest != but))
    unit.turned_away.append(f"web user {id}")


async def load(unit: Unit, id: int, sight: Sight = EVERYONE) -> WebUserRow:
    """The row; raises `NotFound`, also for one out of sight."""
    query = _in(sight, select(WebUserRow).where(WebUserRow.id == id)).execution_options(populate_existing=True)
    row: WebUserRow | None = await unit.session.scalar(query)
    if row is None:
        raise NotFound("web user", id)
    return row


def _in(sight: Sight, query: Select[Any]) -> Select[Any]:
    """Only those in sight: an account's, or a partner's own with those of its accounts."""
    if sight.account is not None:
        return query.where(WebUserRow.account_id == sight.account)
    if sight.partner is not None:
        own = select(AccountRow.id).where(AccountRow.partner == sight.partner)
        return query.where(or_(WebUserRow.partner_id == sight.partner, WebUserRow.account_id.in_(own)))
    return query


async def _place(unit: Unit, data: WebUserIn) -> AccountId | None:
    """Locks where the web user belongs, and checks that it is there; gives the account whose audit tells of it."""
    if data.account is None:
        await unit.lock_platform()
        if data.partner is not None:
            await partners.load(unit, data.partner)
        return None
    account = AccountId(data.account)
    await load_account(unit, account)
    await unit.lock(account)
    if data.extension is not None:
        await references.check_extension(unit, account, "extension", data.extension, "user")
    return account


def _columns(data: WebUserIn) -> dict[str, Any]:
    return {
        "email": data.email,
        "name": data.name,
        "language": data.language,
        "role": data.role,
        "partner_id": data.partner,
        "account_id": data.account,
        "extension": data.extension,
        "rights": sorted(data.rights),
        "disabled": data.disabled,
    }


def out(row: WebUserRow) -> WebUserOut:
    """What is shown of it."""
    return WebUserOut(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        role=Role(row.role),
        partner=row.partner_id,
        account=row.account_id,
        extension=row.extension,
        rights=frozenset(Right(right) for right in row.rights),
        disabled=row.disabled,
        created=row.created,
        last_seen=row.last_seen,
        password=row.password_hash is not None,
        second_factor=row.totp_secret is not None,
        outside=row.outside_subject is not None,
    )


_out = out
