"""From the journal into the database: each call record exactly once, whatever dies on the way (design §7)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from centrale.accounts import record_writer, records
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import Journal
from centrale.accounts.record_writer import RecordWriter

from .ended_calls import ended
from .office import Office
from .outage import Outage

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


class Exchange:
    """One run of the exchange: its journal and its writer."""

    def __init__(self, database: Database, home: Path) -> None:
        self.journal = Journal(home / "journal")
        self.writer = RecordWriter(database, self.journal, home / "set-aside.jsonl")
        self.set_aside = home / "set-aside.jsonl"
        self._idle = asyncio.Event()
        self._forget = self.journal.stored
        self.journal.stored = self._stored  # type: ignore[method-assign]

    def _stored(self, calls: Iterable[str]) -> None:
        self._forget(calls)
        if not self.writer.waiting:
            self._idle.set()

    def ends(self, call: str, **fields: Any) -> None:
        self._idle.clear()
        self.journal.opened(call, {})
        self.journal.closed(call, ended(call) | fields)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.writer.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled(), task.exception()

    async def stored_all(self) -> None:
        """Returns when nothing waits any more."""
        async with asyncio.timeout(20):
            await self._idle.wait()

    def put_aside(self) -> list[dict[str, Any]]:
        if not self.set_aside.exists():
            return []
        return [json.loads(line) for line in self.set_aside.read_text().splitlines()]


@pytest.fixture
async def exchange(database: Database, home: Path) -> AsyncIterator[Exchange]:
    exchange = Exchange(database, home)
    yield exchange
    exchange.journal.close()


async def stored(database: Database) -> list[str]:
    async with database.read() as unit:
        rows = await unit.session.execute(text("SELECT id FROM cdrs ORDER BY id"))
        return [row.id for row in rows]


async def test_a_call_that_ends_is_in_the_database(database: Database, exchange: Exchange, home: Path) -> None:
    async with exchange.running():
        for n in range(20):
            exchange.ends(f"c{n:02}")
        await exchange.stored_all()

    assert await stored(database) == [f"c{n:02}" for n in range(20)]
    exchange.journal.close()
    again = Exchange(database, home)
    assert (again.journal.open_calls, again.writer.waiting) == ({}, 0)
    exchange.journal = again.journal


async def test_what_the_last_run_left_is_stored_by_the_next(database: Database, exchange: Exchange, home: Path) -> None:
    for n in range(record_writer.BATCH + 7):
        exchange.ends(f"c{n}")
    exchange.journal.close()

    exchange.journal = (again := Exchange(database, home)).journal
    async with again.running():
        await again.stored_all()

    assert len(await stored(database)) == record_writer.BATCH + 7


DIES_AFTER_COMMIT = """
import asyncio, os, signal, sys
from pathlib import Path
from cryptography.fernet import Fernet
from centrale.accounts.database import Database
from centrale.accounts.journal import Journal
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.vault import Vault
from tests.unit.accounts.ended_calls import ended

url, home, calls = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
journal = Journal(home / "journal")
for n in range(calls):
    journal.opened(f"c{n}", {})
    journal.closed(f"c{n}", ended(f"c{n}"))
