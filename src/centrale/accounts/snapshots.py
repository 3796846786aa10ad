"""Builds the immutable pictures of accounts from the database.

Bulk queries of plain columns, no object per row of the mapper: 10,000 channels take a fraction of a second, in one
account or in a thousand. Each part can be read for a few keys only, so that a change of one channel among 10,000 reads
one row. Every part is told by account.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.models import (
    AccountRow,
    AccountTrunkRow,
    ChannelRow,
    ExtensionRow,
    LogonRow,
    NumberRow,
    QueueLogonRow,
    TrunkRow,
)
from centrale.accounts.parts import Accounts, Keys, Part
from centrale.accounts.plans_picture import schemas
from centrale.accounts.trunks import endpoint
from centrale.accounts.unit import QueueLogonChange
from centrale.routing.snapshot import (
    E164,
    NOTHING,
    AccountId,
    AccountSnapshot,
    Channel,
    ChannelName,
    DtmfMethod,
    Extension,
    ExtensionNumber,
    Facility,
    NumberUse,
    TelephoneNumber,
    Trunk,
    devices_by_user,
)

log = structlog.get_logger(__name__)

K = TypeVar("K")
V = TypeVar("V")

ByAccount = defaultdict[AccountId, V]

AT_ONCE = 50
"""Settings of so many extensions are parsed in one go, a few milliseconds' work; calls go on in between."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An account's snapshot, with what it was made of beside what calls see."""

    snapshot: AccountSnapshot
    by_phone: Mapping[ChannelName, ExtensionNumber]
    """Who logged on by telephone, oldest first."""
    logons_revision: int


async def pictures(session: AsyncSession, accounts: Accounts) -> dict[AccountId, Picture]:
    """Accounts as they are now; one that is gone is left out."""
    of_extensions = await extensions(session, accounts)
    of_channels = await channels(session, accounts)
    of_numbers = await numbers(session, accounts)
    of_schemas = await schemas(session, accounts)
    of_trunks = await trunks(session, accounts)
    by_phone = await phone_logons(session, accounts)
    on_queues = await queue_logons(session, accounts)
    found: dict[AccountId, Picture] = {}
    for id, fields in (await headers(session, accounts)).items():
        logons = all_logons(of_channels[id], by_phone[id])
        snapshot = AccountSnapshot(
            **{name: value for name, value in fields.items() if name != "logons_revision"},
            extensions=MappingProxyType(of_extensions[id]),
            channels=MappingProxyType(of_channels[id]),
            numbers=MappingProxyType(of_numbers[id]),
            schemas=of_schemas[id],
            trunks=of_trunks[id],
            logons=MappingProxyType(logons),
            devices=MappingProxyType(devices_by_user(logons)),
            queue_logons=on_queues[id],
        )
        found[id] = Picture(snapshot, MappingProxyType(by_phone[id]), fields["logons_revision"])
    return found


async def as_seen_in(session: AsyncSession, account: AccountId) -> AccountSnapshot | None:
    """The account as the session sees it, read whole; None when there is none."""
    found = (await pictures(session, [account])).get(account)
    return None if found is None else found.snapshot


_HEADERS = Part(
    select(
        *(
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
                "infotainment_every",
                "partner",
                "revision",
                "logons_revision",
            )
        )
    ),
    AccountRow.id,
)


async def headers(session: AsyncSession, accounts: Accounts) -> dict[AccountId, dict[str, Any]]:
    """The fields of `AccountSnapshot` that stand in the account's own row, and `logons_revision`."""
    found: dict[AccountId, dict[str, Any]] = {}
    for row in (await _HEADERS.read(session, accounts)).mappings():
        fields = dict(row)
        fields["facilities"] = frozenset(Facility(name) for name in fields["facilities"])
        fields["extension_length"] = fields["extension_length"] or 3
        found[AccountId(fields["id"])] = fields
    return found


_EXTENSIONS = Part(
    select(ExtensionRow.account_id, ExtensionRow.number, ExtensionRow.kind, ExtensionRow.name, ExtensionRow.settings),
    ExtensionRow.account_id,
    ExtensionRow.number,
)


async def extensions(
    session: AsyncSession, accounts: Accounts, keys: Keys = None
) -> ByAccount[dict[ExtensionNumber, Extension]]:
    """With their settings parsed: once here rather than in every call."""
    from centrale.kinds.registry import KINDS

    parse = {name: kind.settings.model_validate for name, kind in KINDS.items()}
    found: ByAccount[dict[ExtensionNumber, Extension]] = defaultdict(dict)
    for nth, (account, number, kind, name, settings) in enumerate(await _EXTENSIONS.read(session, accounts, keys), 1):
        if nth % AT_ONCE == 0:
            await asyncio.sleep(0)
        try:
            found[AccountId(account)][number] = Extension(number, kind, name, parse[kind](settings))
        except (KeyError, ValidationError):
            # Written by another version of the exchange. One extension out of order must not stop all the others.
            log.exception("extension.unreadable", account=account, extension=number, kind=kind)
    return found


_CHANNELS = Part(
    select(
        ChannelRow.account_id,
        ChannelRow.name,
        ChannelRow.area_code,
        ChannelRow.call_limit,
        ChannelRow.language,
        ChannelRow.country,
        ChannelRow.dtmf,
        ChannelRow.linked_user,
        ChannelRow.emergency_caller_id,
    ),
    ChannelRow.account_id,
    ChannelRow.name,
)


