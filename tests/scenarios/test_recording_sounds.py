"""905: a sound is recorded by phone, heard, and kept or recorded again (SYS-6)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from centrale.telephony.switch import RecordingId
from tests.scenarios.hearing import answers, said, story
from tests.scenarios.world import Company, World


async def speaks(phone_call: SimulatedCall, seconds: float, *, time: int = 1) -> None:
    """Wait for the beep, speak, and end with a hash."""

    def beeped() -> bool | None:
        return said(phone_call).count("beep") >= time or None

    await phone_call.happenings.until(beeped, 60, lambda: f"no beep; heard: {said(phone_call)}")
    await asyncio.sleep(2.0)  # the beep
    phone_call.speaks(seconds)
    await asyncio.sleep(seconds)
    await phone_call.press("#")


async def test_a_recording_is_heard_and_kept_with_its_maker(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("905")
    await speaks(call, 6)
    await answers(call, "sound_choice", "1")
    await call.ended(60)
    await world.over()
    ((account, file, maker),) = world.books.sounds
    assert (account, maker) == (acme.id, "user 201")
    (record,) = world.records
    assert record["outcome"] == "served"
    assert said(call) == ["record_sound", "beep", file.removesuffix(".wav"), "sound_choice", "sound_kept"]
    assert story(record) == [
        "0.0 dialled: service 905",
        "0.0 answer: the exchange answered the caller",
        "0.0 say: record_sound",
        "10.0 record: 6 s",
        f"10.0 play: {file}",
        "14.0 ask: 1",
        f"14.0 sound: kept as {file}",
        "14.0 say: sound_kept",
    ]


async def test_it_is_recorded_again_and_heard_again_as_often_as_one_likes(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    call = await anna.dials("905")
    await speaks(call, 3)
    await answers(call, "sound_choice", "2")
    await speaks(call, 4, time=2)
    await answers(call, "sound_choice", "3", time=2)
    await answers(call, "sound_choice", "1", time=3)
    await call.ended(60)
    await world.over()
    ((_, kept, _),) = world.books.sounds
    takes = [name for name in said(call) if name.startswith("sound-")]
    assert len(set(takes)) == 2
    assert takes == [takes[0], takes[1], takes[1]]
    assert kept == f"{takes[1]}.wav", "the second one"


async def test_nothing_is_kept_of_who_hangs_up_or_does_not_choose(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("905")
    await speaks(call, 3)
    await call.hears("sound_choice")
    await call.hang_up()
    other = await ben.dials("905")
    await speaks(other, 3)
    await answers(other, "sound_choice", "7")
    await other.ended(60)
    await world.over()
    assert world.books.sounds == []
    assert said(other)[3:] == ["sound_choice", "invalid_choice", *["sound_choice", "no_input"] * 2, "goodbye"]


async def test_a_take_that_is_not_kept_leaves_no_file(
    world: World, acme: Company, anna: SimulatedPhone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recorded(recording: RecordingId) -> Path:
        (tmp_path / f"{recording}.wav").write_bytes(b"RIFF")
        return tmp_path / f"{recording}.wav"

    monkeypatch.setattr(world.switch, "recorded", recorded)
    call = await anna.dials("905")
    await speaks(call, 3)
    await answers(call, "sound_choice", "2")
    await speaks(call, 3, time=2)
    await call.hears("sound_choice")
    assert len(os.listdir(tmp_path)) == 1, "the first take went when it was recorded again"
    await call.hang_up()
    cut_short = await anna.dials("905")
    await cut_short.hears("beep")
    await asyncio.sleep(3)
    await cut_short.hang_up()
    await world.over()
    assert os.listdir(tmp_path) == []


async def test_a_forgotten_hash_ends_with_silence(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("905")
    await call.hears("beep")
    await asyncio.sleep(2.0)
    call.speaks(5)
    await answers(call, "sound_choice", "1")
    await call.ended(60)
    await world.over()
    assert len(world.books.sounds) == 1
    assert "24.0 record: 20 s" in story(world.records[0])


async def test_what_cannot_be_kept_now_can_be_tried_again(world: World, acme: Company, anna: SimulatedPhone) -> None:
    world.books.disk_is_full = True
    call = await anna.dials("905")
    await speaks(call, 3)
    await answers(call, "sound_choice", "1")
    await call.hears("try_later")
    world.books.disk_is_full = False
    await answers(call, "sound_choice", "1", time=2)
    await call.ended(60)
    await world.over()
    assert len(world.books.sounds) == 1
    assert "sound: could not be kept now" in " ".join(story(world.records[0]))


async def test_nobody_logged_on_records_nothing(world: World, acme: Company) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials("905")
    await call.ended(60)
    await world.over()
    assert said(call) == ["log_on_first"]
