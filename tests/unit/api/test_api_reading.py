"""A request looks at the database once, and lets go of it before its answer leaves (issue 5, Measured)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import pytest
from api_world import ApiWorld
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool


@pytest.fixture
def begun(world: ApiWorld) -> list[Any]:
    """Every transaction."""
    found: list[Any] = []
    event.listen(world.database.engine.sync_engine, "begin", found.append)
    return found


def held(world: ApiWorld) -> int:
    """Connections to the database that somebody uses."""
    pool = world.database.engine.pool
    assert isinstance(pool, QueuePool)
    return pool.checkedout()


async def test_a_look_is_one_transaction_with_the_question_whose_it_is(world: ApiWorld, begun: list[Any]) -> None:
    account = await world.company()
    reader = await world.as_account(account)
    assert (await reader.get("/api/v1/me")).status_code == 200  # from now on its last use is known
    begun.clear()
    assert (await reader.get(f"/api/v1/accounts/{account}/extensions/201")).status_code == 200
    assert len(begun) == 1


async def test_an_open_stream_holds_no_view_of_the_database(world: ApiWorld) -> None:
    """SQLite cannot tidy up behind who still reads, and a stream lasts for hours."""
    account = await world.company()
    stream = await world.events(account, await world.token(account))
    await stream.next()
    assert held(world) == 0


async def test_who_is_slow_to_send_a_change_holds_no_view_of_the_database(world: ApiWorld) -> None:
    account = await world.company()
    reader = await world.as_account(account)
    asked, rest = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"caller": "201", '
        asked.set()
        await rest.wait()
        yield b'"called": "202"}'

    json = {"Content-Type": "application/json"}
    sending = asyncio.create_task(reader.post(f"/api/v1/accounts/{account}/explain", content=slowly(), headers=json))
    await asked.wait()
    assert held(world) == 0
    rest.set()
    assert (await sending).status_code == 200


def fails_in_its_look(world: ApiWorld, error: Exception) -> None:
    """From now on, whoever looks for extensions meets `error`."""

    def fail(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if "FROM extensions" in sql:
            raise error

    event.listen(world.database.engine.sync_engine, "before_cursor_execute", fail)


async def test_a_look_while_the_database_is_away_says_so(world: ApiWorld) -> None:
    account = await world.company()
    fails_in_its_look(world, OperationalError("SELECT", {}, sqlite3.OperationalError("disk I/O error")))
    found = await world.platform.get(f"/api/v1/accounts/{account}/extensions/201")
    assert (found.status_code, held(world)) == (503, 0)
    assert "disk I/O error" in found.json()["detail"]
    assert found.headers["retry-after"]


async def test_a_fault_within_a_look_lets_go_of_the_database(world: ApiWorld) -> None:
    account = await world.company()
    fails_in_its_look(world, ZeroDivisionError())
    found = await world.platform.get(f"/api/v1/accounts/{account}/extensions/201")
    assert (found.status_code, held(world)) == (500, 0)
