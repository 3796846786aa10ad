"""Call limits (LIM-1, LIM-2) and forwards (FWD-1)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import because, said, story
from tests.scenarios.world import Company, World

MAIN = "+31201110500"
OTHER = "+31201110501"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    acme.number(MAIN, "500")
    acme.number(OTHER)
    return await world.carrier("carrier", acme)


@pytest.fixture
async def people(acme: Company) -> list[SimulatedPhone]:
    """201 to 204, who all take a second call."""
    phones = []
    for n, name in enumerate(("anna", "ben", "carl", "dora"), start=1):
        acme.user(f"20{n}", name.title())
        phones.append(await acme.phone(name, logged_on=f"20{n}", call_limit=5))
    return phones


async def talk(carrier: SimulatedCarrier, called: SimulatedPhone) -> Any:
    call = await carrier.calls(MAIN, caller="+31612345678")
    await (await called.rings()).answer()
    await call.answered()
    return call


async def test_the_fourth_goes_elsewhere_and_a_freed_place_is_taken(
    world: World, acme: Company, carrier: SimulatedCarrier, people: list[SimulatedPhone]
) -> None:
    anna, ben, *_ = people
    acme.extension("500", "call_limit", "Three at once", limit=3, within="201", above="202")
    calls = [await talk(carrier, anna) for _ in range(3)]
    calls.append(await talk(carrier, ben))
    await calls[0].hang_up()
    await asyncio.sleep(0.1)
    calls.append(await talk(carrier, anna))
    for call in calls:
        await call.hang_up()
    await world.over()
    steps = [line for record in world.records for line in story(record) if "call-limit" in line]
    assert sum("all 3 places are taken" in line for line in steps) == 1


async def test_above_the_limit_a_caller_hears_the_busy_tone(
    world: World, acme: Company, carrier: SimulatedCarrier, people: list[SimulatedPhone]
) -> None:
    acme.extension("500", "call_limit", "One at once", limit=1, within="201")
    first = await talk(carrier, people[0])
    second = await carrier.calls(MAIN)
    assert (await second.ended()).code == 486
    assert said(second) == []
    await first.hang_up()
    await world.over()


async def test_calls_that_come_in_the_same_instant_do_not_share_the_last_place(
    world: World, acme: Company, carrier: SimulatedCarrier, people: list[SimulatedPhone]
) -> None:
    acme.extension("500", "call_limit", "One at once", limit=1, within="201")
    calls = await asyncio.gather(*(carrier.calls(MAIN) for _ in range(4)))
    await people[0].rings()
    await asyncio.sleep(1)
    assert sum(call.end is None for call in calls) == 1
    for call in calls:
        await call.hang_up()
    await world.over()


async def test_a_caller_who_rings_holds_the_place_and_gives_it_back_by_hanging_up(
    world: World, acme: Company, carrier: SimulatedCarrier, people: list[SimulatedPhone]
) -> None:
    acme.extension("500", "call_limit", "One at once", limit=1, within="201")
    first = await carrier.calls(MAIN)
    await people[0].rings()
    assert (await (await carrier.calls(MAIN)).ended()).code == 486
    await first.hang_up()
    await asyncio.sleep(0.1)
    third = await talk(carrier, people[0])
    await third.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({"caller_id": "called"}, MAIN),
        ({"caller_id": "own", "own_number": OTHER}, OTHER),
    ],
)
async def test_outside_destinations_see_the_number_that_was_chosen(
    world: World, acme: Company, carrier: SimulatedCarrier, choice: dict[str, str], shown: str
) -> None:
    acme.extension("500", "call_limit", "Mobile", limit=5, within="0687654321", **choice)
    call = await carrier.calls(MAIN, caller="+31612345678")
    rings = await carrier.rings()
    assert rings.dialled == "+31687654321"
    assert rings.caller_number == shown
    await rings.answer()
    await call.hears_tone(carrier.tone)
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        ({}, "+31612345678"),
        ({"caller_id": "called"}, MAIN),
        ({"caller_id": "own", "own_number": OTHER}, OTHER),
    ],
)
async def test_a_forward_leads_outside_and_shows_what_was_chosen(
    world: World, acme: Company, choice: dict[str, str], shown: str
) -> None:
    acme.number(MAIN, "500")
    acme.number(OTHER)
    carrier = await world.carrier("carrier", acme, keeps_foreign_caller_id=True)
    acme.extension("500", "forward", "Mobile of the boss", number="0687654321", **choice)
    call = await carrier.calls(MAIN, caller="+31612345678")
    rings = await carrier.rings()
    assert rings.caller_number == shown
    await rings.answer()
    await call.answered()
    await rings.hang_up()
    await call.ended()
    await world.over()
    assert world.last_record["answered_by"] == "+31687654321"


async def test_a_forward_to_an_emergency_number_is_refused_with_the_reason(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.extension("500", "forward", "Not so", number="+31112112")
    acme.extension("501", "call_limit", "Not so either", limit=1, within="112")
    acme.user("201", "Anna")
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials("501")
    await call.ended(20)
    assert said(call) == ["call_failed"]
    await world.over()
    assert "emergency number" in because(world.last_record)
