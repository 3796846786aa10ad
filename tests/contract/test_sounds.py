"""What a switch promises of sounds played and keys pressed."""

from __future__ import annotations

import asyncio

import pytest

from centrale.telephony.switch import (
    Cause,
    Digit,
    Gone,
    LegGone,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
)
from tests.contract.desk import Desk
from tests.contract.stories import OUT, anna_calls, they_talk
from tests.contract.worlds import SwitchWorld


async def test_keys_pressed_in_a_talk_are_told_and_heard_by_the_other(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    await talk.anna.press("#6")
    assert [(await desk.event(talk.leg, Digit)).digit for _ in range(2)] == ["#", "6"]
    await talk.ben.hears_digits("#6")
    await talk.ben.press("*")
    assert (await desk.event(OUT, Digit)).digit == "*"


async def test_keys_are_heard(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await call.press("4*#")
    assert [(await desk.event(arrival.leg, Digit)).digit for _ in range(3)] == ["4", "*", "#"]


async def test_a_sound_is_played_to_its_end(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p1"), [world.sound, world.sound])
    await call.hears_speech()
    ended = await desk.event(arrival.leg, PlaybackEnded)
    assert (ended.playback, ended.failed) == ("p1", False)


async def test_a_sound_that_is_not_there_is_told(world: SwitchWorld, desk: Desk) -> None:
    _, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p5"), [world.missing_sound])
    ended = await desk.event(arrival.leg, PlaybackEnded)
    assert (ended.playback, ended.failed) == ("p5", True)


async def test_a_sound_is_heard_before_the_answer(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.play(arrival.leg, PlaybackId("p2"), [world.sound])
    await call.hears_speech()
    await desk.event(arrival.leg, PlaybackEnded)
    await world.switch.hang_up(arrival.leg, Cause.UNKNOWN_NUMBER)
    assert (await call.ended()).code == 404


async def test_a_sound_can_be_stopped(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p3"), [world.sound] * 60)
    await call.hears_speech()
    await world.switch.stop_playback(PlaybackId("p3"))
    assert (await desk.event(arrival.leg, PlaybackEnded)).playback == "p3"
    await world.switch.stop_playback(PlaybackId("p3"))


# -- recordings ------------------------------------------------------------------------------------------------------


async def test_what_is_said_is_recorded_up_to_the_hash(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await world.switch.record(arrival.leg, RecordingId("r1"), longest=60, silence=20)
    await asyncio.sleep(1.5)
    await call.press("#")
    ended = await desk.event(arrival.leg, RecordingEnded)
    assert (ended.recording, ended.failed) == ("r1", False)
    world.holds_tone(world.switch.recorded(RecordingId("r1")), "anna", at_least=1.0)


async def test_a_recording_ends_after_its_longest_time(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await world.switch.record(arrival.leg, RecordingId("r2"), longest=1, silence=20)
    assert (await desk.event(arrival.leg, RecordingEnded)).recording == "r2"
    world.holds_tone(world.switch.recorded(RecordingId("r2")), "anna", at_least=0.5)


async def test_a_recording_can_be_stopped(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await world.switch.record(arrival.leg, RecordingId("r3"), longest=60, silence=20)
    await asyncio.sleep(1)
    await world.switch.stop_recording(RecordingId("r3"))
    await desk.event(arrival.leg, RecordingEnded)
    await world.switch.stop_recording(RecordingId("r3"))  # again: nothing happens


async def test_who_hangs_up_has_been_recorded_until_then(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await world.switch.record(arrival.leg, RecordingId("r4"), longest=60, silence=20)
    await asyncio.sleep(1.5)
    await call.hang_up()
    await desk.event(arrival.leg, RecordingEnded)
    await desk.event(arrival.leg, Gone)
    told = [type(event) for event in desk.told[arrival.leg]]
    assert told.index(RecordingEnded) < told.index(Gone)
    world.holds_tone(world.switch.recorded(RecordingId("r4")), "anna", at_least=0.8)


async def test_nobody_is_recorded_who_has_gone(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await call.hang_up()
    await desk.event(arrival.leg, Gone)
    with pytest.raises(LegGone):
        await world.switch.record(arrival.leg, RecordingId("r5"), longest=60, silence=20)
