"""Live calls: what runs now, as a list and as a stream of changes; and the end of a call by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, Field

from centrale.accounts.roles import Role
from centrale.api.access import Asking, OwnAccount, at_least
from centrale.api.event_stream import EVENTS, EventStream, as_it_is, follow, written
from centrale.api.live_feed import LiveFeed, Shown, shown, to_the_millisecond
from centrale.api.pages import Page, Paged
from centrale.api.problems import not_found
from centrale.api.services import ApiServices
from centrale.api.streaming import AtDoor, Welcome
from centrale.api.units import Services
from centrale.calls.call import Call
from centrale.calls.record import Direction, Outcome
from centrale.routing.snapshot import AccountId
from centrale.telephony.switch import SwitchError

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/accounts/{account}/calls", tags=["calls"])

CallId = Annotated[str, Path(max_length=64, title="Call id")]


class CallState(StrEnum):
    """How far a call is."""

    ARRIVING = "arriving"
    SERVED = "served"
    """The exchange itself speaks with the caller: a menu, an announcement, a system number."""
    RINGING = "ringing"
    TALKING = "talking"


class LiveCallOut(BaseModel):
    """A running call."""

    id: str = Field(title="Id", description="Its call record has the same one.")
    account: int = Field(title="Account")
    state: CallState = Field(title="State")
    started: datetime = Field(title="Started")
    ringing: datetime | None = Field(title="First rang")
    answered: datetime | None = Field(title="Answered by a person")
    direction: Direction = Field(title="Direction")
    caller: str = Field(title="Caller")
    caller_name: str = Field(title="Caller's name")
    called: str = Field(title="Called")
    channel: str | None = Field(title="From channel")
    trunk: str | None = Field(title="Through trunk")
    answered_by: str | None = Field(title="Answered by")
    users: list[str] = Field(title="Users who are in it")


async def _feed(request: Request) -> LiveFeed:
    feed = request.app.state.feed
    assert isinstance(feed, LiveFeed)
    return feed


Feed = Annotated[LiveFeed, Depends(_feed)]


@router.get(
    "", openapi_extra=at_least(Role.SUPERVISOR), response_model=Page[LiveCallOut], summary="Which calls run now?"
)
async def list_calls(services: Services, account: OwnAccount, paging: Paged) -> Response:
    """Oldest first."""
    running = sorted(services.live.of(account), key=lambda call: call.id)
    return paging.answer([call for call in running if call.id > paging.after], lambda call: call.id, _listed)


@router.get(
    "/events",
    response_class=EventStream,
    responses=EVENTS,
    openapi_extra=at_least(Role.SUPERVISOR),
    summary="What changes among the running calls",
)
async def watch_calls(
    services: Services,
    account: OwnAccount,
    principal: Asking,
    feed: Feed,
    door: AtDoor,
    last_event_id: Annotated[str | None, Header(max_length=40, title="Id of the last event seen")] = None,
) -> EventStream:
    """Server-sent events. First `calls` with everything that runs (`{"calls": […]}`), then only what changes:
    `began` with a new call, `changed` with its id and the fields that differ, `ended` with its id and outcome.

    With `Last-Event-ID` the stream goes on where it broke off; `calls` comes again when that is too long ago. It ends
    when the token is revoked.
    """
    welcome = Welcome(door, principal, account)
    return EventStream(_told(feed, services, account, welcome, last_event_id))


async def _told(
    feed: LiveFeed, services: ApiServices, account: AccountId, welcome: Welcome, last: str | None
) -> AsyncIterator[bytes]:
    with feed.watching(account) as watched:

        def whole(place: int) -> bytes:
            calls = [_listed(call) for call in services.live.of(account)]
            return written("calls", watched.history.id(place), {"calls": calls})

        place = None if last is None else watched.history.place_of(last)
        async for event in follow(watched.history, place, welcome, whole, as_it_is):
            yield event


@router.get("/{call}", openapi_extra=at_least(Role.SUPERVISOR), summary="Show a running call")
async def get_call(services: Services, account: OwnAccount, call: CallId) -> LiveCallOut:
    """404 when it is over; then look among the call records."""
    return LiveCallOut.model_validate(shown(_one(services, account, call)))


@router.delete(
    "/{call}",
    status_code=HTTPStatus.NO_CONTENT,
    openapi_extra=at_least(Role.SUPERVISOR),
    summary="End a running call",
)
async def end_call(services: Services, account: OwnAccount, call: CallId, principal: Asking) -> None:
    """Hangs up on everybody in it. Its trace says who did so."""
    running = _one(services, account, call)
    record = running.record
    before = record.ended_by, record.outcome
    # Written down first: the end may come while we wait for the switch, and the record closes with it.
    running.step("hang-up", "an administrator ended the call", by=principal.actor)
    record.ended_by, record.outcome = "exchange", record.outcome or Outcome.UNANSWERED
    try:
        await running.leg.hang_up()
    except SwitchError:
        running.step("hang-up", "the switch did not end it")
        record.ended_by, record.outcome = before
        raise
    log.info("api.call_ended", call=call, account=account, by=principal.actor)


def _listed(call: Call) -> Shown:
    return shown(call, to_the_millisecond)


def _one(services: ApiServices, account: AccountId, call: str) -> Call:
    running = services.live.get(call)
    if running is None or running.account_id != account:
        raise not_found(f"running call {call}")
    return running
