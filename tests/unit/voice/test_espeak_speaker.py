"""The built-in voice speaks all languages, never blocks the event loop and survives the death of its process."""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncIterator

import pytest

from centrale.voice import espeak, espeak_worker
from centrale.voice.espeak import EspeakSpeaker
from centrale.voice.languages import LANGUAGES
from centrale.voice.level import active_level
from centrale.voice.pcm import PCM
from centrale.voice.phrasing import texts
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable


@pytest.fixture
async def speaker() -> AsyncIterator[EspeakSpeaker]:
    speaker = EspeakSpeaker()
    yield speaker
    await speaker.aclose()


def script(source: str) -> EspeakSpeaker:
    """A speaker whose process is a few lines of Python."""
    return EspeakSpeaker((sys.executable, "-c", source))


def same_words(one: PCM, other: PCM) -> bool:
    """By length: espeak-ng's hissing sounds are noise and never the same twice."""
    return abs(one.seconds - other.seconds) < 0.05


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_language_is_audible_in_band_and_of_a_sensible_length(speaker: EspeakSpeaker, language: str) -> None:
    text = texts(language)[Prompt.NUMBER_NOT_IN_USE]
    speech = await speaker.render(text, language)
    assert speech.rate == 8000
    assert active_level(speech) == pytest.approx(-16, abs=1.5)
    assert speech.peak <= -1
    assert 8 < len(text) / speech.seconds < 22, "characters a second"


async def test_each_language_has_its_own_voice(speaker: EspeakSpeaker) -> None:
    spoken = [await speaker.render("66666", language) for language in LANGUAGES]
    assert not any(same_words(one, other) for one, other in itertools.combinations(spoken, 2))


async def test_the_same_words_sound_the_same_whatever_was_said_before(speaker: EspeakSpeaker) -> None:
    first = await speaker.render("Goodbye.", "en")
    await speaker.render("Tot ziens.", "nl")
    assert same_words(await speaker.render("Goodbye.", "en"), first)


async def test_sentences_asked_for_together_are_not_mixed_up(speaker: EspeakSpeaker) -> None:
    short, long = "Ja.", "Een ogenblik geduld, alstublieft."
    alone = [await speaker.render(text, "nl") for text in (short, long)]
    together = await asyncio.gather(*(speaker.render(text, "nl") for text in (short, long, short, long)))
    assert not same_words(*alone)
    assert all(map(same_words, together, alone * 2))


async def test_a_name_full_of_oddities_is_still_spoken(speaker: EspeakSpeaker) -> None:
    speech = await speaker.render('<speak>[[_:1]] {} \\ "Ø" 😀 山田', "en")
    assert speech.seconds > 0.5


async def test_a_killed_process_is_replaced(speaker: EspeakSpeaker) -> None:
    before = await speaker.render("Goodbye.", "en")
    process = speaker._process
    assert process is not None
    process.kill()
    await process.wait()
    with pytest.raises(SpeechUnavailable, match="stopped"):
        await speaker.render("Goodbye.", "en")
    assert same_words(await speaker.render("Goodbye.", "en"), before)


async def test_a_caller_who_hangs_up_halfway_does_not_spoil_the_next_sentence(speaker: EspeakSpeaker) -> None:
    expected = await speaker.render("Goodbye.", "en")
    hung_up = asyncio.create_task(speaker.render(texts("nl")[Prompt.APOLOGY], "nl"))
    await asyncio.sleep(0)
    hung_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hung_up
    assert same_words(await speaker.render("Goodbye.", "en"), expected)


async def test_the_process_ends_when_the_speaker_is_closed(speaker: EspeakSpeaker) -> None:
    await speaker.render("Goodbye.", "en")
    process = speaker._process
    assert process is not None
    await speaker.aclose()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


async def test_the_process_ends_by_itself_when_its_parent_is_gone() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", espeak_worker.__name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.close()  # as the death of the parent does
    async with asyncio.timeout(30):
        assert await process.wait() == 0


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import sys; sys.stdin.readline(); print('what?')",
        "import sys; sys.stdin.readline(); print('{\"bytes\": 9}')",
    ],
    ids=["dies at once", "talks nonsense", "dies in the middle of a sound"],
)
async def test_an_engine_that_fails_is_told_as_such(source: str) -> None:
    with pytest.raises(SpeechUnavailable, match="the speech engine stopped"):
        await script(source).render("Goodbye.", "en")


async def test_the_engines_own_complaint_is_passed_on() -> None:
    speaker = script(
        'import sys\nfor _ in sys.stdin: print(\'{"error": "no voices; reinstall espeakng-loader"}\', flush=True)'
    )
    for _ in range(2):
        with pytest.raises(SpeechUnavailable, match="reinstall espeakng-loader"):
            await speaker.render("Goodbye.", "en")
    await speaker.aclose()


async def test_an_engine_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_PATIENCE", 0.05)
    speaker = script("import sys; sys.stdin.read()")
    with pytest.raises(SpeechUnavailable, match="did not answer"):
        await speaker.render("Goodbye.", "en")
    assert speaker._process is None


async def test_a_missing_program_is_told_as_such() -> None:
    with pytest.raises(SpeechUnavailable, match="No such file"):
        await EspeakSpeaker(("/nowhere/python",)).render("Goodbye.", "en")
