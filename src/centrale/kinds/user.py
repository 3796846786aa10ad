"""User: a person's extension (USR-1..7)."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field, field_validator

from centrale.calls import AnsweredBy, Attempt, Call, Done, Next, NobodyAnswered, Unreachable, phones_of, reachable
from centrale.kinds.kind import AnyDestination, Kind, KindSettings, Language, OwnNumber, Seconds, semantic
from centrale.kinds.voicemail import PersonalVoicemail, take_message
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.person import NOBODY, Person
from centrale.routing.snapshot import E164, Extension, ExtensionNumber
from centrale.routing.trace import Decision
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt
from centrale.wording import Wording


class UserRights(KindSettings):
    """What a user may do by phone (USR-3)."""

    time_configuration: bool = Field(default=False, title="May change number plans")
    recording_allowed: bool = Field(default=True, title="May be recorded")
    call_parking: bool = Field(default=False, title="May park calls")
    twinning: bool = Field(default=False, title="May be logged on to two desk phones at once")


class FurtherCallerId(KindSettings):
    """A number that the user shows outside by dialling a code first (CID-6)."""

    code: Literal["30", "32", "33", "34", "35", "36", "37", "38", "39"] = Field(
        title="Code", description="32 stands for #32# before the number, 132 on a mobile phone. #31# withholds."
    )
    number: OwnNumber = Field(title="Number")


class ForwardedCallerId(StrEnum):
    """Whose number an outside target is shown (CID-3)."""

    USER = "user"
    CALLER = "caller"
    CALLED = "called"


class UserForwards(KindSettings):
    """Where the user's calls go instead; set by phone too (SYS-11). Inside numbers or outside ones."""

    always: AnyDestination | None = Field(default=None, title="Always")
    busy: AnyDestination | None = Field(default=None, title="When busy")
    no_answer: AnyDestination | None = Field(
        default=None, title="When not answered", description="Also when the user is logged on nowhere."
    )
    no_answer_after: Seconds = Field(default=20, title="Not answered after (seconds)")
    caller_id: ForwardedCallerId = Field(default=ForwardedCallerId.CALLER, title="Number shown outside (CID-3)")


class User(KindSettings):
    """A person (USR-1). The PIN is kept apart, hashed."""

    area_code: str | None = Field(
        default=None, pattern=r"^0[0-9]{1,4}$", title="Area code", json_schema_extra=semantic("area-code")
    )
    language: Language | None = Field(default=None, title="Language of menus", description="The account's if empty.")
    offer_second_call: bool = Field(
        default=True, title="Offer second call", description="Off: busy to further calls while in a call (USR-6)."
    )
    default_caller_id: OwnNumber | None = Field(
        default=None, title="Number shown outside", description="The account's if empty (CID-1)."
    )
    further_caller_ids: list[FurtherCallerId] = Field(
        default_factory=list, max_length=9, title="Numbers shown after a code"
    )
    emergency_caller_id: OwnNumber | None = Field(default=None, title="Emergency caller-id fallback")
    ring_for: Seconds = Field(default=60, title="Ring for (seconds)", description="Then the caller hears: no answer.")
    forwards: UserForwards = Field(default=UserForwards(), title="Forwards")
    voicemail: PersonalVoicemail = Field(
        default=PersonalVoicemail(), title="Voicemail", description="Forwards come first."
    )
    rights: UserRights = Field(default=UserRights(), title="Rights")

    @field_validator("further_caller_ids")
    @classmethod
    def _each_code_once(cls, choices: list[FurtherCallerId]) -> list[FurtherCallerId]:
        codes = [choice.code for choice in choices]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            raise ValueError(f"#{twice}# stands for two numbers; give each code once")
        return choices

    def rung_together(self, own: ExtensionNumber) -> tuple[ExtensionNumber]:
        return (own,)


def person_of(extension: Extension | None) -> Person:
    """What routing must know of the user who calls; of nobody when `extension` is none."""
    if extension is None or not isinstance(extension.settings, User):
        return NOBODY
    user = extension.settings
    return Person(
        area_code=user.area_code,
        default_caller_id=E164(user.default_caller_id) if user.default_caller_id else None,
        further_caller_ids={int(choice.code[1]): E164(choice.number) for choice in user.further_caller_ids},
        emergency_caller_id=E164(user.emergency_caller_id) if user.emergency_caller_id else None,
    )


