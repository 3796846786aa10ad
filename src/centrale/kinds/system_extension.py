"""System extension: what a user manages by phone, reachable from outside (SYX-1)."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from centrale.calls import Call, Done, Next
from centrale.kinds.kind import Kind, KindSettings, Language
from centrale.routing.snapshot import Extension
from centrale.services import number_plan, record_sound, voicemail
from centrale.services.asking import Goodbye
from centrale.services.identify import identify
from centrale.wording import Wording


class Function(StrEnum):
    """What the caller comes to manage."""

    TIME_CONFIGURATION = "time_configuration"
    """The active number plan, as at 915."""
    SOUND_RECORDING = "sound_recording"
    """Sounds for announcements and menus, as at 905."""
    VOICEMAIL = "voicemail"
    """The messages of a mailbox, as at 920."""


class SystemExtension(KindSettings):
    """What is managed, and in which language callers are asked who they are."""

    function: Function = Field(title="Leads to")
    language: Language | None = Field(
        default=None, title="Language", description="Until the caller is known. The account's if empty."
    )


async def answer(settings: SystemExtension, extension: Extension, call: Call) -> Next:
    """Ask who calls, and let them manage what they may."""
    call.speaks = settings.language or call.speaks
    try:
        if settings.function is Function.VOICEMAIL:
            box = await voicemail.identify_mailbox(call)
            return Done(await voicemail.manage(call, box))
        user = await identify(call)
    except Goodbye:
        call.step("system-extension", "the caller did not say who calls")
        return Done()
    call.speaks = user.settings.language or call.speaks
    if settings.function is Function.TIME_CONFIGURATION:
        return Done(await number_plan.manage(call, user))
    return Done(await record_sound.record(call, f"user {user.number}"))


def summary(settings: SystemExtension, words: Wording) -> str:
    return words("asks who calls and leads to {function}", function=words.choice(settings.function))


KIND = Kind(
    name="system_extension",
    title={"en": "System extension", "nl": "Systeemextensie"},
    settings=SystemExtension,
    answer=answer,
    summary=summary,
)
