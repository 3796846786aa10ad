"""The present picture of the whole platform: what every decision reads, without waiting.

A change that this process commits is in the picture before `Database.change` returns. Changes by other processes are
found by asking once a second for one row of sums. Either way the audit says what was changed, and only that is read
again: one row after a change to one of 10,000 channels, and for a logon nothing at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts import snapshots
from centrale.accounts.catching_up import patched, platform_revision, touched_in, touched_on_platform
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.models import AccountRow, SettingRow
from centrale.accounts.unit import PLATFORM_REVISION, LogonChange, QueueLogonChange, Unit
from centrale.routing.snapshot import (
    E164,
    AccountId,
    AccountSnapshot,
    ChannelName,
    ExtensionNumber,
    PlatformSnapshot,
    Trunk,
    devices_by_user,
)

log = structlog.get_logger(__name__)

LOGON = "logon"
"""Who is logged on to a phone or a queue, among the types of what was touched."""

POLL_EVERY = 0.5
"""Seconds between looks for changes by other processes: live within a second."""

K = TypeVar("K")

Listener = Callable[[PlatformSnapshot, frozenset[AccountId]], None]

NO_PLATFORM = PlatformSnapshot({}, {}, {}, {})


class Directory:
    """Holds the picture and keeps it fresh. `load()` once, then `watch()` in a task."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: dict[AccountId, snapshots.Picture] = {}
        self._current = NO_PLATFORM
        self._platform_revision = -1
        self._empty: dict[AccountId, set[int]] = {}
        """Revisions that stand for nothing: somebody had this process change an account to what it was."""
        self._touched: Mapping[AccountId, frozenset[str] | None] = {}
        self._listeners: list[Listener] = []
        self._one_at_a_time = asyncio.Lock()
        database.on_commit(self._after_commit)

    @property
    def current(self) -> PlatformSnapshot:
        """The picture now. It never changes; a later one replaces it."""
        return self._current

    def touched(self, account: AccountId) -> frozenset[str] | None:
        """What made the present picture of the account another one, in the audit's words for types; None: anything. It
        is of the last change, for those who are just being called about it."""
        return self._touched.get(account)

    def on_change(self, listener: Listener) -> None:
        """Call `listener(picture, changed accounts)` after each change; the set may hold accounts that are gone, and
        is empty when only trunks changed. It must not block."""
        self._listeners.append(listener)

    async def load(self) -> None:
        """Reads everything."""
        async with self._one_at_a_time, self._database.read() as unit:
            self._held = await snapshots.pictures(unit.session, None)
            self._touched = {}
            self._platform_revision = await platform_revision(unit.session)
            changed = frozenset(self._held) | self._current.accounts.keys()
            self._swap(await snapshots.platform_trunks(unit.session), changed)

    async def refresh(self, account: AccountId) -> None:
        """Brings one account up to date with the database, whoever changed it."""
        await self._catch_up([account])

    async def watch(self) -> None:
        """Follows what other processes change, until cancelled. A database that is away is waited for."""
        away = False
        while True:
            await asyncio.sleep(POLL_EVERY)
            try:
                await self.poll()
            except StorageUnavailable as error:
                if not away:
                    log.warning("directory.database_away", error=str(error))
                away = True
            else:
                if away:
                    log.info("directory.database_back")
                away = False

    async def poll(self) -> None:
        """One look for changes; costs one query for one row when there are none."""
        async with self._database.read() as unit:
            if await _sums(unit.session) == self._sums():
                return
            rows = await unit.session.execute(select(AccountRow.id, AccountRow.revision, AccountRow.logons_revision))
            stored = {AccountId(id): (revision, logons) for id, revision, logons in rows}
        held = {id: (held.snapshot.revision, held.logons_revision) for id, held in self._held.items()}
        await self._catch_up(id for id in stored.keys() | held.keys() if stored.get(id) != held.get(id))

    def _sums(self) -> tuple[int, ...]:
        held = self._held.values()
        revisions, logons = sum(h.snapshot.revision for h in held), sum(h.logons_revision for h in held)
        return len(held), revisions, logons, self._platform_revision

    async def _after_commit(self, unit: Unit) -> None:
        if not unit.changed_accounts and unit.platform_revision is None:
            return
        if not unit.revisions and unit.platform_revision is None:
            async with self._one_at_a_time:
                if self._apply_logons(unit.logons):
                    return
        for account in unit.revisions.keys() - unit.touched.keys():
            self._empty.setdefault(account, set()).add(unit.revisions[account])
        try:
            await self._catch_up(unit.changed_accounts)
        except StorageUnavailable as error:
            # The change itself is committed; `watch` reads it when the database is back.
            log.warning("directory.database_away", error=str(error))

    def _apply_logons(self, changed: Mapping[AccountId, tuple[int, list[LogonChange | QueueLogonChange]]]) -> bool:
        """Logons of this process are known exactly and need no query. False when one in between is not known."""
        held = {account: self._held.get(account) for account in changed}
        if any(h is None or h.logons_revision < changed[account][0] - 1 for account, h in held.items()):
            return False
        for account, (revision, changes) in changed.items():
            old = held[account]
            if old is None or old.logons_revision >= revision:
                continue  # read from the database meanwhile
            by_phone = dict(old.by_phone)
            for channel, user in (change for change in changes if isinstance(change, tuple)):
                if user is None:
                    by_phone.pop(channel, None)
                elif by_phone.get(channel) != user:
                    # To the end: oldest logon first.
                    by_phone.pop(channel, None)
                    by_phone[channel] = user
            on_queues = [change for change in changes if isinstance(change, QueueLogonChange)]
            snapshot = old.snapshot
            if on_queues:
                logons = snapshots.with_queue_logons(snapshot.queue_logons, on_queues)
                snapshot = replace(snapshot, queue_logons=logons)
            self._held[account] = _with_logons(old, snapshot, by_phone, revision)
        self._touched = dict.fromkeys(changed, frozenset({LOGON}))
        self._swap(self._current.trunks, frozenset(changed))
        return True

    async def _catch_up(self, accounts: Iterable[AccountId]) -> None:
        async with self._one_at_a_time, self._database.read() as unit:
            changed = set(accounts)
            trunks = self._current.trunks
            retrunked: set[AccountId] = set()
            revision = await platform_revision(unit.session)
            if revision != self._platform_revision:
                touched = await touched_on_platform(unit.session, self._platform_revision, revision)
                retrunked = set(self._held) if touched is None else touched
                changed |= retrunked
                trunks = await snapshots.platform_trunks(unit.session)
            self._touched = {
                account: await self._update(unit.session, account, retrunked=account in retrunked)
                for account in changed
            }
            self._platform_revision = revision
            if changed or trunks is not self._current.trunks:
                self._swap(trunks, frozenset(changed))

    async def _update(self, session: AsyncSession, account: AccountId, *, retrunked: bool) -> frozenset[str] | None:
        """Reads again what the audit names since the revision held; everything when that does not explain it all. Tells
        the types of what was touched, or None."""
        picture, touched = await self._read(session, account, retrunked=retrunked)
        self._empty.pop(account, None)
        if picture is None:
            self._held.pop(account, None)
        else:
            self._held[account] = picture
        return touched

    async def as_seen_in(self, session: AsyncSession, account: AccountId) -> AccountSnapshot | None:
        """The account as the session sees it, which may have changed it and not committed that yet; None when there is
        none. What the session did not change is read from the picture held, and nothing is kept."""
        retrunked = await platform_revision(session) != self._platform_revision
        picture, _ = await self._read(session, account, retrunked=retrunked)
        return None if picture is None else picture.snapshot

    async def _read(
        self, session: AsyncSession, account: AccountId, *, retrunked: bool
    ) -> tuple[snapshots.Picture | None, frozenset[str] | None]:
        held = self._held.get(account)
        fields = (await snapshots.headers(session, [account])).get(account)
        if fields is None:
            return None, None
        empty = self._empty.get(account, ())
        touched = None if held is None else await touched_in(session, held.snapshot, fields["revision"], empty)
        if held is None or touched is None:
            return (await snapshots.pictures(session, [account])).get(account), None
        by_phone, on_queues = held.by_phone, held.snapshot.queue_logons
        if held.logons_revision != fields["logons_revision"]:
            touched.setdefault(LOGON, set())
            by_phone = (await snapshots.phone_logons(session, [account]))[account]
            on_queues = (await snapshots.queue_logons(session, [account]))[account]
        if retrunked:
            touched.setdefault("trunks", set())
        snapshot = await patched(session, held.snapshot, fields | {"queue_logons": on_queues}, touched)
        return _with_logons(held, snapshot, by_phone, fields["logons_revision"]), frozenset(touched)

    def _swap(self, trunks: Mapping[str, Trunk], changed: frozenset[AccountId]) -> None:
        before = self._current
        accounts = MappingProxyType({id: held.snapshot for id, held in self._held.items()})
        self._current = PlatformSnapshot(
            accounts=accounts,
            account_of_channel=_owners(
                before.account_of_channel,
                [(id, _channels(before.accounts.get(id)), _channels(accounts.get(id))) for id in changed],
            ),
            account_of_number=_owners(
                before.account_of_number,
                [(id, _numbers(before.accounts.get(id)), _numbers(accounts.get(id))) for id in changed],
            ),
            trunks=trunks,
        )
        for listener in self._listeners:
            listener(self._current, changed)