async def answer(user: User, extension: Extension, call: Call) -> Next:
    """Ring the user's phones (both when twinned, TWN-1); forward as the user has set; else take a message, if the user
    wants one (VM-6), or tell why not (USR-5)."""
    forwards = user.forwards
    if forwards.always:
        return await _forward(forwards, extension, call, forwards.always, DiversionReason.ALWAYS)

    cause = await _ring(user, extension, call)
    if isinstance(cause, AnsweredBy):
        return Done(await call.talk(cause))
    if cause is Cause.BUSY and forwards.busy:
        return await _forward(forwards, extension, call, forwards.busy, DiversionReason.BUSY)
    if cause is not Cause.BUSY and forwards.no_answer:
        return await _forward(forwards, extension, call, forwards.no_answer, DiversionReason.NO_ANSWER)
    if user.voicemail.after(cause):
        return await take_message(call, extension, user.voicemail)
    return Done(await call.refuse(_TOLD.get(cause, Prompt.USER_UNREACHABLE), cause))


def attempts(extension: Extension, call: Call, *, within: float) -> list[Attempt]:
    """What rings for this user as one of a group whose members' own forwards apply, for at most `within` s (GRP-2)."""
    forwards = extension.settings.forwards
    shows = ForwardShows(forwards.caller_id)
    if forwards.always:
        return call.attempts_at(extension, forwards.always, shows=shows, reason=DiversionReason.ALWAYS)
    phones = phones_of(call, extension)
    if not isinstance(phones, Unreachable):
        late = forwards.no_answer and forwards.no_answer_after < within
        return phones + (
            call.attempts_at(
                extension,
                forwards.no_answer,
                shows=shows,
                reason=DiversionReason.NO_ANSWER,
                delay=forwards.no_answer_after,
            )
            if late
            else []
        )
    if phones.cause is Cause.BUSY and forwards.busy:
        return call.attempts_at(extension, forwards.busy, shows=shows, reason=DiversionReason.BUSY)
    if phones.cause is not Cause.BUSY and forwards.no_answer:
        return call.attempts_at(extension, forwards.no_answer, shows=shows, reason=DiversionReason.NO_ANSWER)
    return reachable(call, [extension])


async def _ring(user: User, extension: Extension, call: Call) -> AnsweredBy | Cause:
    phones = phones_of(call, extension, in_person=True)
    if isinstance(phones, Unreachable):
        call.note(Decision("reachable", "nobody", rejected=(phones.reason,)))
        return phones.cause
    timeout = _rings_for(user)
    match await call.ring(phones, timeout=timeout):
        case AnsweredBy() as answered:
            return answered
        case NobodyAnswered(cause):
            return cause


def _rings_for(user: User) -> int:
    """Seconds."""
    if user.forwards.no_answer:
        return user.forwards.no_answer_after
    if user.voicemail.no_answer and user.voicemail.answer_after is not None:
        return user.voicemail.answer_after
    return user.ring_for


async def _forward(
    forwards: UserForwards, extension: Extension, call: Call, target: str, reason: DiversionReason
) -> Next:
    shows = ForwardShows(forwards.caller_id)
    return await call.forward(extension, target, shows=shows, reason=reason, inside_for_all=True)


_TOLD = {
    Cause.BUSY: Prompt.BUSY,
    Cause.DECLINED: Prompt.USER_UNAVAILABLE,
    Cause.NO_ANSWER: Prompt.NO_ANSWER,
    Cause.INCOMPATIBLE: Prompt.CALL_FAILED,
}


def summary(user: User, words: Wording) -> str:
    forwards = user.forwards
    if forwards.always:
        return words("forwards to {to}", to=words.place(forwards.always))
    rings = words("rings the user's phones for {seconds} s", seconds=_rings_for(user))
    if forwards.no_answer:
        rings = words("{rings}, then forwards to {to}", rings=rings, to=words.place(forwards.no_answer))
    elif user.voicemail.no_answer:
        rings = words("{rings}, then takes a message", rings=rings)
    if forwards.busy:
        rings = words("{rings}; when busy forwards to {to}", rings=rings, to=words.place(forwards.busy))
    return rings


KIND = Kind(name="user", title={"en": "User", "nl": "Gebruiker"}, settings=User, answer=answer, summary=summary)
