"""The stream of what administrators change: open pages hear that something is different, and fetch it (PTL-2).

It tells of which account, and of what type, and nothing of the contents: who may read a thing is asked when it is
fetched. Readers hold a place in one short history and no queue, so a slow one costs nothing. An event's id is a word by
chance rather than a number: it does not tell how much others change.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from functools import lru_cache

from centrale.accounts.unit import Unit
from centrale.api.event_stream import History, written
from centrale.api.services import ApiServices
from centrale.routing.snapshot import AccountId, PlatformSnapshot

KEPT = 1000
"""Changes that are kept for those who come back. Who was away for longer is told to fetch everything."""

GATHER_FOR = 0.1
"""Seconds in which changes of one account become one."""

LOGON, MESSAGE, RECORD = "logon", "message", "record"
"""Types that no audit knows. A call is told when its record can be read, not when it ends: that is a second earlier."""

EVERYDAY = frozenset({LOGON, MESSAGE, RECORD})
"""What happens without anybody arranging anything."""


@dataclass(frozen=True, slots=True)
class Changed:
    """`account`: None for what belongs to none. `types`: as the audit calls them; empty when it may be anything."""

    id: str
    account: AccountId | None
    types: frozenset[str]

    def written(self, *, with_types: bool) -> bytes:
        """The event as it is sent; written once for all who hear of it."""
        return _written(self, with_types)


@lru_cache(maxsize=2 * KEPT)
def _written(changed: Changed, with_types: bool) -> bytes:
    types = sorted(changed.types) if with_types else []
    return written("changed", changed.id, {"account": changed.account, "types": types})


class ChangeFeed:
    """Hears of every change. Use from one event loop; `close()` ends every reader."""

    def __init__(self, services: ApiServices) -> None:
        self._directory = services.directory
        self.history: History[Changed] = History(KEPT)
        self._start = secrets.token_hex(8)
        """Stands for the place before all that is kept."""
        self._told_here: dict[AccountId | None, set[str]] = {}
        """Gathered: what this process changed."""
        self._revisions: dict[AccountId, int] = {}
        """Of accounts, that are explained by what was told."""
        self._differ: set[AccountId] = set()
        """Gathered: accounts whose picture is another one, whoever changed it."""
        self._timer: asyncio.TimerHandle | None = None
        services.database.on_commit(self._committed)
        services.directory.on_change(self._arranged)
        services.records_stored.add(self._recorded)

    def place_of(self, id: str) -> int | None:
        """The place behind the event with this id; None when it is not kept any more."""
        first = self.history.last - len(self.history)
        if secrets.compare_digest(id.encode(), self._start.encode()):
            return first if first == 0 else None
        kept = self.history.since(first) or ()
        return next((first + nth for nth, told in enumerate(kept, 1) if told.id == id), None)

    def id(self, place: int) -> str:
        """The id of the event before `place`, which is now the last."""
        told = self.history.since(place - 1) if place == self.history.last and len(self.history) else None
        return told[0].id if told else self._start

    def wake(self) -> None:
        """Has every reader look up."""
        self.history.wake()

    def close(self) -> None:
        """Ends every reader."""
        self.history.close()
        if self._timer is not None:
            self._timer.cancel()

    async def _committed(self, unit: Unit) -> None:
        for account in unit.changed_accounts:
            types = self._told_here.setdefault(account, set())
            types |= unit.touched.get(account, set())
            if account in unit.logons:
                types.add(LOGON)
            if account in unit.revisions:
                self._revisions[account] = max(unit.revisions[account], self._revisions.get(account, 0))
        for account, _ in unit.mailboxes:
            self._told_here.setdefault(account, set()).add(MESSAGE)
        if unit.platform_revision is not None:
            self._told_here.setdefault(None, set())
        if unit.changed_accounts or unit.mailboxes or unit.platform_revision is not None:
            self._soon()

    def _recorded(self, accounts: frozenset[AccountId]) -> None:
        for account in accounts:
            self._told_here.setdefault(account, set()).add(RECORD)
        self._soon()

    def _arranged(self, _: PlatformSnapshot, changed: frozenset[AccountId]) -> None:
        self._differ |= changed
        if not changed:
            self._told_here.setdefault(None, set())  # trunks
        self._soon()

    def _soon(self) -> None:
        if self._timer is None and not self.history.closed:
            self._timer = asyncio.get_running_loop().call_later(GATHER_FOR, self._tell)

    def _tell(self) -> None:
        self._timer = None
        here, self._told_here = self._told_here, {}
        differ, self._differ = self._differ, set()
        for account in differ:
            picture = self._directory.current.accounts.get(account)
            revision = -1 if picture is None else picture.revision
            if account not in here or revision > self._revisions.get(account, -1):
                here[account] = set()  # another process did it: it may be anything
            if picture is not None:
                self._revisions[account] = revision
            else:
                self._revisions.pop(account, None)
        self.history.tell(*(Changed(secrets.token_hex(8), key, frozenset(types)) for key, types in here.items()))
