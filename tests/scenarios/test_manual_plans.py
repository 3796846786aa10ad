"""Number plans as the manuals arrange them (Enreach Contact 4.1, chapter 21; Managed Voice, chapter 8): NP-1..5, NP-8.

The manuals name the plans: for opening hours, lunch, closing time (*Nachtstand*, in force all week as a fallback),
holidays and emergencies. They print no hours with them, so the hours here are those of their example of statuses: work
07:00–16:30, lunch 12:00–13:00. Time passes in the stories; each call takes the whole way from the trunk.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.schedule_times import WEEKDAYS, Daily, Period, Weekday
from centrale.routing.snapshot import E164, ExtensionNumber, NumberPlan, PlanEntry, PlanSchema
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import answers, because, now, said, story, words
from tests.scenarios.world import MONDAY_NINE, Company, World

MAIN = E164("+31201110300")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY, LUNCH, NIGHT, HOLIDAY, EMERGENCY, ASSISTANT = 1, 2, 3, 4, 5, 6
WORKDAYS = WEEKDAYS[:5]

PLANS = {
    DAY: ("Dagstand", "300"),
    LUNCH: ("Lunch", "800"),
    NIGHT: ("Nachtstand", "801"),
    HOLIDAY: ("Vakantie", "802"),
    EMERGENCY: ("Noodsituatie", "720"),
    ASSISTANT: ("Assistente", "202"),
}
WEEK = (
    Entry(Period(Weekday.MONDAY, time(), Weekday.MONDAY, time()), NIGHT, 1),
    Entry(Daily(WORKDAYS, time(7), time(16, 30)), DAY, 2),
    Entry(Daily(WORKDAYS, time(12), time(13)), LUNCH, 3),
)


def _off(description: str, start: str, end: str, plan: int, id: int) -> Holiday[int]:
    return Holiday(description, datetime.fromisoformat(start), datetime.fromisoformat(end), plan, id=id)


CHRISTMAS = _off("Kerst", "2026-12-24 12:00", "2026-12-28 00:00", HOLIDAY, 1)
STAFF_DAY = _off("Personeelsdag", "2026-12-24 13:00", "2026-12-24 18:00", EMERGENCY, 2)


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    for number, sound in (("800", "lunch.wav"), ("801", "gesloten.wav"), ("802", "vakantie.wav")):
        acme.extension(number, "announcement", sound, sound=sound)
    acme.extension("720", "forward", "Mobiel", number="0687654321")
    acme.number(MAIN)
    plans = {
        number: NumberPlan(number, name, {MAIN: PlanEntry(ExtensionNumber(to), prefix=name)})
        for number, (name, to) in PLANS.items()
    }
    schedule = Schedule("Europe/Amsterdam", WEEK, (CHRISTMAS, STAFF_DAY))
    acme.change(schemas=(PlanSchema(1, "Acme", plans, schedule=schedule),))
    return await world.carrier("carrier", acme)


@pytest.fixture
async def bas(acme: Company) -> SimulatedPhone:
    """Bas at 200, who may change plans, alone in the group 300."""
    acme.user("200", "Bas", rights={"time_configuration": True})
    acme.extension("300", "group", "Directie", members=["200"])
    return await acme.phone("bas", logged_on="200")


@pytest.fixture
async def els(acme: Company) -> SimulatedPhone:
    """Els, the assistant, at 202."""
    acme.user("202", "Els")
    return await acme.phone("els", logged_on="202")


async def it_is(moment: str) -> None:
    """Let time pass until the wall in Amsterdam shows `moment`."""
    instant = datetime.fromisoformat(moment).replace(tzinfo=AMSTERDAM)
    await asyncio.sleep((instant - MONDAY_NINE).total_seconds() - now())


async def rings_at(carrier: SimulatedCarrier, phone: SimulatedPhone, shown: str) -> None:
    """A customer calls the main number, `phone` rings with `shown` before the number, and the customer gives up."""
    call = await carrier.calls(MAIN, caller="+31612345678")
    assert (await phone.rings()).caller_name == f"{shown}: 0612345678"
    await call.hang_up()
    await asyncio.sleep(0)


async def hears(carrier: SimulatedCarrier, sound: str) -> None:
    """A customer calls the main number and hears an announcement."""
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(30)
    assert said(call) == [sound]


async def chooses(phone: SimulatedPhone, *keys: str) -> str:
    """Somebody dials 915 and answers its questions; gives the last one heard."""
    call = await phone.dials("915")
    for question, entry in zip(("plan_menu", "ask_plan"), keys, strict=False):
        await answers(call, question, entry)
    await call.ended(30)
    return said(call)[-1]


async def test_a_week_with_lunch_and_night(world: World, carrier: SimulatedCarrier, bas: SimulatedPhone) -> None:
    await it_is("2026-11-23 11:59:59")
    await rings_at(carrier, bas, "Dagstand")
    await it_is("2026-11-23 12:00:00")
    await hears(carrier, "lunch")
    await it_is("2026-11-23 12:59:59")
    await hears(carrier, "lunch")
    await it_is("2026-11-23 13:00:05")
    await rings_at(carrier, bas, "Dagstand")
    await it_is("2026-11-23 16:29:59")
    await rings_at(carrier, bas, "Dagstand")
    await it_is("2026-11-23 16:30:00")
    await hears(carrier, "gesloten")
    await it_is("2026-11-24 06:59:59")
    await hears(carrier, "gesloten")
    await it_is("2026-11-24 07:00:05")
    await rings_at(carrier, bas, "Dagstand")
    await it_is("2026-11-28 12:30:00")  # a Saturday has no lunch
    await hears(carrier, "gesloten")
    await world.over()


async def test_the_record_says_which_plan_counted_and_what_was_passed_over(
    world: World, carrier: SimulatedCarrier, bas: SimulatedPhone
) -> None:
    await it_is("2026-11-23 12:30")
    await hears(carrier, "lunch")
    await world.over()
    [step] = [step for step in world.last_record["trace"] if step["rule"] == "number-plan"]
    assert (step["facts"]["plan"], step["facts"]["active_by"]) == ("Lunch", "weekly schedule")
    assert step["rejected"] == [
        "weekly schedule Mon–Fri 07:00–16:30, plan Dagstand: Mon–Fri 12:00–13:00 is narrower",
        "weekly schedule Mon 00:00 – Mon 00:00, the whole week, plan Nachtstand: Mon–Fri 12:00–13:00 is narrower",
    ]


async def test_holidays_go_before_the_week_and_the_narrower_before_the_wider(
    world: World, carrier: SimulatedCarrier, bas: SimulatedPhone
) -> None:
    await it_is("2026-12-24 11:59:00")
    await rings_at(carrier, bas, "Dagstand")
    await it_is("2026-12-24 12:30:00")  # lunch and Christmas
    await hears(carrier, "vakantie")
    await it_is("2026-12-24 14:00:00")
    call = await carrier.calls(MAIN, caller="+31612345678")
    assert (await carrier.rings()).dialled == "+31687654321"
    await call.hang_up()
    await it_is("2026-12-25 10:00:00")
    await hears(carrier, "vakantie")
    await it_is("2026-12-27 23:59:59")
    await hears(carrier, "vakantie")
    await it_is("2026-12-28 00:00:05")
    await hears(carrier, "gesloten")
    await it_is("2026-12-28 07:00:05")
    await rings_at(carrier, bas, "Dagstand")
    await world.over()


async def test_915_for_a_while_ends_by_itself_at_the_next_scheduled_change(
    world: World, acme: Company, carrier: SimulatedCarrier, bas: SimulatedPhone, els: SimulatedPhone
) -> None:
    await it_is("2026-11-23 10:00")
    assert await chooses(bas, "1#", "6#") == "plan_temporary"
    await rings_at(carrier, els, "Assistente")
    await it_is("2026-11-23 11:59:59")
    await rings_at(carrier, els, "Assistente")
    await it_is("2026-11-23 12:00:00")
    await hears(carrier, "lunch")
    await it_is("2026-11-23 13:00:05")
    await rings_at(carrier, bas, "Dagstand")
    await world.over()
    assert [schema.override for schema in acme.account.schemas] == [None]


async def test_915_until_further_notice_goes_before_holidays_until_it_is_taken_back(
    world: World, carrier: SimulatedCarrier, bas: SimulatedPhone, els: SimulatedPhone
) -> None:
    await it_is("2026-11-23 10:00")
    assert await chooses(bas, "2#", "6#") == "plan_permanent"
    for moment in ("2026-11-23 12:30", "2026-11-28 03:00", "2026-12-25 10:00"):
        await it_is(moment)
        await rings_at(carrier, els, "Assistente")
    assert await chooses(bas, "3#") == "plan_scheduled"
    await hears(carrier, "vakantie")
    await world.over()
    assert "manual override goes first" not in because(world.last_record)


async def test_915_confirms_in_words(world: World, carrier: SimulatedCarrier, bas: SimulatedPhone) -> None:
    call = await bas.dials("915")
    await answers(call, "plan_menu", "1#")
    await answers(call, "ask_plan", "5#")
    await call.ended(30)
    assert "Noodsituatie" in words(world, call)[-1]
    await world.over()


async def test_a_number_in_no_plan_that_counts_is_not_in_use(
    world: World, acme: Company, carrier: SimulatedCarrier, bas: SimulatedPhone
) -> None:
    """NP-9: where the fallback of the whole week is forgotten, nights have no plan."""
    [schema] = acme.account.schemas
    acme.change(
        schemas=(PlanSchema(1, "Acme", schema.plans, schedule=Schedule("Europe/Amsterdam", WEEK[1:], (CHRISTMAS,))),)
    )
    await it_is("2026-11-23 20:00")
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(30)
    assert said(call) == ["number_not_in_use"]
    await world.over()
    assert any("number-plan: not in use" in line for line in story(world.last_record))
