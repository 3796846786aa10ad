"""The stream of what changes among the running calls of an account, with a place to take it up again.

Each account has its own short history, numbered on its own: the numbers that one customer sees tell nothing about how
much another one telephones. Readers hold a place in the history and no queue, so a slow one costs nothing; one that
falls behind the history, or comes from before a restart, is shown the world once and goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from centrale.api.event_stream import Numbered
from centrale.routing.snapshot import AccountId

if TYPE_CHECKING:
    from centrale.calls.call import Call
    from centrale.calls.live import LiveCalls

KEPT = 500
"""Changes that an account's history holds: minutes of a busy one, and more than a reconnecting browser misses."""
FORGET_AFTER = 120.0
"""Seconds without a reader after which an account's history is forgotten; whoever comes back sooner takes up where they
were."""

Shown = dict[str, Any]


@dataclass(slots=True, eq=False)
class Watched:
    """The running calls of an account that somebody looks at: what happened to them lately, as it is sent."""

    shown: dict[str, Shown]
    """Each running call, as readers know it."""
    history: Numbered = field(default_factory=lambda: Numbered(KEPT))
    readers: int = 0
    forget: asyncio.TimerHandle | None = None


class LiveFeed:
    """Watches the running calls. Use from their event loop; `close()` ends every reader."""

    def __init__(self, live: LiveCalls) -> None:
        self._live = live
        self._watched: dict[AccountId, Watched] = {}
        """Of the accounts whose calls somebody reads: what nobody reads costs a call nothing."""
        self._unwatch = live.watch(self._note)
        self._closed = False

    @contextmanager
    def watching(self, account: AccountId) -> Iterator[Watched]:
        """The calls of an account, for as long as somebody looks at them."""
        watched = self._watched.get(account)
        if watched is None:
            watched = self._watched[account] = Watched({call.id: shown(call) for call in self._live.of(account)})
            if self._closed:
                watched.history.close()
        if watched.forget is not None:
            watched.forget.cancel()
            watched.forget = None
        watched.readers += 1
        try:
            yield watched
        finally:
            watched.readers -= 1
            if not watched.readers and not self._closed:
                later = asyncio.get_running_loop().call_later
                watched.forget = later(FORGET_AFTER, self._watched.pop, account, None)

    def wake(self) -> None:
        """Has every reader look up."""
        for watched in self._watched.values():
            watched.history.wake()

    def close(self) -> None:
        """Ends every reader."""
        self._closed = True
        self._unwatch()
        for watched in self._watched.values():
            watched.history.close()
            if watched.forget is not None:
                watched.forget.cancel()

    def _note(self, what: str, call: Call) -> None:
        watched = self._watched.get(call.account_id)
        if watched is not None and (data := _differing(watched.shown, what, call)) is not None:
            watched.history.happened(what, data)


def _differing(known: dict[str, Shown], what: str, call: Call) -> Shown | None:
    """What readers are told, of whom `known` is what they know; None when they would see no difference."""
    before = known.pop(call.id, {})
    if what == "ended":
        record = call.record
        return {"id": call.id, "ended": _text(record.ended), "outcome": record.outcome, "cause": record.cause}
    now = known[call.id] = shown(call)
    if what == "began":
        return now
    differing = {name: value for name, value in now.items() if before.get(name) != value}
    return {"id": call.id, **differing} if differing else None


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def to_the_millisecond(moment: datetime | None) -> datetime | None:
    """The moment itself, as exact as the stream tells it."""
    return None if moment is None else moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def shown(call: Call, instant: Callable[[datetime | None], Any] = _text) -> Shown:
    """A running call as the API shows it (`resources.calls.LiveCallOut`), as plain data; moments as `instant` has
    them."""
    record = call.record
    return {
        "id": call.id,
        "account": call.account_id,
        "state": _state(call),
        "started": instant(record.started),
        "ringing": instant(record.ringing),
        "answered": instant(record.answered),
        "direction": record.direction,
        "caller": _printable(record.caller),
        "caller_name": _printable(record.caller_name),
        "called": _printable(record.called),
        "channel": record.channel,
        "trunk": record.trunk,
        "answered_by": record.answered_by,
        "users": sorted(call.engaged),
    }


def _state(call: Call) -> str:
    if call.record.answered is not None:
        return "talking"
    if call.record.ringing is not None:
        return "ringing"
    return "served" if call.leg.answered else "arriving"


def _printable(text: str) -> str:
    """What a hostile phone calls itself may hold halves of characters that no JSON can carry."""
    return text.encode("utf-8", "replace").decode()
