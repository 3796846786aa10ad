"""Call records (CDRs), each with the trace that explains it (OPS-2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from centrale.accounts import records
from centrale.accounts.called import names_now
from centrale.accounts.errors import Invalid
from centrale.accounts.records import Record
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.api.access import OwnAccount, at_least
from centrale.api.answers import answer
from centrale.api.moments import Moment
from centrale.api.pages import Page, Paged, unusable_cursor
from centrale.api.speaking import Spoken
from centrale.api.steps import StepOut, as_told
from centrale.api.units import Read, Services
from centrale.calls.record import Outcome
from centrale.routing.snapshot import AccountId
from centrale.routing.trace import Step
from centrale.wording import Language

router = APIRouter(prefix="/accounts/{account}/records", tags=["records"])

Party = Annotated[
    str | None,
    Query(
        pattern=r"^(\+?[0-9]{1,20}|anonymous)$",
        title="Number",
        description="An extension, or E.164. In an address the plus sign is written %2B.",
    ),
]


Sort = Annotated[Literal["-started", "started"], Query(title="Sorted by", description="With a minus: newest first.")]


class RecordLine(Record):
    """A call record as a list shows it: without legs and trace."""

    legs: list[Any] = Field(default_factory=list, exclude=True)
    trace: list[Any] = Field(default_factory=list, exclude=True)


class RecordOut(Record):
    """A call record with what was tried and what was decided."""

    legs: list[str] = Field(default_factory=list, title="Who was rung, and how")
    trace: list[StepOut] = Field(default_factory=list, title="What was decided, and why")


@router.get(
    "",
    openapi_extra=at_least(Role.SUPERVISOR),
    response_model=Page[RecordLine],
    summary="List the call records",
)
async def list_records(
    unit: Read,
    account: OwnAccount,
    paging: Paged,
    since: Annotated[Moment | None, Query(title="Began at or after")] = None,
    until: Annotated[Moment | None, Query(title="Began before")] = None,
    caller: Party = None,
    called: Party = None,
    extension: Annotated[
        str | None, Query(pattern="^[0-9]{2,5}$", title="Extension", description="It called, was called, or answered.")
    ] = None,
    outcome: Annotated[Outcome | None, Query(title="Only with this outcome")] = None,
    sort: Sort = "-started",
) -> Response:
    """Newest first, unless asked otherwise."""
    try:
        found = await records.list_all(
            unit,
            account,
            since=since,
            until=until,
            caller=caller,
            called=called,
            extension=extension,
            outcome=outcome,
            oldest_first=sort == "started",
            cursor=paging.after or None,
            limit=paging.limit,
        )
    except Invalid as error:
        raise unusable_cursor() from error
    return paging.answer_given((record._asdict() for record in found.records), found.next)


@router.get("/{call}", openapi_extra=at_least(Role.SUPERVISOR), response_model=RecordOut, summary="Show a call record")
async def get_record(
    services: Services,
    unit: Read,
    account: OwnAccount,
    call: Annotated[str, Path(max_length=64, title="Call id")],
    language: Spoken,
    response: Response,
) -> Response:
    """With its trace: why the call went where it went."""
    record = await records.get(unit, account, call)
    return answer(await shown(services, unit, record, language), response)


async def shown(services: Services, unit: Unit, record: Record, language: Language) -> dict[str, Any]:
    """The record as it is written, a `RecordOut`, for a reader of `language`, with what its extensions and sounds are
    called now."""
    account = services.directory.current.accounts[AccountId(record.account)]
    name_of = await names_now(unit, account, str(record.trace))
    return record.model_dump() | {"trace": [as_told(Step.from_json(it), language, name_of) for it in record.trace]}