def _with_logons(
    old: snapshots.Picture, snapshot: AccountSnapshot, by_phone: Mapping[ChannelName, ExtensionNumber], revision: int
) -> snapshots.Picture:
    """`snapshot`, which `old` becomes, with who is logged on. Looked at only when channels or logons differ."""
    if snapshot.channels is not old.snapshot.channels or by_phone is not old.by_phone:
        by_phone = MappingProxyType(by_phone)
        logons = snapshots.all_logons(snapshot.channels, by_phone)
        if logons != snapshot.logons or list(logons) != list(snapshot.logons):
            snapshot = replace(
                snapshot, logons=MappingProxyType(logons), devices=MappingProxyType(devices_by_user(logons))
            )
    return snapshots.Picture(snapshot, by_phone, revision)


_SUMS = select(
    func.count(),
    func.coalesce(func.sum(AccountRow.revision), 0),
    func.coalesce(func.sum(AccountRow.logons_revision), 0),
    select(SettingRow.value).where(SettingRow.key == PLATFORM_REVISION).scalar_subquery(),
).select_from(AccountRow)
"""One row that differs after any change. Revisions only grow, and what deletes an account raises the platform's.

Made once: it is asked twice a second, and making it costs as much as asking.
"""


async def _sums(session: AsyncSession) -> tuple[int, ...]:
    return tuple(int(value) for value in (await session.execute(_SUMS)).one())


def _channels(account: AccountSnapshot | None) -> Mapping[ChannelName, Any]:
    return {} if account is None else account.channels


def _numbers(account: AccountSnapshot | None) -> Mapping[E164, Any]:
    return {} if account is None else account.numbers


def _owners(
    owners: Mapping[K, AccountId], changes: Iterable[tuple[AccountId, Mapping[K, Any], Mapping[K, Any]]]
) -> Mapping[K, AccountId]:
    """Whose each key is, after accounts had `old` and have `new`; the very same mapping when nothing changed hands."""
    gone: list[K] = []
    come: dict[K, AccountId] = {}
    for account, old, new in changes:
        if old is not new and old.keys() != new.keys():
            gone += old.keys() - new.keys()
            come |= dict.fromkeys(new.keys() - old.keys(), account)
    if not gone and not come:
        return owners
    result = dict(owners)
    for key in gone:
        del result[key]
    return MappingProxyType(result | come)
