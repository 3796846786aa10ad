"""Keeps the switch's table of phones and trunks in step with the accounts (issue 2: live within a second).

A channel that this process adds is in the table before the change returns, so a phone can register with what it has
just been given. What another process changes follows as soon as the directory has seen it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

import structlog

from centrale.accounts import sip
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.unit import Unit
from centrale.accounts.vault import VaultError
from centrale.calls.music import music_of
from centrale.routing.snapshot import AccountId, Channel, ChannelName, PlatformSnapshot
from centrale.telephony.asterisk import pushed
from centrale.telephony.asterisk.configuration import (
    Dtmf,
    RealtimeStore,
    SipChannel,
    SipTrunk,
    Transport,
    pushed_objects,
)
from centrale.telephony.asterisk.switch import AsteriskSwitch

log = structlog.get_logger(__name__)

ONE_BY_ONE = 50
"""Up to so many changed channels are written singly; above, the whole table is compared at once."""
AT_ONCE = 200
"""Channels that are looked at in one go, a few milliseconds' work; calls go on in between."""
TRY_AGAIN_AFTER = 2.0
"""Seconds, when the table or the database cannot be used."""

_NO_CHANNELS: Mapping[ChannelName, Channel] = {}


class Endpoints:
    """One per process. `load()` once, then `keep()` in a task; `push_trunks()` after each connect."""

    def __init__(self, database: Database, directory: Directory, store: RealtimeStore, switch: AsteriskSwitch) -> None:
        self._database = database
        self._directory = directory
        self._store = store
        self._switch = switch
        self._written = directory.current
        """The picture that the table was last brought in step with."""
        self._seen: set[AccountId] = set()
        """Accounts that changed since."""
        self._work = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._trunks: dict[str, SipTrunk] = {}
        directory.on_change(self._note)
        database.on_commit(self._after_commit)

    async def load(self) -> None:
        """Makes the table hold what the accounts say, and nothing else."""
        async with self._one_at_a_time:
            await self._write_all()

    async def keep(self) -> None:
        """Follows changes until cancelled; what fails is told and tried again."""
        while True:
            await self._work.wait()
            try:
                await self._catch_up()
            except (OSError, StorageUnavailable, VaultError) as problem:
                log.error("phones and trunks cannot be brought up to date", problem=str(problem))
                await asyncio.sleep(TRY_AGAIN_AFTER)

    async def push_trunks(self) -> None:
        """Tells a switch that has just come up where it registers and whom it checks: it keeps that in memory only."""
        for trunk in self._trunks.values():
            await self._push(trunk)

    def _note(self, _picture: PlatformSnapshot, accounts: frozenset[AccountId]) -> None:
        self._seen |= accounts
        self._work.set()

    async def _after_commit(self, _unit: Unit) -> None:
        # `keep` may have begun with it already: then its end is waited for.
        if not self._work.is_set() and not self._one_at_a_time.locked():
            return
        try:
            await self._catch_up()
        except (OSError, StorageUnavailable, VaultError) as problem:
            log.warning("a change is not with the switch yet", problem=str(problem))  # `keep` goes on trying

    async def _catch_up(self) -> None:
        async with self._one_at_a_time:
            self._work.clear()
            picture, seen = self._directory.current, self._seen
            self._seen = set()
            try:
                await self._write(picture, seen)
            except BaseException:
                self._seen |= seen
                self._work.set()
                raise
            self._written = picture

    async def _write(self, picture: PlatformSnapshot, accounts: Iterable[AccountId]) -> None:
        changed: set[ChannelName] = set()
        for account in accounts:
            before, now = _channels(self._written, account), _channels(picture, account)
            if before is not now:
                # Each object is made anew when its row is read again, also when only the password changed.
                changed |= {name for name in before.keys() | now.keys() if before.get(name) is not now.get(name)}
        if len(changed) > ONE_BY_ONE:
            await self._write_all()
            return
        found: dict[ChannelName, sip.SipChannel | None] = {}
        if changed:
            async with self._database.read() as unit:
                found = {name: await sip.sip_channel(unit, name) for name in changed}
        for name, channel in found.items():
            if channel is None:
                await asyncio.to_thread(self._store.remove_channel, name)
            else:
                await asyncio.to_thread(self._store.put_channel, self._phone(channel))
        if picture.trunks is not self._written.trunks:
            await self._write_trunks()

    async def _write_all(self) -> None:
        async with self._database.read() as unit:
            channels, trunks = await sip.sip_channels(unit), await sip.sip_trunks(unit)
        self._written = self._directory.current
        wanted = _carriers(trunks)
        phones: list[SipChannel] = []
        for first in range(0, len(channels), AT_ONCE):
            await asyncio.sleep(0)
            phones += [self._phone(channel) for channel in channels[first : first + AT_ONCE]]
        await self._forget_all_but(wanted)
        changes = await asyncio.to_thread(self._store.sync, phones, wanted.values())
        log.info("phones and trunks", added=changes.added, changed=changes.changed, removed=changes.removed)
        await self._push_changed(wanted)

    async def _write_trunks(self) -> None:
        async with self._database.read() as unit:
            wanted = _carriers(await sip.sip_trunks(unit))
        await self._forget_all_but(wanted)
        for endpoint in self._trunks.keys() - wanted.keys():
            await asyncio.to_thread(self._store.remove_trunk, endpoint)
        for endpoint, trunk in wanted.items():
            if self._trunks.get(endpoint) != trunk:
                await asyncio.to_thread(self._store.put_trunk, trunk)
        await self._push_changed(wanted)

    async def _forget_all_but(self, wanted: dict[str, SipTrunk]) -> None:
        """First of all: what is no longer pushed may come into the table now, and would be taken out of it there."""
        for endpoint, trunk in self._trunks.items():
            kept = pushed_objects(wanted[endpoint]) if endpoint in wanted else {}
            for key in pushed_objects(trunk):
                if key not in kept and self._switch.up():
                    await pushed.forget(self._switch.client, key)

    async def _push_changed(self, wanted: dict[str, SipTrunk]) -> None:
        before, self._trunks = self._trunks, wanted
        if not self._switch.up():
            return  # all are pushed when it comes up
        for endpoint, trunk in wanted.items():
            if before.get(endpoint) != trunk:
                await self._push(trunk)

    async def _push(self, trunk: SipTrunk) -> None:
        for key, fields in pushed_objects(trunk).items():
            await pushed.push(self._switch.client, key, fields)

    def _phone(self, channel: sip.SipChannel) -> SipChannel:
        account = self._directory.current.accounts.get(channel.account)
        language = channel.language or (account.language if account else "en")
        return SipChannel(
            channel.name,
            channel.password,
            dtmf=Dtmf[channel.dtmf.name],
            language=language,
            music=music_of(channel.account),
        )


