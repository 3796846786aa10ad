"""The stream of what changes among the running calls of an account, with a place to take it up again.

Each account has its own short history, numbered on its own: the numbers that one customer sees tell nothing about how
much another one telephones. Readers hold a place in the history and no queue, so a slow one costs nothing; one that
falls behind the history, or comes from before a restart, is shown the world once and goes on from there.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from centrale.routing.snapshot import AccountId

if TYPE_CHECKING:
    from centrale.calls.call import Call
    from centrale.calls.live import LiveCalls

KEPT = 500
"""Changes that an account's history holds: minutes of a busy one, and more than a reconnecting browser misses."""

Shown = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`event`: `began` (all of the call), `changed` (its id, and the fields that differ) or `ended`."""

    number: int
    event: str
    data: Shown


@dataclass(slots=True)
class _History:
    changes: deque[Change] = field(default_factory=lambda: deque(maxlen=KEPT))
    last: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.news.set()
        self.news = asyncio.Event()


class LiveFeed:
    """Watches the running calls. Use from their event loop; `close()` ends every reader."""

    def __init__(self, live: LiveCalls) -> None:
        self._run = secrets.token_hex(4)
        """Tells the ids of this process from those of one before."""
        self._live = live
        self._histories: dict[AccountId, _History] = {}
        """Of the accounts whose calls somebody has read: what nobody reads costs a call nothing."""
        self._shown: dict[str, Shown] = {}
        self._unwatch = live.watch(self._note)
        self.closed = False

    def place(self, account: AccountId) -> int:
        """The place behind everything that happened until now."""
        return self._history(account).last

    def place_of(self, account: AccountId, id: str) -> int | None:
        """The place behind the event with this id; None when it is not one of this run."""
        run, _, number = id.partition("-")
        if run != self._run or not number.isascii() or not number.isdecimal() or len(number) > 18:
            return None
        place = int(number)
        return place if place <= self.place(account) else None

    def id(self, place: int) -> str:
        """The id of the event before `place`."""
        return f"{self._run}-{place}"

    def since(self, account: AccountId, place: int) -> list[Change] | None:
        """What happened behind `place`; None when the history does not reach back so far."""
        history = self._history(account)
        missing = history.last - place
        if missing > len(history.changes):
            return None
        return list(history.changes)[len(history.changes) - missing :]

    async def news(self, account: AccountId, place: int, timeout: float) -> None:
        """Returns when something happened behind `place`, when this feed closes, or after `timeout` seconds."""
        history = self._history(account)
        if history.last > place or self.closed or timeout <= 0:
            return
        try:
            await asyncio.wait_for(history.news.wait(), timeout)
        except TimeoutError:
            return

    def wake(self) -> None:
        """Has every reader look up."""
        for history in self._histories.values():
            history.wake()

    def close(self) -> None:
        """Ends every reader, so that the server can stop without waiting for them."""
        self.closed = True
        self._unwatch()
        for history in self._histories.values():
            history.news.set()

    def _history(self, account: AccountId) -> _History:
        history = self._histories.get(account)
        if history is None:
            history = self._histories[account] = _History()
            self._shown |= {call.id: shown(call) for call in self._live.of(account)}
        return history

    def _note(self, what: str, call: Call) -> None:
        history = self._histories.get(call.account_id)
        if history is None or (data := self._data(what, call)) is None:
            return
        history.last += 1
        history.changes.append(Change(history.last, what, data))
        history.wake()

    def _data(self, what: str, call: Call) -> Shown | None:
        """What a reader is told; None when it would see no difference."""
        before = self._shown.pop(call.id, {})
        if what == "ended":
            record = call.record
            return {"id": call.id, "ended": _instant(record.ended), "outcome": record.outcome, "cause": record.cause}
        now = self._shown[call.id] = shown(call)
        if what == "began":
            return now
        differing = {name: value for name, value in now.items() if before.get(name) != value}
        return {"id": call.id, **differing} if differing else None


def shown(call: Call) -> Shown:
    """A running call as the API shows it (`resources.calls.LiveCallOut`), as plain data."""
    record = call.record
    return {
        "id": call.id,
        "account": call.account_id,
        "state": _state(call),
        "started": _instant(record.started),
        "ringing": _instant(record.ringing),
        "answered": _instant(record.answered),
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


def _instant(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def _printable(text: str) -> str:
    """What a hostile phone calls itself may hold halves of characters that no JSON can carry."""
    return text.encode("utf-8", "replace").decode()
