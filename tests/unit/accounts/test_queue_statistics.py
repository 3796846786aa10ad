"""Statistics are what one finds who goes through all events, for every period and zone (QUE-27..29)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from centrale.accounts import queue_event_store, queue_statistics
from centrale.accounts.database import Database
from centrale.accounts.queue_figures import QueueEvent, QueueFigures, Tally, moment_of, ms_of
from centrale.accounts.queue_periods import EVENTS, By, cut, parts
from centrale.routing.snapshot import AccountId

from . import queue_days

ONE = AccountId(1)
AMSTERDAM, KATHMANDU = ZoneInfo("Europe/Amsterdam"), ZoneInfo("Asia/Kathmandu")

spans = st.tuples(
    st.integers(0, queue_days.HOURS * 3_600_000) | st.integers(0, queue_days.HOURS * 4).map(lambda it: it * 900_000),
    st.integers(0, 3 * 86_400_000),
)


async def store(database: Database, events: list[QueueEvent]) -> None:
    async with database.connection() as connection:
        await queue_event_store.store(connection, events)


async def empty(database: Database) -> None:
    async with database.connection() as connection:
        for table in ("queue_events", "queue_figures", "queue_agent_figures", "queue_sessions", "queue_event_marks"):
            await connection.execute(text(f"DELETE FROM {table}"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=queue_days.histories(), span=spans, by=st.sampled_from(By), zone=st.sampled_from([AMSTERDAM, KATHMANDU]))
async def test_they_equal_what_a_slow_reading_of_all_events_finds(
    database: Database, events: list[QueueEvent], span: tuple[int, int], by: By, zone: ZoneInfo
) -> None:
    await empty(database)
    for start in range(0, len(events), 7):  # as they come, little by little
        await store(database, events[start : start + 7])
    begin = queue_days.BEGINNING + span[0]
    periods = list(cut(moment_of(begin), moment_of(begin + span[1]), by, zone))
    now = begin + 100 * 86_400_000

    async with database.read() as unit:
        found = await queue_statistics.of_queues(unit, ONE, periods)
        agents = await queue_statistics.of_agents(unit, ONE, periods, now=moment_of(now))

    for number, (since, until) in enumerate(periods):
        for queue in ("300", "301"):
            slow = queue_days.of_queue(events, ONE, queue, ms_of(since), ms_of(until))
            assert as_found(found.get((number, queue), QueueFigures())) == as_read(slow)
        for agent in ("201", "202", "203"):
            line = agents.get((number, agent), queue_statistics.AgentLine())
            mine = [
                it
                for it in events
                if (it.account, it.agent) == (ONE, agent) and ms_of(since) <= it.moment < ms_of(until)
            ]
            assert line.figures.answered == sum(it.what == "answered" for it in mine)
            assert line.figures.missed == sum(it.what == "missed" for it in mine)
            assert line.figures.talked == sum(it.ms or 0 for it in mine if it.what == "talk_ended")
            assert line.figures.wrap_up == sum(it.ms or 0 for it in mine if it.what.startswith("wrap_up"))
            slow_on = queue_days.logged_on(events, ONE, agent, ms_of(since), ms_of(until), now)
            assert line.logged_on == slow_on


def as_found(figures: QueueFigures) -> dict[str, Any]:
    answered, unanswered, talks = figures.wait_answered, figures.wait_unanswered, figures.talks
    return {
        "calls": figures.calls,
        "outcomes": [
            figures.answered - figures.picked_up,
            *(getattr(figures, name) for name in queue_days.ENDS[1:]),
        ],
        "missed": figures.missed,
        "answered": (answered.count, answered.total, answered.least, answered.most),
        "unanswered": (unanswered.count, unanswered.total, unanswered.least, unanswered.most),
        "talks": (talks.count, talks.total, talks.least, talks.most),
        "within": [figures.answered_after.within(seconds) for seconds in (0, 1, 20, 21, 300, 3600)],
        "without within": [figures.unanswered_after.within(seconds) for seconds in (0, 1, 20, 21, 300, 3600)],
        "waiting": figures.waiting,
    }


def as_read(slow: queue_days.Slowly) -> dict[str, Any]:
    def spread(durations: list[int]) -> tuple[int, int, int | None, int | None]:
        return len(durations), sum(durations), min(durations, default=None), max(durations, default=None)

    def within(waits: list[int]) -> list[int]:
        return [sum(wait <= seconds * 1000 for wait in waits) for seconds in (0, 1, 20, 21, 300, 3600)]

    return {
        "calls": slow.calls,
        "outcomes": list(slow.outcomes.values()),
        "missed": slow.missed,
        "answered": spread(slow.waits_answered),
        "unanswered": spread(slow.waits_unanswered),
        "talks": spread(slow.talks),
        "within": within(slow.waits_answered),
        "without within": within(slow.waits_unanswered),
        "waiting": slow.calls - sum(slow.outcomes.values()),
    }


def test_a_day_in_which_the_clocks_go_forward_has_23_hours() -> None:
    since, until = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 30, 22, tzinfo=UTC)
    days = list(cut(since, until, By.DAY, AMSTERDAM))
    assert [(end - begin) / timedelta(hours=1) for begin, end in days] == [23, 24]
    assert len(list(cut(*days[0], By.HOUR, AMSTERDAM))) == 23


def test_a_day_in_which_they_go_back_has_25_and_the_hour_that_comes_twice_is_two() -> None:
    (day,) = cut(datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), By.DAY, AMSTERDAM)
    hours = list(cut(*day, By.HOUR, AMSTERDAM))
    assert [begin.astimezone(AMSTERDAM).hour for begin, _ in hours] == [0, 1, 2, 2, *range(3, 24)]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    since, until = datetime(2026, 1, 30, 12, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    weeks = [begin.astimezone(AMSTERDAM) for begin, _ in cut(since, until, By.WEEK, AMSTERDAM)]
    assert {it.weekday() for it in weeks[1:]} == {0}
    assert weeks[0] == since
    months = [begin.astimezone(AMSTERDAM).date().isoformat() for begin, _ in cut(since, until, By.MONTH, AMSTERDAM)]
    assert months == ["2026-01-30", "2026-02-01", "2026-03-01"]


def test_where_midnight_is_skipped_the_day_begins_when_the_clock_goes_on() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 24 April 2026: from 00:00 to 01:00
    days = list(cut(datetime(2026, 4, 22, 22, tzinfo=UTC), datetime(2026, 4, 25, 21, tzinfo=UTC), By.DAY, cairo))
    assert [(end - begin) / timedelta(hours=1) for begin, end in days] == [24, 23, 24]


@given(st.integers(0, 10**10), st.integers(0, 10**10))
def test_parts_cover_a_period_once_and_without_a_hole(begin: int, length: int) -> None:
    covered = sorted((it.begin, it.end, span) for span, some in parts([(begin, begin + length)]).items() for it in some)
    place = begin
    for first, last, span in covered:
        assert first == place < last
        assert span == EVENTS or first % span == last % span == 0
        place = last
    assert place == begin + length
    assert sum(last - first for first, last, span in covered if span == EVENTS) < 2 * 900_000


def test_quarters_add_up_to_hours_and_days() -> None:
    events = [QueueEvent(1, "300", quarter * 900_000, 0, "joined", "c") for quarter in range(96)]
    tally = Tally.of(events)
    assert tally.queues[1, 86_400_000, "300", 0].calls == 96
    assert {figures.calls for (_, span, _, _), figures in tally.queues.items() if span == 3_600_000} == {4}


async def test_they_outlive_the_queue(database: Database, acme: AccountId) -> None:
    came = queue_days.BEGINNING
    await store(database, [QueueEvent(acme, "399", came, came, "joined", "c1")])
    async with database.read() as unit:
        assert await queue_statistics.known_queues(unit, acme) == ["399"]


async def test_past_calls_are_told_for_a_simulation(database: Database) -> None:
    came = queue_days.BEGINNING + 1_000
    await store(
        database,
        [
            QueueEvent(1, "300", came, came, "joined", "c1"),
            QueueEvent(1, "300", came, came + 5_000, "answered", "c1", "201", 5_000),
            QueueEvent(1, "300", came, came + 65_000, "talk_ended", "c1", "201", 60_000),
            QueueEvent(1, "300", came + 500, came + 500, "joined", "c2"),
            QueueEvent(1, "300", came + 500, came + 9_500, "abandoned", "c2", None, 9_000),
            QueueEvent(1, "300", came + 700, came + 700, "joined", "still there"),
            QueueEvent(1, "301", came, came + 9_500, "abandoned", "of another", None, 9_000),
        ],
    )
    day = moment_of(queue_days.BEGINNING), moment_of(queue_days.BEGINNING + 86_400_000)
    async with database.read() as unit:
        assert await queue_statistics.past_calls(unit, ONE, "300", day) == [
            (1_000, 5_000, 60_000),
            (1_500, 9_000, None),
        ]


@pytest.mark.parametrize("queues", [[], ["399"], ["30x'; DROP TABLE accounts; --"]])
async def test_queues_that_are_not_have_no_figures(database: Database, queues: list[str]) -> None:
    day = moment_of(queue_days.BEGINNING), moment_of(queue_days.BEGINNING + 86_400_001)
    async with database.read() as unit:
        assert await queue_statistics.of_queues(unit, ONE, [day], queues) == {}
        assert await queue_statistics.of_agents(unit, ONE, [day], queues, now=day[1]) == {}
