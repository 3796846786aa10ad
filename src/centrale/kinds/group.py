"""Group: rings several users at once (GRP-1..5)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from centrale.calls import AnsweredBy, Call, Done, Next, NobodyAnswered, reachable
from centrale.kinds.kind import LONGEST_INSIDE, Kind, KindSettings, Seconds, UserRef, semantic
from centrale.kinds.user import attempts
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt
from centrale.wording import Wording

Targets = Annotated[
    str,
    StringConstraints(pattern=r"^(\+?[0-9]{2,15})(;\+?[0-9]{2,15})*$"),
    Field(json_schema_extra=semantic("destinations")),
]
"""One or more numbers separated by `;`, rung at once (GRP-3)."""


class ForwardedCallerId(StrEnum):
    """Whose number a call shows when the group sends it outside (GRP-4)."""

    CALLER = "caller"
    CALLED = "called"


class GroupForwards(KindSettings):
    """Where calls go instead (GRP-3)."""

    always: Targets | None = Field(default=None, title="Always")
    busy: Targets | None = Field(default=None, title="When busy")
    no_answer: Targets | None = Field(default=None, title="When nobody answers")
    no_answer_after: Seconds = Field(default=30, title="Nobody answers after (seconds)")


class OutsideGroupForwards(GroupForwards):
    """The same for calls from outside, which lead outside only (GRP-3)."""

    @field_validator("always", "busy", "no_answer")
    @classmethod
    def _no_inside_number(cls, targets: str | None) -> str | None:
        inside = [target for target in (targets or "").split(";") if target.isdigit() and len(target) <= LONGEST_INSIDE]
        if inside:
            raise ValueError(
                f"{inside[0]} is an inside number; calls from outside are forwarded to outside numbers only"
            )
        return targets


class Group(KindSettings):
    """A hunt group (GRP-1)."""

    members: list[UserRef] = Field(default_factory=list, max_length=5000, title="Members")
    individual_forwarding: bool = Field(
        default=False, title="Individual forwarding allowed", description="Members' own forwards apply (GRP-2)."
    )
    inside: GroupForwards = Field(default=GroupForwards(), title="Forwards of calls from inside")
    outside: OutsideGroupForwards = Field(default=OutsideGroupForwards(), title="Forwards of calls from outside")
    forwarded_caller_id: ForwardedCallerId = Field(
        default=ForwardedCallerId.CALLER, title="Caller id when forwarding outside"
    )
    others_may_pick_up: bool = Field(default=False, title="People outside the group may pick up its calls")
    others_see_notifications: bool = Field(default=False, title="People outside the group see its notifications")

    @field_validator("members")
    @classmethod
    def _each_once(cls, members: list[ExtensionNumber]) -> list[ExtensionNumber]:
        # Not refused: a group that was stored so would ring nobody.
        return list(dict.fromkeys(members))

    def rung_together(self, own: ExtensionNumber) -> list[ExtensionNumber]:
        return [ExtensionNumber(member) for member in self.members]


async def answer(group: Group, extension: Extension, call: Call) -> Next:
    """Ring all reachable members at once; forward when told to (GRP-1, GRP-3)."""
    forwards = group.inside if call.caller.inside else group.outside
    if forwards.always:
        return await _forward(group, extension, call, forwards.always, DiversionReason.ALWAYS)

    members = [
        call.account.extensions[number]
        for number in group.rung_together(extension.number)
        if number in call.account.extensions
    ]
    if group.individual_forwarding:
        rung = [attempt for member in members for attempt in attempts(member, call, within=forwards.no_answer_after)]
    else:
        rung = reachable(call, members)
    match await call.ring(rung, timeout=forwards.no_answer_after):
        case AnsweredBy() as answered:
            return Done(await call.talk(answered))
        case NobodyAnswered(Cause.BUSY) if forwards.busy:
            return await _forward(group, extension, call, forwards.busy, DiversionReason.BUSY)
        case NobodyAnswered(cause) if cause is not Cause.BUSY and forwards.no_answer:
            return await _forward(group, extension, call, forwards.no_answer, DiversionReason.NO_ANSWER)
        case NobodyAnswered(cause):
            return Done(await call.refuse(_TOLD.get(cause, Prompt.GROUP_UNREACHABLE), cause))


async def _forward(group: Group, extension: Extension, call: Call, targets: str, reason: DiversionReason) -> Next:
    return await call.forward(extension, targets, shows=ForwardShows(group.forwarded_caller_id), reason=reason)


_TOLD = {Cause.BUSY: Prompt.BUSY, Cause.NO_ANSWER: Prompt.NO_ANSWER, Cause.DECLINED: Prompt.USER_UNAVAILABLE}


def summary(group: Group, words: Wording) -> str:
    inside, outside = _does(group, group.inside, words), _does(group, group.outside, words)
    if inside == outside:
        return inside
    return words("{inside}; calls from outside: {outside}", inside=inside, outside=outside)


def _does(group: Group, forwards: GroupForwards, words: Wording) -> str:
    if forwards.always:
        return words("forwards to {to}", to=words.targets(forwards.always))
    rings = words("rings {whom}", whom=words.places(group.members) or words("nobody"))
    if forwards.no_answer:
        rings = words(
            "{rings} for {seconds} s, then forwards to {to}",
            rings=rings,
            seconds=forwards.no_answer_after,
            to=words.targets(forwards.no_answer),
        )
    if forwards.busy:
        rings = words("{rings}; when busy forwards to {to}", rings=rings, to=words.targets(forwards.busy))
    return rings


KIND = Kind(name="group", title={"en": "Group", "nl": "Groep"}, settings=Group, answer=answer, summary=summary)
