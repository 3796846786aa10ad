"""Number plans that switch by themselves: which is active, why, until when, and when none is (NP-3..6, NP-8, NP-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from routing_world import BAKKER, MAIN_NUMBER, SALES, company
from schedule_oracle import MINUTE, SECOND
from test_schedule_oracle import dailies, periods

from centrale.routing.plans import (
    Destination,
    NotInUse,
    active_plan,
    as_scheduled,
    find_number,
    gaps,
    next_change,
    timeline,
)
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily, Period, Weekday
from centrale.routing.snapshot import NumberPlan, PlanEntry, PlanSchema

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

DAY = NumberPlan(1, "Day", {MAIN_NUMBER: PlanEntry(SALES.number)})
LUNCH = NumberPlan(2, "Lunch", {MAIN_NUMBER: PlanEntry(BAKKER.number)})
NIGHT = NumberPlan(3, "Night", {MAIN_NUMBER: PlanEntry(BAKKER.number, "Night")})
CLOSED = NumberPlan(4, "Closed")

OPENING_HOURS = Entry(Daily(WEEKDAYS[:5], time(8, 30), time(17, 30)), 1, id=1)
LUNCHTIME = Entry(Daily(WEEKDAYS[:5], time(12, 30), time(13)), 2, id=2)
WHOLE_WEEK = Entry(Period(Weekday.MONDAY, time(), Weekday.MONDAY, time()), 3, id=3)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM)


def day_off(name: str, start: str, end: str, *, temporary: bool = False, plan: int = 4) -> Holiday[int]:
    return Holiday(name, datetime.fromisoformat(start), datetime.fromisoformat(end), plan, temporary, id=7)


KINGS_DAY = day_off("King's Day", "2026-04-27 00:00", "2026-04-28 00:00")


def office(
    *entries: Entry[int],
    holidays: tuple[Holiday[int], ...] = (KINGS_DAY,),
    standing: int | None = None,
    override: int | None = None,
) -> PlanSchema:
    """Day on workdays, lunch in it, night all week, as the manual has it (chapters 8 and 21)."""
    schedule = Schedule("Europe/Amsterdam", entries or (OPENING_HOURS, LUNCHTIME, WHOLE_WEEK), holidays)
    plans = {plan.number: plan for plan in (DAY, LUNCH, NIGHT, CLOSED)}
    return PlanSchema(1, "Janssen & Co", plans, standing, override, schedule)


@pytest.mark.parametrize(
    ("moment", "plan", "by", "period"),
    [
        ("2026-04-24 08:29:59", NIGHT, "weekly schedule", "Mon 00:00 – Mon 00:00, the whole week"),
        ("2026-04-24 08:30:00", DAY, "weekly schedule", "Mon–Fri 08:30–17:30"),
        ("2026-04-24 12:30:00", LUNCH, "weekly schedule", "Mon–Fri 12:30–13:00"),
        ("2026-04-24 13:00:00", DAY, "weekly schedule", "Mon–Fri 08:30–17:30"),
        ("2026-04-25 12:45:00", NIGHT, "weekly schedule", "Mon 00:00 – Mon 00:00, the whole week"),
        ("2026-04-27 12:45:00", CLOSED, "holiday", "King's Day (2026-04-27 00:00 – 2026-04-28 00:00)"),
        ("2026-04-28 00:00:00", NIGHT, "weekly schedule", "Mon 00:00 – Mon 00:00, the whole week"),
    ],
)
def test_the_day_the_lunch_the_night_and_the_holiday_of_the_manual(
    moment: str, plan: NumberPlan, by: str, period: str
) -> None:
    active = active_plan(office(), here(moment))
    assert active.plan is plan
    assert active.decision.facts["by"] == by
    assert active.decision.facts["period"] == period


def test_the_reason_tells_what_was_passed_over_and_why() -> None:
    lunch = active_plan(office(standing=3), here("2026-04-24 12:45"))
    assert lunch.decision.outcome == "Lunch"
    assert lunch.decision.facts["entry"] == LUNCHTIME.id
    assert lunch.decision.rejected == (
        "weekly schedule Mon–Fri 08:30–17:30, plan Day: Mon–Fri 12:30–13:00 is narrower",
        "weekly schedule Mon 00:00 – Mon 00:00, the whole week, plan Night: Mon–Fri 12:30–13:00 is narrower",
        "standing plan Night: counts only when nothing else does",
    )
    closed = active_plan(office(OPENING_HOURS), here("2026-04-27 12:45"))
    assert closed.decision.rejected == ("weekly schedule Mon–Fri 08:30–17:30, plan Day: the holiday goes first",)
    by_hand = active_plan(office(OPENING_HOURS, override=3), here("2026-04-24 12:45"))
    assert by_hand.plan is NIGHT
    assert by_hand.decision.rejected == (
        "weekly schedule Mon–Fri 08:30–17:30, plan Day: the manual override goes first",
    )
    equal = office(OPENING_HOURS, replace(OPENING_HOURS, gives=3, id=9))
    assert active_plan(equal, here("2026-04-24 12:45")).decision.rejected == (
        "weekly schedule Mon–Fri 08:30–17:30, plan Day: Mon–Fri 08:30–17:30 is as narrow and was made later",
    )


def test_by_hand_goes_before_a_holiday_and_a_temporary_change_before_a_holiday_too() -> None:
    moment = here("2026-04-27 12:45")
    assert active_plan(office(override=1), moment).plan is DAY
    for_now = day_off("For now", "2026-04-27 12:00", "2026-04-28 00:00", temporary=True, plan=2)
    active = active_plan(office(holidays=(for_now, KINGS_DAY)), moment)
    assert active.plan is LUNCH
    assert active.decision.facts["by"] == "temporary override"


def test_the_standing_plan_fills_what_the_week_leaves_open() -> None:
    assert active_plan(office(OPENING_HOURS), here("2026-04-25 12:00")).plan is None
    active = active_plan(office(OPENING_HOURS, standing=3), here("2026-04-25 12:00"))
    assert active.plan is NIGHT
    assert active.decision.facts["by"] == "standing plan"


def test_an_entry_for_a_plan_that_is_gone_falls_back_and_says_so() -> None:
    active = active_plan(office(replace(OPENING_HOURS, gives=77), standing=3), here("2026-04-24 12:00"))
    assert active.plan is NIGHT
    assert active.decision.rejected == ("weekly schedule Mon–Fri 08:30–17:30: schema 1 has no plan 77",)


def test_a_call_one_second_later_follows_the_new_plan_without_any_timer() -> None:
    account = company(schemas=(office(),))
    before = find_number(account, MAIN_NUMBER, here("2026-04-24 17:29:59"))
    after = find_number(account, MAIN_NUMBER, here("2026-04-24 17:30:00"))
    assert isinstance(before, Destination)
    assert isinstance(after, Destination)
    assert (before.extension, before.prefix) == (SALES, "")
    assert (after.extension, after.prefix) == (BAKKER, "Night")
    assert after.decision.facts["active_by"] == "weekly schedule"
    assert before.decision.rejected == (
        "weekly schedule Mon 00:00 – Mon 00:00, the whole week, plan Night: Mon–Fri 08:30–17:30 is narrower",
    )


def test_a_number_that_the_plan_of_the_hour_leaves_out_is_not_in_use_and_the_record_says_which_hour() -> None:
    found = find_number(company(schemas=(office(),)), MAIN_NUMBER, here("2026-04-27 10:00"))
    assert isinstance(found, NotInUse)
    assert found.decision.rejected == (
        "schema Janssen & Co: not in plan Closed (holiday King's Day (2026-04-27 00:00 – 2026-04-28 00:00))",
    )


@pytest.mark.parametrize(
    ("moment", "at", "plan"),
    [
        ("2026-04-24 08:00:00", "2026-04-24T08:30:00+02:00", DAY),
        ("2026-04-24 08:30:00", "2026-04-24T12:30:00+02:00", LUNCH),
        ("2026-04-24 17:30:00", "2026-04-27T00:00:00+02:00", CLOSED),
        ("2026-04-27 12:45:00", "2026-04-28T00:00:00+02:00", NIGHT),
    ],
)
def test_the_next_change_is_told_to_the_second(moment: str, at: str, plan: NumberPlan) -> None:
    change = next_change(office(), here(moment))
    assert change is not None
    assert change.at.isoformat() == at
    assert change.plan is plan


def test_a_change_of_entry_that_keeps_the_plan_is_no_change() -> None:
    half_days = office(
        Entry(Daily(WEEKDAYS, time(9), time(12)), 1), Entry(Daily(WEEKDAYS, time(12), time(15)), 1), standing=3
    )
    change = next_change(half_days, here("2026-04-24 10:00"))
    assert change is not None
    assert change.at == here("2026-04-24 15:00")


def test_what_is_chosen_by_hand_never_changes_but_the_schedule_behind_it_does() -> None:
    chosen = office(override=2)
    assert next_change(chosen, here("2026-04-24 08:00")) is None
    change = next_change(as_scheduled(chosen), here("2026-04-24 08:00"))
    assert change is not None
    assert change.at == here("2026-04-24 08:30")


def test_without_a_schedule_there_is_no_next_change_and_a_holiday_far_away_is_found() -> None:
    assert next_change(office(WHOLE_WEEK, holidays=()), here("2026-04-24 08:00")) is None
    far = day_off("A thousand years", "3026-01-01 00:00", "3026-01-02 00:00")
    change = next_change(office(WHOLE_WEEK, holidays=(far,)), here("2026-04-24 08:00"))
    assert change is not None
    assert change.at == here("3026-01-01 00:00")


def test_a_week_hidden_by_an_endless_holiday_does_not_make_the_search_endless() -> None:
    endless = day_off("Sabbatical", "2026-01-01 00:00", "8000-01-01 00:00")
    change = next_change(office(holidays=(endless,)), here("2026-04-24 08:00"))
    assert change is not None
    assert change.at.year == 8000


def test_as_scheduled_forgets_both_kinds_of_override() -> None:
    for_now = day_off("For now", "2026-04-24 00:00", "2026-04-25 00:00", temporary=True)
    assert as_scheduled(office(holidays=(KINGS_DAY, for_now), override=2)) == office()


def test_moments_without_a_plan_are_warned_about_unless_one_stands() -> None:
    assert list(map(str, gaps(office(Entry(Daily(WEEKDAYS[:5], time(), time()), 1))))) == ["Sat 00:00 – Mon 00:00"]
    assert gaps(office()) == ()
    assert gaps(office(OPENING_HOURS, standing=3)) == ()
    assert len(gaps(office(OPENING_HOURS))) == 5


def test_a_fortnight_is_previewed_stretch_by_stretch_with_reasons() -> None:
    preview = timeline(office(OPENING_HOURS, WHOLE_WEEK), here("2026-04-24 12:00"), here("2026-04-29 00:00"))
    told = [(f"{it.start:%d %H:%M}", f"{it.end:%d %H:%M}", it.plan, it.decision.facts["by"]) for it in preview]
    assert told == [
        ("24 12:00", "24 17:30", DAY, "weekly schedule"),
        ("24 17:30", "27 00:00", NIGHT, "weekly schedule"),
        ("27 00:00", "28 00:00", CLOSED, "holiday"),
        ("28 00:00", "28 08:30", NIGHT, "weekly schedule"),
        ("28 08:30", "28 17:30", DAY, "weekly schedule"),
        ("28 17:30", "29 00:00", NIGHT, "weekly schedule"),
    ]


def test_the_preview_of_a_choice_by_hand_is_one_stretch_and_of_no_time_is_none() -> None:
    [only] = timeline(office(override=2), here("2026-04-24 12:00"), here("2026-05-08 12:00"))
    assert only.plan is LUNCH
    assert timeline(office(), here("2026-04-24 12:00"), here("2026-04-24 12:00")) == []


def test_a_preview_may_end_in_the_second_of_the_doubled_hours() -> None:
    early = office(Entry(Daily((Weekday.SUNDAY,), time(2, 15), time(4)), 1), standing=3)
    end = here("2026-10-25 02:15").replace(fold=1)
    told = [
        (it.plan, it.start.astimezone(UTC), it.end.astimezone(UTC))
        for it in timeline(early, here("2026-10-25 01:00"), end)
    ]
    first = datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    assert told == [(NIGHT, datetime(2026, 10, 24, 23, tzinfo=UTC), first), (DAY, first, end.astimezone(UTC))]


@settings(max_examples=25)
@given(
    when=st.lists(st.one_of(dailies, periods), max_size=5),
    minutes=st.integers(0, 14 * 24 * 60),
    standing=st.sampled_from([None, 3]),
)
def test_preview_next_change_and_active_plan_agree(
    when: list[Daily | Period], minutes: int, standing: int | None
) -> None:
    entries = tuple(Entry(it, 1 + n % 4, n) for n, it in enumerate(when))
    schema = replace(office(standing=standing), schedule=Schedule("Europe/Amsterdam", entries, (KINGS_DAY,)))
    start = here("2026-10-18 00:00").astimezone(UTC) + minutes * MINUTE  # the clocks change in the week after
    end = start + 14 * 24 * 60 * MINUTE
    preview = timeline(schema, start, end)
    assert (preview[0].start, preview[-1].end) == (start, end)
    for stretch, following in zip(preview, [*preview[1:], None], strict=True):
        assert following is None or stretch.end == following.start
        first, last = stretch.start.astimezone(UTC), stretch.end.astimezone(UTC) - SECOND
        assert first <= last
        for moment in (first, last):
            assert active_plan(schema, moment).plan is stretch.plan
    other = next((it for it in preview if it.plan is not preview[0].plan), None)
    change = next_change(schema, start)
    if other is not None:
        assert change is not None
        assert (change.at, change.plan) == (other.start, other.plan)
    elif change is not None:
        assert change.at >= end
