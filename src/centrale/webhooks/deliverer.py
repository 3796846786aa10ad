"""Empties the outbox of webhooks: takes what is due, posts it, notes what came of it (API-1).

Nothing is lost: a delivery waits in the database until its server has said yes. Nobody waits for somebody else: each
webhook and each account has only so many attempts under way, and those that fail have a lane of their own, so that
servers which hang never take the places of those which answer.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client import Counter as Tally

from centrale.accounts import webhooks_taking
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks_outbox import KEPT
from centrale.accounts.webhooks_taking import Due, Failure, Result, Taken
from centrale.webhooks.pauses import next_try
from centrale.webhooks.post import Answer, Post
from centrale.webhooks.subscribed import Subscribed

log = structlog.get_logger(__name__)

PER_WEBHOOK, PER_ACCOUNT = 4, 8
QUICK_LANE, SLOW_LANE = 64, 16
"""Attempts under way at the same time: of webhooks that answer, and of those that fail."""
FAILING = 3
"""Failures in a row with which a webhook comes into the slow lane, with one attempt at a time."""
LEASE = timedelta(seconds=30)
"""So long a delivery that was taken is left to whoever took it: longer than any attempt takes."""
LOOK_EVERY, LOOK_WHEN_NOBODY_LISTENS = 1.0, 30.0
"""Seconds between looks for what others added: call records, queue events, another process."""
DATABASE_AWAY = 5.0
LAST_WORDS = 3.0
"""Seconds that attempts may go on after we are told to stop, so that what arrived can be noted."""
TIDY_EVERY = 3600.0


class Deliverer:
    """One per process; `run` it in a task."""

    def __init__(
        self,
        database: Database,
        subscribed: Subscribed,
        *,
        private: bool,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._subscribed = subscribed
        self._post = Post(private=private)
        self._chance = chance
        self._look = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._lanes: Counter[bool] = Counter()
        """Attempts under way, by whether their webhook fails."""
        self._webhooks: Counter[int] = Counter()
        self._accounts: Counter[int] = Counter()
        self._results: list[Result] = []
        self._noting = asyncio.Event()
        self._one_noting = asyncio.Lock()
        self._waiting = 0
        self._tally: Tally | None = None
        database.on_commit(self._committed)

    def measure(self, registry: CollectorRegistry) -> None:
        """Has the registry show how it goes."""
        waiting = Gauge("centrale_webhooks_waiting", "Deliveries to webhooks that wait.", registry=registry)
        waiting.set_function(lambda: self._waiting)
        self._tally = Tally("centrale_webhook_attempts", "Attempts to deliver.", ("result",), registry=registry)

    async def run(self) -> None:
        """Until cancelled."""
        async with self._post:
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._serve())
                    group.create_task(self._note_results())
                    group.create_task(self._tidy())
            finally:
                await self._finish()

    async def _serve(self) -> None:
        away = False
        while True:
            self._look.clear()
            try:
                await self._start_due()
                pause = await self._pause()
                away = False
            except StorageUnavailable as problem:
                if not away:
                    log.warning("webhooks.wait_for_database", problem=str(problem))
                pause, away = DATABASE_AWAY, True
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look.wait()

    async def _start_due(self) -> None:
        now = self._database.clock.now()
        async with self._database.read() as unit:
            due = await webhooks_taking.due(unit, now)
            self._waiting = await webhooks_taking.waiting(unit) if due else 0
        failing = {hook.webhook: hook.failures >= FAILING for hook in due}
        if wanted := self._room_for(due):
            async with self._database.change("webhooks") as unit:
                taken = await webhooks_taking.take(unit, wanted, now=now, until=now + LEASE)
            for delivery in taken:
                self._start(delivery, failing[delivery.webhook])

    def _room_for(self, due: list[Due]) -> dict[int, int]:
        """How many attempts each webhook may begin now."""
        lanes, accounts = Counter(self._lanes), Counter(self._accounts)
        room: dict[int, int] = {}
        for hook in due:
            fails = hook.failures >= FAILING
            own = (1 if fails else PER_WEBHOOK) - self._webhooks[hook.webhook]
            lane = (SLOW_LANE if fails else QUICK_LANE) - lanes[fails]
            count = min(own, lane, PER_ACCOUNT - accounts[hook.account])
            if count > 0:
                room[hook.webhook] = count
                lanes[fails] += count
                accounts[hook.account] += count
        return room

    def _start(self, delivery: Taken, fails: bool) -> None:
        self._lanes[fails] += 1
        self._webhooks[delivery.webhook] += 1
        self._accounts[delivery.account] += 1

        def over(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._lanes[fails] -= 1
            self._webhooks[delivery.webhook] -= 1
            self._accounts[delivery.account] -= 1
            self._look.set()

        task = asyncio.create_task(self._attempt(delivery))
        self._tasks.add(task)
        task.add_done_callback(over)

    async def _attempt(self, delivery: Taken) -> None:
        at = self._database.clock.now()
        try:
            answer = await self._post.send(delivery, at)
        except Exception:  # a mistake of ours in one delivery must not keep the others
            log.exception("webhooks.fault", delivery=delivery.id, webhook=delivery.webhook)
            answer = Answer(0, problem=Failure.FAULT)
        if self._tally is not None:
            self._tally.labels(str(answer.problem or "delivered")).inc()
        known = {"account": delivery.account, "webhook": delivery.webhook, "delivery": delivery.id}
        log.debug("webhooks.attempt", **known, status=answer.status, problem=answer.problem, ms=answer.ms)
        again = None
        if answer.problem is not None:
            again = next_try(delivery.started, self._database.clock.now(), self._chance(), answer.later)
            if again is None:
                log.warning("webhooks.given_up", **known, problem=answer.problem)
        self._results.append(Result(delivery, at, answer.ms, answer.status, answer.text, answer.problem, again))
        self._noting.set()

    async def _note_results(self) -> None:
        """All that there are in one transaction. A database that is away is waited for: forgetting would send again."""
        while True:
            await self._noting.wait()
            self._noting.clear()
            try:
                await asyncio.shield(self._note())  # when we are told to stop, it is ended by `_finish`
            except StorageUnavailable as problem:
                log.warning("webhooks.wait_to_be_noted", waiting=len(self._results), problem=str(problem))
                await asyncio.sleep(DATABASE_AWAY)
                self._noting.set()

    async def _note(self) -> None:
        async with self._one_noting:
            if noted := list(self._results):
                async with self._database.change("webhooks") as unit:
                    await webhooks_taking.settle(unit, noted)
                del self._results[: len(noted)]
                self._look.set()

    async def _pause(self) -> float:
        async with self._database.read() as unit:
            due = await webhooks_taking.next_due(unit)
        usual = LOOK_EVERY if self._subscribed.anybody else LOOK_WHEN_NOBODY_LISTENS
        if due is None:
            return usual
        left = (due - self._database.clock.now()).total_seconds()
        # What is due and was not begun waits for room; an attempt that ends makes some.
        return usual if left <= 0 else min(left, usual)

    async def _committed(self, unit: Unit) -> None:
        if unit.deliveries_due:
            self._look.set()

    async def _tidy(self) -> None:
        while True:
            try:
                async with self._database.change("webhooks") as unit:
                    await webhooks_taking.forget(unit, unit.clock.now() - KEPT)
            except StorageUnavailable as problem:
                log.warning("webhooks.not_tidied", problem=str(problem))
            await asyncio.sleep(TIDY_EVERY)

    async def _finish(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LAST_WORDS)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self._note()
        except (StorageUnavailable, TimeoutError) as problem:
            log.warning("webhooks.not_noted", deliveries=len(self._results), problem=str(problem))
