"""A prompt is made once, found again, replaced by one's own recording, and its absence never ends a call."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from centrale.voice import library as library_module
from centrale.voice import tones
from centrale.voice.espeak import EspeakSpeaker
from centrale.voice.languages import LANGUAGES
from centrale.voice.library import PromptLibrary
from centrale.voice.pcm import PCM, read_wav, write_wav
from centrale.voice.phrasing import placeholders
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable


class Parrot:
    """A speaker that beeps for a tenth of a second, remembers what it said, and can be held up or broken."""

    def __init__(self) -> None:
        self.identity = "parrot"
        self.said: list[tuple[str, str]] = []
        self.asked = asyncio.Event()
        self.broken = False
        self.free = asyncio.Event()
        self.free.set()
        self.closed = False

    async def render(self, text: str, language: str) -> PCM:
        self.said.append((language, text))
        self.asked.set()
        await self.free.wait()
        if self.broken:
            raise SpeechUnavailable("the parrot is dead")
        return tones.tone(1000, seconds=0.1)

    async def aclose(self) -> None:
        self.closed = True


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
def library(tmp_path: Path, parrot: Parrot) -> PromptLibrary:
    return PromptLibrary(tmp_path / "sounds", parrot)


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def wav(sound: Path) -> Path:
    return Path(f"{sound}.wav")


async def test_a_prompt_is_made_at_first_use_and_found_afterwards(
    library: PromptLibrary, parrot: Parrot, tmp_path: Path
) -> None:
    sound = await library.sound(Prompt.GOODBYE, "nl")
    assert sound.is_absolute()
    assert sound.parent == tmp_path / "sounds" / "nl"
    assert sound.name.startswith("goodbye-")
    assert read_wav(wav(sound)).rate == 8000
    assert library.duration(sound) == pytest.approx(0.1)
    assert await library.sound(Prompt.GOODBYE, "nl") == sound
    assert parrot.said == [("nl", "Tot ziens.")]


async def test_recordings_outlive_the_process(library: PromptLibrary, parrot: Parrot, tmp_path: Path) -> None:
    before = await library.sound(Prompt.GOODBYE, "nl")
    assert await PromptLibrary(tmp_path / "sounds", parrot).sound(Prompt.GOODBYE, "nl") == before
    assert len(parrot.said) == 1


async def test_another_voice_speaks_everything_anew(library: PromptLibrary, parrot: Parrot) -> None:
    before = await library.sound(Prompt.GOODBYE, "nl")
    parrot.identity = "nightingale"
    assert await library.sound(Prompt.GOODBYE, "nl") != before
    assert len(parrot.said) == 2


async def test_each_set_of_values_is_a_sound_of_its_own(library: PromptLibrary) -> None:
    jansen = await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="201")
    bakker = await library.sound(Prompt.LOGGED_ON, "nl", name="Bakker", extension="202")
    assert jansen != bakker
    assert await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="201") == jansen


async def test_a_name_never_reaches_the_file_system(library: PromptLibrary, tmp_path: Path) -> None:
    sound = await library.sound(Prompt.LOGGED_ON, "nl", name="../../etc/passwd", extension="201")
    assert sound.parent == tmp_path / "sounds" / "nl"
    assert "passwd" not in sound.name


async def test_callers_who_ask_together_wait_for_one_rendering(library: PromptLibrary, parrot: Parrot) -> None:
    parrot.free.clear()
    callers = [asyncio.create_task(library.sound(Prompt.BUSY, "de")) for _ in range(20)]
    await parrot.asked.wait()
    parrot.free.set()
    sounds = await asyncio.gather(*callers)
    assert len(set(sounds)) == 1
    assert len(parrot.said) == 1


async def test_the_others_still_hear_it_when_the_first_caller_hangs_up(library: PromptLibrary, parrot: Parrot) -> None:
    parrot.free.clear()
    first, second = (asyncio.create_task(library.sound(Prompt.BUSY, "de")) for _ in range(2))
    await parrot.asked.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    parrot.free.set()
    assert wav(await second).is_file()
    assert len(parrot.said) == 1


async def test_no_file_is_seen_before_it_is_whole(library: PromptLibrary, parrot: Parrot, tmp_path: Path) -> None:
    parrot.free.clear()
    caller = asyncio.create_task(library.sound(Prompt.BUSY, "de"))
    await parrot.asked.wait()
    assert files_below(tmp_path) == []
    parrot.free.set()
    await caller
    assert [file.name for file in (tmp_path / "sounds" / "de").iterdir()] == [wav(await caller).name]


@pytest.mark.parametrize(("tag", "folder"), [("nl-BE", "nl"), ("fr", "en"), ("DE", "de")])
async def test_an_unknown_language_is_answered_in_english(library: PromptLibrary, tag: str, folder: str) -> None:
    assert (await library.sound(Prompt.GOODBYE, tag)).parent.name == folder


async def test_an_uploaded_recording_wins_and_its_removal_brings_ours_back(
    library: PromptLibrary, parrot: Parrot
) -> None:
    ours = await library.sound(Prompt.GOODBYE, "nl")
    upload = library.override_file(Prompt.GOODBYE, "nl-NL")
    write_wav(upload, tones.tone(440, seconds=0.7))
    assert await library.sound(Prompt.GOODBYE, "nl") == upload.with_suffix("")
    assert library.override(Prompt.GOODBYE, "nl") == upload.with_suffix("")
    assert library.duration(await library.sound(Prompt.GOODBYE, "nl")) == pytest.approx(0.7)
    assert await library.sound(Prompt.GOODBYE, "en") != upload.with_suffix("")
    upload.unlink()
    assert library.override(Prompt.GOODBYE, "nl") is None
    assert await library.sound(Prompt.GOODBYE, "nl") == ours


async def test_a_recording_cannot_hide_a_name_or_number(library: PromptLibrary) -> None:
    upload = library.override_file(Prompt.LOGGED_ON, "nl")
    write_wav(upload, tones.beep())
    assert library.override(Prompt.LOGGED_ON, "nl") is None
    sound = await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="201")
    assert wav(sound) != upload


async def test_a_speaker_that_fails_is_told_to_every_waiting_caller_and_asked_again(
    library: PromptLibrary, parrot: Parrot, tmp_path: Path
) -> None:
    parrot.broken = True
    told = await asyncio.gather(*(library.sound(Prompt.BUSY, "de") for _ in range(3)), return_exceptions=True)
    assert [str(error) for error in told] == ["the parrot is dead"] * 3
    assert all(isinstance(error, SpeechUnavailable) for error in told)
    assert files_below(tmp_path) == []
    parrot.broken = False
    assert wav(await library.sound(Prompt.BUSY, "de")).is_file()


async def test_a_full_disk_says_what_to_do(library: PromptLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(library_module, "write_wav", disk_full)
    with pytest.raises(SpeechUnavailable, match="No space left on device; make room"):
        await library.sound(Prompt.BUSY, "de")


async def test_a_folder_that_cannot_be_made_says_what_to_do(parrot: Parrot, tmp_path: Path) -> None:
    (tmp_path / "sounds").write_text("a file where a folder should be")
    with pytest.raises(SpeechUnavailable, match="cannot be kept"):
        await PromptLibrary(tmp_path / "sounds", parrot).sound(Prompt.BUSY, "de")


async def test_wrong_values_are_a_mistake_of_the_caller_and_make_nothing(
    library: PromptLibrary, parrot: Parrot
) -> None:
    with pytest.raises(ValueError, match="extension"):
        await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen")
    assert parrot.said == []


async def test_warming_makes_every_fixed_sentence_and_tells_how_far_it_is(
    library: PromptLibrary, parrot: Parrot
) -> None:
    fixed = [prompt for prompt in Prompt if not placeholders(prompt, "en")]
    seen: list[tuple[int, int]] = []
    await library.warm(["nl", "nl-BE", "en"], lambda done, total: seen.append((done, total)))
    assert seen == [(done, 2 * len(fixed)) for done in range(1, 2 * len(fixed) + 1)]
    assert len(parrot.said) == 2 * len(fixed)
    await library.warm(["nl"])
    assert len(parrot.said) == 2 * len(fixed)


async def test_only_the_latest_used_variants_are_kept(tmp_path: Path, parrot: Parrot) -> None:
    library = PromptLibrary(tmp_path, parrot, kept_variants=5)
    goodbye = await library.sound(Prompt.GOODBYE, "nl")
    made = [await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension=str(n)) for n in range(5)]
    for age, sound in enumerate([goodbye, *made]):
        os.utime(wav(sound), (age, age))
    assert await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="0") == made[0]  # used again

    for n in range(100, 102):
        made.append(await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension=str(n)))

    left = {file.name for file in (tmp_path / "nl").iterdir()}
    assert wav(goodbye).name in left, "fixed sentences stay, however old"
    assert wav(made[0]).name in left, "used again just now"
    assert wav(made[-1]).name in left, "never the one that is about to be played"
    assert wav(made[1]).name not in left, "unused for longest"
    assert len(left) <= 1 + 5 + 1


async def test_the_sentence_is_said_even_when_old_ones_cannot_be_removed(
    library: PromptLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(library_module, "_remove_least_used", forbidden)
    assert wav(await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="201")).is_file()


async def test_closing_stops_what_is_being_made_and_the_speaker(library: PromptLibrary, parrot: Parrot) -> None:
    parrot.free.clear()
    caller = asyncio.create_task(library.sound(Prompt.BUSY, "de"))
    await parrot.asked.wait()
    await library.aclose()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert parrot.closed


async def test_the_apology_is_really_spoken_in_all_languages(tmp_path: Path) -> None:
    library = PromptLibrary(tmp_path, EspeakSpeaker())
    sounds = [await library.sound(Prompt.APOLOGY, language) for language in LANGUAGES]
    await library.aclose()
    assert all(library.duration(sound) > 4 for sound in sounds)
    assert all(read_wav(wav(sound)).level > -20 for sound in sounds)


async def test_a_free_text_is_said_in_the_language_asked_for(library: PromptLibrary, parrot: Parrot) -> None:
    sound = await library.speech("Wij zijn gesloten.", "nl-BE")
    assert read_wav(wav(sound)).rate == 8000
    assert await library.speech("Wij zijn gesloten.", "nl") == sound
    assert await library.speech("Wij zijn open.", "nl") != sound
    assert parrot.said == [("nl", "Wij zijn gesloten."), ("nl", "Wij zijn open.")]


async def test_fixed_sentences_are_shared_and_those_with_names_are_not(tmp_path: Path, parrot: Parrot) -> None:
    homes = [PromptLibrary(tmp_path / home, parrot, shared=tmp_path / "cache") for home in ("one", "two")]
    fixed = [await library.sound(Prompt.GOODBYE, "nl") for library in homes]
    named = [await library.sound(Prompt.LOGGED_ON, "nl", name="Jansen", extension="201") for library in homes]
    assert fixed[0] == fixed[1]
    assert fixed[0].is_relative_to(tmp_path / "cache")
    assert [sound.relative_to(tmp_path).parts[0] for sound in named] == ["one", "two"]
    assert len(parrot.said) == 3
