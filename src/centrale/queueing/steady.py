"""The time of queues: the machine's clock without its jumps.

A machine that has no battery, or that slept, is put right by minutes or hours at once. Nobody has waited or talked for
an hour because of that, and nobody is sent on or sent away. What passes is measured by the event loop, which does not
jump; the clock only says what time it is.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from centrale.clock import Clock

JUMP = timedelta(seconds=1)
"""Less is a clock that is set right little by little, or a loop that was busy."""


class SteadyClock:
    """Compares the clock with the running loop, from the first look on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._origin: datetime | None = None
        self._ahead = self._told = timedelta(0)
        """How far the clock has jumped in all, and how much of that was told; less than nothing: back."""

    def jumped(self) -> timedelta:
        """How far since the last time that this was asked."""
        by = self._look() - self._told
        self._told += by
        return by

    def now(self) -> datetime:
        """What the clock would say had it not jumped."""
        return self._clock.now() - self._look()

    def as_now(self, moment: datetime) -> datetime:
        """When that was by `now`, of a moment that the clock tells today."""
        return moment - self._look()

    def seconds_since(self, moment: datetime) -> float:
        """`moment`: of `now`, earlier."""
        return max(0.0, (self.now() - moment).total_seconds())

    def _look(self) -> timedelta:
        stood = self._clock.now() - timedelta(seconds=asyncio.get_running_loop().time())
        if self._origin is None:
            self._origin = stood
        ahead = stood - self._origin
        if abs(ahead - self._ahead) >= JUMP:
            self._ahead = ahead
        return self._ahead
