"""Brings a database to the tables of this version; run at every start."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from centrale.accounts.database import Database

SCRIPTS = Path(__file__).with_name("migrations")
NEWEST = max(path.name for path in SCRIPTS.glob("versions/[0-9]*.py")).partition("_")[0]
"""The revision of this version's tables; file names begin with theirs."""

_LOCK = 0x43_45_4E_54
"""PostgreSQL's advisory lock for migrations: `CENT`."""


async def upgrade(database: Database) -> None:
    """Runs the missing migrations, in one transaction: all or none.

    Processes that start together take turns: SQLite by its write lock, PostgreSQL by an advisory lock that the
    transaction gives back. Where none is missing, as at nearly every start, Alembic is not even loaded: callers may
    be waiting for us.
    """
    if await _is_newest(database):
        return
    async with database.connection() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


async def _is_newest(database: Database) -> bool:
    async with database.read() as unit:
        connection = await unit.session.connection()
        if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
            return False
        return list(await connection.scalars(text("SELECT version_num FROM alembic_version"))) == [NEWEST]


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
