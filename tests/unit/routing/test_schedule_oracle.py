"""Schedules are right to the second, also while the clocks change (NP-3..6, TBR-1): held against a slow oracle."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schedule_oracle import MINUTE, SECOND, SWITCHES, Item, Oracle, walk

from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily, Period

WEEKENDS = [(zone, switch) for zone, switches in SWITCHES.items() for switch in switches]

# Most of them in the hours that are skipped or doubled, and at midnight; half hours meet each other often.
odd_times = st.builds(time, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
night_times = st.builds(time, st.integers(0, 3), st.sampled_from([0, 15, 30, 45]))
round_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
times = st.one_of(night_times, night_times, round_times, odd_times)
days = st.sampled_from([*WEEKDAYS, *WEEKDAYS[5:], WEEKDAYS[6], WEEKDAYS[6], WEEKDAYS[6], WEEKDAYS[0]])

dailies = st.builds(Daily, st.lists(days, min_size=1, max_size=4).map(tuple), times, times)
periods = st.builds(Period, days, times, days, times)


def holidays_near(switch: datetime) -> st.SearchStrategy[Holiday[int]]:
    sunday = switch.replace(hour=0, minute=0, tzinfo=None)

    def made(day: int, at: time, duration: timedelta, temporary: bool) -> Holiday[int]:
        start = datetime.combine(sunday.date() + timedelta(days=day), at)
        return Holiday("a day off", start, start + duration, 0, temporary)

    durations = st.integers(1, 3 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
    return st.builds(made, st.integers(-1, 1), times, durations, st.booleans())


def numbered(zone: str, when: list[Daily | Period], off: list[Holiday[int]]) -> Schedule[int]:
    """Each entry and holiday gives its own number, so that no two are alike."""
    entries = tuple(Entry(it, n, n) for n, it in enumerate(when))
    holidays = tuple(Holiday(it.description, it.start, it.end, 100 + n, it.temporary, n) for n, it in enumerate(off))
    return Schedule(zone, entries, holidays)


@pytest.mark.parametrize(("zone", "switch"), WEEKENDS)
@settings(max_examples=14)
@given(data=st.data())
def test_over_a_weekend_of_changing_clocks_every_second_is_as_the_oracle_says(
    zone: str, switch: datetime, data: st.DataObject
) -> None:
    when = data.draw(st.lists(st.one_of(dailies, periods), max_size=6), label="entries")
    off = data.draw(st.lists(holidays_near(switch), max_size=3), label="holidays")
    schedule = numbered(zone, when, off)
    start, end = switch - timedelta(hours=30), switch + timedelta(hours=30)
    oracle = Oracle(schedule, switch.date())
    true = oracle.changes(start, end)

    told: list[tuple[datetime, Item | None]] = []
    for stretch in schedule.stretches(start, lambda item: item):
        if stretch.start >= end:
            break
        told.append((stretch.start, stretch.outcome))
    assert told == true

    for moment, item in true:
        assert schedule.at(moment) == item
    for (_, before), (moment, _) in pairwise(true):
        assert schedule.at(moment - SECOND) == before
        assert schedule.at(moment - timedelta(microseconds=1)) == before
    for tick in walk(zone, switch - timedelta(hours=3), switch + timedelta(hours=3), 7 * MINUTE):
        assert schedule.at(tick.moment) == oracle.best(tick.highest), tick


@pytest.mark.parametrize(("zone", "switch"), WEEKENDS)
@settings(max_examples=4)
@given(data=st.data())
def test_every_minute_of_the_weekend_and_every_second_around_the_switch(
    zone: str, switch: datetime, data: st.DataObject
) -> None:
    when = data.draw(st.lists(st.one_of(dailies, periods), min_size=1, max_size=5), label="entries")
    schedule = numbered(zone, when, [])
    oracle = Oracle(schedule, switch.date())
    weekend = walk(zone, switch - timedelta(hours=30), switch + timedelta(hours=30), MINUTE)
    before = next(walk(zone, switch - 3 * SECOND, switch, SECOND))
    around = walk(zone, before.moment, switch + 90 * SECOND, SECOND, before.highest)
    for tick in (*weekend, *around):
        assert schedule.at(tick.moment) == oracle.best(tick.highest), tick


@given(
    when=st.lists(st.one_of(dailies, periods), max_size=8),
    off=st.lists(holidays_near(SWITCHES["UTC"][0]), max_size=4),
    minutes=st.integers(0, 14 * 24 * 60),
)
def test_what_applies_begins_with_what_counts_and_holds_all_the_others(
    when: list[Daily | Period], off: list[Holiday[int]], minutes: int
) -> None:
    schedule = numbered("UTC", when, off)
    moment = SWITCHES["UTC"][0] - timedelta(days=7) + minutes * MINUTE
    applying = schedule.applying(moment)
    assert schedule.at(moment) == next(iter(applying), None)
    left = schedule
    for item in applying:
        assert left.at(moment) == item
        left = Schedule(
            "UTC",
            tuple(it for it in left.entries if it != item),
            tuple(it for it in left.holidays if it != item),
        )
    assert left.at(moment) is None


@given(when=st.lists(st.one_of(dailies, periods), max_size=6))
def test_gaps_are_exactly_the_times_of_the_week_without_an_entry(when: list[Daily | Period]) -> None:
    schedule = numbered("UTC", when, [])
    gaps = Schedule("UTC", tuple(Entry(gap, 0) for gap in schedule.gaps()))
    monday = datetime.fromisoformat("2026-01-05")
    true, told = Oracle(schedule, monday.date()), Oracle(gaps, monday.date())
    edges = {
        monday + timedelta(seconds=edge % (7 * 86_400) + beside)
        for times_of in (*when, *schedule.gaps())
        for span in times_of.spans()
        for edge in span
        for beside in (-1, 0)
    }
    for shown in {monday, *edges}:
        assert (told.best(shown) is None) == (true.best(shown) is not None)


@given(when=st.lists(st.one_of(dailies, periods), min_size=1, max_size=6))
def test_weeks_without_holidays_repeat(when: list[Daily | Period]) -> None:
    schedule = numbered("UTC", when, [])
    start = SWITCHES["UTC"][0]
    first = list(islice(schedule.stretches(start, lambda item: item), 40))
    week = timedelta(days=7)
    second = list(islice(schedule.stretches(start + week, lambda item: item), 40))
    assert [(it.start + week, it.outcome) for it in first] == [(it.start, it.outcome) for it in second]
