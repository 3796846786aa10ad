"""What every event stream heeds: a reader who is no longer welcome is gone at once, and is looked at now and then."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Annotated
from weakref import WeakValueDictionary

import structlog
from fastapi import Depends, Request

from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.unit import Unit
from centrale.api.access import Principal
from centrale.api.authentication import still_good
from centrale.api.services import ApiServices
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

LOOK_AGAIN_AFTER = 15.0
"""Seconds after which a stream looks whether its token and its account are still there; another process may have taken
them away, and a session gets too old by itself."""


class Door:
    """Knows who was turned away in this process: whose sessions were ended, and which tokens were revoked."""

    def __init__(self, services: ApiServices) -> None:
        self.services = services
        self._turned_away: Counter[str] = Counter()
        self._wake: list[Callable[[], None]] = []
        self._looks: WeakValueDictionary[str, Look] = WeakValueDictionary()
        services.database.on_commit(self._look)

    def wakes(self, wake: Callable[[], None]) -> None:
        """Call `wake` when somebody was turned away: it has every reader look whether it is them."""
        self._wake.append(wake)

    def times(self, principal: Principal) -> int:
        """How often something of theirs was ended."""
        return self._turned_away[principal.key]

    def look_at(self, principal: Principal) -> Look:
        """The one look that all streams of a token, or of a session, share."""
        key = principal.key if principal.session is None else f"session {principal.session.digest}"
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = Look(self, principal)
        return look

    async def _look(self, unit: Unit) -> None:
        if unit.turned_away:
            self._turned_away.update(unit.turned_away)
            for wake in self._wake:
                wake()


class Look:
    """Whether a token, or a session, is still good."""

    def __init__(self, door: Door, principal: Principal) -> None:
        self._door = door
        self._principal = principal
        self._times = door.times(principal)
        self._until = _now() + LOOK_AGAIN_AFTER
        self._good = True
        self._one_at_a_time = asyncio.Lock()

    @property
    def seconds(self) -> float:
        """Until the next one."""
        return self._until - _now()

    async def good(self) -> bool:
        """Asks the database only when there is a reason to."""
        async with self._one_at_a_time:
            times, until = self._door.times(self._principal), _now() + LOOK_AGAIN_AFTER
            if times != self._times or self.seconds <= 0:
                try:
                    async with self._door.services.database.read() as unit:
                        self._good = await still_good(unit, self._principal)
                except StorageUnavailable as error:
                    log.warning("api.stream_not_looked_at", error=str(error))
                # Only now: a reader who goes away meanwhile leaves the look to the others.
                self._times, self._until = times, until
            return self._good


class Welcome:
    """Of the reader of one stream. `account`: what it reads of; None for all that the reader sees."""

    def __init__(self, door: Door, principal: Principal, account: AccountId | None = None) -> None:
        self._services = door.services
        self._principal = principal
        self._account = account
        self._look = door.look_at(principal)

    @property
    def seconds(self) -> float:
        """Until the next look."""
        return self._look.seconds

    async def lasts(self) -> bool:
        """May the reader go on?"""
        account = self._account
        if account is not None and (
            account not in self._services.directory.current.accounts or not self._principal.sees(account)
        ):
            return False
        return await self._look.good()


async def _door(request: Request) -> Door:
    door = request.app.state.door
    assert isinstance(door, Door)
    return door


AtDoor = Annotated[Door, Depends(_door)]


def _now() -> float:
    return asyncio.get_running_loop().time()
