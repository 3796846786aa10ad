"""A company with webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from cryptography.fernet import Fernet
from receiver import PATIENCE, Receiver

from centrale.accounts import webhooks, webhooks_log
from centrale.accounts.database import Database
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks import WebhookIn, WebhookOut
from centrale.accounts.webhooks_events import ChannelData, Event, EventType
from centrale.accounts.webhooks_log import Delivery
from centrale.clock import SystemClock
from centrale.routing.snapshot import AccountId
from centrale.webhooks.deliverer import Deliverer
from centrale.webhooks.subscribed import Subscribed

KEY = Fernet.generate_key()
HAPPENED = EventType.CHANNEL_REGISTERED


class SetClock:
    """A clock that stands still until it is moved; it begins now, as who verifies a signature looks at the real one."""

    def __init__(self) -> None:
        self.moment = SystemClock().now()

    def now(self) -> datetime:
        return self.moment

    def pass_time(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class Office:
    """Account, database and clock of a story."""

    def __init__(self, database: Database, account: AccountId, clock: SetClock, receiver: Receiver) -> None:
        self.database = database
        self.account = account
        self.clock = clock
        self.receiver = receiver
        self.subscribed = Subscribed(database)
        self.chance = 1.0
        self._names = iter(range(1, 1000))
        self._committed = asyncio.Event()
        database.on_commit(self._note)

    async def hook(
        self,
        url: str | None = None,
        *,
        events: Iterable[EventType] = (HAPPENED,),
        active: bool = True,
        account: AccountId | None = None,
    ) -> tuple[WebhookOut, str]:
        """A new webhook, and its secret."""
        data = WebhookIn(
            name=f"hook {next(self._names)}",
            url=url or self.receiver.url(),
            events=frozenset(events),
            active=active,
        )
        async with self.database.change("test") as unit:
            return await webhooks.create(unit, account or self.account, data)

    async def happens(self, *channels: str, account: AccountId | None = None) -> None:
        """Phones register."""
        now = self.clock.now()
        async with self.database.change("test") as unit:
            for channel in channels or ("phone",):
                data = ChannelData(channel=channel)
                unit.events.append(Event(account or self.account, HAPPENED, now, lambda data=data: data))

    async def log_of(self, hook: WebhookOut, account: AccountId | None = None) -> list[Delivery]:
        async with self.database.read() as unit:
            return await webhooks_log.list_all(unit, account or self.account, hook.id)

    async def now_is(self, hook: WebhookOut) -> WebhookOut:
        """The webhook as it is now."""
        async with self.database.read() as unit:
            return await webhooks.get(unit, self.account, hook.id)

    async def until(self, hook: WebhookOut, true: Callable[[list[Delivery]], bool]) -> list[Delivery]:
        """Waits until that is true of the webhook's log."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._committed.clear()
                if true(found := await self.log_of(hook)):
                    return found
                await self._committed.wait()

    async def tried(self, hook: WebhookOut, count: int = 1) -> Delivery:
        """The newest delivery, once so many attempts have been noted."""
        found = await self.until(
            hook, lambda log: bool(log) and log[0].last is not None and log[0].last.number >= count
        )
        return found[0]

    @asynccontextmanager
    async def delivering(self, *, private: bool = True) -> AsyncIterator[Deliverer]:
        """Deliveries go out meanwhile."""
        await self.subscribed.load()
        deliverer = Deliverer(self.database, self.subscribed, private=private, chance=lambda: self.chance)
        task = asyncio.create_task(deliverer.run())
        try:
            yield deliverer
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled() and (problem := task.exception()) is not None:
                raise problem

    async def next_try_comes(self, hook: WebhookOut) -> timedelta:
        """The clock goes on to the next try; how long that was."""
        next_try = (await self.log_of(hook))[0].next_try
        assert next_try is not None
        waited, self.clock.moment = next_try - self.clock.moment, next_try
        return waited

    async def _note(self, unit: Unit) -> None:
        self._committed.set()
