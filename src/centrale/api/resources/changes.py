"""The stream of what administrators change, for open pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from centrale.accounts.roles import Role
from centrale.api.access import Asking, Principal, at_least
from centrale.api.change_feed import EVERYDAY, Changed, ChangeFeed
from centrale.api.streaming import AtDoor, Welcome

router = APIRouter(prefix="/changes", tags=["changes"])


async def _feed(request: Request) -> ChangeFeed:
    feed = request.app.state.changes
    assert isinstance(feed, ChangeFeed)
    return feed


@router.get(
    "",
    response_class=EventSourceResponse,
    openapi_extra=at_least(Role.END_USER),
    summary="What administrators change",
)
async def watch_changes(
    principal: Asking,
    door: AtDoor,
    feed: Annotated[ChangeFeed, Depends(_feed)],
    last_event_id: Annotated[str | None, Header(max_length=40, title="Id of the last event seen")] = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events, as soon as a change is in force: `changed` with the `account` (null: of the platform) and the
    `types` of what is different, as the audit calls them, or `logon`, `message` (of a mailbox) and `record` (of a call,
    once it can be read); none of them: anything may be. `here` is the first event.
    With `Last-Event-ID` the stream goes on where it broke off, or says `all`: fetch everything anew. It ends when the
    token is revoked or the reader signed out.
    """
    place = feed.last if last_event_id is None else feed.place_of(last_event_id)
    if place is None or last_event_id is None:
        place = feed.last
        yield ServerSentEvent(event="here" if last_event_id is None else "all", id=feed.id(place), data={})
    welcome = Welcome(door, principal)
    while not feed.closed:
        changes = feed.since(place)
        if changes is None:  # such a slow reader
            place = feed.last
            yield ServerSentEvent(event="all", id=feed.id(place), data={})
            continue
        for change in changes:
            place += 1
            if principal.sees(change.account):
                yield ServerSentEvent(event="changed", id=change.id, data=_shown(change, principal))
        await feed.news(place, welcome.seconds)
        if not await welcome.lasts():
            return


def _shown(change: Changed, principal: Principal) -> dict[str, Any]:
    """Users need not know what it is that their administrators do; that people call and log on they may."""
    told = principal.role.rank >= Role.SUPERVISOR.rank or change.types <= EVERYDAY
    types = sorted(change.types) if told else []
    return {"account": change.account, "types": types}
