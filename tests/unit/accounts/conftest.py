"""Every story here is told twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url

from centrale.accounts import accounts, extensions
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId, Facility
from centrale.telephony.asterisk.runtime import Runtime

from . import postgres

_counter = itertools.count(1)


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


class Files:
    """SQLite."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, template: str | None = None) -> str:
        path = self._folder / f"centrale{next(_counter)}.db"
        if template is not None:
            shutil.copy(template.removeprefix("sqlite+aiosqlite:///"), path)
        return f"sqlite+aiosqlite:///{path}"


class PostgreSQL:
    """A running PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._url = url

    def make(self, template: str | None = None) -> str:
        name = f"test{next(_counter)}"
        like = "template1" if template is None else make_url(template).database
        with psycopg.connect(self._url.replace("+psycopg", "").format(database="postgres"), autocommit=True) as admin:
            # A file copy is quicker than the log that is the default.
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")
        return self._url.format(database=name)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests."""
    if request.param == "sqlite":
        yield Files(tmp_path_factory.mktemp("databases"))
        return
    runtime: Runtime = request.getfixturevalue("runtime")
    assert runtime.tools is not None
    with postgres.cluster(runtime.tools) as url:
        yield PostgreSQL(url)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The URL of a database with tables, to be copied: quicker than making them for each test."""
    url = server.make()
    asyncio.run(_with_tables(url))
    return url


async def _with_tables(url: str) -> None:
    database = Database(url, Vault(Fernet.generate_key()))
    await upgrade(database)
    await database.close()


@pytest.fixture
def empty_url(server: Server) -> str:
    """The URL of a database without tables."""
    return server.make()


@pytest.fixture
def url(server: Server, template: str) -> str:
    """The URL of a database with tables."""
    return server.make(template)


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key())


@pytest.fixture
async def database(url: str, vault: Vault, clock: SetClock) -> AsyncIterator[Database]:
    """A database with its tables and nothing in them."""
    database = Database(url, vault, clock)
    yield database
    await database.close()


@pytest.fixture
async def acme(database: Database) -> AccountId:
    """An account with users 201 and 202."""
    return await new_account(database, "100", "Acme")


@pytest.fixture
async def rival(database: Database) -> AccountId:
    """Another account, whose users have the same numbers."""
    return await new_account(database, "200", "Rival")


async def new_account(database: Database, number: str, name: str) -> AccountId:
    async with database.change("test") as unit:
        account = AccountId(
            (
                await accounts.create(
                    unit, AccountIn(number=number, name=name, facilities=frozenset({Facility.TWINNING}))
                )
            ).id
        )
        for extension, person in (("201", "Jansen"), ("202", "Bakker")):
            await extensions.create(unit, account, ExtensionIn(number=extension, kind="user", name=person))
    return account
