"""Extensions: the numbers inside an account, each of a kind with its own settings (ACC-2, design §4)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from pydantic import Field, SecretStr, ValidationError
from sqlalchemy import bindparam, select

from centrale.accounts import logons, music, pins, queues, references, twinning
from centrale.accounts.accounts import load as load_account
from centrale.accounts.called import names
from centrale.accounts.errors import Invalid, NotFound
from centrale.accounts.fields import Digits, Input, Name
from centrale.accounts.models import AccountRow, ExtensionRow, LockoutRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.kinds.kind import KindSettings
from centrale.routing.emergency import emergency_number
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.routing.system_numbers import is_reserved
from centrale.wording import Language, Wording

_AT_ONCE = 50
"""Extensions are told in so many, a few milliseconds' work; calls go on in between."""

WITH_PIN = ("user", "mailbox")
"""The kinds that have a PIN."""


class ExtensionIn(Input):
    """What an administrator sets for an extension."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"pin", "voicemail_pin"})

    number: Digits = Field(title="Number", description="All of an account have the same length (ACC-2).")
    kind: str = Field(title="Kind", description="What it does; see the list of kinds.")
    name: Name = Field(title="Name")
    settings: dict[str, Any] = Field(default_factory=dict, title="Settings", description="Of its kind.")
    pin: SecretStr | None = Field(
        default=None,
        title="PIN",
        description="Users and mailboxes only; never shown. 0000 makes a user choose one at the next logon. A "
        "mailbox's has four digits. Left out: unchanged.",
    )
    voicemail_pin: SecretStr | None = Field(
        default=None,
        title="Voicemail PIN",
        description="Users only; four digits; never shown. Without one the PIN counts at 1233. Left out: unchanged.",
    )


class ExtensionOut(ExtensionIn):
    """An extension as stored; `settings` are complete, defaults included."""

    not_audited: ClassVar[frozenset[str]] = frozenset({"pin", "voicemail_pin", "summary"})

    pin: SecretStr | None = Field(default=None, exclude=True)
    voicemail_pin: SecretStr | None = Field(default=None, exclude=True)
    summary: str = Field(
        title="What it does, in one sentence", description="In the language of ?language= or Accept-Language."
    )
    has_pin: bool = Field(title="Has a PIN", description="Without one the user cannot log on by telephone.")
    has_voicemail_pin: bool = Field(title="Has a PIN of its own for voicemail")


class _Shown(NamedTuple):
    """The columns of a row that are shown: a list needs no objects of the mapper."""

    number: str
    kind: str
    name: str
    settings: dict[str, Any]
    pin_hash: str | None
    voicemail_pin_hash: str | None


_SHOWN = tuple(getattr(ExtensionRow, name) for name in _Shown._fields)
_ONE = select(*_SHOWN).where(
    ExtensionRow.account_id == bindparam("account"), ExtensionRow.number == bindparam("number")
)
"""Put together once: nothing is asked for as often."""


async def create(
    unit: Unit, account: AccountId, data: ExtensionIn, *, language: Language = Language.ENGLISH
) -> ExtensionOut:
    """Raises `Conflict` when the number is taken, `Invalid` for its length, its kind, its settings or its PIN."""
    await unit.lock(account)
    owner = await load_account(unit, account)
    check_number(owner, data.number)
    settings = valid_settings(data.kind, data.settings)
    check_name(data)
    await references.check_references(unit, account, data.kind, settings, own=data.number)
    row = ExtensionRow(
        account_id=account,
        number=data.number,
        kind=data.kind,
        name=data.name,
        settings=settings,
        pin_hash=await _pin_hash(data),
        voicemail_pin_hash=await _voicemail_pin_hash(data),
    )
    await insert(unit, row, taken=f"extension {data.number} exists already", field="number")
    if owner.extension_length is None:
        owner.extension_length = len(data.number)
        await unit.audit(account, "change", "account", owner.number, after={"extension_length": len(data.number)})
    await unit.audit(account, "create", "extension", data.number, after=_out(row).as_audit())
    queues.arranged(unit, account, data.kind, data.number, before=None, after=settings)
    return await _told(unit, row, language)


async def get(unit: Unit, account: AccountId, number: str) -> ExtensionOut:
    """Without a summary (`extensions_shown` has it). Raises `NotFound`."""
    row = (await unit.session.execute(_ONE, {"account": account, "number": number})).one_or_none()
    if row is None:
        raise NotFound("extension", number)
    return _out(_Shown(*row))


async def list_all(unit: Unit, account: AccountId, *, kind: str | None = None) -> list[ExtensionOut]:
    """The account's extensions by number, without summaries; of one kind, if given."""
    query = select(*_SHOWN).where(ExtensionRow.account_id == account)
    if kind is not None:
        query = query.where(ExtensionRow.kind == kind)
    found: list[ExtensionOut] = []
    for row in await unit.session.execute(query.order_by(ExtensionRow.number)):
        found.append(_out(_Shown(*row)))
        if not len(found) % _AT_ONCE:
            await asyncio.sleep(0)
    return found


