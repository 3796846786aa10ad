"""Weekly entries and holidays, rule by rule (NP-3..6, TBR-1; docs/decisions/0008-time.md)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from centrale.routing.moments import instant, of_calendar, wall
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily, Period, Weekday

AMSTERDAM = "Europe/Amsterdam"
MON, TUE, WED, THU, FRI, SAT, SUN = WEEKDAYS
WORKDAYS = (MON, TUE, WED, THU, FRI)


def at(text: str, zone: str = AMSTERDAM, *, again: bool = False) -> datetime:
    """The instant at which the wall shows `text`; `again`: for the second time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=int(again))


def clock(text: str) -> time:
    return time.fromisoformat(text)


def daily(days: tuple[Weekday, ...], start: str, end: str, gives: str) -> Entry[str]:
    return Entry(Daily(days, clock(start), clock(end)), gives)


def period(start_day: Weekday, start: str, end_day: Weekday, end: str, gives: str) -> Entry[str]:
    return Entry(Period(start_day, clock(start), end_day, clock(end)), gives)


def holiday(start: str, end: str, gives: str, *, temporary: bool = False) -> Holiday[str]:
    return Holiday("Closed", datetime.fromisoformat(start), datetime.fromisoformat(end), gives, temporary)


def given(schedule: Schedule[str], moment: datetime) -> str | None:
    counts = schedule.at(moment)
    return None if counts is None else counts.gives


def of_week(*entries: Entry[str], zone: str = AMSTERDAM) -> Schedule[str]:
    return Schedule(zone, entries)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 08:59:59", None),
        ("2026-11-23 09:00:00", "open"),
        ("2026-11-23 16:59:59.999999", "open"),
        ("2026-11-23 17:00:00", None),
        ("2026-11-27 12:00:00", "open"),
        ("2026-11-28 12:00:00", None),
    ],
)
def test_an_entry_per_day_counts_from_its_start_until_before_its_end(moment: str, expected: str | None) -> None:
    assert given(of_week(daily(WORKDAYS, "09:00", "17:00", "open")), at(moment)) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-27 16:59:59", None),
        ("2026-11-27 17:00:00", "weekend"),
        ("2026-11-29 23:59:59", "weekend"),
        ("2026-11-30 08:59:59", "weekend"),
        ("2026-11-30 09:00:00", None),
    ],
)
def test_a_period_runs_over_midnight_and_the_end_of_the_week(moment: str, expected: str | None) -> None:
    assert given(of_week(period(FRI, "17:00", MON, "09:00", "weekend")), at(moment)) == expected


def test_an_entry_per_day_may_end_on_the_day_after_also_from_sunday_to_monday() -> None:
    nights = of_week(daily((FRI, SUN), "22:00", "06:00", "night"))
    assert given(nights, at("2026-11-28 05:59")) == "night"
    assert given(nights, at("2026-11-28 22:00")) is None
    assert given(nights, at("2026-11-30 05:59")) == "night"
    assert given(nights, at("2026-11-30 06:00")) is None


@pytest.mark.parametrize(
    "whole", [daily(WEEKDAYS, "00:00", "00:00", "always"), period(WED, "12:00", WED, "12:00", "always")]
)
def test_the_whole_day_and_the_whole_week_leave_no_gap(whole: Entry[str]) -> None:
    schedule = of_week(whole)
    assert schedule.gaps() == ()
    assert [it.end for it in schedule.stretches(at("2026-03-01 00:00"), lambda item: item)] == [None]


def test_the_narrower_entry_goes_first_whatever_their_order() -> None:
    lunch, open_, always = (
        daily(WORKDAYS, "12:30", "13:00", "lunch"),
        daily(WORKDAYS, "09:00", "17:00", "open"),
        period(MON, "00:00", MON, "00:00", "night"),
    )
    for entries in ((lunch, open_, always), (always, open_, lunch), (open_, always, lunch)):
        schedule = of_week(*entries)
        moments = ("08:59", "09:00", "12:30", "13:00", "17:00")
        found = [given(schedule, at(f"2026-11-23 {moment}")) for moment in moments]
        assert found == ["night", "open", "lunch", "open", "night"]


