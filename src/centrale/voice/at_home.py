"""The prompts of one exchange: kept in its home, spoken by espeak-ng."""

from __future__ import annotations

from centrale.settings import Settings
from centrale.voice.espeak import EspeakSpeaker
from centrale.voice.library import PromptLibrary


def prompt_library(settings: Settings) -> PromptLibrary:
    """What the exchange can say; its files are made at first use and kept in the home."""
    return PromptLibrary(settings.home / "prompts", EspeakSpeaker())
