"""An announcement plays its sound once and hangs up; no message can be left (ANN-1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from centrale.telephony.simulated import SimulatedPhone
from centrale.voice.prompts import Prompt
from centrale.voice.silent import SilentPrompts
from centrale.voice.speaker import SpeechUnavailable
from tests.scenarios.hearing import SENTENCE, heard, now, said, story, until, words
from tests.scenarios.world import Company, World


async def test_a_sound_is_played_once_and_the_exchange_hangs_up(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.extension("400", "announcement", "Opening hours", sound="hours.wav")
    call = await anna.dials("400")
    await call.answered()
    assert (await call.ended()).code == 200
    assert now() == SENTENCE
    assert call.heard == [(0, f"/sounds/{acme.id}/hours")]  # a path without its extension, of the own account
    await world.over()
    assert (world.last_record["outcome"], world.last_record["ended_by"]) == ("served", "exchange")
    assert story(world.last_record) == [
        "0.0 dialled: extension 400",
        "0.0 announcement: 400 Opening hours: plays hours.wav",
        "0.0 answer: the exchange answered the caller",
        "0.0 play: hours.wav",
    ]


@pytest.mark.parametrize("language", [None, "de"])
async def test_a_text_is_spoken_in_its_language(
    world: World, acme: Company, anna: SimulatedPhone, language: str | None
) -> None:
    acme.extension("400", "announcement", "Closed", text="Wij zijn gesloten.", language=language)
    call = await anna.dials("400")
    assert (await call.ended()).code == 200
    assert words(world, call) == ["Wij zijn gesloten."]
    assert call.heard[0][1].startswith(f"/silent/{language or 'nl'}/")
    await world.over()


async def test_an_outside_caller_hears_it_too(world: World, acme: Company) -> None:
    carrier = await world.carrier("carrier", acme)
    acme.extension("400", "announcement", "Opening hours", sound="hours.wav")
    acme.number("+31201110400", "400")
    call = await carrier.calls("+31201110400", caller="+31612345678")
    await call.ended()
    assert said(call) == ["hours"]
    await world.over()
    assert world.last_record["direction"] == "inbound"


async def test_keys_and_patience_change_nothing(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("400", "announcement", "Opening hours", sound="hours.wav")
    call = await anna.dials("400")
    await call.press("123#")
    await call.ended()
    assert heard(call) == [(0, "hours")]
    assert now() == SENTENCE
    await world.over()


async def test_a_sound_that_is_not_there_is_told_in_the_record(acme: Company) -> None:
    world = World(duration=lambda sound: None if sound.endswith("/gone") else SENTENCE)
    acme = world.company()
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201")
    acme.extension("400", "announcement", "Opening hours", sound="gone.wav")
    call = await anna.dials("400")
    await call.ended()
    assert call.heard == []
    await world.over()
    assert "0.0 play: gone.wav could not be played: there is no such file" in story(world.last_record)


async def test_who_has_heard_enough_hangs_up(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("400", "announcement", "Opening hours", sound="hours.wav")
    call = await anna.dials("400")
    await until(1)
    await call.hang_up()
    await world.over()
    assert (world.last_record["outcome"], world.last_record["ended_by"]) == ("abandoned", "caller")
    assert world.last_record["ended"] == "2026-11-23T08:00:01.000+00:00"


class Hoarse(SilentPrompts):
    """A voice that cannot speak now."""

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> Path:
        raise SpeechUnavailable("the voice program is gone")

    async def speech(self, text: str, language: str, /) -> Path:
        raise SpeechUnavailable("the voice program is gone")


async def test_a_text_that_cannot_be_spoken_is_a_fault_that_the_record_tells(acme: Company) -> None:
    world = World(prompts=Hoarse())
    acme = world.company()
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201")
    acme.extension("400", "announcement", "Closed", text="Wij zijn gesloten.")
    call = await anna.dials("400")
    await call.ended()
    await world.over()
    assert world.last_record["outcome"] == "failed"
    assert any("the voice program is gone" in line for line in story(world.last_record))


async def test_without_a_voice_calls_go_on_in_silence(acme: Company) -> None:
    world = World(prompts=Hoarse())
    acme = world.company()
    acme.user("201", "Anna Jansen", pin="2580")
    hall = await acme.phone("hall")
    call = await hall.dials("901")
    await call.press("201#2580#")
    await call.ended(timeout=30)
    await world.over()
    assert acme.is_logged_on("201") == ["hall"]
    assert any("could not be spoken" in line for line in story(world.last_record))
