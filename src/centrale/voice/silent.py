"""Prompts without sound, for the simulated switch: no files, no processes, and so at home in virtual time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from centrale.voice.languages import spoken_language
from centrale.voice.phrasing import sentence
from centrale.voice.prompts import Prompt


class SilentPrompts:
    """Knows the words of each sound it handed out (`spoken`) and how long they would take to say."""

    CHARACTERS_PER_SECOND = 14.0
    """Measured on the built-in voice, see docs/decisions/0005-voices.md."""

    def __init__(self) -> None:
        self._words: dict[Path, str] = {}

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> Path:
        """A path that no file stands behind; the same for the same words. Raises ValueError as the real library."""
        language = spoken_language(language)
        words = sentence(prompt, language, values)
        return self._path(prompt, language, words)

    async def speech(self, text: str, language: str, /) -> Path:
        """The same for a free text."""
        return self._path("speech", spoken_language(language), text)

    async def beep(self) -> Path:
        """The tone."""
        path = Path("/silent/beep-1")
        self._words[path] = "beep!"
        return path

    async def ring_tone(self) -> Path:
        """One ring."""
        path = Path("/silent/ring_tone-1")
        self._words[path] = "ring"
        return path

    def spoken(self, sound: Path) -> str:
        """The words behind a path that `sound` returned; KeyError for another."""
        return self._words[sound]

    def duration(self, sound: Path) -> float:
        """Seconds that the words would take to say."""
        return len(self._words[sound]) / self.CHARACTERS_PER_SECOND

    def _path(self, key: str, language: str, words: str) -> Path:
        path = Path("/silent", language, f"{key}-{hashlib.sha256(words.encode()).hexdigest()[:16]}")
        self._words[path] = words
        return path