async def channels(
    session: AsyncSession, accounts: Accounts, keys: Keys = None
) -> ByAccount[dict[ChannelName, Channel]]:
    """Channels, without their secrets."""
    found: ByAccount[dict[ChannelName, Channel]] = defaultdict(dict)
    rows = await _CHANNELS.read(session, accounts, keys)
    for account, name, area_code, limit, language, country, dtmf, linked, emergency in rows:
        channel = Channel(name, area_code, limit, language, country, DtmfMethod(dtmf), linked, emergency)
        found[AccountId(account)][name] = channel
    return found


_NUMBERS = Part(
    select(NumberRow.account_id, NumberRow.e164, NumberRow.use, NumberRow.status, NumberRow.user_number),
    NumberRow.account_id,
    NumberRow.e164,
)


async def numbers(
    session: AsyncSession, accounts: Accounts, keys: Keys = None
) -> ByAccount[dict[E164, TelephoneNumber]]:
    """Telephone numbers."""
    found: ByAccount[dict[E164, TelephoneNumber]] = defaultdict(dict)
    for account, e164, use, status, user in await _NUMBERS.read(session, accounts, keys):
        found[AccountId(account)][e164] = TelephoneNumber(e164, NumberUse(use), status == "active", user)
    return found


_TRUNKS = Part(
    select(AccountTrunkRow.account_id, TrunkRow.name, TrunkRow.keeps_foreign_caller_id)
    .join(AccountTrunkRow, AccountTrunkRow.trunk == TrunkRow.name)
    .where(TrunkRow.enabled)
    .order_by(AccountTrunkRow.position),
    AccountTrunkRow.account_id,
)


async def trunks(session: AsyncSession, accounts: Accounts) -> ByAccount[tuple[Trunk, ...]]:
    """Each account's trunks that are in use, in its order."""
    found: ByAccount[tuple[Trunk, ...]] = defaultdict(tuple)
    for account, name, keeps in await _TRUNKS.read(session, accounts):
        found[AccountId(account)] += (Trunk(name, endpoint(name), keeps),)
    return found


async def platform_trunks(session: AsyncSession) -> Mapping[str, Trunk]:
    """Every trunk in use, by endpoint."""
    query = select(TrunkRow.name, TrunkRow.keeps_foreign_caller_id).where(TrunkRow.enabled).order_by(TrunkRow.name)
    found = (Trunk(name, endpoint(name), keeps) for name, keeps in await session.execute(query))
    return MappingProxyType({trunk.endpoint: trunk for trunk in found})


_PHONE_LOGONS = Part(
    select(LogonRow.account_id, LogonRow.channel, LogonRow.user_number).order_by(LogonRow.since, LogonRow.channel),
    LogonRow.account_id,
)


async def phone_logons(session: AsyncSession, accounts: Accounts) -> ByAccount[dict[ChannelName, ExtensionNumber]]:
    """Who logged on by telephone, oldest first."""
    found: ByAccount[dict[ChannelName, ExtensionNumber]] = defaultdict(dict)
    for account, channel, user in await _PHONE_LOGONS.read(session, accounts):
        found[AccountId(account)][channel] = user
    return found


QueueLogons = Mapping[ExtensionNumber, Mapping[ExtensionNumber, datetime]]

_QUEUE_LOGONS = Part(
    select(QueueLogonRow.account_id, QueueLogonRow.queue, QueueLogonRow.agent, QueueLogonRow.since).order_by(
        QueueLogonRow.since, QueueLogonRow.agent
    ),
    QueueLogonRow.account_id,
)


async def queue_logons(session: AsyncSession, accounts: Accounts) -> ByAccount[QueueLogons]:
    """The agents on each queue, oldest logon first."""
    by_queue: dict[AccountId, dict[ExtensionNumber, dict[ExtensionNumber, datetime]]] = {}
    for account, queue, agent, since in await _QUEUE_LOGONS.read(session, accounts):
        by_queue.setdefault(AccountId(account), {}).setdefault(queue, {})[agent] = since
    found: ByAccount[QueueLogons] = defaultdict(lambda: NOTHING)
    for id, queues in by_queue.items():
        found[id] = MappingProxyType({queue: MappingProxyType(agents) for queue, agents in queues.items()})
    return found


def with_queue_logons(old: QueueLogons, changes: Iterable[QueueLogonChange]) -> QueueLogons:
    """`old` after `changes`: only the queues that they name are copied."""
    queues = dict(old)
    copied: dict[ExtensionNumber, dict[ExtensionNumber, datetime]] = {}
    for change in changes:
        agents = copied.setdefault(change.queue, dict(queues.get(change.queue, NOTHING)))
        agents.pop(change.agent, None)
        if change.since is not None:
            agents[change.agent] = change.since
    for queue, agents in copied.items():
        queues.pop(queue, None)
        if agents:
            queues[queue] = MappingProxyType(dict(sorted(agents.items(), key=lambda agent: (agent[1], agent[0]))))
    return MappingProxyType(queues)


def all_logons(
    known: Mapping[ChannelName, Channel], by_phone: Mapping[ChannelName, ExtensionNumber]
) -> dict[ChannelName, ExtensionNumber]:
    """Linked users, who are always logged on (LNK-1), then those who logged on themselves."""
    logons = {channel.name: channel.linked_to for channel in known.values() if channel.linked_to is not None}
    return {**logons, **{channel: user for channel, user in by_phone.items() if channel not in logons}}


def patched(old: Mapping[K, V], keys: Iterable[K], fresh: Mapping[K, V]) -> Mapping[K, V]:
    """`old` with what `fresh` says about `keys`; a key that `fresh` does not have is gone."""
    # A proxy's own copy is made at once, `dict` would ask it for 5,000 keys one by one.
    result = old.copy() if isinstance(old, MappingProxyType) else dict(old)
    for key in keys:
        if key in fresh:
            result[key] = fresh[key]
        else:
            result.pop(key, None)
    return MappingProxyType(result)
