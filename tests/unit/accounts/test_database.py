"""The database itself: one at a time, all or nothing, and an answer in words when it cannot."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from centrale.accounts import channels, trunks
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId

from .office import DESK, HALL, Office
from .outage import Outage


async def names(office: Office) -> list[str]:
    return [it.name for it in await office.see(channels.list_all)]


async def test_a_database_that_is_away_is_told_and_changes_nothing(outage: Outage, office: Office) -> None:
    await office.phone(DESK)
    await outage.begin()
    with pytest.raises(StorageUnavailable, match="cannot be used now"):
        await office.phone(HALL)

    await outage.end()
    assert await names(office) == [DESK]
    await office.phone(HALL)
    assert await names(office) == [DESK, HALL]


async def test_calls_go_on_with_the_picture_of_before(outage: Outage, database: Database, office: Office) -> None:
    directory = Directory(database)
    await directory.load()
    await outage.begin()
    with pytest.raises(StorageUnavailable):
        await office.phone(DESK)
    assert "201" in directory.current.accounts[office.id].extensions

    await outage.end()
    await office.phone(DESK)
    assert DESK in directory.current.accounts[office.id].channels


async def test_the_watch_survives_an_outage(
    outage: Outage, database: Database, url: str, vault: Vault, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centrale.accounts.directory.POLL_EVERY", 0.01)
    directory = Directory(database)
    await directory.load()
    seen = asyncio.Event()
    directory.on_change(lambda picture, changed: seen.set())
    refused = asyncio.Event()
    poll = directory.poll

    async def watched_poll() -> None:
        try:
            await poll()
        except StorageUnavailable:
            refused.set()
            raise

    monkeypatch.setattr(directory, "poll", watched_poll)
    await outage.begin()
    watch = asyncio.create_task(directory.watch())
    async with asyncio.timeout(20):
        if not database.is_sqlite:  # SQLite lets readers read while somebody writes
            await refused.wait()
        await outage.end()
        other = Database(url, vault)
        await Office(other, office.id).phone(DESK)
        await other.close()
        await seen.wait()
    watch.cancel()
    await asyncio.wait([watch])
    assert watch.cancelled()
    assert DESK in directory.current.accounts[office.id].channels


async def test_many_who_change_one_account_at_once_all_get_their_turn(
    database: Database, url: str, vault: Vault, office: Office
) -> None:
    other = Database(url, vault)
    offices = [office, Office(other, office.id)]
    created = await asyncio.gather(
        *(offices[n % 2].do(channels.create, ChannelIn()) for n in range(10)), return_exceptions=True
    )
    await other.close()
    assert sorted(it.name for it in created) == [f"100EC{n:02}" for n in range(1, 11)]  # type: ignore[union-attr]


async def test_who_looks_before_changing_is_not_turned_away(database: Database, url: str, vault: Vault) -> None:
    """SQLite refuses a transaction that has read and then writes, when somebody else wrote in between."""
    other = Database(url, vault)

    async def add_trunk(which: Database, name: str) -> None:
        async with which.change("root") as unit:
            await trunks.list_all(unit)
            await trunks.create(unit, TrunkIn(name=name, host="192.0.2.1"))

    await asyncio.gather(*(add_trunk((database, other)[n % 2], f"t{n}") for n in range(10)))
    await other.close()
    async with database.read() as unit:
        assert len(await trunks.list_all(unit)) == 10


async def test_what_was_changed_is_there_after_kill_9(database: Database, url: str, office: Office) -> None:
    dies = f"""
import asyncio, os, signal
from cryptography.fernet import Fernet
from centrale.accounts import channels, trunks
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault

async def main():
    database = Database({url!r}, Vault(Fernet.generate_key()))
    async with database.change("anna") as unit:
        await channels.create(unit, {office.id}, ChannelIn(name="desk"))
    async with database.change("anna") as unit:
        await channels.create(unit, {office.id}, ChannelIn(name="hall"))
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""
    died = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", dies], check=False, capture_output=True)
    assert died.returncode == -9, died.stderr
    assert await names(office) == [DESK]
    await office.phone(HALL)


async def test_a_reader_writes_nothing(database: Database, office: Office) -> None:
    async with database.read() as unit:
        await channels.create(unit, office.id, ChannelIn(name=DESK))
    assert await names(office) == []


async def test_sqlite_commits_to_the_disk_and_a_full_disk_is_told(
    power_cuts: None, database: Database, acme: AccountId
) -> None:
    if not database.is_sqlite:
        pytest.skip("SQLite's own settings")
    async with database.connection() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar()
        await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    async def fill() -> None:
        for n in range(1000):
            await Office(database, acme).phone(f"desk{n}")

    with pytest.raises(StorageUnavailable, match="full"):
        await fill()


async def test_a_server_that_is_not_there_is_told(tmp_path: Path, vault: Vault) -> None:
    nowhere = Database(f"postgresql+psycopg://centrale@/centrale?host={tmp_path}", vault)
    with pytest.raises(StorageUnavailable):
        async with nowhere.read() as unit:
            await unit.session.execute(text("SELECT 1"))
    await nowhere.close()
