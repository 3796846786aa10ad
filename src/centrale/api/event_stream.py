"""Event streams as they are sent: what happens is written once, for all who may read it.

FastAPI writes each event anew for each reader, and hands it through two queues and tasks. Here readers share bytes, and
each is one task that waits for news.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Generic, TypeVar

import orjson
from fastapi.responses import StreamingResponse

from centrale.api.streaming import Welcome

T = TypeVar("T")

SILENT_FOR = 15.0
"""Seconds after which a comment is sent: proxies take a stream that says nothing for one that is dead."""

_COMMENT = b": ping\n\n"

EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "itemSchema": {
                    "type": "object",
                    "properties": {
                        "data": {"type": "string"},
                        "event": {"type": "string"},
                        "id": {"type": "string"},
                        "retry": {"type": "integer", "minimum": 0},
                    },
                }
            }
        }
    }
}
"""`responses` of a route that gives an `EventStream`."""


class EventStream(StreamingResponse):
    """Sends `events` one by one until they end or the reader goes away."""

    def __init__(self, events: AsyncIterator[bytes], status_code: int = 200) -> None:
        # The second header: nginx would gather events.
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
        super().__init__(events, status_code, headers, media_type="text/event-stream")


def written(event: str, id: str, data: Mapping[str, Any]) -> bytes:
    """An event as it is sent; what comes from elsewhere stands in `data`, where JSON leaves no line break."""
    content = orjson.dumps(data, option=orjson.OPT_UTC_Z)
    return b"event: %b\ndata: %b\nid: %b\n\n" % (event.encode(), content, id.encode())


class History(Generic[T]):
    """What was told lately. Readers hold a place in it and no queue, so a slow one costs nothing.

    `kept`: so many are kept for those who come back. Use from one event loop; `close()` ends every reader.
    """

    def __init__(self, kept: int) -> None:
        self._told: deque[T] = deque(maxlen=kept)
        self._news = asyncio.Event()
        self.last = 0
        """Counts what was told: the place behind all of it."""
        self.closed = False

    def __len__(self) -> int:
        return len(self._told)

    def tell(self, *news: T) -> None:
        """Something to be read."""
        self.last += len(news)
        self._told.extend(news)
        self.wake()

    def wake(self) -> None:
        """Has every reader look up."""
        self._news.set()
        self._news = asyncio.Event()

    def close(self) -> None:
        """Ends every reader, so that the server can stop without waiting for them."""
        self.closed = True
        self._news.set()

    def since(self, place: int) -> list[T] | None:
        """What was told behind `place`; None when it is kept no more."""
        missing = self.last - place
        if missing > len(self._told):
            return None
        return [self._told[nth] for nth in range(-missing, 0)]

    async def news(self, place: int, timeout: float) -> bool:
        """Returns when something was told behind `place`, when this closes or wakes, or after `timeout` seconds, and
        tells whether it was not for the time."""
        if self.last > place or self.closed:
            return True
        try:
            async with asyncio.timeout(timeout):
                return await self._news.wait()
        except TimeoutError:
            return False


class Numbered(History[bytes]):
    """Events as they are sent, with ids to take a stream up again: each history has its own, which tell nothing of
    others."""

    def __init__(self, kept: int) -> None:
        super().__init__(kept)
        self._token = secrets.token_hex(4)
        """Tells the ids of this history from those of others, and of one before it."""

    def id(self, place: int) -> str:
        """The id of the event before `place`."""
        return f"{self._token}-{place}"

    def place_of(self, id: str) -> int | None:
        """The place behind the event with this id; None when it is not one of this history."""
        token, _, number = id.partition("-")
        if token != self._token or not number.isascii() or not number.isdecimal() or len(number) > 18:
            return None
        return int(number) if int(number) <= self.last else None

    def happened(self, event: str, data: Mapping[str, Any]) -> None:
        """Something to be read."""
        self.tell(written(event, self.id(self.last + 1), data))


async def follow(
    history: History[T],
    place: int | None,
    welcome: Welcome,
    whole: Callable[[int], bytes],
    shown: Callable[[T], bytes | None],
) -> AsyncIterator[bytes]:
    """The events of one reader, from behind `place`, until it is no longer welcome.

    `whole`: the event for who comes without a place, or fell behind, and goes on from the given one. `shown`: as this
    reader sees it; None: not at all.
    """
    while not history.closed:
        told = None if place is None else history.since(place)
        if told is None or place is None:
            place = history.last
            yield whole(place)
            continue
        for it in told:
            place += 1
            if (event := shown(it)) is not None:
                yield event
        if not await history.news(place, min(welcome.seconds, SILENT_FOR)):
            yield _COMMENT
        if not await welcome.lasts():
            return


def as_it_is(event: bytes) -> bytes:
    """`shown` where all readers see the same."""
    return event
