"""How the stories of the contract begin."""

from __future__ import annotations

from centrale.phones.phone import Phone, PhoneCall
from centrale.telephony.switch import Answered, Arrival, BridgeId, LegId, Presentation
from tests.contract.worlds import TO_BEN, TONES, Desk, SwitchWorld

JANSEN = Presentation("201", "Jansen")
OUT = LegId("out-1")


async def anna_calls(world: SwitchWorld, desk: Desk, number: str = "202") -> tuple[PhoneCall, Arrival]:
    anna = await world.phone("anna")
    call = await anna.dials(number)
    return call, await desk.arrival()


async def ben_rings(world: SwitchWorld, desk: Desk) -> tuple[Phone, PhoneCall]:
    ben = await world.phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    return ben, await ben.rings()


async def talk(world: SwitchWorld, desk: Desk, arrival: Arrival, rings: PhoneCall) -> None:
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId(f"talk-{arrival.leg}"), [arrival.leg, OUT])
    await rings.hears_tone(TONES["anna"])
