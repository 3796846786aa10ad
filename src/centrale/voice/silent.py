"""Prompts without sound, for the simulated switch: no files, no processes, and so at home in virtual time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from centrale.voice.languages import spoken_language
from centrale.voice.phrasing import sentence
from centrale.voice.prompts import Prompt


class Prompts(Protocol):
    """What the calls layer needs of a prompt library; `library.PromptLibrary` says what each member promises."""

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> Path: ...

    def duration(self, sound: Path) -> float: ...


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
        path = Path("/silent", language, f"{prompt}-{hashlib.sha256(words.encode()).hexdigest()[:16]}")
        self._words[path] = words
        return path

    def spoken(self, sound: Path) -> str:
        """The words behind a path that `sound` returned; KeyError for another."""
        return self._words[sound]

    def duration(self, sound: Path) -> float:
        """Seconds that the words would take to say."""
        return len(self._words[sound]) / self.CHARACTERS_PER_SECOND
