"""Keeps the switch's playlists of music on hold in step with the accounts (MOH-1, QUE-12).

What this process changes is with the switch before the change returns, so whoever is put on hold next hears it. What
another process changes follows as soon as the directory has seen it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from centrale.accounts import music, sound_files
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.sounds import file_of
from centrale.accounts.unit import Unit
from centrale.calls.music import music_of
from centrale.routing.snapshot import AccountId, AccountSnapshot, Extension, ExtensionNumber, PlatformSnapshot
from centrale.telephony.asterisk.configuration import MusicStore, Playlist

log = structlog.get_logger(__name__)

TRY_AGAIN_AFTER = 2.0
"""Seconds, when the table or the database cannot be used."""

MUSIC = frozenset({"music", "playlist"})
"""What an account has of it, by its types in the audit."""

Playlists = dict[str, Playlist]


class Music:
    """One per process. `load()` once, then `keep()` in a task."""

    def __init__(self, database: Database, directory: Directory, store: MusicStore, home: Path) -> None:
        self._database = database
        self._directory = directory
        self._store = store
        self._home = home
        self._usual: tuple[Path, ...] = ()
        """What is played where nobody gave any music: Asterisk would find that by itself, and complain each time."""
        self._written: dict[AccountId, Playlists] = {}
        self._queues: dict[AccountId, Mapping[ExtensionNumber, Extension]] = {}
        """As they were when we looked."""
        self._changed: set[AccountId] = set()
        self._work = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        directory.on_change(self._note)
        database.on_commit(self._after_commit)

    async def load(self) -> None:
        """Makes the table hold what the accounts say, and nothing else."""
        async with self._one_at_a_time:
            self._usual = await asyncio.to_thread(_sounds_in, self._home / "music")
            self._written = await self._read(None)
            await asyncio.to_thread(self._store.sync, _together(self._written))

    async def keep(self) -> None:
        """Follows changes until cancelled; what fails is told and tried again."""
        while True:
            await self._work.wait()
            try:
                await self._catch_up()
            except (OSError, StorageUnavailable) as problem:
                log.error("music on hold cannot be brought up to date", problem=str(problem))
                await asyncio.sleep(TRY_AGAIN_AFTER)

    def _note(self, picture: PlatformSnapshot, accounts: frozenset[AccountId]) -> None:
        for id in accounts:
            account, touched = picture.accounts.get(id), self._directory.touched(id)
            queues = None if account is None else account.by_kind["queue"]
            if touched is None or touched & MUSIC or queues is not self._queues.get(id):
                self._changed.add(id)
        if self._changed:
            self._work.set()

    async def _after_commit(self, _unit: Unit) -> None:
        # `keep` may have begun with it already: then its end is waited for.
        if not self._work.is_set() and not self._one_at_a_time.locked():
            return
        try:
            await self._catch_up()
        except (OSError, StorageUnavailable) as problem:
            log.warning("music on hold is not with the switch yet", problem=str(problem))  # `keep` goes on trying

    async def _catch_up(self) -> None:
        async with self._one_at_a_time:
            self._work.clear()
            changed, self._changed = self._changed, set()
            try:
                await self._write(changed)
            except BaseException:
                self._changed |= changed
                self._work.set()
                raise

    async def _write(self, changed: set[AccountId]) -> None:
        gone = {account for account in changed if account not in self._directory.current.accounts}
        found = await self._read(sorted(changed - gone))
        written = {account: kept for account, kept in self._written.items() if account not in changed} | found
        if written != self._written:
            await asyncio.to_thread(self._store.sync, _together(written))
            self._written = written
        for account in gone:
            self._queues.pop(account, None)
            await asyncio.to_thread(sound_files.forget_account, self._home, account)

    async def _read(self, accounts: Sequence[AccountId] | None) -> dict[AccountId, Playlists]:
        """The playlists of these accounts, or of all."""
        async with self._database.read() as unit:
            stored = await music.playlists(unit, accounts)
        picture = self._directory.current.accounts
        wanted = picture if accounts is None else [account for account in accounts if account in picture]
        return {account: self._playlists(picture[account], stored.get(account, {})) for account in wanted}

    def _playlists(self, account: AccountSnapshot, files: Mapping[str, Sequence[str]]) -> Playlists:
        """The account's, and one for each queue: its own pieces, or else the account's; or else the usual ones."""

        def playlist(owner: str, *, shuffled: bool) -> Playlist:
            pieces = tuple(file_of(self._home / "music", account.id, file) for file in files.get(owner, ()))
            return Playlist(pieces or self._usual, shuffled)

        self._queues[account.id] = account.by_kind["queue"]
        found = {music_of(account.id): playlist(music.ACCOUNTS_OWN, shuffled=False)}
        for number, queue in account.by_kind["queue"].items():
            owner = number if files.get(number) else music.ACCOUNTS_OWN
            shuffled = bool(getattr(queue.settings, "music_shuffled", False))
            found[music_of(account.id, number)] = playlist(owner, shuffled=shuffled)
        return found


def _sounds_in(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(folder.glob("*.wav")))


def _together(written: Mapping[AccountId, Playlists]) -> Playlists:
    return {name: playlist for playlists in written.values() for name, playlist in playlists.items()}
