"""The one view of the database that a request has: from whose it is to its answer.

To begin a transaction of its own for each of the two cost a simple request a third of its time.
"""

from __future__ import annotations

from contextlib import AsyncExitStack

from centrale.accounts.database import Database
from centrale.accounts.unit import Unit


class Reading:
    """Opened when somebody first looks, closed before the answer leaves: streams last for hours, and SQLite cannot
    tidy up behind who still reads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opened = AsyncExitStack()
        self._unit: Unit | None = None

    async def unit(self) -> Unit:
        """What is read in it is of one moment; what is written in it is thrown away."""
        if self._unit is None:
            self._unit = await self._opened.enter_async_context(self._database.read())
        return self._unit

    async def close(self) -> None:
        """Who looks again looks anew."""
        self._unit = None
        await self._opened.aclose()
