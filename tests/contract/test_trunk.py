"""What a switch promises of carriers: who calls, who is called, what either is shown."""

from __future__ import annotations

import asyncio

from centrale.phones.phone import WaitedInVain
from centrale.telephony.switch import (
    Answered,
    BridgeId,
    Cause,
    EarlyMedia,
    Gone,
    LegId,
    Presentation,
)
from tests.contract.desk import Desk
from tests.contract.stories import JANSEN, OUT, anna_calls
from tests.contract.worlds import TO_BEN, TO_CARRIER, TONES, SwitchWorld


async def test_sound_before_the_answer_reaches_the_caller(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk, "0201234567")
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, JANSEN, desk.listener(OUT), arrival.leg)
    far = await carrier.rings()
    await far.early()
    await desk.event(OUT, EarlyMedia)
    await world.switch.connect(BridgeId("early"), [arrival.leg, OUT])
    await call.hears_tone(TONES["carrier"])
    await far.decline(486)
    assert (await desk.event(OUT, Gone)).cause is Cause.BUSY
    await world.switch.hang_up(arrival.leg, Cause.BUSY)
    assert (await call.ended()).code == 486


async def test_a_carrier_is_known_by_its_trunk_and_believed(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678", name="Piet", diverted_from="+31201112222")
    arrival = await desk.arrival()
    assert (arrival.endpoint, arrival.from_trunk, arrival.dialled) == ("trunk-carrier", True, "31201234567")
    assert (arrival.number, arrival.name, arrival.withheld) == ("+31612345678", "Piet", False)
    assert arrival.diverted_from == "+31201112222"


async def test_a_withheld_caller_is_told_as_withheld(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678", withheld=True)
    assert (await desk.arrival()).withheld


async def test_a_carrier_is_told_who_calls(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    shown = Presentation("+31207654321", diverted_from="+31201112222")
    await world.switch.dial(OUT, TO_CARRIER, shown, desk.listener(OUT))
    call = await carrier.rings()
    assert "+31207654321" in call.headers["P-Asserted-Identity"]
    assert "+31201112222" in call.headers["Diversion"]
    assert call.caller_number == "+31207654321"
    await call.answer()
    await desk.event(OUT, Answered)


async def test_a_withheld_number_is_asserted_to_a_carrier_and_not_shown(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, Presentation("+31207654321", withheld=True), desk.listener(OUT))
    call = await carrier.rings()
    assert "+31207654321" in call.headers["P-Asserted-Identity"]
    assert call.caller_number == "anonymous"


async def test_a_ring_tone_goes_along(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.phone("ben")
    shown = Presentation("201", "Jansen", ring_tone="alert-group")
    await world.switch.dial(OUT, TO_BEN, shown, desk.listener(OUT))
    assert "alert-group" in (await ben.rings()).headers["Alert-Info"]


async def test_calls_given_up_at_every_moment_of_their_beginning_leave_nothing(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    legs = [LegId(f"given-up-{number}") for number in range(20)]
    for number, leg in enumerate(legs):
        dialling = asyncio.create_task(world.switch.dial(leg, TO_CARRIER, JANSEN, desk.listener(leg)))
        await asyncio.sleep(number * 0.004)  # from before its channel exists until after it rings
        dialling.cancel()
        await world.switch.hang_up(leg, Cause.ANSWERED_ELSEWHERE)
    for leg in legs:
        assert isinstance(await desk.event(leg, Gone), Gone)
    async with asyncio.timeout(5):
        while await world.switch.survivors():  # noqa: ASYNC110 - Asterisk takes a moment to clear one away
            await asyncio.sleep(0.01)
    while True:  # those that reached the carrier have ended there
        try:
            call = await carrier.rings(timeout=0.3)
        except WaitedInVain:
            break
        assert (await call.ended()).code == 487  # why, is told only to one whose response has come (test_switch)
