"""One account on SQLite; `tests/unit/accounts/test_notices.py` has the outbox on PostgreSQL too."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from post_office import Gateway, MailServer, Office, SetClock, mail_server, sms_gateway

from centrale.accounts import accounts, extensions
from centrale.accounts.accounts import AccountIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId

KEY = Fernet.generate_key()


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("notices") / "centrale.db"
    asyncio.run(_furnish(file))
    return file


async def _furnish(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(KEY), SetClock())
    await upgrade(database)
    async with database.change("test") as unit:
        account = await accounts.create(unit, AccountIn(number="100", name="Acme"))
        await extensions.create(unit, AccountId(account.id), ExtensionIn(number="201", kind="user", name="Jansen"))
    await database.close()


@pytest.fixture
async def office(furnished_file: Path, tmp_path: Path) -> AsyncIterator[Office]:
    file = tmp_path / "centrale.db"
    shutil.copy(furnished_file, file)
    clock = SetClock()
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(KEY), clock)
    yield Office(database, AccountId(1), clock, tmp_path)
    await database.close()


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    """A mail server that takes everything, unencrypted."""
    async with mail_server() as server:
        yield server


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    async with sms_gateway() as gateway:
        yield gateway
