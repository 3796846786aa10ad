"""SQLite in a thread: how often statements go there, and that transactions are what they were (issue 5, Measured)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from centrale.accounts import sqlite_driver


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every way to the thread."""
    gone: list[Any] = []
    usual = sqlite_driver.Connection._execute

    async def noted(self: sqlite_driver.Connection, what: Any, *given: Any, **named: Any) -> Any:
        gone.append(what)
        return await usual(self, what, *given, **named)

    monkeypatch.setattr(sqlite_driver.Connection, "_execute", noted)
    return gone


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """As `Database` makes it: the driver begins no transaction by itself."""
    url = make_url(f"sqlite+aiosqlite:///{tmp_path / 'some.db'}")
    engine = create_async_engine(url, async_creator=sqlite_driver.connector(url))
    event.listen(engine.sync_engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE people (name TEXT NOT NULL)"))
    yield engine
    await engine.dispose()


async def names(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return [row.name for row in await connection.execute(text("SELECT name FROM people ORDER BY name"))]


async def test_a_query_goes_to_the_thread_once_and_nobody_waits_for_its_end(
    engine: AsyncEngine, ways: list[Any]
) -> None:
    assert await names(engine) == []
    assert len(ways) == 1


async def test_a_transaction_without_statements_never_goes_there(engine: AsyncEngine, ways: list[Any]) -> None:
    async with engine.begin():
        pass
    assert ways == []


async def test_what_is_undone_was_never_there(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        await connection.rollback()
        await connection.execute(text("INSERT INTO people VALUES ('Bert')"))
        await connection.commit()
    assert await names(engine) == ["Bert"]


async def test_a_statement_that_fails_leaves_the_connection_usable(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        with pytest.raises(OperationalError):
            await connection.execute(text("SELECT nothing FROM nowhere"))
        await connection.rollback()
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        await connection.commit()
    assert await names(engine) == ["Anna"]


async def test_one_view_lasts_for_a_whole_transaction(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SAVEPOINT a")  # the transaction is open, and this is its first statement
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        assert await names(engine) == []
    assert await names(engine) == ["Anna"]
