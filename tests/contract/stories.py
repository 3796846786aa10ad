"""How the stories of the contract begin."""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from centrale.phones.phone import Phone, PhoneCall, PhoneError
from centrale.telephony.switch import Answered, Arrival, BridgeId, LegId, Presentation
from tests.contract.desk import Desk
from tests.contract.worlds import TO_BEN, TONES, SwitchWorld

JANSEN = Presentation("201", "Jansen")
OUT = LegId("out-1")


class Talk(NamedTuple):
    """Anna's side and ben's; ben's leg is `OUT`."""

    anna: PhoneCall
    leg: LegId
    ben: PhoneCall
    bridge: BridgeId


async def anna_calls(world: SwitchWorld, desk: Desk, number: str = "202") -> tuple[PhoneCall, Arrival]:
    anna = await world.phone("anna")
    call = await anna.dials(number)
    return call, await desk.arrival()


async def ben_rings(world: SwitchWorld, desk: Desk, caller: Arrival | None = None) -> tuple[Phone, PhoneCall]:
    ben = await world.phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT), caller.leg if caller else None)
    return ben, await ben.rings()


async def they_talk(world: SwitchWorld, desk: Desk) -> Talk:
    """Anna has called ben, and both hear each other."""
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk, arrival)
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    bridge = BridgeId(f"talk-{arrival.leg}")
    await world.switch.connect(bridge, [arrival.leg, OUT], hear_keys=True)
    await rings.hears_tone(TONES["anna"])
    await call.hears_tone(TONES["ben"])
    return Talk(call, arrival.leg, rings, bridge)


async def hear_nothing(*calls: PhoneCall) -> None:
    """None of them hears anything any more, once what was under way has been played."""
    await asyncio.gather(*(_hears_nothing(call) for call in calls))


async def _hears_nothing(call: PhoneCall, tries: int = 5) -> None:
    for left in reversed(range(tries)):
        try:
            await call.hears_silence(0.6)  # sound counts from 300 ms on: listen for twice as long
        except PhoneError:
            if not left:
                raise
        else:
            return
