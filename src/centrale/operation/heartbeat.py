"""A file whose age says when this process was seen alive last: what the next one knows of our end (design §7)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

EVERY = 5.0
"""Seconds; a call that ended while nobody looked is dated as exactly as this."""


class Heartbeat:
    """`last`: when the process before us beat last; None when there was none. Then `run()` in a task."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.last: datetime | None = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            self.last = None

    async def run(self) -> None:
        """Beat until cancelled. A disk that refuses is told in the log; calls do not depend on it."""
        while True:
            try:
                self._path.touch()
            except OSError as error:
                log.warning("the heartbeat cannot be kept", path=str(self._path), error=str(error))
            await asyncio.sleep(EVERY)
