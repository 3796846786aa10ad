"""What a switch promises when the connection to it is lost and made again, and when our process is killed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from centrale.telephony.switch import (
    RETURN_SECONDS,
    Answered,
    BridgeId,
    Cause,
    Digit,
    Gone,
    LegGone,
    LegId,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
    Ringing,
    Survivor,
    SwitchDown,
    ToPhone,
)
from tests.contract.desk import Desk
from tests.contract.stories import JANSEN, OUT, anna_calls, ben_rings, hear_nothing, they_talk
from tests.contract.worlds import TO_BEN, TO_CARRIER, TONES, SwitchWorld


async def test_without_a_connection_verbs_say_so(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    switch, leg = world.switch, arrival.leg
    assert switch.up()
    await world.connection_breaks()
    assert not switch.up()
    for act in (switch.ring, switch.answer):
        with pytest.raises(SwitchDown):
            await act(leg)
    with pytest.raises(SwitchDown):
        await switch.play(leg, PlaybackId("p6"), [world.sound])
    with pytest.raises(SwitchDown):
        await switch.connect(BridgeId("b"), [leg])
    with pytest.raises(SwitchDown):
        await switch.survivors()
    await world.connection_returns()
    assert switch.up()
    await switch.answer(leg)
    await call.answered()


async def test_dialling_without_a_connection_fails_as_every_dialling_does(world: SwitchWorld, desk: Desk) -> None:
    await world.phone("ben")
    await world.connection_breaks()
    await world.switch.dial(OUT, ToPhone("ben"), JANSEN, desk.listener(OUT))
    assert (await desk.event(OUT, Gone)).cause is Cause.FAILURE


async def test_a_talk_outlives_the_connection(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    await world.connection_breaks()
    await talk.anna.hears_tone(TONES["ben"])
    await talk.ben.hears_tone(TONES["anna"])
    await world.connection_returns()
    assert await world.switch.survivors() == []
    await talk.anna.press("5")
    assert (await desk.event(talk.leg, Digit)).digit == "5"
    await talk.anna.hang_up()
    assert (await desk.event(talk.leg, Gone)).cause is Cause.NORMAL
    await world.switch.hang_up(OUT)
    await talk.ben.ended()


async def test_who_leaves_meanwhile_is_gone_afterwards(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk)
    await world.connection_breaks()
    await call.hang_up()
    await call.ended()
    await world.connection_returns()
    assert isinstance(await desk.event(arrival.leg, Gone), Gone)
    await rings.answer()  # the other one did not leave
    await desk.event(OUT, Answered)


async def test_an_answer_of_a_carrier_that_came_meanwhile_is_told_afterwards(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, JANSEN, desk.listener(OUT))
    rings = await carrier.rings()
    await world.connection_breaks()
    await rings.answer()
    await rings.answered()
    await world.connection_returns()
    await desk.event(OUT, Answered)


async def test_a_phone_that_answers_meanwhile_does_not_wait_in_silence(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    await world.connection_breaks()
    await rings.answer()
    await rings.ended()
    await world.connection_returns()
    assert (await desk.event(OUT, Answered, Gone)).cause is Cause.FAILURE


async def test_a_phone_that_rings_on_meanwhile_can_be_answered_afterwards(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk, arrival)
    await world.connection_breaks()
    await world.connection_returns()
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId("afterwards"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])


async def test_a_phone_that_begins_to_ring_meanwhile_is_told_afterwards(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.quiet_phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    rings = await ben.rings()
    await world.connection_breaks()
    rings.ring()
    await asyncio.sleep(0.1)  # Asterisk hears it and tells nobody
    await world.connection_returns()
    await desk.event(OUT, Ringing)
    await rings.decline()
    assert (await desk.event(OUT, Gone)).cause is Cause.BUSY


async def test_a_sound_that_ended_meanwhile_is_told_afterwards(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p7"), [world.sound])
    await call.hears_speech()
    await world.connection_breaks()
    await asyncio.sleep(1.1)  # the sound lasts one second
    await world.connection_returns()
    assert (await desk.event(arrival.leg, PlaybackEnded)).playback == "p7"


async def test_what_was_to_end_meanwhile_ends_afterwards(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678")
    waiting = await desk.arrival()
    await world.switch.answer(waiting.leg)
    await world.switch.play(waiting.leg, PlaybackId("p8"), [world.sound] * 60)
    await world.connection_breaks()
    await world.switch.stop_playback(PlaybackId("p8"))
    await world.switch.dissolve(talk.bridge)
    await world.connection_returns()
    assert (await desk.event(waiting.leg, PlaybackEnded)).playback == "p8"
    await hear_nothing(talk.anna, talk.ben)


async def test_who_is_hung_up_meanwhile_is_hung_up_afterwards(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    await world.connection_breaks()
    await world.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    await world.connection_returns()
    assert (await rings.ended()).answered_elsewhere
    assert (await desk.event(OUT, Gone)).cause is Cause.ANSWERED_ELSEWHERE


async def test_who_calls_meanwhile_is_served_when_we_return(world: SwitchWorld, desk: Desk) -> None:
    anna = await world.phone("anna")
    await world.connection_breaks()
    call = await anna.dials("202")
    await call.ringing()
    await world.connection_returns()
    arrival = await desk.arrival()
    assert arrival.dialled == "202"
    await world.switch.answer(arrival.leg)
    await call.answered()


async def test_who_calls_and_gives_up_meanwhile_does_not_arrive(world: SwitchWorld, desk: Desk) -> None:
    anna = await world.phone("anna")
    await world.connection_breaks()
    call = await anna.dials("202")
    await call.ringing()
    await call.hang_up()
    await world.connection_returns()
    await anna.dials("203")
    assert (await desk.arrival()).dialled == "203"


async def test_who_calls_while_we_stay_away_is_told_to_try_again(world: SwitchWorld, desk: Desk) -> None:
    anna = await world.phone("anna")
    await world.connection_breaks()
    call = await anna.dials("202")
    assert (await call.ended(timeout=RETURN_SECONDS + 5)).code == 503
    await world.connection_returns()
    await anna.dials("203")
    assert (await desk.arrival()).dialled == "203"


async def test_a_new_process_finds_who_is_there(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678")
    waiting = await desk.arrival()

    switch = await world.exchange_is_killed()
    desk = Desk(switch)
    found = {survivor.leg: survivor for survivor in await switch.survivors()}
    assert {leg: replace(survivor, arrival=None) for leg, survivor in found.items()} == {
        talk.leg: Survivor(talk.leg, True, talk.bridge),
        OUT: Survivor(OUT, True, talk.bridge),
        waiting.leg: Survivor(waiting.leg, False, None),
    }
    assert found[waiting.leg].arrival == waiting
    assert found[OUT].arrival is None
    for leg in found:
        await switch.listen(leg, desk.listener(leg))
    assert await switch.survivors() == []
    await talk.anna.hears_tone(TONES["ben"])
    await talk.ben.press("7")
    assert (await desk.event(OUT, Digit)).digit == "7"
    await talk.ben.hang_up()
    assert (await desk.event(OUT, Gone)).cause is Cause.NORMAL
    await switch.hang_up(talk.leg)
    assert (await talk.anna.ended()).code == 200
    await switch.hang_up(waiting.leg, Cause.CONGESTION)
    await desk.event(waiting.leg, Gone)


async def test_a_caller_who_waited_is_served_by_the_new_process(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    switch = await world.exchange_is_killed()
    desk = Desk(switch)
    await switch.listen(arrival.leg, desk.listener(arrival.leg))
    await switch.play(arrival.leg, PlaybackId("p9"), [world.sound])
    await call.hears_speech()
    await desk.event(arrival.leg, PlaybackEnded)
    await switch.answer(arrival.leg)
    await call.answered()


async def test_a_new_process_finds_a_phone_that_rings_and_ends_it(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    switch = await world.exchange_is_killed()
    desk = Desk(switch)
    assert await switch.survivors() == [Survivor(OUT, False, None)]
    await switch.listen(OUT, desk.listener(OUT))
    await switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    assert (await rings.ended()).answered_elsewhere
    assert (await desk.event(OUT, Gone)).cause is Cause.ANSWERED_ELSEWHERE
    assert await switch.survivors() == []


async def test_a_new_process_hears_that_a_phone_answers(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    switch = await world.exchange_is_killed()
    desk = Desk(switch)
    await switch.listen(OUT, desk.listener(OUT))
    await rings.answer()
    await desk.event(OUT, Answered)
    await switch.play(OUT, PlaybackId("p10"), [world.sound])
    await rings.hears_speech()


async def test_a_leg_that_nobody_has_cannot_be_listened_to(world: SwitchWorld, desk: Desk) -> None:
    with pytest.raises(LegGone):
        await world.switch.listen(LegId("nobody"), desk.listener(LegId("nobody")))


async def test_a_recording_goes_on_for_the_new_process(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await world.switch.record(arrival.leg, RecordingId("r8"), longest=60, silence=20)

    switch = await world.exchange_is_killed()
    desk = Desk(switch)
    await switch.listen(arrival.leg, desk.listener(arrival.leg))
    assert await switch.goes_on_recording(arrival.leg, RecordingId("r8"))
    assert not await switch.goes_on_recording(arrival.leg, RecordingId("another"))
    await call.press("#")
    assert (await desk.event(arrival.leg, RecordingEnded)).recording == "r8"
    assert not await switch.goes_on_recording(arrival.leg, RecordingId("r8"))
    await switch.hang_up(arrival.leg)
    await desk.event(arrival.leg, Gone)
    with pytest.raises(LegGone):
        await switch.goes_on_recording(arrival.leg, RecordingId("r8"))
