"""The database: SQLite in the home, or PostgreSQL; the same tables, the same functions.

SQLite runs in WAL with `synchronous=FULL`: a commit is on the disk when it returns, so that a power cut loses no logon
and no call record (docs/decisions/0004-storage.md). Writing transactions begin `IMMEDIATE`, one at a time: a
transaction that starts as a reader and then writes can fail half-way with SQLITE_BUSY, whatever its time-out.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.sqlite_driver import begin_with_the_first_statement, connector
from centrale.accounts.unit import Examiner, Unit
from centrale.accounts.vault import Vault
from centrale.accounts.webhooks_outbox import tell
from centrale.clock import Clock, SystemClock

BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite connection waits for another process's transaction."""

_SQLITE = {"pool_size": 15, "max_overflow": 0, "pool_use_lifo": True}
"""All connections stay, each with its thread: those beyond the pool's size would be opened for one request each, just
when there are many. Those last used are used first."""

SYNCHRONOUS = "FULL"
"""When SQLite says that a transaction is committed: once it is on the disk."""

_POSTGRESQL = {"application_name": "centrale", "connect_timeout": 10}
"""Without a time-out, connecting to a machine that is switched off would take minutes."""

Committed = Callable[[Unit], Awaitable[None]]


class Database:
    """One database; share it in a process. `close()` when done."""

    def __init__(self, url: str, vault: Vault, clock: Clock | None = None) -> None:
        self.vault = vault
        self.clock = clock or SystemClock()
        self._committed: list[Committed] = []
        self._examiners: list[Examiner] = []
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.engine = _engine(url, async_creator=connector(parsed), **_SQLITE)
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)
            self._reader = self.engine
            self._writer = self.engine.execution_options(centrale_begin="BEGIN IMMEDIATE")
            # Waiting for SQLite's one write lock is done here rather than in a thread that spins.
            self._one_writer: asyncio.Lock | nullcontext[None] = asyncio.Lock()
        else:
            self.engine = _engine(url, pool_pre_ping=True, pool_size=8, connect_args=_POSTGRESQL)
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ")
            self._writer = self.engine
            self._one_writer = nullcontext()

    def before_commit(self, examiner: Examiner) -> None:
        """Have `examiner` look at each change of this process inside its transaction, when all of it is done; what it
        raises undoes the change."""
        self._examiners.append(examiner)

    def on_commit(self, committed: Committed) -> None:
        """Call `committed` after each change that this process commits, before `change` returns."""
        self._committed.append(committed)

    @asynccontextmanager
    async def change(
        self, actor: str, *, defer_references: bool = False, despite_expectations: bool = False
    ) -> AsyncIterator[Unit]:
        """A transaction in the name of `actor`: all of it happens, or none of it when an exception leaves the block.

        `defer_references`: look only at the end whether every reference leads somewhere (for imports, where two menus
        may point at each other). `despite_expectations`: saved expectations that break do not refuse the change; the
        audit tells of them (NP-10). Raises `StorageUnavailable` when the database is away, locked or full.
        """
        async with self._one_writer:
            with told_when_away():
                async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
                    unit = Unit(
                        session,
                        actor,
                        self.clock,
                        self.vault,
                        defer_references=defer_references,
                        despite_expectations=despite_expectations,
                        examiners=self._examiners,
                    )
                    yield unit
                    await unit.settle()
                    await unit.examine()
                    if unit.events and await tell(await session.connection(), unit.events, self.clock.now()):
                        unit.deliveries_due = True
        await unit.after_commit()
        for committed in self._committed:
            await committed(unit)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Unit]:
        """One consistent view of the database; what is written in it is thrown away."""
        with told_when_away():
            async with AsyncSession(self._reader, autoflush=False) as session:
                yield Unit(session, "", self.clock, self.vault)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A plain connection in a writing transaction, for migrations and bulk inserts."""
        async with self._one_writer:
            with told_when_away():
                async with self._writer.begin() as connection:
                    yield connection

    async def close(self) -> None:
        """Gives back every connection."""
        await self.engine.dispose()


class told_when_away:
    """Turns "the database is away, locked or full" into `StorageUnavailable`; other errors pass."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if (unavailable := away(error)) is not None:
            raise unavailable from error


def away(error: BaseException | None) -> StorageUnavailable | None:
    """What to say when `error` means that the database is away, locked or full."""
    if isinstance(error, OperationalError) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return StorageUnavailable(f"the database cannot be used now ({error.orig}); try again")
    if isinstance(error, NoConnectionFree):
        return StorageUnavailable("the database has too much to do; try again")
    return None


def _engine(url: str, **options: Any) -> AsyncEngine:
    return create_async_engine(url, json_serializer=_json, json_deserializer=orjson.loads, **options)


def _json(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        # Such as an integer of more than 64 bits, which JSON has and orjson has not.
        return json.dumps(value, default=str)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_sqlite` does, with the right kind of lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        f"synchronous = {SYNCHRONOUS}",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    if (how := connection.get_execution_options().get("centrale_begin")) is None:
        begin_with_the_first_statement(connection)
    else:
        connection.exec_driver_sql(how)
