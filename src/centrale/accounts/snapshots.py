"""Builds the immutable pictures of accounts from the database.

Bulk queries of plain columns, no object per row of the mapper: 10,000 channels take a fraction of a second. Each part
can be read for a few keys only, so that a change of one channel among 10,000 reads one row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar, TypeVarTuple

import structlog
from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from centrale.accounts.models import (
    AccountRow,
    AccountTrunkRow,
    ChannelRow,
    ExtensionRow,
    LogonRow,
    NumberRow,
    PlanEntryRow,
    PlanRow,
    SchemaRow,
    TrunkRow,
)
from centrale.accounts.trunks import endpoint
from centrale.routing.snapshot import (
    E164,
    AccountId,
    AccountSnapshot,
    Channel,
    ChannelName,
    DtmfMethod,
    Extension,
    ExtensionNumber,
    Facility,
    NumberPlan,
    NumberUse,
    PlanEntry,
    PlanSchema,
    TelephoneNumber,
    Trunk,
    devices_by_user,
)

log = structlog.get_logger(__name__)

K = TypeVar("K")
V = TypeVar("V")
Columns = TypeVarTuple("Columns")

Keys = Collection[str] | None
"""The keys to read; None for all."""


async def header(session: AsyncSession, account: AccountId) -> dict[str, Any] | None:
    """The fields of `AccountSnapshot` that stand in the account's own row, and `logons_revision`; None if gone."""
    query = select(*_HEADER).where(AccountRow.id == account)
    row = (await session.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    fields = dict(row)
    fields["facilities"] = frozenset(Facility(name) for name in fields["facilities"])
    fields["extension_length"] = fields["extension_length"] or 3
    return fields


_HEADER = tuple(
    getattr(AccountRow, name)
    for name in (
        "id",
        "number",
        "name",
        "country",
        "language",
        "timezone",
        "area_code",
        "extension_length",
        "default_caller_id",
        "emergency_caller_id",
        "facilities",
        "revision",
        "logons_revision",
    )
)


async def extensions(session: AsyncSession, account: AccountId, keys: Keys = None) -> dict[ExtensionNumber, Extension]:
    """With their settings parsed: once here rather than in every call."""
    from centrale.kinds.registry import KINDS

    query = select(ExtensionRow.number, ExtensionRow.kind, ExtensionRow.name, ExtensionRow.settings)
    rows = await session.execute(_some(query.where(ExtensionRow.account_id == account), ExtensionRow.number, keys))
    parse = {name: kind.settings.model_validate for name, kind in KINDS.items()}
    found: dict[ExtensionNumber, Extension] = {}
    for number, kind, name, settings in rows:
        try:
            found[number] = Extension(number, kind, name, parse[kind](settings))
        except (KeyError, ValidationError):
            # Written by another version of the exchange. One extension out of order must not stop all the others.
            log.exception("extension.unreadable", account=account, extension=number, kind=kind)
    return found


async def channels(session: AsyncSession, account: AccountId, keys: Keys = None) -> dict[ChannelName, Channel]:
    """The account's channels, without their secrets."""
    query = select(
        ChannelRow.name,
        ChannelRow.area_code,
        ChannelRow.call_limit,
        ChannelRow.language,
        ChannelRow.country,
        ChannelRow.dtmf,
        ChannelRow.linked_user,
        ChannelRow.emergency_caller_id,
    ).where(ChannelRow.account_id == account)
    return {
        name: Channel(name, area_code, limit, language, country, DtmfMethod(dtmf), linked_user, emergency)
        for name, area_code, limit, language, country, dtmf, linked_user, emergency in await session.execute(
            _some(query, ChannelRow.name, keys)
        )
    }


async def numbers(session: AsyncSession, account: AccountId, keys: Keys = None) -> dict[E164, TelephoneNumber]:
    """The account's telephone numbers."""
    query = select(NumberRow.e164, NumberRow.use, NumberRow.status, NumberRow.user_number)
    rows = await session.execute(_some(query.where(NumberRow.account_id == account), NumberRow.e164, keys))
    return {e164: TelephoneNumber(e164, NumberUse(use), status == "active", user) for e164, use, status, user in rows}


async def schemas(session: AsyncSession, account: AccountId) -> tuple[PlanSchema, ...]:
    """All plan schemas, by number."""
    entries: dict[tuple[int, int], dict[E164, PlanEntry]] = {}
    entry_query = select(
        PlanEntryRow.schema_number,
        PlanEntryRow.plan_number,
        PlanEntryRow.e164,
        PlanEntryRow.destination,
        PlanEntryRow.prefix,
    ).where(PlanEntryRow.account_id == account)
    for schema, plan, e164, destination, prefix in await session.execute(entry_query):
        entries.setdefault((schema, plan), {})[e164] = PlanEntry(destination, prefix)
    plans: dict[int, dict[int, NumberPlan]] = {}
    plan_query = select(PlanRow.schema_number, PlanRow.number, PlanRow.name).where(PlanRow.account_id == account)
    for schema, number, name in await session.execute(plan_query.order_by(PlanRow.schema_number, PlanRow.number)):
        plan_entries = MappingProxyType(entries.get((schema, number), {}))
        plans.setdefault(schema, {})[number] = NumberPlan(number, name, plan_entries)
    schema_query = select(SchemaRow.number, SchemaRow.name, SchemaRow.standing, SchemaRow.override)
    rows = await session.execute(schema_query.where(SchemaRow.account_id == account).order_by(SchemaRow.number))
    return tuple(
        PlanSchema(number, name, MappingProxyType(plans.get(number, {})), standing, override)
        for number, name, standing, override in rows
    )


async def trunks(session: AsyncSession, account: AccountId) -> tuple[Trunk, ...]:
    """The account's trunks that are in use, in its order."""
    query = (
        select(TrunkRow.name, TrunkRow.keeps_foreign_caller_id)
        .join(AccountTrunkRow, AccountTrunkRow.trunk == TrunkRow.name)
        .where(AccountTrunkRow.account_id == account, TrunkRow.enabled)
        .order_by(AccountTrunkRow.position)
    )
    return tuple(Trunk(name, endpoint(name), keeps) for name, keeps in await session.execute(query))


async def platform_trunks(session: AsyncSession) -> Mapping[str, Trunk]:
    """Every trunk in use, by endpoint."""
    query = select(TrunkRow.name, TrunkRow.keeps_foreign_caller_id).where(TrunkRow.enabled).order_by(TrunkRow.name)
    found = (Trunk(name, endpoint(name), keeps) for name, keeps in await session.execute(query))
    return MappingProxyType({trunk.endpoint: trunk for trunk in found})


async def phone_logons(session: AsyncSession, account: AccountId) -> dict[ChannelName, ExtensionNumber]:
    """Who logged on by telephone, oldest first."""
    query = select(LogonRow.channel, LogonRow.user_number).where(LogonRow.account_id == account)
    rows = await session.execute(query.order_by(LogonRow.since, LogonRow.channel))
    return {channel: user for channel, user in rows}  # noqa: C416 - rows are no pairs to a type checker


def all_logons(
    known: Mapping[ChannelName, Channel], by_phone: Mapping[ChannelName, ExtensionNumber]
) -> dict[ChannelName, ExtensionNumber]:
    """Linked users, who are always logged on (LNK-1), then those who logged on themselves."""
    logons = {channel.name: channel.linked_to for channel in known.values() if channel.linked_to is not None}
    return {**logons, **{channel: user for channel, user in by_phone.items() if channel not in logons}}


def assemble(
    fields: Mapping[str, Any],
    *,
    of_extensions: Mapping[ExtensionNumber, Extension],
    of_channels: Mapping[ChannelName, Channel],
    of_numbers: Mapping[E164, TelephoneNumber],
    of_schemas: tuple[PlanSchema, ...],
    of_trunks: tuple[Trunk, ...],
    logons: Mapping[ChannelName, ExtensionNumber],
) -> AccountSnapshot:
    """One account's picture."""
    return AccountSnapshot(
        **{name: value for name, value in fields.items() if name != "logons_revision"},
        extensions=MappingProxyType(of_extensions),
        channels=MappingProxyType(of_channels),
        numbers=MappingProxyType(of_numbers),
        schemas=of_schemas,
        trunks=of_trunks,
        logons=MappingProxyType(logons),
        devices=MappingProxyType(devices_by_user(logons)),
    )


def patched(old: Mapping[K, V], keys: Iterable[K], fresh: Mapping[K, V]) -> Mapping[K, V]:
    """`old` with what `fresh` says about `keys`; a key that `fresh` does not have is gone."""
    result = dict(old)
    for key in keys:
        if key in fresh:
            result[key] = fresh[key]
        else:
            result.pop(key, None)
    return MappingProxyType(result)


def _some(query: Select[*Columns], column: InstrumentedAttribute[Any], keys: Keys) -> Select[*Columns]:
    return query if keys is None else query.where(column.in_(keys))
