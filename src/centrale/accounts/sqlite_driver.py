"""SQLite: what may take long in a thread, and the usual look at once.

Every way to the thread wakes it and then the event loop, which costs more than most queries do. So a SELECT is executed
where it is asked, in the event loop's own thread: a row by its key takes 20 microseconds, and readers wait for nobody
in WAL. One that turns out to be long is broken off after `STEPS` steps of SQLite's machine, about a millisecond, and
begun anew in the thread; it goes there straight away from then on. A row that is added or changed behind BEGIN
IMMEDIATE is no more work, either: the lock is there, and nothing goes to the disk before COMMIT.

In the thread stays what may wait for a lock or for the disk, BEGIN IMMEDIATE and COMMIT, and what may be many rows:
DELETE, which takes along what refers to them, and `executemany`. There a statement is executed, fetched and closed in
one way (aiosqlite's cursor takes four); a BEGIN that takes no lock yet goes along with the first statement; and nothing
is rolled back where nothing began.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
import sqlalchemy
from sqlalchemy import URL

from centrale.clock import monotonic

STEPS = 20_000
"""Of SQLite's virtual machine, that a SELECT may take in the event loop: some hundred rows, about a millisecond."""
PIECE = 0.002
"""Seconds for which a chain of statements may keep the event loop for itself."""
_CLOSED = "Connection closed"
"""In aiosqlite's words, by which SQLAlchemy knows it; for no person to read."""

_LOOKS = 4
"""SQLite counts a statement's steps on from one time to the next, so that the first look may come at once."""
_KNOWN = 1_000
"""Statements that were long, kept in mind at most."""


class Statement:
    """A cursor that has its rows when `execute` returns, with all that SQLAlchemy asks of one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Self:
        """Raises what sqlite3 raises."""
        await self._connection.perform(sql, self._run, sqlite3.Cursor.execute, sql, parameters)
        return self

    async def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> Self:
        """Raises what sqlite3 raises."""
        await self._connection.perform(sql, self._run, sqlite3.Cursor.executemany, sql, many)
        return self

    async def fetchall(self) -> list[Any]:
        """All rows."""
        return self._rows

    async def close(self) -> None:
        """It is closed already."""

    def _run(self, connection: sqlite3.Connection, how: Callable[..., Any], *given: Any) -> None:
        cursor = connection.cursor()
        try:
            how(cursor, *given)
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
            if self.description is not None:
                self._rows = cursor.fetchall()
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection and thread, with statements of our own."""

    begins = False
    """A transaction was begun, and no statement was in it yet."""
    _used = False
    """There was a statement since the last transaction ended."""
    _reads = False
    """The transaction was begun without a lock: it holds nobody up."""
    _sent = 0
    _done = 0
    """What went to the thread, and what the thread has finished: also what nobody waits for any more."""
    _looks = 0
    _since = 0.0
    """When whoever uses this last let others have their turn."""

    def cursor(self) -> Statement:  # type: ignore[override]
        """For one statement after another."""
        return Statement(self)

    async def perform(self, sql: str, act: Callable[..., None], *given: Any) -> None:
        """Do `act`, which executes `sql`, in the transaction that was begun."""
        begins, self.begins = self.begins, False
        self._used, self._reads = True, self._reads or begins
        if self._may_run_here(sql, *given):
            if self._run_here(sql, begins, act, *given):
                await self._give_way()
                return
            begins = False
        await self._execute(self._perform, begins, act, *given)

    async def commit(self) -> None:
        """Nothing when no statement was in it."""
        if self._ends()[0]:
            await super().commit()

    async def rollback(self) -> None:
        """Nothing when no statement was in it; not waited for when it only read."""
        used, read = self._ends()
        if used and read and self._idle:
            self._conn.rollback()
        elif used and read:
            self._send(None, self._conn.rollback)
        elif used:
            await super().rollback()

    def begin(self) -> None:
        """A transaction that takes its lock with its first statement."""
        self.begins = True
        self._since = monotonic()

    @property
    def _idle(self) -> bool:
        """Is the thread done with this connection? It may still be busy for somebody who was cancelled."""
        return self._sent == self._done

    def _ends(self) -> tuple[bool, bool]:
        """Is there a transaction that ends now, and did it only read?"""
        found = self._used and self.in_transaction, self._reads
        self.begins = self._used = self._reads = False
        return found

    def _may_run_here(self, sql: str, how: Callable[..., Any], *_: Any) -> bool:
        if not self._idle or sql in _long or self._connection is None:
            return False
        if sql.startswith("SELECT"):
            return True
        has_the_lock = not self._reads and self._conn.in_transaction
        return has_the_lock and how is sqlite3.Cursor.execute and sql.startswith(("INSERT", "UPDATE"))

    def _run_here(self, sql: str, begins: bool, act: Callable[..., None], *given: Any) -> bool:
        """Execute it now; False when it was broken off, so that it has to be begun anew."""
        self._looks = 0
        # To break off what writes would undo the whole transaction.
        self._conn.set_progress_handler(self._too_long if sql.startswith("SELECT") else self._noted, STEPS // _LOOKS)
        try:
            self._perform(begins, act, *given)
        except sqlite3.OperationalError:
            if self._looks < _LOOKS or not sql.startswith("SELECT"):
                raise
            return False
        finally:
            # Asked from the thread, it would wait for the interpreter each time.
            self._conn.set_progress_handler(None, 0)
            if self._looks >= _LOOKS:
                _remember(sql)
        return True

    def _noted(self) -> bool:
        self._looks += 1
        return False

    def _too_long(self) -> bool:
        self._looks += 1
        return self._looks >= _LOOKS

    def _perform(self, begins: bool, act: Callable[..., None], *given: Any) -> None:
        if begins:
            self._conn.execute("BEGIN")
        act(self._conn, *given)

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or self._connection is None:
            raise ValueError(_CLOSED)
        future = asyncio.get_running_loop().create_future()
        self._send(future, partial(fn, *args, **kwargs))
        found = await future
        self._since = monotonic()
        return found

    async def _give_way(self) -> None:
        """Calls have their turn in a long chain of short statements, too."""
        if monotonic() - self._since > PIECE:
            await asyncio.sleep(0)
            self._since = monotonic()

    def _send(self, future: asyncio.Future[Any] | None, act: Callable[[], Any]) -> None:
        """To the thread, which counts what it has done."""

        def counted() -> Any:
            try:
                return act()
            finally:
                self._done += 1

        self._sent += 1
        self._tx.put_nowait((future, counted))


_long: set[str] = set()
"""Statements that were broken off once, of all connections."""


def _remember(sql: str) -> None:
    if len(_long) >= _KNOWN:
        _long.clear()
    _long.add(sql)


def begin_with_the_first_statement(connection: sqlalchemy.Connection) -> None:
    """A plain BEGIN takes its lock with the first statement behind it, so that it may as well come then."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, Connection)
    driver.begin()


def connector(url: URL) -> Callable[[], Awaitable[Connection]]:
    """What opens a connection to the file of `url`; `async_creator` of an engine."""
    words, options = url.get_dialect()().create_connect_args(url)
    open_file = partial(sqlite3.connect, *words, **options)

    async def connect() -> Connection:
        connection = Connection(open_file, iter_chunk_size=64)
        # The process may end while a connection is open: SQLite does not mind.
        connection._thread.daemon = True
        await connection
        return connection

    return connect
