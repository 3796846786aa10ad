"""The wallboard: queues now and today, as a list and as a stream of changes (QUE-30)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field

from centrale.accounts.queue_figures import TO_THE_SECOND
from centrale.accounts.roles import Role
from centrale.api.access import Asking, OwnAccount, at_least
from centrale.api.answers import answer
from centrale.api.event_stream import EVENTS, EventStream, as_it_is, follow, written
from centrale.api.live_feed import Shown
from centrale.api.streaming import AtDoor, Welcome
from centrale.api.units import Services
from centrale.api.wallboard_feed import WallboardFeed
from centrale.routing.snapshot import AccountId

router = APIRouter(prefix="/accounts/{account}/wallboard", tags=["wallboard"])

Within = Annotated[
    int, Query(ge=0, le=TO_THE_SECOND, title="Seconds", description="Whoever is answered within them is in time.")
]


class AgentsOnBoard(BaseModel):
    """How many agents are in which state; logged off are members whom an administrator chose."""

    free: int = Field(title="Free")
    ringing: int = Field(title="Ringing")
    talking: int = Field(title="Talking")
    wrap_up: int = Field(title="In wrap-up")
    busy: int = Field(title="In another call")
    resting: int = Field(title="Just declined")
    unreachable: int = Field(title="Without a phone")
    logged_off: int = Field(title="Logged off")


class QueueOnBoard(BaseModel):
    """A queue now, and its callers since midnight in the account's time zone."""

    queue: str = Field(title="Queue")
    name: str = Field(title="Name")
    waiting: int = Field(title="Callers in line")
    waiting_since: datetime | None = Field(title="The longest wait began")
    longest_wait: float | None = Field(title="Longest wait (seconds)")
    agents: AgentsOnBoard = Field(title="Agents")
    calls: int = Field(title="Calls today")
    answered: int = Field(title="Answered today")
    abandoned: int = Field(title="Abandoned today")
    answered_within: int = Field(title="Answered in time today")
    service_level: float | None = Field(
        title="Service level today", description="Share of the callers who wait no more that were answered in time."
    )


class Wallboard(BaseModel):
    """All queues of the account."""

    at: datetime = Field(title="Moment")
    within: int = Field(title="In time is within (seconds)")
    queues: list[QueueOnBoard] = Field(title="Queues")


async def _feed(request: Request) -> WallboardFeed:
    feed = request.app.state.wallboard
    assert isinstance(feed, WallboardFeed)
    return feed


Feed = Annotated[WallboardFeed, Depends(_feed)]


@router.get("", openapi_extra=at_least(Role.SUPERVISOR), response_model=Wallboard, summary="What goes on in all queues")
async def get_wallboard(services: Services, account: OwnAccount, feed: Feed, within: Within = 20) -> Response:
    """By number. Figures of today are a second or two behind."""
    now = services.clock.now()
    queues = [_with_longest_wait(shown, now) for shown in await feed.now(account, within)]
    return answer({"at": now, "within": within, "queues": queues})


def _with_longest_wait(shown: Shown, now: datetime) -> Shown:
    if shown["waiting_since"] is None:
        return {**shown, "longest_wait": None}
    since = datetime.fromisoformat(shown["waiting_since"])
    return {**shown, "waiting_since": since, "longest_wait": max(0.0, (now - since).total_seconds())}


@router.get(
    "/events",
    response_class=EventStream,
    responses=EVENTS,
    openapi_extra=at_least(Role.SUPERVISOR),
    summary="What changes in queues",
)
async def watch_wallboard(
    account: OwnAccount,
    principal: Asking,
    feed: Feed,
    door: AtDoor,
    within: Within = 20,
    last_event_id: Annotated[str | None, Header(max_length=40, title="Id of the last event seen")] = None,
) -> EventStream:
    """Server-sent events. First `queues` with all of them (`{"queues": […]}`), then only what changes: `changed` with
    the number of the queue and the fields that differ, `gone` with the number of one that is no more. Waiting times are
    for the reader to count, from `waiting_since`.

    With `Last-Event-ID` the stream goes on where it broke off; `queues` comes again when that is too long ago. It ends
    when the token is revoked.
    """
    return EventStream(_told(feed, account, within, Welcome(door, principal, account), last_event_id))


async def _told(
    feed: WallboardFeed, account: AccountId, within: int, welcome: Welcome, last: str | None
) -> AsyncIterator[bytes]:
    async with feed.watching(account, within) as board:

        def whole(place: int) -> bytes:
            queues = [board.shown[queue] for queue in sorted(board.shown)]
            return written("queues", board.history.id(place), {"queues": queues})

        place = None if last is None else board.history.place_of(last)
        async for event in follow(board.history, place, welcome, whole, as_it_is):
            yield event
