"""Announcement: plays its sound once and hangs up (ANN-1)."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from centrale.calls import Call, Done, Next
from centrale.kinds.kind import Kind, KindSettings, Language, SoundRef
from centrale.routing.snapshot import Extension
from centrale.telephony.switch import Cause


class Announcement(KindSettings):
    """Either a recorded sound or a text that is spoken."""

    sound: SoundRef | None = Field(default=None, title="Sound")
    text: str | None = Field(default=None, max_length=2000, title="Text to be spoken")
    language: Language | None = Field(default=None, title="Language of the text")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.sound is None) == (self.text is None):
            raise ValueError("give either a sound or a text to be spoken")
        return self


async def answer(announcement: Announcement, extension: Extension, call: Call) -> Next:
    """Play to the end, and hang up."""
    if announcement.sound:
        await call.play(announcement.sound)
    elif announcement.text:
        await call.speak(announcement.text, announcement.language)
    return Done(Cause.NORMAL)


def summary(announcement: Announcement) -> str:
    return f"plays {announcement.sound}" if announcement.sound else f"says “{announcement.text}”"


KIND = Kind(
    name="announcement",
    title={"en": "Announcement", "nl": "AutoAnswer"},
    settings=Announcement,
    answer=answer,
    summary=summary,
)
