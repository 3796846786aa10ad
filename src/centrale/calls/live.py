"""The calls that run now: who is busy, on which channel, and a stream of changes for those who watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, MutableSet
from typing import TYPE_CHECKING, TypeVar

from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

if TYPE_CHECKING:
    from centrale.calls.call import Call

K = TypeVar("K", bound=Hashable)

Watcher = Callable[[str, "Call"], None]
"""Called with `began`, `changed` or `ended`, and the call."""


class Counted(MutableSet[K]):
    """A set that belongs to one call: users, channels, call limits. While the call runs, its members are counted
    together with those of all other calls, so that nobody has to look through them: 50 calls a second look often.
    """

    def __init__(self, members: Iterable[K] = ()) -> None:
        self._members = set(members)
        self._counts: Counter[tuple[AccountId | None, K]] | None = None
        self._whose: AccountId | None = None

    def counts_in(self, counts: Counter[tuple[AccountId | None, K]], whose: AccountId | None) -> None:
        """From now on each member counts, as `whose`, until `counts_no_more`."""
        self.counts_no_more()
        self._counts, self._whose = counts, whose
        counts.update((whose, member) for member in self._members)

    def counts_no_more(self) -> None:
        """Take all members out of the counts; nothing to do when they are not in any."""
        for member in self._members:
            self._uncount(member)
        self._counts = None

    def add(self, value: K) -> None:
        if value not in self._members:
            self._members.add(value)
            if self._counts is not None:
                self._counts[self._whose, value] += 1

    def discard(self, value: K) -> None:
        if value in self._members:
            self._members.remove(value)
            self._uncount(value)

    def __contains__(self, value: object) -> bool:
        return value in self._members

    def __iter__(self) -> Iterator[K]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __repr__(self) -> str:
        return f"Counted({self._members})"

    def _uncount(self, member: K) -> None:
        if self._counts is not None:
            key = (self._whose, member)
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]


class LiveCalls:
    """All running calls of this process. Everything here is a look in memory; nothing waits."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}
        self._engaged: Counter[tuple[AccountId | None, ExtensionNumber]] = Counter()
        self._channels: Counter[tuple[AccountId | None, ChannelName]] = Counter()
        self._places: Counter[tuple[AccountId | None, ExtensionNumber]] = Counter()
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
        return self._engaged[account, user]

    def on_channel(self, channel: ChannelName) -> int:
        """How many calls this channel takes part in (CHN-1 call limit)."""
        return self._channels[None, channel]

    def places_in(self, account: AccountId, limit: ExtensionNumber) -> int:
        """How many running calls have a place in the call limit `limit` (LIM-1)."""
        return self._places[account, limit]

    def began(self, call: Call) -> None:
        """Add a call."""
        self._calls[call.id] = call
        call.engaged.counts_in(self._engaged, call.account_id)
        call.channels.counts_in(self._channels, None)  # their names are one's own on the whole platform
        call.places.counts_in(self._places, call.account_id)
        self._tell("began", call)

    def changed(self, call: Call) -> None:
        """Tell the watchers that a call is in another state."""
        self._tell("changed", call)

    def ended(self, call: Call) -> None:
        """Remove a call."""
        if self._calls.pop(call.id, None) is not None:
            for counted in (call.engaged, call.channels, call.places):
                counted.counts_no_more()
            self._tell("ended", call)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Have `watcher` told of every change; returns the function that ends it."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    def _tell(self, what: str, call: Call) -> None:
        for watcher in tuple(self._watchers):
            watcher(what, call)
