"""What every event stream heeds: a reader who is no longer welcome is gone at once, and is looked at now and then."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Annotated

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
        services.database.on_commit(self._look)

    def wakes(self, wake: Callable[[], None]) -> None:
        """Call `wake` when somebody was turned away: it has every reader look whether it is them."""
        self._wake.append(wake)

    def times(self, principal: Principal) -> int:
        """How often something of theirs was ended."""
        return self._turned_away[principal.key]

    async def _look(self, unit: Unit) -> None:
        if unit.turned_away:
            self._turned_away.update(unit.turned_away)
            for wake in self._wake:
                wake()


class Welcome:
    """Of the reader of one stream. `account`: what it reads of; None for all that the reader sees."""

    def __init__(self, door: Door, principal: Principal, account: AccountId | None = None) -> None:
        self._door = door
        self._principal = principal
        self._account = account
        self._times = door.times(principal)
        self._until = _now() + LOOK_AGAIN_AFTER

    @property
    def seconds(self) -> float:
        """Until the next look."""
        return self._until - _now()

    async def lasts(self) -> bool:
        """May the reader go on? Asks the database only when there is a reason to."""
        services, account = self._door.services, self._account
        if account is not None and (
            account not in services.directory.current.accounts or not self._principal.sees(account)
        ):
            return False
        times = self._door.times(self._principal)
        if times == self._times and self.seconds > 0:
            return True
        self._times, self._until = times, _now() + LOOK_AGAIN_AFTER
        try:
            async with services.database.read() as unit:
                return await still_good(unit, self._principal)
        except StorageUnavailable as error:
            log.warning("api.stream_not_looked_at", error=str(error))
            return True


async def _door(request: Request) -> Door:
    door = request.app.state.door
    assert isinstance(door, Door)
    return door


AtDoor = Annotated[Door, Depends(_door)]


def _now() -> float:
    return asyncio.get_running_loop().time()
