"""Every story here is told twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from centrale.accounts import accounts, extensions
from centrale.accounts import database as database_module
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId, Facility
from centrale.runtime import Runtime

from . import postgres
from .office import Office
from .outage import Outage
from .transfers import Transfers, furnish

_counter = itertools.count(1)

KEY = Fernet.generate_key()


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def pass_time(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


class Server(Protocol):
    """Where databases are made."""

    def make(self, template: str | None = None) -> str:
        """The URL of a new database: empty, or a copy of the one at `template`."""

    def drop(self, url: str) -> None:
        """Its room is needed for others."""


class Files:
    """SQLite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, template: str | None = None) -> str:
        path = self._folder / f"centrale{next(_counter)}.db"
        if template is not None:
            shutil.copy(make_url(template).database or "", path)
        return f"sqlite+aiosqlite:///{path}"

    def drop(self, url: str) -> None:
        Path(make_url(url).database or "").unlink()


class PostgreSQL:
    """A running PostgreSQL."""

    def __init__(self, url: str, admin: psycopg.Connection) -> None:
        self._url = url
        self._admin = admin

    def make(self, template: str | None = None) -> str:
        name = f"test{next(_counter)}"
        like = "template1" if template is None else make_url(template).database
        # A file copy is quicker than the log that is the default.
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        return self._url.format(database=name)

    def drop(self, url: str) -> None:
        self._admin.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests."""
    if request.param == "sqlite":
        yield Files(tmp_path_factory.mktemp("databases"))
        return
    runtime: Runtime = request.getfixturevalue("runtime")
    assert runtime.tools is not None
    with postgres.cluster(runtime.tools) as url:
        plain = url.replace("+psycopg", "").format(database="postgres")
        with psycopg.connect(plain, autocommit=True) as admin:
            yield PostgreSQL(url, admin)


@pytest.fixture(scope="session")
def bare(server: Server) -> str:
    """The URL of a database with tables, to be copied: quicker than making them for each test."""
    url = server.make()
    asyncio.run(_prepare(url, upgrade))
    return url


@pytest.fixture(scope="session")
def peopled(server: Server, bare: str) -> str:
    """The same with Acme and Rival."""
    url = server.make(bare)
    asyncio.run(_prepare(url, _people))
    return url


@pytest.fixture(scope="session")
def furnished(server: Server, peopled: str) -> str:
    """The same, and Acme has one of everything."""
    url = server.make(peopled)
    asyncio.run(_prepare(url, furnish))
    return url


async def _prepare(url: str, how: Callable[[Database], Awaitable[None]]) -> None:
    database = Database(url, Vault(KEY), SetClock())
    await how(database)
    await database.close()


async def _people(database: Database) -> None:
    for number, name in (("100", "Acme"), ("200", "Rival")):
        async with database.change("anna") as unit:
            created = await accounts.create(unit, AccountIn(number=number, name=name, facilities={Facility.TWINNING}))
            for extension, person in (("201", "Jansen"), ("202", "Bakker")):
                data = ExtensionIn(number=extension, kind="user", name=person)
                await extensions.create(unit, AccountId(created.id), data)


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    """The URL of a database without tables."""
    url = server.make()
    yield url
    server.drop(url)


@pytest.fixture
def url(request: pytest.FixtureRequest, server: Server, bare: str, peopled: str, furnished: str) -> Iterator[str]:
    """The URL of a database with tables; with Acme and Rival for a test that asks for one of them."""
    asked = set(request.fixturenames)
    template = furnished if "furnished_acme" in asked else peopled if {"acme", "rival"} & asked else bare
    url = server.make(template)
    yield url
    server.drop(url)


@pytest.fixture
def vault() -> Vault:
    return Vault(KEY)


@pytest.fixture
async def database(url: str, vault: Vault, clock: SetClock) -> AsyncIterator[Database]:
    """A database with tables."""
    database = Database(url, vault, clock)
    yield database
    await database.close()


@pytest.fixture
def power_cuts(no_power_cuts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for it before the database: a commit then waits for the disk, as it does in earnest."""
    monkeypatch.setattr(database_module, "SYNCHRONOUS", no_power_cuts)


@pytest.fixture
async def outage(url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Outage]:
    """Ask for it before the database: a busy one is then waited for shortly."""
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    outage = Outage(url)
    yield outage
    await outage.end()


@pytest.fixture
async def acme(database: Database) -> AccountId:
    """An account with users 201 and 202."""
    return await _id_of("100", database)


@pytest.fixture
async def rival(database: Database) -> AccountId:
    """Another account, whose users have the same numbers."""
    return await _id_of("200", database)


async def _id_of(number: str, database: Database) -> AccountId:
    async with database.read() as unit:
        return AccountId((await accounts.find(unit, number)).id)


@pytest.fixture
def files(database: Database) -> Transfers:
    return Transfers(database)


@pytest.fixture
def furnished_acme(office: Office) -> Office:
    """Acme with one of everything."""
    return office


@pytest.fixture
def office(database: Database, acme: AccountId) -> Office:
    """Acme's."""
    return Office(database, acme)


@pytest.fixture
def rivals(database: Database, rival: AccountId) -> Office:
    """Rival's."""
    return Office(database, rival)
