"""Two phones answer in the same instant: one wins, whatever the order in which the switch tells it (GRP-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from far_switch import FarSwitch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenarios.hall import Hall
from tests.scenarios.world import World

from centrale.queueing.happenings import What
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone, SimulatedSwitch
from centrale.telephony.simulated.virtual_time import run_virtual

TURNS = range(8)


async def both_answer(switch: SimulatedSwitch, first: int, second: int, wait: float = 3.0) -> None:
    """Ben answers `first` turns of the loop after the instant, Carla `second`."""
    world = World(switch=switch)
    acme = world.company()
    people = [("201", "Anna"), ("202", "Ben"), ("203", "Carla")]
    phones: list[SimulatedPhone] = []
    for number, name in people:
        acme.user(number, name)
        phones.append(await acme.phone(name, logged_on=number))
    acme.extension("300", "group", "Sales", members=["202", "203"])
    anna, ben, carla = phones
    call = await anna.dials("300")
    ringing = [await ben.rings(), await carla.rings()]

    async def answer(rings: SimulatedCall, turns: int) -> None:
        await asyncio.sleep(wait)
        for _ in range(turns):
            await asyncio.sleep(0)
        if rings.end is None:
            await rings.answer()

    await asyncio.gather(*(answer(rings, turns) for rings, turns in zip(ringing, (first, second), strict=True)))
    await asyncio.sleep(20)
    winners = [rings for rings in ringing if rings.end is None]
    assert len(winners) == 1
    loser = next(rings for rings in ringing if rings not in winners)
    assert loser.end is not None
    assert loser.end.answered_elsewhere
    await call.hears_tone(winners[0].phone.tone)
    await winners[0].hears_tone(anna.tone)
    await call.hang_up()
    await world.over()
    assert len(world.records) == 1
    assert world.last_record["answered_by"].endswith(winners[0].phone.name)
    assert sum(step["outcome"].startswith("connected") for step in world.last_record["trace"]) == 1


@pytest.mark.parametrize("first", TURNS)
@pytest.mark.parametrize("second", TURNS)
def test_at_once(first: int, second: int) -> None:
    run_virtual(both_answer(SimulatedSwitch(), first, second))


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from([0.0, 0.3, 3.0, 20.0]),
    st.lists(st.sampled_from([0.0, 0.001, 0.3, 1.0]), min_size=1, max_size=4),
)
def test_on_a_switch_that_takes_its_time(first: int, second: int, wait: float, delays: list[float]) -> None:
    async def main() -> None:
        await both_answer(FarSwitch(delays), first, second, wait)

    run_virtual(main())


def picked_up_slowly(story: Callable[[Hall, SimulatedCall, SimulatedCall], Awaitable[None]]) -> None:
    """On a switch that takes a second over each command: queue 300 rings 201 for a caller, and 205 picks up. The story
    goes on at the moment in which the caller is theirs, and phones have still to be stopped."""

    async def main() -> None:
        world = World(switch=FarSwitch([1.0]))
        acme = world.company()
        hall = await Hall.open(world, acme, "201", ring_timeout=60, breakout="400", music=False)
        acme.extension("400", "announcement", "Hours", sound="hours.wav")
        await hall.employ("205")
        await acme.queue("301", "Second", "205", ring_timeout=60)
        acme.number("+31201110301", "301")
        caller = await hall.caller()
        await hall.rings("201")
        await asyncio.sleep(10)
        picker = await hall.phones["205"].dials("*8300")
        await asyncio.sleep(2.5)  # the answer is there after a second, and known after two
        assert What.PICKED_UP in {it.what for it in world.happened}
        await story(hall, caller, picker)
        await world.over()

    run_virtual(main())


def test_a_key_that_is_pressed_when_the_caller_has_been_given_away_leads_nowhere() -> None:
    async def story(hall: Hall, caller: SimulatedCall, picker: SimulatedCall) -> None:
        await caller.press("1")
        await asyncio.sleep(10)
        await caller.hears_tone(picker.phone.tone)
        await picker.hang_up()

    picked_up_slowly(story)


def test_who_picks_up_is_not_free_for_a_moment() -> None:
    """Another queue's caller waits for them."""

    async def story(hall: Hall, caller: SimulatedCall, picker: SimulatedCall) -> None:
        waiting = await hall.caller("+31201110301")
        await hall.nobody_rings(20)
        await picker.hang_up()
        await hall.rings("205")
        await waiting.hang_up()

    picked_up_slowly(story)
