"""What a mailbox and a user's personal voicemail have in common: settings, and taking a message (VM-2, VM-3, VM-6)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from centrale.calls import Call, Done, Next
from centrale.calls.ports import Leaving
from centrale.calls.record import Outcome
from centrale.kinds.kind import KindSettings, Language, TelephoneNumberField, Utterance, semantic
from centrale.routing.pins import AskPin
from centrale.routing.snapshot import Extension
from centrale.telephony.switch import Cause, RecordingId
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

MailAddress = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s\"<>(),:;\\\[\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"),
    Field(json_schema_extra=semantic("mail-address")),
]
"""One plain address, such as `anna@example.org`."""


class MailNotice(KindSettings):
    """An e-mail for each new message (VM-3)."""

    address: MailAddress = Field(title="To")
    attach: bool = Field(default=True, title="Attach the message")
    delete_after: bool = Field(
        default=False, title="Delete the message once sent", description="For who listens to it in the e-mail only."
    )

    @model_validator(mode="after")
    def _never_lost(self) -> Self:
        if self.delete_after and not self.attach:
            raise ValueError("a message that is not attached would be lost: attach it, or do not delete it")
        return self


class Voicemail(KindSettings):
    """How messages are taken and who is told of them."""

    language: Language | None = Field(
        default=None, title="Language", description="Of the standard welcome and of the menu. The usual one if empty."
    )
    welcome: Utterance | None = Field(
        default=None, title="Welcome message", description="The standard one if empty. By phone: 920 or 1233."
    )
    mail: MailNotice | None = Field(default=None, title="E-mail notice")
    sms: TelephoneNumberField | None = Field(
        default=None, title="SMS notice to", description="Each message is billed to the account."
    )
    longest: int = Field(
        default=180, ge=5, le=900, title="Longest message (seconds)", json_schema_extra=semantic("seconds")
    )
    silence: int = Field(
        default=5, ge=2, le=30, title="Silence that ends a message (seconds)", json_schema_extra=semantic("seconds")
    )


class PersonalVoicemail(Voicemail):
    """A user's (VM-6). The PIN is kept apart, hashed."""

    unreachable: bool = Field(
        default=False, title="When unreachable", description="On no phone can the user be rung (USR-5)."
    )
    no_answer: bool = Field(default=False, title="When not answered", description="Or declined.")
    busy: bool = Field(default=False, title="When busy")
    answer_after: int | None = Field(
        default=None,
        ge=1,
        le=300,
        title="Not answered after (seconds)",
        description="As long as the phones ring if empty.",
        json_schema_extra=semantic("seconds"),
    )
    ask_pin: AskPin = Field(
        default=AskPin.UNTRUSTED,
        title="Ask the PIN",
        description="At 1233: at devices that are not trusted (all SIP devices), always, or never.",
    )

    def after(self, cause: Cause) -> bool:
        """Is a message taken when the user was not reached for this reason?"""
        match cause:
            case Cause.BUSY:
                return self.busy
            case Cause.NO_ANSWER | Cause.DECLINED:
                return self.no_answer
            case _:
                return self.unreachable


def voicemail_of(extension: Extension) -> Voicemail | None:
    """The voicemail of a mailbox or of a user; None for another kind."""
    settings = getattr(extension.settings, "voicemail", extension.settings)
    return settings if isinstance(settings, Voicemail) else None


async def take_message(call: Call, box: Extension, voicemail: Voicemail) -> Next:
    """Welcome and tone, record, keep, thank (VM-2). The caller may hang up instead of pressing `#`."""
    call.speaks = voicemail.language or getattr(box.settings, "language", None) or call.account.language
    message = _Message(call, box)
    unfinished = call.platform.messages.expected(call.id)
    if unfinished is not None:
        call.step("voicemail", "goes on with the message that was being left")
    else:
        await _welcome(call, box, voicemail)
    await call.record_caller(
        message.keep,
        name=f"voicemail-{call.account_id}-{box.number}",
        longest=voicemail.longest,
        silence=voicemail.silence,
        before=message.expect,
        unfinished=unfinished,
    )
    await call.say(message.answer)
    return Done(Cause.NORMAL)


async def _welcome(call: Call, box: Extension, voicemail: Voicemail) -> None:
    """The box's own, or the standard one. A message can be left after none at all."""
    try:
        if voicemail.welcome is not None and await call.hear(voicemail.welcome.said):
            return
    except SpeechUnavailable as problem:
        call.step("voicemail", f"the welcome could not be spoken: {problem}")
    await call.say(Prompt.VOICEMAIL_WELCOME, name=box.name)


class _Message:
    """The message that `call` leaves. `answer`: what is said to its caller about it."""

    def __init__(self, call: Call, box: Extension) -> None:
        self._call = call
        self._box = box
        self.answer = Prompt.TRY_LATER

    async def expect(self, recording: RecordingId) -> None:
        """It is about to be recorded."""
        call = self._call
        shown = call.caller.shown
        leaving = Leaving(
            call.account_id,
            self._box.number,
            call.id,
            caller="" if shown.withheld else call.caller.number,
            caller_name="" if shown.withheld else shown.name,
            at=call.now(),
        )
        await call.platform.messages.expect(recording, leaving)

    async def keep(self, recorded: Path) -> None:
        """It was recorded."""
        call = self._call
        try:
            kept = await call.platform.messages.keep(RecordingId(recorded.stem), recorded)
        except OSError as problem:
            call.step("voicemail", f"could not be kept, and is tried again later: {problem}")
            return
        if kept is None:
            call.step("voicemail", "nothing was said, so there is no message")
            self.answer = Prompt.VOICEMAIL_EMPTY
            return
        call.step("voicemail", f"{self._box.number} {self._box.name}: {kept.said}")
        self.answer = Prompt.VOICEMAIL_THANKS
        call.record.outcome = Outcome.SERVED
