"""A whole exchange for the API's stories: real SQLite, the real directory, calls on the simulated switch."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
import structlog
from api_world import ApiWorld, open_world
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from provider_world import running_provider
from two_companies import Scene, make_scene

from centrale.accounts import passwords
from centrale.accounts.database import Database
from centrale.accounts.migrate import upgrade
from centrale.accounts.vault import Vault


@pytest.fixture(autouse=True)
def log() -> Iterator[list[MutableMapping[str, Any]]]:
    """What was logged, instead of showing it: a traceback with all variables takes a minute to draw."""
    with structlog.testing.capture_logs() as lines:
        yield lines


QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS = QUICK.hash("nobody's")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with as little work as it takes: stories sign people in by the dozen. test_passwords.py has the real."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)
    monkeypatch.setattr(passwords, "_NOBODYS", NOBODYS)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of this version, made once; each story gets a copy."""
    path = tmp_path_factory.mktemp("api") / "template.db"

    async def make() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}", Vault(Fernet.generate_key()))
        await upgrade(database)
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """The address of an OpenID provider on loopback."""
    with running_provider() as address:
        yield address


@pytest.fixture
async def world(migrated: Path, tmp_path: Path) -> AsyncIterator[ApiWorld]:
    """An exchange without accounts; `world.platform` speaks for its administrator."""
    path = tmp_path / "centrale.db"
    shutil.copy(migrated, path)
    async with open_world(path, home=tmp_path) as world:
        yield world


@pytest.fixture
async def scene(world: ApiWorld) -> Scene:
    """A company with something of everything, in the midst of a call, and an intruder from another one."""
    return await make_scene(world)
