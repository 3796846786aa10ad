"""The one place that reads the time.

Everything else is handed a `Clock`. Pausing is ordinary asyncio (`asyncio.sleep`, `asyncio.timeout`): those follow the
running loop, whose time is virtual in the simulator (`telephony.simulated.virtual_time`), so code is written once and
a test of an hour takes a millisecond. Rejected: patching `time.time` in tests, which misses what C code reads.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day; never sleeps."""

    def now(self) -> datetime:
        """The present instant, time-zone aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class LoopClock:
    """A time of day that moves with the running event loop: `origin` is the instant at which the loop stood at zero.

    Used in virtual time, where the loop jumps to its next timer instead of waiting for it.
    """

    def __init__(self, origin: datetime) -> None:
        if origin.tzinfo is None:
            raise ValueError("a clock's origin needs a time zone")
        self._origin = origin.astimezone(UTC)

    def now(self) -> datetime:
        return self._origin + timedelta(seconds=asyncio.get_running_loop().time())


def monotonic() -> float:
    """Seconds on a clock that never goes back; for measuring durations outside an event loop."""
    return time.monotonic()
