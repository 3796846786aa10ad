"""Explain: the dry run of a call that has not been made (OPS-2)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from centrale.accounts.expectations import Entered
from centrale.accounts.fields import Input
from centrale.accounts.records import Record
from centrale.api.access import READS, OwnAccount
from centrale.api.answers import answer
from centrale.api.moments import Moment
from centrale.api.problems import ProblemError
from centrale.api.resources.records import RecordOut, shown
from centrale.api.speaking import Spoken
from centrale.api.units import Services
from centrale.explain import Assumptions, Said

router = APIRouter(prefix="/accounts/{account}/explain", tags=["records"])


WHO = "By extension, channel, or number outside."

Who = Annotated[str, Field(pattern=r"^\+?[A-Za-z0-9._-]{1,40}$")]


class ExplainIn(Input):
    """The call to be tried."""

    caller: str = Field(
        pattern=r"^\+?[A-Za-z0-9._-]{1,40}$",
        title="Caller",
        description="An extension, the name of a channel, or a telephone number outside (E.164).",
    )
    called: str = Field(pattern=r"^[0-9*#+]{1,40}$", title="What is dialled")
    at: Moment | None = Field(default=None, title="At", description="With time zone; left out: now.")
    choices: list[Entered] = Field(
        default_factory=list,
        max_length=20,
        title="What the caller enters",
        description="One entry for each question; closed with # where more would be awaited.",
    )
    answer_after: float = Field(default=3, ge=0, le=600, title="Whoever is called answers after (seconds)")
    nobody_answers: bool = Field(default=False, title="Phones ring, and nobody is there")
    answering: list[Who] = Field(default_factory=list, max_length=50, title="Only these answer", description=WHO)
    busy: list[Who] = Field(default_factory=list, max_length=50, title="These are busy", description=WHO)
    declining: list[Who] = Field(default_factory=list, max_length=50, title="These press it away", description=WHO)
    switched_off: list[Who] = Field(default_factory=list, max_length=50, title="Their phones are off", description=WHO)
    speak: float = Field(default=10, ge=0, le=600, title="The caller speaks, when recorded, for (seconds)")
    hang_up_after: float | None = Field(default=None, gt=0, le=3600, title="The caller hangs up after (seconds)")
    everybody_there: bool = Field(
        default=False, title="As if everybody were logged on", description="Whoever is so now."
    )

    def assumed(self) -> Assumptions:
        """The same for the dry run."""
        return Assumptions(
            answer_after=self.answer_after,
            nobody_answers=self.nobody_answers,
            answering=tuple(self.answering),
            busy=tuple(self.busy),
            declining=tuple(self.declining),
            switched_off=tuple(self.switched_off),
            press=tuple(map(Said, self.choices)),
            speak=self.speak,
            hang_up_after=self.hang_up_after,
            everybody_there=self.everybody_there,
        )


@router.post("", openapi_extra=READS, response_model=RecordOut, summary="Where would a call go, and why?")
async def explain_call(
    services: Services, account: OwnAccount, data: ExplainIn, language: Spoken, response: Response
) -> Response:
    """Nothing rings: the call runs on a simulated switch with the account as it is now. Changes nothing."""
    if services.explain is None:
        raise ProblemError(HTTPStatus.NOT_IMPLEMENTED, "This exchange makes no dry runs.")
    at = data.at or services.clock.now()
    record = await services.explain(account, data.caller, data.called, at, data.assumed())
    async with services.database.read() as unit:
        return answer(await shown(services, unit, Record.model_validate(record.as_json()), language), response)
