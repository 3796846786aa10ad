"""Takes call records from the journal into the database: each exactly once, however often something dies on the way.

A record leaves the journal only after the database has committed it; a record that is written twice is written once
(`ON CONFLICT DO NOTHING`). While the database is locked, away or full, records wait in the journal.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from centrale.accounts import records
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import Journal
from centrale.accounts.records import Record
from centrale.accounts.stored import Stored
from centrale.accounts.webhooks_events import call_events
from centrale.accounts.webhooks_outbox import tell
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

BATCH = 500
GATHER_FOR = 1.0
"""Seconds in which records gather for one transaction, which costs as much CPU as a call (docs/guides/measuring.md)."""
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
"""Seconds before trying a database again that refused; doubled each time."""
TEND_EVERY = 1.0
"""Seconds between looks after a journal that the disk refused."""


class RecordWriter:
    """One per journal. `run()` in a task; `flush()` before the end.

    `set_aside`: file for records that no database would ever take, so that a fault of ours blocks nothing and is not
    lost either. `stored`: is told after each transaction whose calls can be read now.
    """

    def __init__(
        self, database: Database, journal: Journal, set_aside: Path, stored: Stored = lambda accounts: None
    ) -> None:
        self._database = database
        self._journal = journal
        self._set_aside = set_aside
        self._stored = stored
        self._work = asyncio.Event()
        journal.on_closed(self._work.set)
        if journal.unstored:
            self._work.set()

    @property
    def waiting(self) -> int:
        """How many records are not in the database yet."""
        return len(self._journal.unstored)

    async def run(self) -> None:
        """Stores records as they come, until cancelled."""
        pause = FIRST_PAUSE
        while True:
            await self._wait_for_work()
            await asyncio.sleep(GATHER_FOR)
            try:
                await self._store_batch()
            except StorageUnavailable as error:
                log.warning("records.wait_for_database", waiting=self.waiting, again_in=pause, error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE

    async def _wait_for_work(self) -> None:
        while not self._work.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(TEND_EVERY):
                    await self._work.wait()
            self._journal.retry()

    async def flush(self) -> None:
        """Stores all that waits. Raises `StorageUnavailable`; then nothing is lost, and it can be called again."""
        while self._journal.unstored:
            await self._store_batch()

    async def _store_batch(self) -> None:
        await self._store(dict(islice(self._journal.unstored.items(), BATCH)))
        if not self._journal.unstored:
            self._work.clear()

    async def _store(self, batch: dict[str, dict[str, Any]]) -> None:
        good: dict[str, Record] = {}
        for call, fields in batch.items():
            try:
                good[call] = Record.model_validate(_without_nul(fields) if _may_hold_nul(fields) else fields)
            except ValidationError as error:
                self._put_aside(call, fields, str(error.errors(include_url=False, include_input=False)))
        if await self._insert(list(good.values())) is None:
            self._journal.stored(good)
            return
        # One of them is not acceptable; find out which, and store the others.
        for call, record in good.items():
            if refusal := await self._insert([record]):
                self._put_aside(call, batch[call], refusal)
            else:
                self._journal.stored([call])

    async def _insert(self, good: Sequence[Record]) -> str | None:
        """None when they are stored, else why they never can be. Raises `StorageUnavailable` when it may work later."""
        if not good:
            return None
        try:
            async with self._database.connection() as connection:
                await records.store(connection, good)
                events = (event for record in good for event in call_events(record))
                await tell(connection, events, self._database.clock.now())
        except (DataError, IntegrityError) as error:
            return str(error.orig)
        except DBAPIError as error:
            # A table that is missing, a file that is damaged: for people to mend, and the records' fault it is not.
            raise StorageUnavailable(f"the database does not take call records ({error.orig})") from error
        except StatementError as error:
            return str(error.orig)
        self._stored(frozenset(AccountId(record.account) for record in good if record.account is not None))
        return None

    def _put_aside(self, call: str, fields: dict[str, Any], why: str) -> None:
        log.error("records.set_aside", call=call, file=str(self._set_aside), why=why)
        line = json.dumps({"why": why, "record": fields}, default=str).encode() + b"\n"
        try:
            append_line(self._set_aside, line)
        except OSError as error:
            raise StorageUnavailable(f"{self._set_aside} cannot be written ({error})") from error
        self._journal.stored([call])


def append_line(path: Path, line: bytes) -> None:
    """Adds `line` for good, or nothing at all."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        before = os.fstat(descriptor).st_size
        if os.write(descriptor, line) < len(line):
            os.ftruncate(descriptor, before)
            raise OSError("the disk took only a part of a line")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _may_hold_nul(fields: dict[str, Any]) -> bool:
    """Nearly always no, and then quickly so."""
    try:
        return b"\\u0000" in orjson.dumps(fields)
    except TypeError:  # half a character, for one
        return True


def _without_nul(value: Any) -> Any:
    """PostgreSQL takes no NUL in a text; a hostile phone may send one in its name."""
    match value:
        case str():
            return value.replace("\0", "?")
        case dict():
            return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
        case list():
            return [_without_nul(inner) for inner in value]
    return value
