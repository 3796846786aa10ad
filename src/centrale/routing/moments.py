"""The clock on the wall and the instants of the world, over daylight saving.

A schedule is written in wall time. One sentence says what it means (docs/decisions/0008-time.md): *a time in a
schedule is the first instant at which the clock on the wall shows that time or a later one*. So a time that the clock
skips is the instant of the skip, and a time that it shows twice is the first of the two. Nothing in a schedule begins
twice, and what lies before something else stays before it.

Seen from the other side: schedules follow a clock that never goes back. When the real one does, this one waits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY = 86_400
WEEK = 7 * DAY

Wall = int
"""Seconds that the clock on the wall has shown since Monday 1 January of the year 1, as if days had 24 hours: so
`% WEEK` is the second of the week, from Monday 00:00."""

_SECOND = timedelta(seconds=1)


def wall(moment: datetime, zone: ZoneInfo) -> Wall:
    """What the clock that never goes back shows at `moment`, which needs a time zone; parts of a second are cut off."""
    local = moment.astimezone(zone)
    return _highest(local, zone) if local.fold else _shown(local)


def instant(shown: Wall, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which the clock on the wall shows `shown` or later."""
    naive = on_calendar(shown)
    first = naive.replace(tzinfo=zone).astimezone(UTC)
    if _shown(first.astimezone(zone)) == shown:
        return first
    # Skipped. Taken by the clock before the skip, as here, it lies after it; by the clock after, before.
    before = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first(before, first, lambda it: _shown(it.astimezone(zone)) >= shown)


def of_calendar(local: datetime) -> Wall:
    """A date and time without zone, as it stands on a calendar; parts of a second are cut off."""
    return _shown(local)


def on_calendar(shown: Wall) -> datetime:
    """The date and time, without zone, that `shown` counts to."""
    days, seconds = divmod(shown, DAY)
    return datetime.fromordinal(days + 1) + timedelta(seconds=seconds)


def _shown(local: datetime) -> Wall:
    return (local.toordinal() - 1) * DAY + local.hour * 3600 + local.minute * 60 + local.second


def _highest(local: datetime, zone: ZoneInfo) -> Wall:
    """What the clock showed last before it went back to show `local` for the second time."""
    moment = local.astimezone(UTC)
    earlier = local.replace(fold=0).astimezone(UTC)
    after = local.utcoffset()
    back = _first(earlier, moment, lambda it: it.astimezone(zone).utcoffset() == after)
    return _shown((back - _SECOND).astimezone(zone))


def _first(no: datetime, yes: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """The first whole second behind `no` at which `holds`, which it does not at `no` and does at `yes`."""
    low, high = 0, int((yes - no).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(no + middle * _SECOND) else (middle, high)
    return no + high * _SECOND
