"""Keeps Asterisk's log from filling the disk: it writes a line for every stranger who knocks, and has no bound itself.

Asterisk appends, so a file that is emptied under its hands goes on at its beginning.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import structlog

log = structlog.stdlib.get_logger(__name__)

LARGEST = 20_000_000
"""Bytes of a file before it is put aside."""
KEPT = 4
"""Files that were put aside; the oldest goes."""
EVERY = 60.0
"""Seconds between looks."""


async def keep_bounded(path: Path, largest: int = LARGEST, every: float = EVERY) -> None:
    """Look after the log until cancelled."""
    while True:
        try:
            await asyncio.to_thread(put_aside_when_large, path, largest)
        except OSError as error:
            log.warning("a log cannot be bounded", path=str(path), error=str(error))
        await asyncio.sleep(every)


def put_aside_when_large(path: Path, largest: int = LARGEST) -> None:
    """Copy a log that is larger than that to `<path>.1` and empty it; lines written in between are lost.

    On a full disk it is emptied without a copy: call records need the room more. Raises OSError.
    """
    if not path.exists() or path.stat().st_size <= largest:
        return
    for number in range(KEPT - 1, 0, -1):
        older = _aside(path, number)
        if older.exists():
            older.replace(_aside(path, number + 1))
    try:
        shutil.copyfile(path, _aside(path, 1))
    except OSError as error:
        _aside(path, 1).unlink(missing_ok=True)
        log.warning("a log was emptied without a copy", path=str(path), error=str(error))
    os.truncate(path, 0)


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
