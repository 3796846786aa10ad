"""Announcement: plays its sound once and hangs up (ANN-1)."""

from __future__ import annotations

from centrale.calls import Call, Done, Next
from centrale.kinds.kind import Kind, Utterance
from centrale.routing.snapshot import Extension
from centrale.telephony.switch import Cause
from centrale.wording import Wording


class Announcement(Utterance):
    """Either a recorded sound or a text that is spoken."""


async def answer(announcement: Announcement, extension: Extension, call: Call) -> Next:
    """Play to the end, and hang up."""
    await call.hear(announcement.said)
    return Done(Cause.NORMAL)


def summary(announcement: Announcement, words: Wording) -> str:
    if announcement.sound:
        return words("plays {sound}", sound=words.sound(announcement.sound))
    return words("says “{text}”", text=announcement.text)


KIND = Kind(
    name="announcement",
    title={"en": "Announcement", "nl": "AutoAnswer"},
    settings=Announcement,
    answer=answer,
    summary=summary,
)
