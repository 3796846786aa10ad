"""Explain: the dry run of a call that has not been made (OPS-2)."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import Field

from centrale.accounts.fields import Input
from centrale.accounts.records import Record
from centrale.api.access import READS, OwnAccount
from centrale.api.moments import Moment
from centrale.api.problems import ProblemError
from centrale.api.resources.records import RecordOut, shown
from centrale.api.units import Services

router = APIRouter(prefix="/accounts/{account}/explain", tags=["records"])


class ExplainIn(Input):
    """The call to be tried."""

    caller: str = Field(
        pattern=r"^\+?[A-Za-z0-9._-]{1,40}$",
        title="Caller",
        description="An extension, the name of a channel, or a telephone number outside (E.164).",
    )
    called: str = Field(pattern=r"^[0-9*#+]{1,40}$", title="What is dialled")
    at: Moment | None = Field(default=None, title="At", description="With time zone; left out: now.")


@router.post("", openapi_extra=READS, summary="Where would a call go, and why?")
async def explain_call(services: Services, account: OwnAccount, data: ExplainIn) -> RecordOut:
    """Nothing rings: the call runs on a simulated switch with the account as it is now. Changes nothing."""
    if services.explain is None:
        raise ProblemError(HTTPStatus.NOT_IMPLEMENTED, "This exchange makes no dry runs.")
    record = await services.explain(account, data.caller, data.called, data.at or services.clock.now())
    return shown(Record.model_validate(record.as_json()))
