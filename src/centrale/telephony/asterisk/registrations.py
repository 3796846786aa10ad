"""Which phone is on a channel, and since when (CHN-1): for who looks at the channel's page.

Asterisk keeps until when a registration lasts, and not when it began: we look every few seconds which are there. Of
those that were there when we began, we do not know.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from centrale.clock import Clock
from centrale.routing.snapshot import ChannelName
from centrale.telephony.asterisk.contacts import Contacts

log = structlog.get_logger(__name__)

EVERY = 5.0
"""Seconds between two looks; ten thousand names are read in some milliseconds, in a thread."""


@dataclass(frozen=True, slots=True)
class Device:
    """A registered phone. `program`: what it calls itself; `address`: where it is reached; `own_address`: where it says
    that it is. `since`: None for one that was there before us."""

    program: str
    address: str
    own_address: str
    transport: str
    since: datetime | None
    until: datetime


class Registrations:
    """One per switch; `keep()` in a task."""

    def __init__(self, contacts: Contacts, clock: Clock) -> None:
        self._contacts = contacts
        self._clock = clock
        self._since: dict[str, datetime | None] | None = None

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            try:
                self.look(await asyncio.to_thread(self._contacts.names))
            except OSError as problem:
                log.debug("registrations cannot be read now", problem=str(problem))
            await asyncio.sleep(EVERY)

    def look(self, names: set[str]) -> None:
        """`names` are the registrations that are there now."""
        before, now = self._since, self._clock.now()
        self._since = {name: (None if before is None else before.get(name, now)) for name in names}

    def of(self, channel: ChannelName) -> Device | None:
        """The phone on `channel`; None when there is none, or when that cannot be told now. For a thread."""
        now = self._clock.now()
        try:
            found = self._contacts.named(channel, now)
        except OSError:
            return None
        if found is None:
            return None
        name, contact = found
        known = self._since or {}
        # One that came since the last look has only just come.
        since = known.get(name, None if self._since is None else now)
        address = contact.reached_at or contact.address
        return Device(contact.user_agent, address, contact.address, contact.transport, since, contact.expires)
