"""The prompts of one exchange: kept in its home, spoken by espeak-ng."""

from __future__ import annotations

from centrale.settings import Settings
from centrale.voice.espeak import EspeakSpeaker
from centrale.voice.library import PromptLibrary


def prompt_library(settings: Settings) -> PromptLibrary:
    """What the exchange can say. What every exchange says is made once for all of a user's, and kept in the cache."""
    return PromptLibrary(settings.home / "prompts", EspeakSpeaker(), shared=settings.cache / "prompts")
