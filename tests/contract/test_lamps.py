"""The contract of both switches: message-waiting lamps (VM-4)."""

from __future__ import annotations

import pytest

from centrale.telephony.switch import Lamp, SwitchDown
from tests.contract.worlds import SwitchWorld


async def test_a_phone_that_registers_shows_no_messages(world: SwitchWorld) -> None:
    anna = await world.lamp("anna")
    await anna.shows(0, 0)


async def test_a_lamp_goes_on_and_off(world: SwitchWorld) -> None:
    anna, ben = await world.lamp("anna"), await world.lamp("ben")
    await world.switch.light([Lamp("anna", new=3, old=2), Lamp("ben", new=0, old=1)])
    await anna.shows(3, 2)
    await ben.shows(0, 1)
    await world.switch.light([Lamp("anna", new=0, old=5)])
    await anna.shows(0, 5)
    await ben.shows(0, 1)
    await world.switch.light([Lamp("anna"), Lamp("ben")])
    await anna.shows(0, 0)
    await ben.shows(0, 0)


async def test_a_phone_that_registers_later_shows_what_was_lit_before(world: SwitchWorld) -> None:
    await world.switch.light([Lamp("anna", new=1)])
    await (await world.lamp("anna")).shows(1, 0)
    await world.switch.light([Lamp("anna")])


async def test_many_lamps_are_lit_at_once(world: SwitchWorld) -> None:
    """More than one text of the dialplan holds."""
    ben = await world.lamp("ben")
    await world.switch.light([*(Lamp(f"2000EC{n:03}", new=n) for n in range(300)), Lamp("ben", new=7)])
    await ben.shows(7, 0)
    await world.switch.light([*(Lamp(f"2000EC{n:03}") for n in range(300)), Lamp("ben")])
    await ben.shows(0, 0)


async def test_what_is_lit_last_counts(world: SwitchWorld) -> None:
    anna = await world.lamp("anna")
    for new in range(1, 21):
        await world.switch.light([Lamp("anna", new=new)])
    await world.switch.light([Lamp("anna", new=99)])
    await anna.shows(99, 0)
    await world.switch.light([Lamp("anna")])


async def test_no_lamp_is_lit_while_the_switch_is_away(world: SwitchWorld) -> None:
    await world.connection_breaks()
    with pytest.raises(SwitchDown):
        await world.switch.light([Lamp("anna", new=1)])
    await world.connection_returns()
