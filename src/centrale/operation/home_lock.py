"""One supervisor per home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HomeInUse(Exception):
    """Another supervisor runs this exchange."""


@contextmanager
def hold_home(home: Path) -> Iterator[None]:
    """Hold the home until the end; the kernel lets go of it whatever way we end. Raises HomeInUse, OSError."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "supervisor.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeInUse(
                f"the exchange in {home} runs already (process {supervisor_of(home) or 'unknown'}); "
                "stop it, or set CENTRALE_HOME (and other ports) for a second one"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def supervisor_of(home: Path) -> int | None:
    """The process number of the supervisor that holds the home now, or None."""
    path = home / "supervisor.lock"
    if not path.exists():
        return None
    with path.open("r", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = lock.read().strip()
            return int(text) if text.isdigit() else 0
    return None
