"""The simulated switch knows what would have been said, and for how long, without a sound."""

from __future__ import annotations

import pytest

from centrale.calls.ports import Prompts
from centrale.voice.languages import LANGUAGES
from centrale.voice.prompts import Prompt
from centrale.voice.silent import SilentPrompts


async def test_the_words_and_their_length_are_known() -> None:
    prompts: Prompts = SilentPrompts()
    sound = await prompts.sound(Prompt.LOGGED_ON, "nl-NL", name="Jansen", extension="201")
    assert isinstance(prompts, SilentPrompts)
    assert prompts.spoken(sound) == "U bent aangemeld als Jansen, met extensie twee nul een."
    assert prompts.duration(sound) == pytest.approx(3.9, abs=0.2)


async def test_the_same_words_are_the_same_sound_and_others_are_not() -> None:
    prompts = SilentPrompts()
    sounds = [await prompts.sound(Prompt.GOODBYE, language) for language in (*LANGUAGES, "nl")]
    assert len(set(sounds)) == len(LANGUAGES)


async def test_wrong_values_are_refused_as_on_a_real_switch() -> None:
    with pytest.raises(ValueError, match="extension"):
        await SilentPrompts().sound(Prompt.LOGGED_ON, "nl", name="Jansen")


async def test_a_free_text_is_known_too() -> None:
    prompts = SilentPrompts()
    sound = await prompts.speech("Wij zijn gesloten.", "nl")
    assert prompts.spoken(sound) == "Wij zijn gesloten."
