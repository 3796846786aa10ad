"""What counts when, found out the slow and obvious way: walk through time, look at the clock, look at every entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily

Item = Entry[int] | Holiday[int]

MINUTE, SECOND, ONE_DAY, ONE_WEEK = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1), timedelta(days=7)

SWITCHES = {
    "Europe/Amsterdam": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    # Half an hour, and the southern way round.
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    # These never switch; what is done at other places must not harm here.
    "UTC": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "Asia/Kathmandu": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
}
"""The instants at which the clocks change in 2026."""


@dataclass(frozen=True)
class Tick:
    """A moment of the walk: what the clock shows, and the highest that it has shown so far."""

    moment: datetime
    shown: datetime
    highest: datetime


def walk(zone: str, start: datetime, end: datetime, step: timedelta, highest: datetime | None = None) -> Iterator[Tick]:
    """From `start` to before `end`."""
    here = ZoneInfo(zone)
    while start < end:
        shown = start.astimezone(here).replace(tzinfo=None)
        highest = shown if highest is None else max(highest, shown)
        yield Tick(start, shown, highest)
        start += step


class Oracle:
    """Knows what of `schedule` counts in the weeks around `about`, by looking through every time of every item."""

    def __init__(self, schedule: Schedule[int], about: date) -> None:
        self._zone = schedule.timezone
        ranked = []
        for place, item in enumerate((*schedule.entries, *schedule.holidays)):
            times = list(_times(item, about))
            start, end = times[0]
            layer = 2 if isinstance(item, Entry) else 0 if item.temporary else 1
            ranked.append(((layer, end - start, -place), item, times))
        self._ranked = sorted(ranked, key=lambda it: it[0])

    def best(self, shown: datetime) -> Item | None:
        """What counts when the clock that never goes back shows `shown`: temporary before holiday before week, then
        the narrower, then the later created."""
        for _, item, times in self._ranked:
            if any(start <= shown < end for start, end in times):
                return item
        return None

    def changes(self, start: datetime, end: datetime) -> list[tuple[datetime, Item | None]]:
        """What counts at `start`, and to the second when something else comes to count before `end`.

        Minute by minute; where a minute brings something new, or has an edge inside, its seconds one by one.
        """
        edges = {edge for _, _, times in self._ranked for span in times for edge in span}
        inside = {edge.replace(second=0) for edge in edges if edge.second}
        before = next(walk(self._zone, start, end, MINUTE))
        counts = self.best(before.highest)
        found = [(start, counts)]
        # One minute more: a minute is looked into from its end.
        for tick in walk(self._zone, start, end + MINUTE, MINUTE):
            if self.best(tick.highest) != counts or before.highest in inside:
                for second in walk(self._zone, before.moment, tick.moment + SECOND, SECOND, before.highest):
                    if (now := self.best(second.highest)) != counts:
                        counts = now
                        found.append((second.moment, now))
            before = tick
        return [(moment, item) for moment, item in found if moment < end]


def _times(item: Item, about: date) -> Iterator[tuple[datetime, datetime]]:
    if isinstance(item, Holiday):
        yield item.start, item.end
        return
    when = item.when
    a_monday = about - timedelta(days=about.weekday())
    for monday in (a_monday + weeks * ONE_WEEK for weeks in range(-2, 4)):
        if isinstance(when, Daily):
            for day in when.days:
                on = monday + WEEKDAYS.index(day) * ONE_DAY
                start, end = datetime.combine(on, when.start), datetime.combine(on, when.end)
                yield start, end if end > start else end + ONE_DAY
        else:
            start = datetime.combine(monday + WEEKDAYS.index(when.start_day) * ONE_DAY, when.start)
            end = datetime.combine(monday + WEEKDAYS.index(when.end_day) * ONE_DAY, when.end)
            yield start, end if end > start else end + ONE_WEEK