def test_of_two_equally_narrow_entries_the_later_created_goes_first() -> None:
    first, second = daily((MON,), "09:00", "11:00", "first"), period(MON, "10:00", MON, "12:00", "second")
    assert given(of_week(first, second), at("2026-11-23 10:30")) == "second"
    assert given(of_week(second, first), at("2026-11-23 10:30")) == "first"


def test_the_width_of_an_entry_per_day_is_that_of_one_day() -> None:
    every_day, one_day = daily(WEEKDAYS, "09:00", "17:00", "every day"), period(MON, "08:00", MON, "17:00", "monday")
    assert given(of_week(every_day, one_day), at("2026-11-23 10:00")) == "every day"


def test_a_holiday_goes_before_the_week_and_a_temporary_change_before_a_holiday() -> None:
    week = (daily(WEEKDAYS, "12:00", "12:01", "week"),)
    christmas = holiday("2026-12-25 00:00", "2026-12-27 00:00", "christmas")
    morning = holiday("2026-12-25 06:00", "2026-12-25 13:00", "morning")
    for_now = holiday("2026-12-20 00:00", "2026-12-28 00:00", "for now", temporary=True)
    noon = at("2026-12-25 12:00")
    assert given(Schedule(AMSTERDAM, week), noon) == "week"
    assert given(Schedule(AMSTERDAM, week, (christmas,)), noon) == "christmas"
    assert given(Schedule(AMSTERDAM, week, (morning, christmas)), noon) == "morning"
    assert given(Schedule(AMSTERDAM, week, (for_now, morning, christmas)), noon) == "for now"


def test_a_holiday_that_ends_before_it_starts_never_counts() -> None:
    schedule = Schedule(AMSTERDAM, (), (holiday("2026-12-25 00:00", "2026-12-24 00:00", "backwards"),))
    assert given(schedule, at("2026-12-24 12:00")) is None
    assert given(schedule, at("2026-12-25 12:00")) is None


def test_gaps_are_told_with_those_over_the_end_of_the_week_in_one_piece() -> None:
    gaps = of_week(daily(WORKDAYS, "00:00", "18:00", "day"), daily(WORKDAYS[:4], "18:00", "00:00", "evening")).gaps()
    assert list(map(str, gaps)) == ["Fri 18:00 – Mon 00:00"]
    assert list(map(str, of_week().gaps())) == ["Mon 00:00 – Mon 00:00, the whole week"]


# --- The clocks change. Amsterdam: 02:00–03:00 is skipped on 29 March and shown twice on 25 October 2026.


def test_what_starts_in_the_skipped_hour_starts_when_the_clock_skips() -> None:
    schedule = of_week(daily((SUN,), "02:30", "04:00", "early"))
    assert given(schedule, at("2026-03-29 01:59:59")) is None
    assert given(schedule, at("2026-03-29 03:00")) == "early"
    assert given(schedule, at("2026-03-29 04:00")) is None


def test_what_lies_in_the_skipped_hour_alone_does_not_come_that_day() -> None:
    schedule = of_week(daily((SUN,), "02:15", "02:45", "never"))
    starts = [it.start for it in islice(schedule.stretches(at("2026-03-28 12:00"), lambda item: item), 2)]
    assert starts == [at("2026-03-28 12:00"), at("2026-04-05 02:15")]


def test_what_starts_in_the_doubled_hour_starts_the_first_time_and_only_once() -> None:
    schedule = of_week(daily((SUN,), "02:30", "04:00", "early"))
    assert given(schedule, at("2026-10-25 02:29:59")) is None
    assert given(schedule, at("2026-10-25 02:30")) == "early"
    assert given(schedule, at("2026-10-25 02:00", again=True)) == "early"
    assert given(schedule, at("2026-10-25 02:29", again=True)) == "early"
    assert given(schedule, at("2026-10-25 03:59:59")) == "early"
    assert given(schedule, at("2026-10-25 04:00")) is None


