"""Every story here is told twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

from centrale.accounts import accounts, extensions
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId, Facility

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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip("no PostgreSQL programs in /usr/lib/postgresql/*/bin; apt-get install postgresql brings them")
    with postgres.cluster(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The server's URL, after a migrated database `template` was made there to copy from."""
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'centrale.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"test{next(_counter)}"
    plain = server.replace("+psycopg", "").format(database="postgres")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.format(database=name)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key())


@pytest.fixture
async def database(url: str, vault: Vault, clock: SetClock) -> AsyncIterator[Database]:
    """A database with its tables and nothing in them."""
    database = Database(url, vault, clock)
    await upgrade(database)
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
