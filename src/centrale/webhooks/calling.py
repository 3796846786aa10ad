"""Tells webhooks of calls while they run: that they began, and that somebody answered.

A call must not wait for a database. What is told here is written a moment later; should we die before that, the call's
record tells of it when it is stored (`accounts.record_writer`), and what is told twice is stored once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import structlog
from pydantic import BaseModel

from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.webhooks_events import CallData, Event, EventType, call_event
from centrale.calls.call import Call
from centrale.calls.live import LiveCalls
from centrale.webhooks.subscribed import Subscribed

log = structlog.get_logger(__name__)

GATHER_FOR = 0.2
"""Seconds in which events gather for one transaction."""
DATABASE_AWAY = 5.0
MOST = 20_000
"""Events that wait for a database that is away; older ones are left to the records."""


class Calling:
    """One per process; `run` it in a task."""

    def __init__(self, database: Database, live: LiveCalls, subscribed: Subscribed) -> None:
        self._database = database
        self._subscribed = subscribed
        self._answered: set[str] = set()
        self._events: deque[Event] = deque(maxlen=MOST)
        self._work = asyncio.Event()
        live.watch(self._watch)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._work.wait()
            await asyncio.sleep(GATHER_FOR)
            self._work.clear()
            try:
                await self.flush()
            except StorageUnavailable as problem:
                log.warning("webhooks.calls_wait_for_database", waiting=len(self._events), problem=str(problem))
                await asyncio.sleep(DATABASE_AWAY)
                self._work.set()

    async def flush(self) -> None:
        """Writes what waits. Raises StorageUnavailable."""
        events, self._events = self._events, deque[Event](maxlen=MOST)
        if not events:
            return
        try:
            async with self._database.change("webhooks") as unit:
                unit.events += events
        except StorageUnavailable:
            self._events.extendleft(reversed(events))
            raise

    def _watch(self, what: str, call: Call) -> None:
        if what == "ended":
            self._answered.discard(call.id)
        elif what == "began":
            self._tell(EventType.CALL_STARTED, call)
        elif call.record.answered is not None and call.id not in self._answered:
            self._answered.add(call.id)
            self._tell(EventType.CALL_ANSWERED, call)

    def _tell(self, type: EventType, call: Call) -> None:
        if not self._subscribed.wants(call.account_id, type):
            return
        try:
            data = CallData.of(call.record, ended=False)  # as it is now
        except Exception:  # a mistake in what is told must not end a call
            log.exception("webhooks.event_not_made", call=call.id, type=type)
            return
        event = call_event(type, call.record)
        self._events.append(Event(event.account, type, event.at, _same(data), event.key))
        self._work.set()


def _same(data: BaseModel) -> Callable[[], BaseModel]:
    return lambda: data
