"""Dial by extension: the caller enters the extension of a user or a group (DBE-1)."""

from __future__ import annotations

from pydantic import Field

from centrale.calls import Call, Done, GoTo, Next
from centrale.kinds.kind import Destination, Kind, KindSettings, Seconds, Utterance
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.voice.prompts import Prompt
from centrale.wording import Wording

REACHABLE = frozenset({"user", "group"})
TIMES = 3
"""Without a fallback the question is put once and repeated twice."""


class DialByExtension(KindSettings):
    """What is said, and where callers go who enter nothing of use."""

    question: Utterance | None = Field(default=None, title="What the caller hears", description="Ours if empty.")
    ring_first: bool = Field(default=False, title="Ring twice first")
    timeout: Seconds = Field(default=6, title="Wait for the first key (seconds)")
    fallback: Destination | None = Field(
        default=None,
        title="Otherwise to",
        description="When nothing or an invalid number is entered. Empty: ask again.",
    )


async def answer(settings: DialByExtension, extension: Extension, call: Call) -> Next:
    """Ask; connect, or fall back."""
    if settings.ring_first:
        await call.ring_twice()
    question = settings.question.said if settings.question else Prompt.DIAL_EXTENSION
    for _ in range(TIMES):
        digits = await call.ask(question, max_digits=call.account.extension_length, timeout=float(settings.timeout))
        target = call.account.extensions.get(ExtensionNumber(digits))
        if target is not None and target.kind in REACHABLE:
            return GoTo(target.number)
        call.step("dial-by-extension", f"{digits} is no user or group" if digits else "nothing was entered")
        if settings.fallback is not None:
            return GoTo(ExtensionNumber(settings.fallback))
        call.leg.forget_digits()
        await call.say(Prompt.EXTENSION_NOT_REACHABLE_HERE if digits else Prompt.NO_INPUT)
    await call.say(Prompt.GOODBYE)
    return Done()


def summary(settings: DialByExtension, words: Wording) -> str:
    if settings.fallback is None:
        return words("asks for an extension")
    return words("asks for an extension; otherwise {to}", to=words.place(settings.fallback))


KIND = Kind(
    name="dial_by_extension",
    title={"en": "Dial by extension", "nl": "Dial by extension"},
    settings=DialByExtension,
    answer=answer,
    summary=summary,
)