def test_what_ends_in_the_doubled_hour_ends_the_first_time_and_does_not_come_back() -> None:
    schedule = of_week(daily((SUN,), "01:00", "02:30", "late"))
    assert given(schedule, at("2026-10-25 02:29:59")) == "late"
    assert given(schedule, at("2026-10-25 02:30")) is None
    assert given(schedule, at("2026-10-25 02:10", again=True)) is None


def test_what_runs_until_three_lasts_through_both_doubled_hours() -> None:
    schedule = of_week(daily((SUN,), "02:00", "03:00", "both"), zone=AMSTERDAM)
    first, *_ = islice(schedule.stretches(at("2026-10-25 02:00"), lambda item: item), 1)
    assert first.end is not None
    assert first.end - first.start == timedelta(hours=2)


def test_a_holiday_is_read_from_the_same_clock() -> None:
    schedule = Schedule(AMSTERDAM, (), (holiday("2026-10-24 22:00", "2026-10-25 02:30", "party"),))
    assert given(schedule, at("2026-10-25 02:29:59")) == "party"
    assert given(schedule, at("2026-10-25 02:29", again=True)) is None


@pytest.mark.parametrize(
    ("zone", "shown", "expected"),
    [
        (AMSTERDAM, "2026-03-29 02:30", "2026-03-29T01:00:00+00:00"),
        (AMSTERDAM, "2026-10-25 02:30", "2026-10-25T00:30:00+00:00"),
        (AMSTERDAM, "2026-10-25 03:00", "2026-10-25T02:00:00+00:00"),
        ("America/New_York", "2026-03-08 02:00", "2026-03-08T07:00:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00+00:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00+00:00"),
        ("Asia/Kathmandu", "2026-03-29 02:30", "2026-03-28T20:45:00+00:00"),
        # Samoa had no 30 December 2011 at all.
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00+00:00"),
    ],
)
def test_a_time_is_the_first_instant_at_which_the_wall_shows_it_or_later(zone: str, shown: str, expected: str) -> None:
    assert instant(of_calendar(datetime.fromisoformat(shown)), ZoneInfo(zone)).isoformat() == expected


def test_the_clock_that_never_goes_back_waits_through_the_second_of_the_doubled_hours() -> None:
    zone = ZoneInfo(AMSTERDAM)
    last = wall(at("2026-10-25 02:59:59"), zone)
    for minute in (0, 17, 59):
        assert wall(at(f"2026-10-25 02:{minute:02}:30", again=True), zone) == last
    assert wall(at("2026-10-25 03:00"), zone) == last + 1


# --- In words


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Daily(WORKDAYS, clock("09:00"), clock("17:00")), "Mon–Fri 09:00–17:00"),
        (Daily((MON, TUE, FRI), clock("09:00"), clock("17:00:30")), "Mon, Tue, Fri 09:00–17:00:30"),
        (Daily((SUN, SAT), clock("22:00"), clock("06:00")), "Sat, Sun 22:00–06:00 the day after"),
        (Daily((WED,), clock("00:00"), clock("00:00")), "Wed all day"),
        (Period(FRI, clock("17:00"), MON, clock("09:00")), "Fri 17:00 – Mon 09:00"),
    ],
)
def test_times_are_told_in_words(when: Daily | Period, words: str) -> None:
    assert str(when) == words


def test_two_schedules_with_the_same_contents_are_equal_whether_asked_or_not() -> None:
    def made() -> Schedule[str]:
        return of_week(daily(WORKDAYS, "09:00", "17:00", "open"))

    asked = made()
    asked.at(datetime(2026, 1, 1, tzinfo=UTC))
    assert asked == made()
    assert hash(asked) == hash(made())
