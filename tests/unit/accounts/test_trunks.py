"""Carriers of the platform, and each account's choice of them (CID-3, issue 2 point 7)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import ValidationError

from centrale.accounts import sip, trunks
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import NotFound, Use
from centrale.accounts.trunks import TrunkIn

from .office import Office, invalid, refused


async def platform(database: Database, function: Callable[..., Awaitable[Any]], *args: object) -> Any:
    async with database.change("root") as unit:
        return await function(unit, *args)


async def test_a_trunk_that_registers_keeps_its_password_sealed(database: Database) -> None:
    created = await platform(
        database,
        trunks.create,
        TrunkIn(name="carrier", mode="registration", host="sip.example", username="us", password="s3cret-s3cret"),
    )
    assert created.has_password
    assert "s3cret" not in created.model_dump_json()

    await platform(
        database,
        trunks.change,
        "carrier",
        TrunkIn(name="carrier", mode="registration", host="b.example", username="us"),
    )

    async with database.read() as unit:
        (trunk,) = await sip.sip_trunks(unit)
        assert "s3cret" not in str(vars_of(await trunks.load(unit, "carrier")))
    assert (trunk.endpoint, trunk.host, trunk.password) == ("trunk-carrier", "b.example", "s3cret-s3cret")
    assert trunk.sources == ("b.example",)
    assert "s3cret" not in repr(trunk)


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "127.0.0.1:5070"),
        ("127.0.0.3", "127.0.0.3:5070"),
        ("::1", "[::1]:5070"),
    ],
)
async def test_a_trunk_on_this_machine_is_known_by_its_port_too(database: Database, host: str, source: str) -> None:
    """By its address alone, every phone on this machine would be taken for it."""
    await platform(database, trunks.create, TrunkIn(name="carrier", host=host, port=5070))
    async with database.read() as unit:
        (trunk,) = await sip.sip_trunks(unit)
    assert trunk.sources == (source,)


def vars_of(row: object) -> dict[str, object]:
    return dict(vars(row))


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": "registration"},
        {"name": "Carrier"},
        {"host": "a b"},
        {"port": 0},
        {"sources": ["192.0.2.300"]},
        {"sources": ["192.0.2.1:99999"]},
        {"sources": ["example.org"]},
        {"username": "a\r\nb"},
    ],
)
def test_nonsense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrunkIn.model_validate({"name": "carrier", "host": "192.0.2.1"} | fields)


@pytest.mark.parametrize(
    "source", ["192.0.2.7", "192.0.2.0/28", "192.0.2.7:5070", "[2001:db8::7]:5070", "2001:db8::/32"]
)
def test_calls_come_from_addresses_and_networks(source: str) -> None:
    assert TrunkIn(name="carrier", host="192.0.2.1", sources=[source]).sources == [source]


async def test_an_account_tries_its_trunks_in_its_order(database: Database, office: Office, rivals: Office) -> None:
    directory = Directory(database)
    await directory.load()
    for name in ("one", "two", "three"):
        await platform(database, trunks.create, TrunkIn(name=name, host="192.0.2.1"))

    await office.do(trunks.choose, ["three", "one"])

    assert [it.name for it in directory.current.accounts[office.id].trunks] == ["three", "one"]
    assert directory.current.accounts[rivals.id].trunks == ()
    assert await invalid(office.do(trunks.choose, ["one", "four", "one"])) == {
        "trunks[1]": "there is no trunk four",
        "trunks[2]": "one is named twice",
    }


async def test_a_trunk_out_of_use_is_skipped_everywhere(database: Database, office: Office) -> None:
    directory = Directory(database)
    await directory.load()
    await platform(database, trunks.create, TrunkIn(name="one", host="192.0.2.1"))
    await office.do(trunks.choose, ["one"])

    await platform(database, trunks.change, "one", TrunkIn(name="one", host="192.0.2.1", enabled=False))

    assert directory.current.accounts[office.id].trunks == ()
    assert directory.current.trunks == {}
    async with database.read() as unit:
        assert await sip.sip_trunks(unit) == []


async def test_a_trunk_in_use_stays(database: Database, office: Office) -> None:
    await platform(database, trunks.create, TrunkIn(name="one", host="192.0.2.1"))
    await office.do(trunks.choose, ["one"])
    assert (await refused(platform(database, trunks.delete, "one"))).uses == (Use("account", "100", "trunks"),)

    await office.do(trunks.choose, [])
    await platform(database, trunks.delete, "one")
    with pytest.raises(NotFound):
        await platform(database, trunks.get, "one")
    assert (await refused_twice(database)).field == "name"


async def refused_twice(database: Database) -> Any:
    await platform(database, trunks.create, TrunkIn(name="two", host="192.0.2.1"))
    return await refused(platform(database, trunks.create, TrunkIn(name="two", host="192.0.2.1")))
