"""What the next process knows of our end (design §7): when we were seen alive last, and how far the calls had come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

EVERY = 5.0
"""Seconds; a call that ended while nobody looked is dated as exactly as this."""


class Heartbeat:
    """A file whose age says when this process was seen alive last. Then `run()` in a task.

    `last`: when the process before us beat last; None when there was none. `beat` is called at each beat.
    """

    def __init__(self, path: Path, beat: Callable[[], None]) -> None:
        self._path = path
        self._beat = beat
        try:
            self.last: datetime | None = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            self.last = None

    async def run(self) -> None:
        """Beat until cancelled. A disk that refuses is told in the log; calls do not depend on it."""
        while True:
            self._beat()
            try:
                self._path.touch()
            except OSError as error:
                log.warning("the heartbeat cannot be kept", path=str(self._path), error=str(error))
            await asyncio.sleep(EVERY)
