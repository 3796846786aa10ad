"""When a delivery that did not arrive is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(hours=6)
PATIENCE = timedelta(days=3)


def next_try(started: datetime, now: datetime, chance: float, asked: timedelta = timedelta()) -> datetime | None:
    """The next pause is as long as it has been failing already, so that pauses double: from seconds to hours. None when
    it has been tried for long enough; the last try is when patience ends.

    `chance`: of 0 to 1, so that what failed together does not all come back together. `asked`: how long the server
    wants to be left alone.
    """
    elapsed = now - started
    if elapsed >= PATIENCE:
        return None
    pause = min(max(elapsed, FIRST), LONGEST) * (0.5 + chance / 2)
    return min(now + max(pause, min(asked, LONGEST)), started + PATIENCE)
