"""What a speech engine has to do. Ours is espeak-ng (`espeak`); Piper or a cloud voice fit the same two members."""

from __future__ import annotations

from typing import Protocol

from centrale.voice.pcm import PCM


class SpeechUnavailable(Exception):
    """A sentence could not be spoken. The text says why and what mends it; the call goes on without the words."""


class Speaker(Protocol):
    """Turns sentences into sound."""

    @property
    def identity(self) -> str:
        """Names the engine, its voices and their settings: recordings are made again when it changes."""
        ...

    async def render(self, text: str, language: str) -> PCM:
        """`text` spoken in one of `languages.LANGUAGES`, as 8 kHz speech at the telephone's level (`level`).

        Never blocks the event loop. Raises SpeechUnavailable.
        """
        ...

    async def aclose(self) -> None:
        """Give back what the engine holds; it may be used again afterwards."""
        ...
