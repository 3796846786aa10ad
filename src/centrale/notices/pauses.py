"""When a notice that was not accepted is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=30)
"""So a mail server that was away for a day has everything within half an hour of its return."""
PATIENCE = timedelta(days=5)
"""RFC 5321 §4.5.4.1: give up after four to five days."""


def next_try(created: datetime, tries: int, now: datetime, chance: float) -> datetime | None:
    """After `tries` tries; None when it has been tried for long enough. `chance`: of 0 to 1, so that notices which
    failed together do not all come back together."""
    whole = min(FIRST * 2 ** min(tries - 1, 20), LONGEST)
    moment = now + whole * (0.5 + chance / 2)
    return None if now - created >= PATIENCE else moment
