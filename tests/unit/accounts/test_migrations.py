"""The migrations make the very tables that the models describe, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.migrate import NEWEST, SCRIPTS, upgrade
from centrale.accounts.models import Base
from centrale.accounts.vault import Vault


async def test_migrations_and_models_agree(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.connection() as connection:
        assert await connection.run_sync(differences) == []


async def test_an_up_to_date_database_is_left_alone(database: Database) -> None:
    await upgrade(database)

    async with database.connection() as connection:
        versions = (await connection.execute(text("SELECT version_num FROM alembic_version"))).all()
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert len(versions) == 1
    assert tables == {*Base.metadata.tables, "alembic_version"}


async def test_the_newest_revision_is_known_without_alembic(database: Database) -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [NEWEST]
    async with database.connection() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises((SQLAlchemyError, StorageUnavailable), match=r"already exists|duplicate"):
        await upgrade(database)  # it takes the tables for old ones, and would make those that came later


async def test_processes_that_start_together_take_turns(empty_url: str, vault: Vault) -> None:
    databases = [Database(empty_url, vault) for _ in range(3)]
    try:
        await asyncio.gather(*(upgrade(database) for database in databases))
        async with databases[0].read() as unit:
            rows = (await unit.session.execute(text("SELECT value FROM settings"))).all()
        assert [row.value for row in rows] == ["0"]
    finally:
        await asyncio.gather(*(database.close() for database in databases))