def _channels(picture: PlatformSnapshot, account: AccountId) -> Mapping[ChannelName, Channel]:
    found = picture.accounts.get(account)
    return _NO_CHANNELS if found is None else found.channels


def _carriers(trunks: Iterable[sip.SipTrunk]) -> dict[str, SipTrunk]:
    """By endpoint. One that the switch cannot have is told in the log; the others, and all phones, go on."""
    found: dict[str, SipTrunk] = {}
    for trunk in trunks:
        try:
            found[trunk.endpoint] = _carrier(trunk)
        except ValueError as problem:
            log.error("a trunk cannot be used", trunk=trunk.name, problem=str(problem))
    return found


def _carrier(trunk: sip.SipTrunk) -> SipTrunk:
    return SipTrunk(
        name=trunk.name,
        host=trunk.host,
        port=trunk.port,
        transport=Transport(trunk.transport),
        sources=tuple(source for source in trunk.sources if _is_address(source)),
        username=trunk.username,
        password=trunk.password,
        register=trunk.registers,
        qualify_seconds=trunk.qualify,
    )


def _is_address(source: str) -> bool:
    """A host name as the source of calls would be looked up at each of them; who registers is known without."""
    if "/" in source or ":" in source:
        return True
    try:
        ip_address(source)
    except ValueError:
        return False
    return True
