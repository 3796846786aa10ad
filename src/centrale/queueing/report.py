"""Tells what happens in the queues of an account, each with what belongs to it."""

from __future__ import annotations

from datetime import datetime

from centrale.acd.events import Leaving
from centrale.acd.picture import CallId
from centrale.clock import Clock
from centrale.queueing.happenings import Happening, Tell, What
from centrale.routing.snapshot import AccountId, ExtensionNumber

LEFT = {Leaving.HUNG_UP: What.ABANDONED, Leaving.BROKE_OUT: What.BROKE_OUT}
"""What is told of a caller who goes by themselves."""


class Report:
    """Knows of each caller when they came, for as long as anything may be told of them; also of those who talk."""

    def __init__(self, account: AccountId, clock: Clock, tell: Tell) -> None:
        self._account = account
        self._clock = clock
        self._tell = tell
        self._came: dict[CallId, datetime] = {}
        self._from_before: set[CallId] = set()
        """Those of them who came before a restart."""
        self._stopped = False

    def came(self, call: CallId, queue: ExtensionNumber, at: datetime, *, before_a_restart: bool) -> None:
        """A caller is in line, or talks still."""
        self._came[call] = at
        if before_a_restart:
            self._from_before.add(call)
        self(What.JOINED, queue, call=call)

    def forget(self, call: CallId) -> None:
        """Nothing more will be told of the caller."""
        self._came.pop(call, None)
        self._from_before.discard(call)

    def stop(self) -> None:
        """The process ends: whoever waits, waits on, and the next process tells what becomes of them."""
        self._stopped = True

    def __call__(
        self,
        what: What,
        queue: ExtensionNumber | None,
        *,
        call: CallId | None = None,
        agent: ExtensionNumber | None = None,
        seconds: float | None = None,
        number: int | None = None,
        detail: str = "",
        since: datetime | None = None,
    ) -> None:
        if self._stopped:
            return
        again = False
        if call is not None:
            since, again = self._came.get(call), call in self._from_before
        at = self._clock.now()
        self._tell(Happening(self._account, at, what, queue, call, agent, seconds, number, detail, since, again))
