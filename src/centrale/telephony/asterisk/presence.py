"""Tells on which channels a phone is registered, as that changes (QUE-4): queues offer no call to a phone that is off.

Asterisk has no event for it that does not bring all other events of each phone along. So we look at the file of its own
database once a second, and read it when it was written to: Asterisk does so once a second, too, and removes what ran
out. A phone that was switched on is known within two seconds.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import structlog

from centrale.clock import Clock
from centrale.routing.snapshot import ChannelName
from centrale.telephony.asterisk.contacts import Contacts

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between two looks."""
STILL_WRITTEN = 2.0
"""Seconds after the last write in which another one may bear the same time."""

Tell = Callable[[frozenset[ChannelName] | None], None]
"""Gets the channels that have a phone; None: that cannot be told now."""


class Presence:
    """One per switch; `keep()` in a task."""

    def __init__(self, file: Path, clock: Clock, tell: Tell) -> None:
        self._file = file
        self._contacts = Contacts(file)
        self._clock = clock
        self._tell = tell
        self._seen: tuple[int, int, int] | None = None
        self._unreadable = False

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Tell who is there now, if that may have changed."""
        try:
            if await asyncio.to_thread(self._may_have_changed):
                names = await asyncio.to_thread(self._contacts.names)
                # Asterisk's name for a registration is `<channel>;@<hash>`.
                self._tell(frozenset(ChannelName(name.partition(";@")[0]) for name in names))
            self._unreadable = False
        except OSError as problem:
            if not self._unreadable:
                log.info("registrations cannot be read now: every phone counts as there", problem=str(problem))
            self._seen, self._unreadable = None, True
            self._tell(None)

    def _may_have_changed(self) -> bool:
        file = os.stat(self._file)
        seen = file.st_ino, file.st_mtime_ns, file.st_size
        fresh = abs(self._clock.now().timestamp() - file.st_mtime) < STILL_WRITTEN
        changed, self._seen = seen != self._seen, seen
        return changed or fresh
