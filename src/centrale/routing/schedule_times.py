"""Times of the week, as people write them: per day, or per period (NP-4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from centrale.routing.moments import DAY, WEEK
from centrale.routing.schedule_table import Span


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def place(self) -> int:
        """In the week, from Monday at 0."""
        return _PLACES[self]

    @property
    def short(self) -> str:
        """`Mon`."""
        return self.value[:3].capitalize()


WEEKDAYS = tuple(Weekday)
_PLACES = {day: place for place, day in enumerate(WEEKDAYS)}
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Daily:
    """On each of `days` from `start` to before `end`; an end that is not behind the start is on the day after.

    So 00:00 to 00:00 is the whole day, and Friday 22:00 to 06:00 ends on Saturday.
    """

    days: tuple[Weekday, ...]
    start: time
    end: time
    width: int = field(init=False, compare=False, repr=False)
    """Seconds, on one day; narrower goes first (NP-5)."""
    _words: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        set_once = object.__setattr__
        set_once(self, "width", (_seconds(self.end) - _seconds(self.start)) % DAY or DAY)
        next_day = "" if self.start < self.end or self.end == MIDNIGHT else " the day after"
        whole_day = self.start == self.end == MIDNIGHT
        times = "all day" if whole_day else f"{_short(self.start)}–{_short(self.end)}{next_day}"
        set_once(self, "_words", f"{_runs(self.days)} {times}")

    def spans(self) -> list[Span]:
        """Seconds of the week; an end may lie in the next week."""
        starts = [day.place * DAY + _seconds(self.start) for day in dict.fromkeys(self.days)]
        return [(start, start + self.width) for start in starts]

    def __str__(self) -> str:
        return self._words


@dataclass(frozen=True, slots=True)
class Period:
    """From a day and time to before another, over midnight and the end of the week; back to its start: all week."""

    start_day: Weekday
    start: time
    end_day: Weekday
    end: time
    width: int = field(init=False, compare=False, repr=False)
    """Seconds; narrower goes first (NP-5)."""
    _words: str = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        set_once = object.__setattr__
        start, end = self._second(self.start_day, self.start), self._second(self.end_day, self.end)
        set_once(self, "width", (end - start) % WEEK or WEEK)
        words = f"{self.start_day.short} {_short(self.start)} – {self.end_day.short} {_short(self.end)}"
        set_once(self, "_words", f"{words}, the whole week" if start == end else words)

    @staticmethod
    def _second(day: Weekday, at: time) -> int:
        return day.place * DAY + _seconds(at)

    def spans(self) -> list[Span]:
        """Seconds of the week; the end may lie in the next week."""
        start = self._second(self.start_day, self.start)
        return [(start, start + self.width)]

    def __str__(self) -> str:
        return self._words


def period_between(start: int, end: int) -> Period:
    """The period between two seconds of the week."""
    return Period(*_day_and_time(start), *_day_and_time(end))


def _day_and_time(second: int) -> tuple[Weekday, time]:
    day, rest = divmod(second % WEEK, DAY)
    return WEEKDAYS[day], time(rest // 3600, rest // 60 % 60, rest % 60)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _short(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _runs(days: tuple[Weekday, ...]) -> str:
    """`Mon–Fri, Sun`."""
    return ", ".join(first.short if first is last else f"{first.short}–{last.short}" for first, last in runs(days))


def runs(days: tuple[Weekday, ...]) -> Iterator[tuple[Weekday, Weekday]]:
    """The first and last of days that follow each other; two neighbours are named one by one, as people do."""
    places = sorted({day.place for day in days})
    firsts = [place for place in places if place - 1 not in places]
    lasts = [place for place in places if place + 1 not in places]
    for first, last in zip(firsts, lasts, strict=True):
        if last - first == 1:
            yield WEEKDAYS[first], WEEKDAYS[first]
            yield WEEKDAYS[last], WEEKDAYS[last]
        else:
            yield WEEKDAYS[first], WEEKDAYS[last]
