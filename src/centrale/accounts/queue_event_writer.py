"""Takes queue events from the journal into the database: each exactly once, however often something dies on the way.

The same promise as for call records (`record_writer`), kept another way: the mark of how far a journal is stored is
written in the transaction that stores the events.
"""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts import queue_event_store
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import Journal, NumberedEvent
from centrale.accounts.queue_figures import QueueEvent
from centrale.accounts.record_writer import FIRST_PAUSE, GATHER_FOR, LONGEST_PAUSE, append_line
from centrale.accounts.stored import Stored
from centrale.accounts.webhooks_outbox import tell
from centrale.accounts.webhooks_queues import queue_event
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

BATCH = 2_000


class QueueEventWriter:
    """One per journal. `run()` in a task; `flush()` before the end.

    `gone_at`: when agents who logged off while nobody told are taken to have left. `set_aside`: file for events that no
    database would ever take. `stored`: is told after each transaction.
    """

    def __init__(
        self,
        database: Database,
        journal: Journal,
        set_aside: Path,
        gone_at: datetime,
        stored: Stored = lambda accounts: None,
    ) -> None:
        self._database = database
        self._journal = journal
        self._set_aside = set_aside
        self._gone_at = gone_at
        self._reconciled = False
        self._tell = stored
        self._work = asyncio.Event()
        journal.on_happened(self._work.set)
        self._work.set()

    @property
    def waiting(self) -> int:
        """How many events are not in the database yet."""
        return len(self._journal.unstored_events)

    async def run(self) -> None:
        """Stores events as they come, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            await self._work.wait()
            try:
                await self._store_batch()
            except StorageUnavailable as error:
                log.warning("queue_events.wait_for_database", waiting=self.waiting, again_in=pause, error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await asyncio.sleep(GATHER_FOR)

    async def flush(self) -> None:
        """Stores all that waits. Raises `StorageUnavailable`; then nothing is lost, and it can be called again."""
        await self._store_batch()
        while self._journal.unstored_events:
            await self._store_batch()

    async def _store_batch(self) -> None:
        batch = list(islice(self._journal.unstored_events, BATCH))
        if batch:
            changed = await self._store(batch)
            self._journal.events_stored(batch[-1])
            self._tell(changed)
        if self._journal.unstored_events:
            return
        self._work.clear()
        if not self._reconciled:
            await self._reconcile()

    async def _reconcile(self) -> None:
        """Once, when all that the run before us told is stored."""
        try:
            async with self._database.connection() as connection:
                missing = await queue_event_store.reconcile(connection, self._gone_at)
                await self._tell_webhooks(connection, missing)
        except DBAPIError as error:
            self._work.set()
            raise StorageUnavailable(f"the database does not take queue events ({error.orig})") from error
        except StorageUnavailable:
            self._work.set()
            raise
        self._reconciled = True

    async def _store(self, batch: list[NumberedEvent]) -> frozenset[AccountId]:
        try:
            return await self._insert(batch)
        except _NotAcceptable as refusal:
            if len(batch) == 1:
                self._put_aside(batch[0], str(refusal))
                return frozenset()
        changed: set[AccountId] = set()
        for event in batch:  # find out which, and store the others
            changed |= await self._store([event])
        return frozenset(changed)

    async def _insert(self, batch: list[NumberedEvent]) -> frozenset[AccountId]:
        try:
            async with self._database.connection() as connection:
                accounts, added = await queue_event_store.store_numbered(connection, batch)
                await self._tell_webhooks(connection, added)
        except (DataError, IntegrityError) as error:
            raise _NotAcceptable(str(error.orig)) from error
        except DBAPIError as error:
            raise StorageUnavailable(f"the database does not take queue events ({error.orig})") from error
        except (StatementError, TypeError, ValueError) as error:
            raise _NotAcceptable(str(error)) from error
        return frozenset(map(AccountId, accounts))

    async def _tell_webhooks(self, connection: AsyncConnection, added: list[QueueEvent]) -> None:
        """In the transaction that stores the events, and so once each."""
        events = (told for event in added if (told := queue_event(event)) is not None)
        await tell(connection, events, self._database.clock.now())

    def _put_aside(self, event: NumberedEvent, why: str) -> None:
        log.error("queue_events.set_aside", file=str(self._set_aside), why=why)
        try:
            append_line(self._set_aside, json.dumps({"why": why, "event": event}, default=str).encode() + b"\n")
        except OSError as error:
            raise StorageUnavailable(f"{self._set_aside} cannot be written ({error})") from error


class _NotAcceptable(Exception):
    """No database would ever take it."""
