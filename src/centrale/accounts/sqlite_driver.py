"""SQLite in a thread, with one way there and back for each statement.

Every way to the thread wakes it and then the event loop, which costs more than most queries. Of aiosqlite's cursor,
SQLAlchemy asks four for a query (make it, execute, fetch, close), and more for BEGIN and ROLLBACK: a request to the API
spent most of its time on them (`python -m bench --only api`). Here a statement is executed, fetched and closed in one;
a BEGIN that takes no lock yet goes along with the first statement; nothing is rolled back where nothing began; and
nobody waits until a transaction that only read is over: what comes next on the connection comes behind it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
from sqlalchemy import URL

_BEGIN = "BEGIN"
"""Takes its lock with the first statement behind it, so that it may as well come then."""


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
        if sql == _BEGIN:
            self._connection.begins = True
            return self
        await self._connection.perform(self._run, sqlite3.Cursor.execute, sql, parameters)
        return self

    async def executemany(self, sql: str, many: Iterable[Sequence[Any]]) -> Self:
        """Raises what sqlite3 raises."""
        await self._connection.perform(self._run, sqlite3.Cursor.executemany, sql, many)
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

    def cursor(self) -> Statement:  # type: ignore[override]
        """For one statement after another."""
        return Statement(self)

    async def perform(self, act: Callable[..., None], *given: Any) -> None:
        """Do `act` in the thread, in the transaction that was begun."""
        begins, self.begins = self.begins, False
        self._used, self._reads = True, self._reads or begins
        await self._execute(self._perform, begins, act, *given)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        """Nothing when no statement was in it."""
        if self._ends()[0]:
            await super().commit()

    async def rollback(self) -> None:
        """Nothing when no statement was in it; not waited for when it only read."""
        used, read = self._ends()
        if used and read:
            self._tx.put_nowait((None, self._conn.rollback))
        elif used:
            await super().rollback()

    def _ends(self) -> tuple[bool, bool]:
        """Is there a transaction that ends now, and did it only read?"""
        found = self._used and self.in_transaction, self._reads
        self.begins = self._used = self._reads = False
        return found

    def _perform(self, begins: bool, act: Callable[..., None], *given: Any) -> None:
        if begins:
            self._conn.execute(_BEGIN)
        act(self._conn, *given)


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
