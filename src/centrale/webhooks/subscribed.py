"""Who wants to be told of what: a picture in memory, for those who would otherwise do work that nobody asked for.

It may be a moment old. What is stored is looked up in the transaction that stores it (`accounts.webhooks_outbox`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from sqlalchemy import select

from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.models import WebhookRow
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks_events import EventType
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)

LOOK_EVERY = 30.0
"""Seconds between looks for what other processes changed."""


class Subscribed:
    """One per process; `keep` it up to date in a task."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._types: dict[AccountId, frozenset[str]] = {}
        self._changed = asyncio.Event()
        database.on_commit(self._committed)

    @property
    def anybody(self) -> bool:
        """Is there any webhook at all?"""
        return bool(self._types)

    def wants(self, account: int, type: EventType) -> bool:
        """Does a webhook of `account` want to be told of that?"""
        return type in self._types.get(AccountId(account), ())

    def wanting(self, *types: EventType) -> set[AccountId]:
        """The accounts with a webhook that wants to be told of any of these."""
        return {account for account, wanted in self._types.items() if wanted & set(types)}

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            self._changed.clear()
            try:
                await self.load()
            except StorageUnavailable as problem:
                log.warning("webhooks.subscriptions_not_read", problem=str(problem))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._changed.wait()

    async def load(self) -> None:
        """Reads them. Raises StorageUnavailable."""
        found: dict[AccountId, frozenset[str]] = {}
        async with self._database.read() as unit:
            for account, events in await unit.session.execute(select(WebhookRow.account_id, WebhookRow.events)):
                found[AccountId(account)] = found.get(AccountId(account), frozenset()) | frozenset(events)
        self._types = found

    async def _committed(self, unit: Unit) -> None:
        if unit.platform_revision is not None or any("webhook" in types for types in unit.touched.values()):
            # Before whoever made it is answered: its next call is told of.
            with suppress(StorageUnavailable):
                await self.load()
            self._changed.set()
