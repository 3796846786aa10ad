"""Phones and trunks are with the switch as soon as they are stored (issue 2 point 5)."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from centrale.accounts import accounts, channels, trunks
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.migrate import upgrade
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault
from centrale.operation import endpoints as endpoints_module
from centrale.operation.endpoints import Endpoints
from centrale.routing.snapshot import AccountId
from centrale.telephony.asterisk.configuration import RealtimeStore, SipChannel

CARRIER = TrunkIn(name="carrier", mode="registration", host="127.0.0.1", username="us", password="secret-enough")


class Asterisk:
    """Notes what is asked of it; `switch` of `Endpoints`, and its own ARI client."""

    def __init__(self) -> None:
        self.is_up = True
        self.asked: list[tuple[str, str]] = []
        self.seen: list[list[str]] = []
        self.on_delete: Callable[[], None] = lambda: None
        self.client = self

    def up(self) -> bool:
        return self.is_up

    async def request(self, method: str, path: str, params: Any = None, body: Any = None) -> None:
        self.asked.append((method, path.rpartition("/res_pjsip/")[2]))
        if method == "DELETE":
            self.on_delete()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/centrale.db", Vault(Fernet.generate_key()))
    await upgrade(database)
    yield database
    await database.close()


@pytest.fixture
async def directory(database: Database) -> Directory:
    directory = Directory(database)
    await directory.load()
    return directory


@pytest.fixture
def asterisk() -> Asterisk:
    return Asterisk()


@pytest.fixture
def realtime(tmp_path: Path) -> Path:
    return tmp_path / "realtime.db"


@pytest.fixture
async def endpoints(database: Database, directory: Directory, asterisk: Asterisk, realtime: Path) -> Endpoints:
    endpoints = Endpoints(database, directory, RealtimeStore(realtime), asterisk)  # type: ignore[arg-type]
    await endpoints.load()
    return endpoints


@pytest.fixture
async def acme(database: Database) -> AccountId:
    async with database.change("test") as unit:
        return AccountId((await accounts.create(unit, AccountIn(number="ACME", name="Acme"))).id)


def known(realtime: Path) -> dict[str, str]:
    """Each endpoint that the switch knows, with its credential."""
    with sqlite3.connect(realtime) as connection:
        names = [name for (name,) in connection.execute("SELECT id FROM ps_endpoints ORDER BY id")]
        credentials = dict(connection.execute("SELECT id, password_digest FROM ps_auths"))
    return {name: credentials.get(name, "") for name in names}


def addresses(realtime: Path) -> list[str]:
    """Whose addresses stand in the table."""
    with sqlite3.connect(realtime) as connection:
        return [name for (name,) in connection.execute("SELECT id FROM ps_aors ORDER BY id")]


async def test_a_new_phone_is_known_when_the_change_returns(
    database: Database, endpoints: Endpoints, acme: AccountId, realtime: Path
) -> None:
    async with database.change("test") as unit:
        await channels.create(unit, acme, ChannelIn(name="desk"))
    assert list(known(realtime)) == ["desk"]


async def test_a_new_password_counts_at_once_and_a_deleted_phone_is_gone(
    database: Database, endpoints: Endpoints, acme: AccountId, realtime: Path
) -> None:
    async with database.change("test") as unit:
        await channels.create(unit, acme, ChannelIn(name="desk"))
        await channels.create(unit, acme, ChannelIn(name="kitchen"))
    before = known(realtime)
    async with database.change("test") as unit:
        await channels.change(unit, acme, "desk", ChannelIn(name="desk", password="another-password"))
    after = known(realtime)
    assert after["desk"] != before["desk"]
    assert after["kitchen"] == before["kitchen"]
    async with database.change("test") as unit:
        await channels.delete(unit, acme, "desk")
    assert list(known(realtime)) == ["kitchen"]


async def test_many_at_once(
    database: Database, endpoints: Endpoints, acme: AccountId, realtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints_module, "ONE_BY_ONE", 3)
    async with database.change("test") as unit:
        for n in range(10):
            await channels.create(unit, acme, ChannelIn(name=f"desk{n}"))
    assert len(known(realtime)) == 10
    async with database.change("test") as unit:
        await accounts.delete(unit, acme)
    assert known(realtime) == {}


async def test_what_another_process_changes_follows(
    tmp_path: Path,
    database: Database,
    directory: Directory,
    endpoints: Endpoints,
    acme: AccountId,
    realtime: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written, loop, put = asyncio.Event(), asyncio.get_running_loop(), RealtimeStore.put_channel

    def put_and_tell(store: RealtimeStore, channel: SipChannel) -> None:
        put(store, channel)
        loop.call_soon_threadsafe(written.set)

    monkeypatch.setattr(RealtimeStore, "put_channel", put_and_tell)
    elsewhere = Database(f"sqlite+aiosqlite:///{tmp_path}/centrale.db", database.vault)
    keeping = asyncio.create_task(endpoints.keep())
    async with elsewhere.change("command line") as unit:
        await channels.create(unit, acme, ChannelIn(name="desk"))
    await elsewhere.close()
    await directory.poll()
    async with asyncio.timeout(10):
        await written.wait()
    assert list(known(realtime)) == ["desk"]
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


async def test_a_table_that_cannot_be_written_is_tried_again(
    database: Database, endpoints: Endpoints, acme: AccountId, realtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(RealtimeStore, "put_channel", full)
        async with database.change("test") as unit:
            await channels.create(unit, acme, ChannelIn(name="desk"))
        assert known(realtime) == {}
    async with database.change("test") as unit:
        await channels.create(unit, acme, ChannelIn(name="kitchen"))
    assert list(known(realtime)) == ["desk", "kitchen"]


async def test_a_trunk_registers_is_checked_and_logs_off(
    database: Database, endpoints: Endpoints, asterisk: Asterisk, realtime: Path
) -> None:
    async with database.change("test") as unit:
        await trunks.create(unit, CARRIER)
    assert list(known(realtime)) == ["trunk-carrier"]
    objects = ["aor/trunk-carrier", "endpoint/trunk-carrier.check", "registration/trunk-carrier"]
    assert asterisk.asked == [("PUT", key) for key in objects]
    async with database.change("test") as unit:
        await trunks.change(unit, "carrier", CARRIER.model_copy(update={"enabled": False}))
    assert known(realtime) == {}
    assert asterisk.asked[3:] == [("DELETE", key) for key in objects]


async def test_a_trunk_that_is_no_longer_checked_is_forgotten_before_its_address_comes_into_the_table(
    database: Database, endpoints: Endpoints, asterisk: Asterisk, realtime: Path
) -> None:
    peer = TrunkIn(name="peer", host="127.0.0.1", qualify=30)
    async with database.change("test") as unit:
        await trunks.create(unit, peer)
    assert addresses(realtime) == []
    asterisk.on_delete = lambda: asterisk.seen.append(addresses(realtime))
    async with database.change("test") as unit:
        await trunks.change(unit, "peer", peer.model_copy(update={"qualify": 0}))
    assert asterisk.asked[2:] == [("DELETE", "aor/trunk-peer"), ("DELETE", "endpoint/trunk-peer.check")]
    assert asterisk.seen == [[], []], "Asterisk would take it out of the table"
    assert addresses(realtime) == ["trunk-peer"]


async def test_a_switch_that_comes_up_is_told_where_to_register_and_whom_to_check(
    database: Database, endpoints: Endpoints, asterisk: Asterisk
) -> None:
    asterisk.is_up = False
    async with database.change("test") as unit:
        carrier = TrunkIn(
            name="carrier", mode="registration", host="127.0.0.1", username="us", password="secret-enough"
        )
        await trunks.create(unit, carrier)
        await trunks.create(unit, TrunkIn(name="peer", host="127.0.0.1"))
        await trunks.create(unit, TrunkIn(name="quiet", host="127.0.0.1", qualify=0))
    assert asterisk.asked == []
    await endpoints.push_trunks()
    assert {key for _, key in asterisk.asked} == {
        "aor/trunk-carrier",
        "endpoint/trunk-carrier.check",
        "registration/trunk-carrier",
        "aor/trunk-peer",
        "endpoint/trunk-peer.check",
    }
