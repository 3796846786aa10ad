"""Call records (CDRs), each with the trace that explains it (OPS-2)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from centrale.accounts import records
from centrale.accounts.called import names_in
from centrale.accounts.errors import Invalid
from centrale.accounts.records import Record
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.api.access import OwnAccount, at_least
from centrale.api.moments import Moment
from centrale.api.pages import Page, Paged, unusable_cursor
from centrale.api.speaking import Spoken
from centrale.api.steps import StepOut, trace_in_words
from centrale.api.units import Read
from centrale.calls.record import Outcome
from centrale.routing.snapshot import AccountId
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


@router.get("/{call}", openapi_extra=at_least(Role.SUPERVISOR), summary="Show a call record")
async def get_record(
    unit: Read, account: OwnAccount, call: Annotated[str, Path(max_length=64, title="Call id")], language: Spoken
) -> RecordOut:
    """With its trace: why the call went where it went."""
    return await shown(unit, await records.get(unit, AccountId(account), call), language)


async def shown(unit: Unit, record: Record, language: Language) -> RecordOut:
    """The record as the API gives it to a reader of `language`, with what its extensions and sounds are called now."""
    name_of = await names_in(unit, AccountId(record.account), str(record.trace))
    return RecordOut.model_validate(record.model_dump() | {"trace": trace_in_words(record.trace, language, name_of)})
