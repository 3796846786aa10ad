"""One account on SQLite, and a server that takes its webhooks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from receiver import Receiver, open_receiver
from webhook_office import KEY, Office, SetClock

from centrale.accounts import accounts, channels, extensions
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId
from centrale.webhooks import deliverer


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("webhooks") / "centrale.db"
    asyncio.run(_furnish(file))
    return file


async def _furnish(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(KEY))
    await upgrade(database)
    async with database.change("test") as unit:
        for number in ("100", "200"):
            account = AccountId((await accounts.create(unit, AccountIn(number=number, name=f"Acme {number}"))).id)
            await extensions.create(unit, account, ExtensionIn(number="201", kind="user", name="Jansen"))
            await channels.create(unit, account, ChannelIn(name=f"phone{number}"))
    await database.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with open_receiver() as receiver:
        yield receiver


@pytest.fixture
async def office(
    furnished_file: Path, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Office]:
    monkeypatch.setattr(deliverer, "LOOK_EVERY", 0.02)
    file = tmp_path / "centrale.db"
    shutil.copy(furnished_file, file)
    clock = SetClock()
    database = Database(f"sqlite+aiosqlite:///{file}", Vault(KEY), clock)
    yield Office(database, AccountId(1), clock, receiver)
    await database.close()
