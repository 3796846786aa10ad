"""The calls that run now: who is busy, on which channel, and a stream of changes for those who watch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

if TYPE_CHECKING:
    from centrale.calls.call import Call

Watcher = Callable[[str, "Call"], None]
"""Called with `began`, `changed` or `ended`, and the call."""


class LiveCalls:
    """All running calls of this process. Everything here is a look in memory; nothing waits."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._watchers: set[Watcher] = set()

    def __len__(self) -> int:
        return len(self._calls)

    def of(self, account: AccountId | None = None) -> Iterator[Call]:
        """The running calls of one account, or of all."""
        return (call for call in tuple(self._calls.values()) if account is None or call.account_id == account)

    def get(self, call_id: str) -> Call | None:
        """The running call with this id."""
        return self._calls.get(call_id)

    def engaged(self, account: AccountId, user: ExtensionNumber) -> int:
        """In how many calls this user is, as caller or as called who answered (USR-6)."""
        return sum(user in call.engaged for call in self._calls.values() if call.account_id == account)

    def on_channel(self, channel: ChannelName) -> int:
        """How many calls this channel takes part in (CHN-1 call limit)."""
        return sum(channel in call.channels for call in self._calls.values())

    def places_in(self, account: AccountId, limit: ExtensionNumber) -> int:
        """How many running calls have a place in the call limit `limit` (LIM-1)."""
        return sum(limit in call.places for call in self._calls.values() if call.account_id == account)

    def began(self, call: Call) -> None:
        """Add a call."""
        self._calls[call.id] = call
        self._tell("began", call)

    def changed(self, call: Call) -> None:
        """Tell the watchers that a call is in another state."""
        self._tell("changed", call)

    def ended(self, call: Call) -> None:
        """Remove a call."""
        if self._calls.pop(call.id, None) is not None:
            self._tell("ended", call)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher` told of every change; returns the function that ends it."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    def _tell(self, what: str, call: Call) -> None:
        for watcher in tuple(self._watchers):
            watcher(what, call)
