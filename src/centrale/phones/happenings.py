"""Waiting for something to become true, woken by whatever happens at a phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from centrale.phones.phone import WaitedInVain

T = TypeVar("T")


class Happenings:
    """Wakes everyone who waits, each time something happened; after `stop`, everyone gets the error instead."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._error: Exception | None = None

    def happened(self) -> None:
        """Something changed: let everyone look again."""
        waiting, self._waiting = self._waiting, set()
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)

    def stop(self, error: Exception) -> None:
        """Nothing will ever happen again."""
        self._error = self._error or error
        self.happened()

    async def until(self, look: Callable[[], T | None], timeout: float, why: Callable[[], str]) -> T:
        """What `look` finds (anything but None), as soon as it finds it.

        After `timeout` seconds: `WaitedInVain` with the words of `why`. What was true before the phone stopped
        still counts; what was not raises the error given to `stop`.
        """
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    if self._error is not None:
                        raise self._error
                    await self._next()
                return found
        except TimeoutError:
            raise WaitedInVain(f"{why()} (waited {timeout:g} s)") from None

    async def _next(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
