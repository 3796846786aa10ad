"""How often per second one core tells which number plan is active: `python -m bench.schedule`.

A schema as a busy company has it: four plans, opening hours with lunch and Saturdays, a night of the whole week, ten
years of public holidays, and moments from all over a year, the hours of both clock changes among them. Seconds are
those of the processor, so that other work on the machine does not count.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from statistics import median
from time import process_time

from bench.figures import Figure
from centrale.routing.plans import active_plan, next_change
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily, Period, Weekday
from centrale.routing.snapshot import NumberPlan, PlanSchema

LOOKUPS = 100_000
ROUNDS = 7
TARGET_PER_SECOND = 200_000

DAY, NIGHT, LUNCH, CLOSED = 1, 2, 3, 4


def schema() -> PlanSchema:
    """The company's."""
    weekdays = WEEKDAYS[:5]
    entries = (
        Entry(Period(Weekday.MONDAY, time(), Weekday.MONDAY, time()), NIGHT, 1),
        Entry(Daily(weekdays, time(8, 30), time(17, 30)), DAY, 2),
        Entry(Daily(weekdays, time(12, 30), time(13)), LUNCH, 3),
        Entry(Daily((Weekday.SATURDAY,), time(10), time(16)), DAY, 4),
    )
    days = [
        datetime.fromisoformat(f"{year}-{day}") for year in range(2020, 2030) for day in ("01-01", "04-27", "12-25")
    ]
    holidays = tuple(
        Holiday(f"{day:%d %B}", day, day + timedelta(days=1), CLOSED, id=n) for n, day in enumerate(days, start=1)
    )
    names = {DAY: "Day", NIGHT: "Night", LUNCH: "Lunch", CLOSED: "Closed"}
    return PlanSchema(
        1,
        "Main",
        {number: NumberPlan(number, name) for number, name in names.items()},
        standing=NIGHT,
        schedule=Schedule("Europe/Amsterdam", entries, holidays),
    )


def moments() -> list[datetime]:
    """Of a year, in a fixed random order; every hundredth in a doubled or a skipped hour."""
    dice = random.Random(2026)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = [start + timedelta(seconds=dice.randrange(365 * 86_400)) for _ in range(LOOKUPS)]
    for place in range(0, LOOKUPS, 100):
        change = dice.choice([datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)])
        found[place] = change + timedelta(seconds=dice.randrange(-3600, 3600))
    return found


def _per_second(ask: Callable[[datetime], object], at: Iterable[datetime], count: int) -> float:
    start = process_time()
    for moment in at:
        ask(moment)
    return count / (process_time() - start)


def run() -> dict[str, float]:
    """Per second: `schedule_lookups` what counts, `schedule_explained` the active plan with all its reasons,
    `schedule_next_changes` when it changes next."""
    company, at = schema(), moments()
    few = at[: LOOKUPS // 20]
    company.schedule.at(at[0])
    return {
        "schedule_lookups_per_second": median(_per_second(company.schedule.at, at, LOOKUPS) for _ in range(ROUNDS)),
        "schedule_explained_per_second": median(
            _per_second(lambda moment: active_plan(company, moment), few, len(few)) for _ in range(ROUNDS)
        ),
        "schedule_next_changes_per_second": median(
            _per_second(lambda moment: next_change(company, moment), few, len(few)) for _ in range(ROUNDS)
        ),
    }


def figures(found: dict[str, float]) -> list[Figure]:
    """What `run` found, as lines of the table."""
    lookups = found["schedule_lookups_per_second"]
    aim, met = f"≥ {TARGET_PER_SECOND:,}", lookups >= TARGET_PER_SECOND
    explained, changes = found["schedule_explained_per_second"], found["schedule_next_changes_per_second"]
    note = f"one core; with all reasons {explained:,.0f}/s, when it changes next {changes:,.0f}/s"
    return [Figure("Active plan by schedule", "/s", lookups, aim=aim, met=met, note=note)]


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:34} {figure:>10,.0f}")
    print(f"{'target of lookups':34} {TARGET_PER_SECOND:>10,}")