async def change(
    unit: Unit, account: AccountId, number: str, data: ExtensionIn, *, language: Language = Language.ENGLISH
) -> ExtensionOut:
    """Sets name and settings anew, and the PIN if one is given. Number and kind stay: others refer to them."""
    return await edit(unit, account, number, lambda _: data, language=language)


async def edit(
    unit: Unit,
    account: AccountId,
    number: str,
    how: Callable[[ExtensionOut], ExtensionIn],
    *,
    language: Language = Language.ENGLISH,
) -> ExtensionOut:
    """`change` to what `how` makes of it as it is stored, without a summary. Raises `NotFound`, and what `how` does."""
    await unit.lock(account)
    row = await load(unit, account, number)
    before = _out(row)
    data = how(before)
    for field in ("number", "kind"):
        if getattr(data, field) != getattr(row, field):
            raise Invalid.field(field, f"cannot be changed; create a new extension beside {number}", "fixed")
    settings = valid_settings(data.kind, data.settings)
    check_name(data)
    await references.check_references(unit, account, data.kind, settings, own=number)
    row.name = data.name
    row.settings = settings
    if twinning.is_allowed(before.settings) and not twinning.is_allowed(settings):
        await twinning.check_links(unit, account)
    queues.arranged(unit, account, data.kind, number, before=before.settings, after=settings)
    if data.pin is not None:
        row.pin_hash = await _pin_hash(data)
    if data.voicemail_pin is not None:
        row.voicemail_pin_hash = await _voicemail_pin_hash(data)
    changed = {name: "changed" for name in ("pin", "voicemail_pin") if getattr(data, name) is not None}
    if changed:
        await forget_failures(unit, account, number)
    noted = _out(row).as_audit() | changed
    await unit.audit(account, "change", "extension", number, before=before.as_audit(), after=noted)
    return await _told(unit, row, language)


async def delete(unit: Unit, account: AccountId, number: str) -> None:
    """Raises `Conflict` with the list of uses while it is a destination, a member or the owner of something."""
    await unit.lock(account)
    row = await load(unit, account, number)
    await references.refuse_if_used(
        unit, account, f"extension {number}", await references.uses_of_extension(unit, account, number)
    )
    await logons.clear_user(unit, account, ExtensionNumber(number))
    await queues.clear(unit, account, number)
    await forget_failures(unit, account, number)
    await music.forget_queue(unit, account, number)
    before = _out(row)
    await remove(unit, row)
    await unit.audit(account, "delete", "extension", number, before=before.as_audit())


