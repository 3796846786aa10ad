"""What has to be read again to bring a picture up to date: the audit knows (ACC-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts import snapshots
from centrale.accounts.contacts import OBJECT as CONTACT
from centrale.accounts.models import AccountTrunkRow, AuditRow, SettingRow
from centrale.accounts.plans_picture import PLAN, SCHEMA, TIMES, changed_schemas, schemas
from centrale.accounts.unit import PLATFORM_REVISION
from centrale.routing.snapshot import E164, AccountId, AccountSnapshot, ChannelName, ExtensionNumber

PATCH_AT_MOST = 500
"""Above so many changed objects, reading everything anew is quicker than picking rows."""

Touched = dict[str, set[str]]
"""Keys of changed objects, by their type in the audit."""

OTHER_SCHEMAS = "schemas"
"""Touched when a schema came or went: what was in it is in no audit."""

_PLATFORM_REVISION = select(SettingRow.value).where(SettingRow.key == PLATFORM_REVISION)

_AUDIT = (
    select(
        AuditRow.revision,
        AuditRow.object_type,
        # An import of thousands of contacts, which are no part of a picture, is a few rows.
        case((AuditRow.object_type == CONTACT, ""), else_=AuditRow.object_key),
        AuditRow.action,
    )
    .where(AuditRow.revision > bindparam("held"), AuditRow.revision <= bindparam("revision"))
    .distinct()
    .limit(PATCH_AT_MOST + 1)
)
_OF_ACCOUNT = _AUDIT.where(AuditRow.account_id == bindparam("account"))
_OF_PLATFORM = _AUDIT.where(AuditRow.account_id.is_(None))


async def platform_revision(session: AsyncSession) -> int:
    """The revision of what belongs to no account."""
    return int((await session.scalars(_PLATFORM_REVISION)).one())


async def touched_in(
    session: AsyncSession, held: AccountSnapshot, revision: int, empty: Iterable[int] = ()
) -> Touched | None:
    """What changed in the account between the picture held and `revision`; None when the audit cannot tell. `empty`:
    revisions in which nothing did."""
    return await _touched(session, held.id, held.revision, revision, empty)


async def touched_on_platform(session: AsyncSession, held: int, revision: int) -> set[AccountId] | None:
    """The accounts that came, went, or use a trunk that changed; None when the audit cannot tell."""
    touched = await _touched(session, None, held, revision)
    if touched is None:
        return None
    trunks = touched.get("trunk", set())
    users = select(AccountTrunkRow.account_id).where(AccountTrunkRow.trunk.in_(trunks)).distinct()
    accounts = {AccountId(int(key)) for key in touched.get("account", set())}
    return accounts | {AccountId(id) for id in (await session.scalars(users) if trunks else ())}


async def _touched(
    session: AsyncSession, account: AccountId | None, held: int, revision: int, empty: Iterable[int] = ()
) -> Touched | None:
    if revision == held:
        return {}
    span = {"held": held, "revision": revision}
    asked = (_OF_PLATFORM, span) if account is None else (_OF_ACCOUNT, span | {"account": account})
    rows = (await session.execute(*asked)).all()
    explained = {row.revision for row in rows} | {it for it in empty if held < it <= revision}
    if len(rows) > PATCH_AT_MOST or len(explained) != revision - held:
        return None  # too much, or parts of the audit were removed
    touched: Touched = {}
    for _, object_type, key, action in rows:
        touched.setdefault(object_type, set()).add(key)
        if object_type == SCHEMA and action != "change":
            touched[OTHER_SCHEMAS] = set()
    return touched


async def patched(
    session: AsyncSession, old: AccountSnapshot, fields: Mapping[str, Any], touched: Mapping[str, set[str]]
) -> AccountSnapshot:
    """`old` with what was touched read again, and the account's own fields as given."""
    parts: dict[str, Any] = {name: value for name, value in fields.items() if name != "logons_revision"}
    one = [old.id]
    if numbers := {ExtensionNumber(key) for key in touched.get("extension", ())}:
        extensions = (await snapshots.extensions(session, one, numbers))[old.id]
        parts["extensions"] = snapshots.patched(old.extensions, numbers, extensions)
        parts["by_kind"] = old.by_kind.patched(parts["extensions"], numbers)
    if names := {ChannelName(key) for key in touched.get("channel", ())}:
        channels = (await snapshots.channels(session, one, names))[old.id]
        parts["channels"] = snapshots.patched(old.channels, names, channels)
    if e164s := {E164(key) for key in touched.get("number", ())}:
        found = (await snapshots.numbers(session, one, e164s))[old.id]
        parts["numbers"] = snapshots.patched(old.numbers, e164s, found)
    if OTHER_SCHEMAS in touched:
        parts["schemas"] = (await schemas(session, one))[old.id]
    elif changed := (touched.keys() & {SCHEMA, PLAN, *TIMES}) | (
        TIMES if fields["timezone"] != old.timezone else set()
    ):
        parts["schemas"] = await changed_schemas(session, old.id, old.schemas, changed)
    if "trunks" in touched:
        parts["trunks"] = (await snapshots.trunks(session, one))[old.id]
    return replace(old, **parts)
