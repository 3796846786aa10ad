"""Call limit: so many calls at once go one way, the others another (LIM-1, LIM-2)."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from centrale.calls import Call, Done, Next
from centrale.kinds.kind import AnyDestination, Kind, KindSettings, OwnNumber
from centrale.kinds.shown_number import ShownNumber, shows
from centrale.routing.snapshot import E164, Extension
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt
from centrale.wording import Wording


class CallLimit(KindSettings):
    """How many calls, where to, and where to above."""

    limit: int = Field(ge=0, le=1000, title="Calls at once")
    within: AnyDestination = Field(title="Destination")
    above: AnyDestination | None = Field(default=None, title="Above the limit to", description="Busy tone if empty.")
    caller_id: ShownNumber = Field(default=ShownNumber.CALLER, title="Number shown outside")
    own_number: OwnNumber | None = Field(default=None, title="Number of the account")

    @model_validator(mode="after")
    def _given_when_chosen(self) -> Self:
        if (self.caller_id is ShownNumber.OWN) != (self.own_number is not None):
            raise ValueError("choose the number of the account that is shown, or whose number else")
        return self


async def answer(limit: CallLimit, extension: Extension, call: Call) -> Next:
    """Take a place if there is one. It is given back by the call's end, whatever ends it.

    Between the look and the taking nothing is awaited: two calls never take the last place.
    """
    running = call.platform.live.places_in(call.account_id, extension.number)
    if running < limit.limit:
        call.places.add(extension.number)
        call.step("call-limit", f"place {running + 1} of {limit.limit}")
        return await _send(limit, extension, call, limit.within)
    call.step("call-limit", f"all {limit.limit} places are taken")
    if limit.above is not None:
        return await _send(limit, extension, call, limit.above)
    # Who has been answered on the way here hears no tone of the network any more.
    return Done(await call.refuse(Prompt.BUSY, Cause.BUSY) if call.leg.answered else Cause.BUSY)


async def _send(limit: CallLimit, extension: Extension, call: Call, destination: str) -> Next:
    own = E164(limit.own_number) if limit.own_number else None
    return await call.send_on(extension, destination, shows=shows(limit.caller_id), own_number=own)


def summary(limit: CallLimit, words: Wording) -> str:
    most, within = limit.limit, words.place(limit.within)
    if most == 1 and limit.above is None:
        return words("1 call at a time to {within}, above that busy tone", within=within)
    if most == 1:
        above = words.place(str(limit.above))
        return words("1 call at a time to {within}, above that to {above}", within=within, above=above)
    if limit.above is None:
        return words("{most} calls at once to {within}, above that busy tone", most=most, within=within)
    above = words.place(limit.above)
    return words("{most} calls at once to {within}, above that to {above}", most=most, within=within, above=above)


KIND = Kind(
    name="call_limit",
    title={"en": "Call limit", "nl": "Call limit"},
    settings=CallLimit,
    answer=answer,
    summary=summary,
)
