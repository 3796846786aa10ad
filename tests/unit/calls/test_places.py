"""A place in a call limit is free as soon as its caller hangs up, however slow the switch clears up (LIM-1)."""

from __future__ import annotations

import asyncio

from far_switch import FarSwitch
from tests.scenarios.world import World

from centrale.telephony.simulated.virtual_time import run_virtual


def test_the_place_of_a_caller_who_hung_up_is_free_before_the_other_side_has_been_hung_up() -> None:
    run_virtual(_the_next_one())


async def _the_next_one() -> None:
    world = World(switch=FarSwitch([2.0]))
    acme = world.company()
    for number, name in (("201", "Anna"), ("202", "Ben"), ("203", "Carla")):
        acme.user(number, name)
    acme.extension("400", "announcement", "Full", sound="full.wav")
    acme.extension("710", "call_limit", "One at most", limit=1, within="202", above="400")
    anna, carla = await acme.phone("anna", logged_on="201"), await acme.phone("carla", logged_on="203")
    ben = await acme.phone("ben", logged_on="202")
    first = await anna.dials("710")
    await (await ben.rings()).answer()
    await first.answered(20)
    await asyncio.sleep(10)
    await first.hang_up()
    await asyncio.sleep(2.5)  # the exchange knows since half a second, and hangs up Ben's side for one and a half more
    second = await carla.dials("710")
    await ben.rings(timeout=20)
    await second.hang_up()
    await world.over()
