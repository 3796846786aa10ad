"""Forward: sends calls to an outside number (FWD-1). As a member of a queue it makes an outside phone an agent."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from centrale.calls import Attempt, Call, Next
from centrale.kinds.kind import Kind, KindSettings, OwnNumber, semantic
from centrale.kinds.shown_number import ShownNumber, shows
from centrale.routing.callerid import DiversionReason
from centrale.routing.snapshot import E164, Extension
from centrale.wording import Wording

OutsideNumber = Annotated[
    str, StringConstraints(pattern=r"^\+?[0-9]{6,15}$"), Field(json_schema_extra=semantic("outside-number"))
]


class Forward(KindSettings):
    """Where to, and whose number is shown there."""

    number: OutsideNumber = Field(title="Outside number", description="As it would be dialled, or with +.")
    caller_id: ShownNumber = Field(default=ShownNumber.CALLER, title="Number shown")
    own_number: OwnNumber | None = Field(default=None, title="Number of the account")
    call_limit: int = Field(
        default=1, ge=1, le=100, title="Calls at once", description="As an agent of queues: so many callers at most."
    )
    confirm: bool = Field(
        default=False,
        title="Take calls with key 1",
        description="As an agent of queues: otherwise a voicemail that answers gets the caller.",
    )

    @model_validator(mode="after")
    def _given_when_chosen(self) -> Self:
        if (self.caller_id is ShownNumber.OWN) != (self.own_number is not None):
            raise ValueError("choose the number of the account that is shown, or whose number else")
        return self


async def answer(forward: Forward, extension: Extension, call: Call) -> Next:
    """Ring the outside number by the account's trunks, in turn."""
    own = E164(forward.own_number) if forward.own_number else None
    return await call.send_on(extension, forward.number, shows=shows(forward.caller_id), own_number=own)


def attempts(extension: Extension, call: Call) -> list[Attempt]:
    """What rings when the outside phone is an agent of a queue (QUE-14)."""
    forward: Forward = extension.settings
    own = E164(forward.own_number) if forward.own_number else None
    rung = call.attempts_at(
        extension, forward.number, shows=shows(forward.caller_id), reason=DiversionReason.ALWAYS, own_number=own
    )
    return [replace(attempt, confirms=forward.confirm) for attempt in rung]


def summary(forward: Forward, words: Wording) -> str:
    return words("forwards to {to}", to=forward.number)


KIND = Kind(
    name="forward", title={"en": "Forward", "nl": "Doorschakeling"}, settings=Forward, answer=answer, summary=summary
)
