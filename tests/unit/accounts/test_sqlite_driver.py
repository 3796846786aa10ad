"""SQLite: what is done at once, what goes to the thread, and that transactions are whole (issue 5, Measured)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from centrale.accounts import sqlite_driver


@pytest.fixture(autouse=True)
def nothing_known_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_driver, "_long", set())


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
    event.listen(engine.sync_engine, "begin", sqlite_driver.begin_with_the_first_statement)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE people (name TEXT NOT NULL)"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def writer(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Begins with the lock, as changes do."""
    locking = create_async_engine(engine.url, async_creator=sqlite_driver.connector(engine.url))
    event.listen(locking.sync_engine, "connect", lambda dbapi, _: setattr(dbapi, "isolation_level", None))
    event.listen(locking.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    async with locking.connect():  # what opening it takes is no part of the stories
        pass
    yield locking
    await locking.dispose()


async def names(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return [row.name for row in await connection.execute(text("SELECT name FROM people ORDER BY name"))]


async def test_a_look_is_done_at_once(engine: AsyncEngine, ways: list[Any]) -> None:
    assert await names(engine) == []
    assert ways == []


LONG = "SELECT count(*) FROM people a, people b, people c"


async def crowd(engine: AsyncEngine, size: int = 100) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO people VALUES (:name)"), [{"name": f"{i:03}"} for i in range(size)])


async def test_a_look_that_turns_out_long_is_finished_in_the_thread(engine: AsyncEngine, ways: list[Any]) -> None:
    """Calls go on meanwhile."""
    await crowd(engine)
    ways.clear()
    async with engine.connect() as connection:
        assert (await connection.execute(text(LONG))).scalar_one() == 1_000_000
        assert len(ways) == 1


async def test_what_was_long_once_is_not_begun_in_the_loop_again(
    engine: AsyncEngine, ways: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd(engine)
    async with engine.connect() as connection:
        await connection.execute(text(LONG))
        monkeypatch.setattr(sqlite_driver.Connection, "_run_here", lambda *_: pytest.fail("it was begun in the loop"))
        assert (await connection.execute(text(LONG))).scalar_one() == 1_000_000


async def test_a_short_look_is_never_broken_off_however_often_it_comes(engine: AsyncEngine, ways: list[Any]) -> None:
    """SQLite counts the steps of a statement on from one time to the next."""
    await crowd(engine)
    ways.clear()
    async with engine.connect() as connection:
        for _ in range(200):
            assert len((await connection.execute(text("SELECT name FROM people"))).all()) == 100
    assert ways == []


async def test_a_long_look_within_a_change_leaves_the_change_whole(engine: AsyncEngine) -> None:
    await crowd(engine)
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        assert (await connection.execute(text(LONG))).scalar_one() == 101**3
    assert "Anna" in await names(engine)


async def test_a_change_goes_to_the_thread_for_its_lock_and_for_the_disk(
    engine: AsyncEngine, writer: AsyncEngine, ways: list[Any]
) -> None:
    async with writer.begin() as connection:
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        await connection.execute(text("UPDATE people SET name = 'Bert'"))
    assert len(ways) == 2
    assert await names(engine) == ["Bert"]


async def test_a_change_of_many_rows_is_whole_and_goes_to_the_thread_from_then_on(
    engine: AsyncEngine, writer: AsyncEngine, ways: list[Any]
) -> None:
    """To break it off would undo what was changed before it."""
    await crowd(engine, 5_000)
    many = text("UPDATE people SET name = name || '!'")
    ways.clear()
    async with writer.begin() as connection:
        await connection.execute(text("INSERT INTO people VALUES ('Anna')"))
        await connection.execute(many)
    assert len(ways) == 2
    async with writer.begin() as connection:
        await connection.execute(many)
    assert len(ways) == 2 + 3
    assert "Anna!!" in await names(engine)


async def test_what_deletes_goes_to_the_thread(engine: AsyncEngine, writer: AsyncEngine, ways: list[Any]) -> None:
    """It takes along what refers to it, however much that is."""
    await crowd(engine)
    ways.clear()
    async with writer.begin() as connection:
        await connection.execute(text("DELETE FROM people"))
    assert len(ways) == 3
    assert await names(engine) == []


async def test_a_long_chain_of_short_looks_lets_others_have_their_turn(engine: AsyncEngine, ways: list[Any]) -> None:
    """An import asks thousands of them, one after another, and calls go on."""
    turns = 0

    async def calls() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    going_on = asyncio.create_task(calls())
    async with engine.connect() as connection:
        for _ in range(1_000):
            await connection.execute(text("SELECT name FROM people"))
    going_on.cancel()
    assert ways == []
    assert turns >= 10


async def test_who_is_cancelled_in_a_long_look_leaves_the_connection_to_the_next(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread is still busy with it: what comes next on that connection comes behind it."""
    await crowd(engine, 200)
    in_the_thread = asyncio.Event()
    monkeypatch.setattr(sqlite_driver, "_remember", lambda sql: in_the_thread.set())

    async def ask() -> None:
        async with engine.connect() as connection:
            await connection.execute(text(LONG))

    asking = asyncio.create_task(ask())
    await in_the_thread.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert len(await names(engine)) == 200


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