async def set_pin(unit: Unit, account: AccountId, user: ExtensionNumber, pin: str) -> None:
    """The PIN that a user chose (SYS-8); raises `Invalid` when it is weak (USR-2), `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, user)
    if row.kind != "user":
        raise NotFound("user", user)
    if problem := pins.problem(pin, user, by_administrator=False):
        raise Invalid.field("pin", problem, "weak_pin")
    row.pin_hash = await pins.hash_pin(pin)
    await unit.audit(account, "change", "extension", user, after={"pin": "changed"})


async def set_box_pin(unit: Unit, account: AccountId, box: ExtensionNumber, pin: str) -> None:
    """The PIN of a mailbox, or of a user's voicemail, chosen by phone (VM-5); raises `Invalid` for one that VM-1 does
    not allow, `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, box)
    if row.kind not in WITH_PIN:
        raise NotFound("mailbox", box)
    if problem := pins.box_problem(pin, box):
        raise Invalid.field("pin", problem, "weak_pin")
    name = "pin" if row.kind == "mailbox" else "voicemail_pin"
    setattr(row, f"{name}_hash", await pins.hash_pin(pin))
    await forget_failures(unit, account, box)
    await unit.audit(account, "change", "extension", box, after={name: "changed"})


async def set_pin_hash(unit: Unit, account: AccountId, number: str, hash: str, *, name: str = "pin") -> None:
    """A PIN as an export has kept it. Raises `Invalid` when this exchange would not have made such a hash.

    `name`: `pin`, or `voicemail_pin`.
    """
    await unit.lock(account)
    row = await load(unit, account, number)
    if row.kind not in (WITH_PIN if name == "pin" else ("user",)):
        raise Invalid.field(f"{name}_hash", f"a {row.kind} has no PIN", "not_a_user")
    if not pins.is_ours(hash):
        raise Invalid.field(f"{name}_hash", f"is not as an export writes it; give a `{name}` instead", "not_a_hash")
    setattr(row, f"{name}_hash", hash)
    await forget_failures(unit, account, number)
    await unit.audit(account, "change", "extension", number, after={name: "changed"})


async def forget_failures(unit: Unit, account: AccountId, number: str) -> None:
    """A new PIN, or a new user under an old number, starts without the failures of the old one."""
    for what in ("extension", "voicemail"):
        for side in ("", ":outside"):
            row = await unit.session.get(LockoutRow, f"{what}:{account}:{number}{side}")
            if row is not None:
                await remove(unit, row)


async def load(unit: Unit, account: AccountId, number: str) -> ExtensionRow:
    """The row; raises `NotFound`."""
    row = await unit.session.get(ExtensionRow, (account, number))
    if row is None:
        raise NotFound("extension", number)
    return row


def check_number(owner: AccountRow, number: str) -> None:
    """Raises `Invalid` when no extension of the account can have this number."""
    length = owner.extension_length
    if length is not None and len(number) != length:
        raise Invalid.field("number", f"extensions of this account have {length} digits", "length")
    if is_reserved(number):
        raise Invalid.field("number", f"{number} is a system number", "reserved")
    if emergency_number(number, owner.country) is not None:
        raise Invalid.field("number", f"{number} is an emergency number", "reserved")


def check_name(data: ExtensionIn) -> None:
    from centrale.kinds.registry import KINDS

    if problem := KINDS[data.kind].settings.name_problem(data.name):
        raise Invalid.field("name", problem, "special_characters")


def valid_settings(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """The settings of a `kind`, complete, as JSON. Raises `Invalid`; what they refer to is not looked at."""
    from centrale.kinds.registry import KINDS

    if kind not in KINDS:
        raise Invalid.field("kind", f"there is no kind {kind}; choose one of {', '.join(sorted(KINDS))}", "unknown")
    model: type[KindSettings] = KINDS[kind].settings
    try:
        return model.model_validate(given).model_dump(mode="json")
    except ValidationError as error:
        raise Invalid.of(error, "settings") from error


async def _pin_hash(data: ExtensionIn) -> str | None:
    if data.pin is None:
        return None
    if data.kind not in WITH_PIN:
        raise Invalid.field("pin", f"a {data.kind} has no PIN", "not_a_user")
    pin = data.pin.get_secret_value()
    if data.kind == "user":
        problem = pins.problem(pin, data.number, by_administrator=True)
    else:
        problem = pins.box_problem(pin, data.number)
    if problem:
        raise Invalid.field("pin", problem, "weak_pin")
    return await pins.hash_pin(pin)


async def _voicemail_pin_hash(data: ExtensionIn) -> str | None:
    if data.voicemail_pin is None:
        return None
    if data.kind != "user":
        raise Invalid.field("voicemail_pin", f"a {data.kind} has no PIN of its own for voicemail", "not_a_user")
    pin = data.voicemail_pin.get_secret_value()
    if problem := pins.box_problem(pin, data.number):
        raise Invalid.field("voicemail_pin", problem, "weak_pin")
    return await pins.hash_pin(pin)


async def _told(unit: Unit, row: ExtensionRow, language: Language) -> ExtensionOut:
    """With its summary, and in it the names of those that it speaks of."""
    asked: set[str] = set()
    told = _out(row, Wording(language, asked.add))
    if not asked:
        return told
    return _out(row, Wording(language, (await names(unit, AccountId(row.account_id), asked)).get))


def sentence(name: str, settings: dict[str, Any], words: Wording) -> str:
    """What an extension of the kind `name` does."""
    from centrale.kinds.registry import KINDS

    kind = KINDS[name]
    try:
        return kind.summary(kind.settings.model_validate(settings), words)
    except ValidationError:
        return words("has settings of another version; look at them and save them anew")


def _out(row: ExtensionRow | _Shown, words: Wording | None = None) -> ExtensionOut:
    """Without `words`: for whoever leaves the summary out, as the audit and versions do."""
    return ExtensionOut(
        number=row.number,
        kind=row.kind,
        name=row.name,
        settings=row.settings,
        summary="" if words is None else sentence(row.kind, row.settings, words),
        has_pin=row.pin_hash is not None,
        has_voicemail_pin=row.voicemail_pin_hash is not None,
    )
