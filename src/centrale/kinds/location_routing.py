"""Location routing: by area code, postcode, caller or called number (LBR-1..5)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from centrale.calls import Call, Next
from centrale.kinds.kind import LONGEST_INSIDE, AnyDestination, Destination, Kind, KindSettings, Prefix, Utterance
from centrale.routing import location
from centrale.routing.e164 import is_mobile
from centrale.routing.location import Found
from centrale.routing.snapshot import Extension
from centrale.routing.trace import Decision
from centrale.voice.prompts import Prompt
from centrale.wording import Wording

TIMES = 3


class By(StrEnum):
    """What the rows are compared with."""

    AREA_CODE = "area_code"
    POSTCODE = "postcode"
    CALLER = "caller"
    CALLED = "called"


_FORMS = {
    By.AREA_CODE: (r"0[0-9]{1,5}", "020"),
    By.CALLER: (r"\+?[0-9*%]{1,16}", "0049*"),
    By.CALLED: (r"\+?[0-9]{3,15}", "+31201234567"),
}


class Way(KindSettings):
    """A destination and what the display shows before the caller's name."""

    destination: Destination = Field(title="Destination")
    prefix: Prefix = Field(default="", title="Prefix")


class Row(KindSettings):
    """What is compared, and where it leads; an outside number only by called number (LBR-5)."""

    match: Annotated[str, StringConstraints(min_length=1, max_length=16)] = Field(title="Matches")
    destination: AnyDestination = Field(title="Destination")
    prefix: Prefix = Field(default="", title="Prefix")


class LocationRouting(KindSettings):
    """The rows, and where everyone else goes."""

    by: By = Field(title="Routed by")
    rows: list[Row] = Field(default_factory=list, max_length=10_000, title="Rows")
    fallback: Way = Field(title="Otherwise to")
    withheld: Way | None = Field(default=None, title="Withheld numbers to", description="As otherwise if empty.")
    mobile: Way | None = Field(default=None, title="Mobile numbers to", description="By area code only.")
    question: Utterance | None = Field(default=None, title="Question for the postcode", description="Ours if empty.")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for row in self.rows:
            self._check(row)
        matches = [row.match for row in self.rows]
        if len(set(matches)) < len(matches):
            double = next(match for match in matches if matches.count(match) > 1)
            raise ValueError(f"{double} stands in the table twice")
        if self.mobile is not None and self.by is not By.AREA_CODE:
            raise ValueError("mobile numbers have a destination of their own only when routed by area code")
        if self.question is not None and self.by is not By.POSTCODE:
            raise ValueError("a question is put only when routed by postcode")
        return self

    def _check(self, row: Row) -> None:
        if self.by is By.POSTCODE:
            location.postcode_range(row.match)
        else:
            form, example = _FORMS[self.by]
            if re.fullmatch(form, row.match) is None:
                raise ValueError(f"{row.match} cannot be compared with; write it like {example}")
        if self.by is not By.CALLED and len(row.destination.removeprefix("+")) > LONGEST_INSIDE:
            raise ValueError(f"{row.destination} is an outside number; only by called number may calls go outside")


async def answer(routing: LocationRouting, extension: Extension, call: Call) -> Next:
    """Find the caller's row; those without one go to the fallback that fits them."""
    found, way = await _find(routing, call)
    call.note(Decision("location", found.because, {"by": routing.by.value, "to": way.destination}, found.rejected))
    return await call.send_on(extension, way.destination, prefix=way.prefix)


async def _find(routing: LocationRouting, call: Call) -> tuple[Found, Row | Way]:
    country = call.account.country
    matches = [row.match for row in routing.rows]
    caller = call.caller.shown.e164
    match routing.by:
        case By.POSTCODE:
            found = await _by_postcode(routing, call, matches)
        case By.CALLED:
            found = (
                location.by_called(call.called, country, matches) if call.called else Found(None, "no number called")
            )
        case _ if caller is None:
            return Found(None, "the caller's number is withheld or unknown"), routing.withheld or routing.fallback
        case By.AREA_CODE if routing.mobile is not None and is_mobile(caller):
            return Found(None, f"{caller} is a mobile number"), routing.mobile
        case By.AREA_CODE:
            found = location.by_area_code(caller, country, matches)
        case By.CALLER:
            found = location.by_caller(caller, country, matches)
    return found, routing.fallback if found.index is None else routing.rows[found.index]


async def _by_postcode(routing: LocationRouting, call: Call, matches: list[str]) -> Found:
    question = routing.question.said if routing.question else Prompt.ASK_POSTCODE
    digits = ""
    for _ in range(TIMES):
        digits = await call.ask(question, max_digits=4)
        if len(digits) == 4 and digits.isdigit():
            return location.by_postcode(digits, matches)
        call.leg.forget_digits()
        await call.say(Prompt.INVALID_INPUT if digits else Prompt.NO_INPUT)
    return Found(None, f"{digits or 'nothing'} is no postcode")


def summary(routing: LocationRouting, words: Wording) -> str:
    by, to = words.choice(routing.by), words.place(routing.fallback.destination)
    if not routing.rows:
        return words("always to {to}", to=to)
    if len(routing.rows) == 1:
        return words("routes by {by}, 1 row, else {to}", by=by, to=to)
    return words("routes by {by}, {count} rows, else {to}", by=by, count=len(routing.rows), to=to)


KIND = Kind(
    name="location_routing",
    title={"en": "Location routing", "nl": "Location based routing"},
    settings=LocationRouting,
    answer=answer,
    summary=summary,
)
