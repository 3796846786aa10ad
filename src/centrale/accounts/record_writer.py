"""Takes call records from the journal into the database: each exactly once, however often something dies on the way.

A record leaves the journal only after the database has committed it; a record that is written twice is written once
(`ON CONFLICT DO NOTHING`). While the database is locked, away or full, records wait in the journal.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import structlog
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from centrale.accounts import records
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import Journal
from centrale.accounts.records import Record

log = structlog.get_logger(__name__)

BATCH = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0
"""Seconds before trying a database again that refused; doubled each time."""


class RecordWriter:
    """One per journal. `run()` in a task; `flush()` before the end.

    `set_aside`: file for records that no database would ever take, so that a fault of ours blocks nothing and is not
    lost either.
    """

    def __init__(self, database: Database, journal: Journal, set_aside: Path) -> None:
        self._database = database
        self._journal = journal
        self._set_aside = set_aside
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
            await self._work.wait()
            try:
                await self.flush()
            except StorageUnavailable as error:
                log.warning("records.wait_for_database", waiting=self.waiting, again_in=pause, error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE

    async def flush(self) -> None:
        """Stores all that waits. Raises `StorageUnavailable`; then nothing is lost, and it can be called again."""
        while self._journal.unstored:
            await self._store(dict(islice(self._journal.unstored.items(), BATCH)))
        self._work.clear()

    async def _store(self, batch: dict[str, dict[str, Any]]) -> None:
        good: list[Record] = []
        for call, fields in batch.items():
            try:
                good.append(Record.model_validate(_without_nul(fields)))
            except ValidationError as error:
                self._put_aside(call, fields, str(error.errors(include_url=False, include_input=False)))
        try:
            await self._insert(good)
        except SQLAlchemyError:
            # One of them is not acceptable; find out which, and store the others.
            for record in good:
                try:
                    await self._insert([record])
                except SQLAlchemyError as error:
                    self._put_aside(record.id, batch[record.id], str(error.args[0] if error.args else error))
        self._journal.stored(batch)

    async def _insert(self, good: Sequence[Record]) -> None:
        if good:
            async with self._database.connection() as connection:
                await records.store(connection, good)

    def _put_aside(self, call: str, fields: dict[str, Any], why: str) -> None:
        log.error("records.set_aside", call=call, file=str(self._set_aside), why=why)
        descriptor = os.open(self._set_aside, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, orjson.dumps({"why": why, "record": fields}) + b"\n")
            os.fsync(descriptor)
        except OSError as error:
            raise StorageUnavailable(f"{self._set_aside} cannot be written ({error})") from error
        finally:
            os.close(descriptor)


def _without_nul(fields: dict[str, Any]) -> dict[str, Any]:
    """PostgreSQL takes no NUL in a text; a hostile phone may send one in its name."""
    raw = orjson.dumps(fields)
    if b"\\u0000" not in raw:
        return fields
    cleaned: dict[str, Any] = orjson.loads(raw.replace(b"\\u0000", b"?"))
    return cleaned
