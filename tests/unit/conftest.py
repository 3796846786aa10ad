"""What spares thousands of small stories the time that only one large exchange has to take."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

from centrale.accounts import database, pins


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[str]:
    """Nothing waits for the disk: a machine that loses its power loses these tests anyway. Gives what is in earnest."""
    earnest = database.SYNCHRONOUS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SYNCHRONOUS", "OFF")
        patch.setattr(os, "fsync", lambda _: None)
        yield earnest


@pytest.fixture(scope="session", autouse=True)
def quick_pins() -> Iterator[PasswordHasher]:
    """Argon2id with as little work as it takes, for PINs. Gives the one in earnest."""
    earnest = pins._HASHER
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pins, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield earnest


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Each test has a database of its own; what a statement is in SQL is worked out for all of them together."""
    create = database.create_async_engine
    dialects: dict[str, Dialect] = {}
    compiled: dict[Any, Any] = {}

    def with_one_memory(url: str, **options: Any) -> AsyncEngine:
        engine = create(url, execution_options={"compiled_cache": compiled}, **options)
        # Remembered by dialect, which knows the database's version once it was connected to one.
        known = dialects.setdefault(engine.dialect.name, engine.dialect)
        if known.server_version_info is None:
            dialects[known.name] = engine.dialect
        else:
            engine.sync_engine.dialect = known
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_async_engine", with_one_memory)
        yield
