"""What a switch promises of the phones that it calls: how they ring, answer, refuse and are given up."""

from __future__ import annotations

import asyncio

import pytest

from centrale.telephony.switch import (
    Answered,
    BridgeId,
    Cause,
    EarlyMedia,
    Gone,
    LegGone,
    LegId,
    PlaybackId,
    Presentation,
    Ringing,
)
from tests.contract.desk import Desk
from tests.contract.stories import JANSEN, OUT, anna_calls, ben_rings
from tests.contract.worlds import TO_BEN, TONES, SwitchWorld


async def test_a_phone_that_answers_at_once_can_be_connected_at_once(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    ben = await world.quiet_phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT), arrival.leg)
    picked_up = await ben.rings()
    await picked_up.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId("at-once"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])
    await picked_up.hears_tone(TONES["anna"])
    assert [type(event) for event in desk.told[OUT]] == [Answered]


async def test_sound_before_the_answer_of_a_phone_is_ringing(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.quiet_phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    rings = await ben.rings()
    await rings.early()
    assert isinstance(await desk.event(OUT, Ringing, EarlyMedia), Ringing)
    await rings.answer()
    await desk.event(OUT, Answered)
    assert [type(event) for event in desk.told[OUT]] == [Ringing, Answered]


async def test_a_phone_that_rings_takes_part_in_nothing_yet(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk, arrival)
    await desk.event(OUT, Ringing)
    with pytest.raises(LegGone):
        await world.switch.play(OUT, PlaybackId("early"), [world.sound])
    with pytest.raises(LegGone):
        await world.switch.connect(BridgeId("early"), [arrival.leg, OUT])
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId("in-time"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        (486, Cause.BUSY),
        (603, Cause.DECLINED),
        (480, Cause.UNREACHABLE),
        (404, Cause.UNKNOWN_NUMBER),
        (488, Cause.INCOMPATIBLE),
        (503, Cause.CONGESTION),
    ],
)
async def test_why_a_phone_refuses_is_told(world: SwitchWorld, desk: Desk, code: int, cause: Cause) -> None:
    ben = await world.quiet_phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    await (await ben.rings()).decline(code)
    gone = await desk.event(OUT, Gone)
    assert (gone.cause, gone.code) == (cause, code)


async def test_a_phone_is_not_shown_who_diverted_a_call_to_us(world: SwitchWorld, desk: Desk) -> None:
    carrier, ben = await world.carrier(), await world.quiet_phone("ben")
    await carrier.calls("31201234567", caller="+31612345678", name="Piet", diverted_from="+31201112222")
    arrival = await desk.arrival()
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT), arrival.leg)
    rings = await ben.rings()
    assert rings.headers.get("Diversion") == ""
    assert (rings.caller_number, rings.caller_name) == ("201", "Jansen")


async def test_dialling_for_a_caller_who_has_gone_fails_as_every_dialling_does(world: SwitchWorld, desk: Desk) -> None:
    await world.phone("ben")
    call, arrival = await anna_calls(world, desk)
    await call.hang_up()
    await desk.event(arrival.leg, Gone)
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT), arrival.leg)
    await world.switch.hang_up(OUT, Cause.NO_ANSWER)
    assert isinstance(await desk.event(OUT, Gone), Gone)


async def test_an_answer_that_crosses_our_giving_up_leaves_nothing(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.quiet_phone("ben")
    for number in range(8):
        leg = LegId(f"crossing-{number}")
        await world.switch.dial(leg, TO_BEN, JANSEN, desk.listener(leg))
        rings = await ben.rings()
        answering = asyncio.create_task(rings.answer())
        await asyncio.sleep(number * 0.002)  # from before its answer arrives until after it is in our application
        await world.switch.hang_up(leg, Cause.ANSWERED_ELSEWHERE)
        assert isinstance(await desk.event(leg, Gone), Gone)
        await asyncio.gather(answering, return_exceptions=True)  # in time, or too late
        await rings.ended()
    async with asyncio.timeout(5):
        while await world.switch.survivors():  # noqa: ASYNC110 - Asterisk takes a moment to clear one away
            await asyncio.sleep(0.01)


async def test_a_phone_that_talks_shows_whom_it_is_told_to(world: SwitchWorld, desk: Desk) -> None:
    """The one that called and the one that was called; being connected changes neither display (QUE-25)."""
    anna = await world.quiet_phone("anna")
    call = await anna.dials("*8300")
    arrival = await desk.arrival()
    await world.switch.answer(arrival.leg)
    await call.answered()
    _, rings = await ben_rings(world, desk, arrival)
    await rings.answer()
    await desk.event(OUT, Answered)
    before = call.caller_number
    await world.switch.connect(BridgeId("shown"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])
    assert (call.caller_number, rings.caller_number, rings.caller_name) == (before, "201", "Jansen")

    await world.switch.show(arrival.leg, Presentation("+31612345678", "Support: Müller"))
    await call.shows("+31612345678", "Support: Müller")
    await world.switch.show(arrival.leg, Presentation("202", "de Vries"))
    await call.shows("202", "de Vries")
    await rings.hears_tone(TONES["anna"])
    assert (rings.caller_number, rings.caller_name) == ("201", "Jansen")
    await call.hang_up()
    await rings.hang_up()


async def test_nobody_shows_anything_on_a_phone_that_has_gone(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await call.hang_up()
    await desk.event(arrival.leg, Gone)
    with pytest.raises(LegGone):
        await world.switch.show(arrival.leg, JANSEN)
