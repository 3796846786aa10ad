"""Brings a database to the tables of this version; run at every start."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from centrale.accounts.database import Database

SCRIPTS = Path(__file__).with_name("migrations")

_LOCK = 0x43_45_4E_54
"""PostgreSQL's advisory lock for migrations: `CENT`."""


async def upgrade(database: Database) -> None:
    """Runs the missing migrations, in one transaction: all or none.

    Processes that start together take turns: SQLite by its write lock, PostgreSQL by an advisory lock that the
    transaction gives back.
    """
    async with database.connection() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