journal.stored = lambda calls: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(RecordWriter(Database(url, Vault(Fernet.generate_key())), journal, home / "aside").flush())
"""


async def test_kill_9_after_the_commit_stores_nothing_twice(database: Database, url: str, home: Path) -> None:
    command = [sys.executable, "-c", DIES_AFTER_COMMIT, url, str(home), "30"]
    died = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert len(await stored(database)) == 30

    again = Exchange(database, home)
    assert again.writer.waiting == 30
    await again.writer.flush()
    again.journal.close()

    assert len(await stored(database)) == 30
    assert again.put_aside() == []


async def test_records_wait_for_a_database_that_is_away(outage: Outage, database: Database, exchange: Exchange) -> None:
    exchange.ends("c1")
    await exchange.writer.flush()
    await outage.begin()
    exchange.ends("c2")
    with pytest.raises(StorageUnavailable):
        await exchange.writer.flush()
    async with exchange.running():
        exchange.ends("c3")
        assert exchange.writer.waiting == 2
        await outage.end()
        await exchange.stored_all()

    assert await stored(database) == ["c1", "c2", "c3"]
    assert exchange.put_aside() == []


async def test_a_table_that_is_missing_is_waited_for_too(database: Database, exchange: Exchange) -> None:
    exchange.ends("c1")
    async with database.connection() as connection:
        await connection.execute(text("ALTER TABLE cdr_parties RENAME TO hidden"))
    with pytest.raises(StorageUnavailable):
        await exchange.writer.flush()
    async with database.connection() as connection:
        await connection.execute(text("ALTER TABLE hidden RENAME TO cdr_parties"))
    await exchange.writer.flush()

    assert await stored(database) == ["c1"]
    assert exchange.put_aside() == []


POISON: dict[str, dict[str, Any]] = {
    "no start": {"started": None},
    "a time without a zone": {"ended": "2026-03-02T09:00:00"},
    "an id that is too long": {"id": "x" * 65},
    "an account beyond numbers": {"account": 2**31},
    "an outcome nobody knows": {"outcome": "lost in thought"},
}


@pytest.mark.parametrize("fields", POISON.values(), ids=POISON.keys())
async def test_a_record_that_no_database_takes_is_set_aside_and_blocks_nothing(
    database: Database, exchange: Exchange, home: Path, fields: dict[str, Any]
) -> None:
    exchange.ends("before")
    exchange.ends("poison", **fields)
    exchange.ends("z-after")

    await exchange.writer.flush()

    assert await stored(database) == ["before", "z-after"]
    (aside,) = exchange.put_aside()
    assert aside["record"]["called"] == "202"
    assert aside["why"]
    exchange.journal.close()
    exchange.journal = (again := Exchange(database, home)).journal
    assert again.writer.waiting == 0


async def test_a_record_that_only_the_database_refuses_is_found_among_the_others(
    database: Database, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = records.store

    async def store(connection: Any, made: Sequence[records.Record]) -> None:
        await honest(connection, [it.model_copy(update={"caller": None}) if it.id == "c1" else it for it in made])

    monkeypatch.setattr(records, "store", store)
    for n in range(3):
        exchange.ends(f"c{n}")
    await exchange.writer.flush()

    assert await stored(database) == ["c0", "c2"]
    assert [it["record"]["id"] for it in exchange.put_aside()] == ["c1"]


async def test_hostile_names_are_stored(database: Database, exchange: Exchange, office: Office) -> None:
    names = {
        "c1": "nul \0 here",
        "c2": r"looks like \u0000",
        "c3": "half a pair \ud800",
        "c4": "'; DROP TABLE cdrs; --",
    }
    for call, name in names.items():
        exchange.ends(call, account=office.id, caller_name=name, trace=[{"name": name, "big": 2**70}])
    await exchange.writer.flush()

    kept = {it.id: it.caller_name for it in (await office.see(records.list_all)).records}
    assert kept == names | {"c1": "nul ? here", "c3": "half a pair ?"}
    assert exchange.put_aside() == []


async def test_a_file_that_cannot_be_written_loses_no_poison(
    database: Database, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange.ends("poison", started=None)
    exchange.set_aside.mkdir()
    with pytest.raises(StorageUnavailable, match="set-aside"):
        await exchange.writer.flush()
    assert exchange.writer.waiting == 1

    exchange.set_aside.rmdir()
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(record_writer.os, "write", lambda descriptor, data: write(descriptor, data[:10]))
        with pytest.raises(StorageUnavailable, match="only a part"):
            await exchange.writer.flush()

    await exchange.writer.flush()
    assert [it["record"]["id"] for it in exchange.put_aside()] == ["poison"]
    assert exchange.writer.waiting == 0


async def test_the_writer_looks_after_a_journal_that_the_disk_refused(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_writer, "TEND_EVERY", 0.01)
    tried = asyncio.Event()
    monkeypatch.setattr(exchange.journal, "retry", tried.set)
    async with exchange.running(), asyncio.timeout(10):
        await tried.wait()
