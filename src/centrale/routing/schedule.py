"""What counts when: weekly entries and holidays, in wall time (NP-4..6, TBR-1).

What an entry *gives* is the owner's business: the number of a number plan, the destination of a time routing. Of
everything that applies at a moment the best counts: a temporary change goes before a holiday, a holiday before the
week; among equals the narrower goes first, and of two equally narrow ones the later created (NP-3, NP-5).

A schedule is compiled when it is first asked, into tables of seconds in which one search finds the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from centrale.routing.moments import WEEK, Wall, instant, of_calendar, wall
from centrale.routing.schedule_table import Span, Table, compile_table
from centrale.routing.schedule_times import Daily, Period, period_between

T = TypeVar("T")
O = TypeVar("O", bound=Hashable)  # noqa: E741 - an outcome


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """Gives `gives` every week at the times that `when` says. `id`: its name among the owner's entries."""

    when: Daily | Period
    gives: T
    id: int = 0

    def __str__(self) -> str:
        return str(self.when)


@dataclass(frozen=True, slots=True)
class Holiday(Generic[T]):
    """Gives `gives` once, from `start` to before `end`: dates and times on the wall, without zone (NP-6).

    `temporary`: made by 915 to last until the next scheduled change (NP-8).
    """

    description: str
    start: datetime
    end: datetime
    gives: T
    temporary: bool = False
    id: int = 0

    def __str__(self) -> str:
        return f"{self.description} ({self.start:%Y-%m-%d %H:%M} – {self.end:%Y-%m-%d %H:%M})"


@dataclass(frozen=True, slots=True)
class Stretch(Generic[O]):
    """From `start` to before `end` (None: for ever) it comes to the same. Instants in UTC."""

    start: datetime
    end: datetime | None
    outcome: O


@dataclass(frozen=True)
class Schedule(Generic[T]):
    """Entries and holidays, each in the order in which they were created, in the wall time of `timezone`."""

    timezone: str = "Europe/Amsterdam"
    entries: tuple[Entry[T], ...] = ()
    holidays: tuple[Holiday[T], ...] = ()

    def at(self, moment: datetime) -> Entry[T] | Holiday[T] | None:
        """What counts at `moment`; None when nothing does."""
        shown = wall(moment, self.zone)
        if (holiday := self._first_dates.at(shown)) is not None:
            return holiday
        return self._first_week.at(shown % WEEK)

    def applying(self, moment: datetime) -> tuple[Entry[T] | Holiday[T], ...]:
        """All that applies at `moment`, best first: what counts, then what was passed over."""
        if not self.entries and not self.holidays:
            return ()
        shown = wall(moment, self.zone)
        return (*self._dates.at(shown), *self._week.at(shown % WEEK))

    def stretches(self, start: datetime, outcome: Callable[[Entry[T] | Holiday[T] | None], O]) -> Iterator[Stretch[O]]:
        """What it comes to from `start` on, stretch after stretch; ends with one that has no end, if one has none.

        `outcome`: what it comes to when this counts. Neighbours of which it is the same are one stretch, so that each
        change of the outcome is found in a few steps however far away it is.
        """
        week = self._week.map(lambda items: outcome(items[0] if items else None))
        dates = self._dates.map(lambda items: (outcome(items[0]),) if items else ())
        return _stretches(self.zone, start, week, dates)

    def gaps(self) -> tuple[Period, ...]:
        """When in the week no entry gives anything (NP-4)."""
        covered = self._week.map(bool)
        return tuple(period_between(start, end) for start, end, yes in covered.pieces(WEEK) if not yes)

    @cached_property
    def zone(self) -> ZoneInfo:
        """`timezone`, ready for use. Raises ZoneInfoNotFoundError for one that is not known."""
        return ZoneInfo(self.timezone)

    @cached_property
    def _week(self) -> Table[tuple[Entry[T], ...]]:
        spans: list[tuple[Entry[T], list[Span]]] = [(entry, entry.when.spans()) for entry in self.entries]
        ranked = sorted(enumerate(spans), key=lambda it: (it[1][0].when.width, -it[0]))
        return compile_table([it for _, it in ranked], whole=WEEK)

    @cached_property
    def _dates(self) -> Table[tuple[Holiday[T], ...]]:
        spans = [(day, [(of_calendar(day.start), of_calendar(day.end))]) for day in self.holidays]

        def rank(it: tuple[int, tuple[Holiday[T], list[Span]]]) -> tuple[bool, Wall, int]:
            place, (holiday, [(start, end)]) = it
            return not holiday.temporary, end - start, -place

        return compile_table([it for _, it in sorted(enumerate(spans), key=rank)])

    @cached_property
    def _first_week(self) -> Table[Entry[T] | None]:
        return self._week.map(lambda entries: entries[0] if entries else None)

    @cached_property
    def _first_dates(self) -> Table[Holiday[T] | None]:
        return self._dates.map(lambda holidays: holidays[0] if holidays else None)


def _stretches(
    zone: ZoneInfo, start: datetime, week: Table[O], dates: Table[tuple[O] | tuple[()]]
) -> Iterator[Stretch[O]]:
    def outcome(shown: Wall) -> O:
        on_date = dates.at(shown)
        return on_date[0] if on_date else week.at(shown % WEEK)

    shown, begin = wall(start, zone), start.astimezone(UTC)
    now = outcome(shown)
    while (edge := _next_edge(shown, week, dates)) is not None:
        at = instant(edge, zone)
        shown = wall(at, zone)  # behind the edge, if the clock skips it
        if (then := outcome(shown)) != now:
            yield Stretch(begin, at, now)
            begin, now = at, then
    yield Stretch(begin, None, now)


def _next_edge(shown: Wall, week: Table[O], dates: Table[tuple[O] | tuple[()]]) -> Wall | None:
    on_calendar = dates.after(shown)
    if dates.at(shown) or not week.edges:
        return on_calendar
    second = shown % WEEK
    following = week.after(second)
    in_week = shown - second + (week.edges[0] + WEEK if following is None else following)
    return in_week if on_calendar is None else min(in_week, on_calendar)
