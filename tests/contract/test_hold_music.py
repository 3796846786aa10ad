"""What a switch promises of music on hold (MOH-1, QUE-12)."""

from __future__ import annotations

import pytest

from centrale.phones.phone import PhoneError
from centrale.telephony.switch import Answered, BridgeId, Gone, LegGone, PlaybackEnded, PlaybackId
from tests.contract.desk import Desk
from tests.contract.stories import OUT, anna_calls, ben_rings, hear_nothing
from tests.contract.worlds import TONES, SwitchWorld

OURS, THEIRS, NEW = 500, 900, 1200
HELLO = 440


async def test_a_waiting_caller_hears_the_playlist_until_it_is_stopped(world: SwitchWorld, desk: Desk) -> None:
    await world.has_music(ours=OURS, theirs=THEIRS)
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(OURS)
    await world.switch.stop_music(arrival.leg)
    await hear_nothing(call)
    await world.switch.stop_music(arrival.leg)


async def test_who_waits_next_hears_what_the_playlist_is_now(world: SwitchWorld, desk: Desk) -> None:
    await world.has_music(ours=OURS)
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(OURS)
    await world.switch.stop_music(arrival.leg)
    await world.has_music(ours=NEW)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(NEW)


async def test_without_a_playlist_the_usual_music_is_heard(world: SwitchWorld, desk: Desk) -> None:
    await world.has_music()
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.start_music(arrival.leg, "gone")
    await call.hears_speech()
    await world.switch.stop_music(arrival.leg)
    await hear_nothing(call)
    await world.switch.start_music(arrival.leg, None)
    await call.hears_speech()


async def test_a_sound_ends_the_music(world: SwitchWorld, desk: Desk) -> None:
    await world.has_music(ours=OURS)
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(OURS)
    await world.switch.play(arrival.leg, PlaybackId("p7"), [world.sound])
    await desk.event(arrival.leg, PlaybackEnded)
    await hear_nothing(call)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(OURS)


async def test_who_is_connected_hears_the_other_and_no_music(world: SwitchWorld, desk: Desk) -> None:
    await world.has_music(ours=OURS)
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.start_music(arrival.leg, "ours")
    await call.hears_tone(OURS)
    _, rings = await ben_rings(world, desk, arrival)
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.connect(BridgeId(f"talk-{arrival.leg}"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])
    await rings.hears_tone(TONES["anna"])
    with pytest.raises(PhoneError):
        await call.hears_tone(OURS, within=1.0)


async def test_music_for_who_hung_up(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await call.hang_up()
    await desk.event(arrival.leg, Gone)
    with pytest.raises(LegGone):
        await world.switch.start_music(arrival.leg, "ours")
    await world.switch.stop_music(arrival.leg)
