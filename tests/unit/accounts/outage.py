"""Takes the database away, as an operator sees it happen."""

from __future__ import annotations

import sqlite3
from typing import Any

import psycopg
from sqlalchemy import make_url


class Outage:
    """Makes the database refuse, and lets it work again."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._lock: Any = None

    async def begin(self) -> None:
        if self._url.get_backend_name() == "sqlite":
            self._lock = sqlite3.connect(self._url.database or "", isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
        else:
            await self._admin("ALTER DATABASE {0} ALLOW_CONNECTIONS false")
            await self._admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{0}'")

    async def end(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        elif self._url.get_backend_name() != "sqlite":
            await self._admin("ALTER DATABASE {0} ALLOW_CONNECTIONS true")

    async def _admin(self, statement: str) -> None:
        plain = self._url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        connection = await psycopg.AsyncConnection.connect(plain, autocommit=True)
        async with connection:
            await connection.execute(statement.format(self._url.database).encode())
