"""The stream of what administrators change, for open pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request

from centrale.accounts.roles import Role
from centrale.api.access import Asking, Principal, at_least
from centrale.api.change_feed import EVERYDAY, Changed, ChangeFeed
from centrale.api.event_stream import EVENTS, EventStream, follow, written
from centrale.api.streaming import AtDoor, Welcome

router = APIRouter(prefix="/changes", tags=["changes"])


async def _feed(request: Request) -> ChangeFeed:
    feed = request.app.state.changes
    assert isinstance(feed, ChangeFeed)
    return feed


@router.get(
    "",
    response_class=EventStream,
    responses=EVENTS,
    openapi_extra=at_least(Role.END_USER),
    summary="What administrators change",
)
async def watch_changes(
    principal: Asking,
    door: AtDoor,
    feed: Annotated[ChangeFeed, Depends(_feed)],
    last_event_id: Annotated[str | None, Header(max_length=40, title="Id of the last event seen")] = None,
) -> EventStream:
    """Server-sent events, as soon as a change is in force: `changed` with the `account` (null: of the platform) and the
    `types` of what is different, as the audit calls them, or `logon`, `message` (of a mailbox) and `record` (of a call,
    once it can be read); none of them: anything may be. `here` is the first event.
    With `Last-Event-ID` the stream goes on where it broke off, or says `all`: fetch everything anew. It ends when the
    token is revoked or the reader signed out.
    """
    return EventStream(_told(feed, principal, Welcome(door, principal), last_event_id))


async def _told(feed: ChangeFeed, principal: Principal, welcome: Welcome, last: str | None) -> AsyncIterator[bytes]:
    place = None if last is None else feed.place_of(last)
    if last is None:
        place = feed.history.last
        yield written("here", feed.id(place), {})

    def all_of_it(place: int) -> bytes:
        return written("all", feed.id(place), {})

    def shown(change: Changed) -> bytes | None:
        if not principal.sees(change.account):
            return None
        # Users need not know what it is that their administrators do; that people call and log on they may.
        told = principal.role.rank >= Role.SUPERVISOR.rank or change.types <= EVERYDAY
        return change.written(with_types=told)

    async for event in follow(feed.history, place, welcome, all_of_it, shown):
        yield event
