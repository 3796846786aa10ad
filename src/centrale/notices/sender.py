"""Empties the outbox: takes what is due, hands it over, notes what became of it (VM-3).

Nothing is lost: a notice waits in the database until a server has accepted it. It is sent once as far as SMTP allows:
when this process dies after the server said yes and before the database knows, it is sent again, with the same
Message-ID. What this process adds is sent at once; what others add within `LOOK_EVERY`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import structlog

from centrale.accounts import messages, notices
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.notices import Taken, Waiting, Way
from centrale.accounts.unit import Unit
from centrale.notices.pauses import next_try
from centrale.notices.ways import NotSent, Refused, Send

log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Notices under way at the same time, of one way."""
LEASE = timedelta(minutes=10)
"""So long a notice that was taken is left to whoever took it: longer than any sending takes."""
LOOK_EVERY = 30.0
"""Seconds between looks for what other processes added; each costs one look into an index."""
DATABASE_AWAY = 5.0
LAST_WORDS = 3.0
"""Seconds that sending may go on after we are told to stop, so that what is accepted can be noted."""
TIDY_EVERY = 3600.0


class Sender:
    """One per process; `run` it in a task. `ways`: those that settings allow for; notices of others wait."""

    def __init__(
        self, database: Database, ways: Mapping[Way, Send], chance: Callable[[], float] = random.random
    ) -> None:
        self._database = database
        self._ways = ways
        self._chance = chance
        self._look = {way: asyncio.Event() for way in Way}
        self._away = dict.fromkeys(Way, False)
        """Ways whose server could not be used at the last try."""
        self.waiting: dict[Way, Waiting] = {way: Waiting(0, None) for way in Way}
        """What waits, as of the last look."""
        database.on_commit(self._committed)

    def sends(self, way: Way) -> bool:
        """Do settings allow for this way?"""
        return way in self._ways

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for way in Way:
                group.create_task(self._serve(way))
            group.create_task(self._tidy())

    async def send_due(self, way: Way) -> int:
        """Sends what is due now and returns how many were tried: all, or a few when the server cannot be used.

        Raises StorageUnavailable.
        """
        send, tried = self._ways.get(way), 0
        self._away[way] = False
        while send is not None and not self._away[way]:
            now = self._database.clock.now()
            async with self._database.read() as unit:
                due = await notices.next_due(unit, way)
            if due is None or due > now:
                break
            async with self._database.change("notices") as unit:
                taken = await notices.take(unit, way, now=now, until=now + LEASE, limit=AT_ONCE)
            if not taken:
                break  # another process was quicker
            served = await _to_the_end([asyncio.create_task(self._send(send, notice)) for notice in taken])
            self._away[way] = not any(served)
            tried += len(taken)
        return tried

    async def _serve(self, way: Way) -> None:
        away = False
        while True:
            self._look[way].clear()
            try:
                await self.send_due(way)
                pause = await self._pause(way)
                away = False
            except StorageUnavailable as problem:
                if not away:
                    log.warning("notices wait for the database", way=way.value, problem=str(problem))
                pause, away = DATABASE_AWAY, True
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look[way].wait()

    async def _pause(self, way: Way) -> float:
        async with self._database.read() as unit:
            self.waiting[way] = await notices.waiting(unit, way)
            due = await notices.next_due(unit, way) if way in self._ways else None
        if due is None or self._away[way]:
            return LOOK_EVERY
        return min(max((due - self._database.clock.now()).total_seconds(), 0.0), LOOK_EVERY)

    async def _committed(self, unit: Unit) -> None:
        if notices.wakes(unit):
            for look in self._look.values():
                look.set()

    async def _send(self, send: Send, notice: Taken) -> bool:
        """Sends it and notes what became of it; False when the server could not be used."""
        known = {"notice": notice.id, "way": notice.way.value, "account": notice.account, "tries": notice.tries}
        try:
            await send(notice)
        except Refused as problem:
            log.error("a notice is given up", **known, problem=str(problem))
            await self._note(notice, refused=str(problem))
        except NotSent as problem:
            log.warning("a notice could not be sent", **known, problem=str(problem))
            await self._note(notice, failed=str(problem))
            return not problem.away
        except Exception:
            # A mistake in one notice must not keep the others; the log says what it was.
            log.exception("a notice could not be sent", **known)
            await self._note(notice, failed="a fault of the exchange; its log says more")
        else:
            log.info("a notice was sent", **known)
            await self._note(notice)
        return True

    async def _note(self, notice: Taken, *, refused: str | None = None, failed: str | None = None) -> None:
        """What became of it. A database that is away is waited for: forgetting would send it twice."""
        while True:
            try:
                async with self._database.change("notices") as unit:
                    await self._settle(unit, notice, refused, failed)
            except StorageUnavailable as problem:
                log.warning("a notice waits to be noted", notice=notice.id, problem=str(problem))
                await asyncio.sleep(DATABASE_AWAY)
            else:
                return

    async def _settle(self, unit: Unit, notice: Taken, refused: str | None, failed: str | None) -> None:
        now = unit.clock.now()
        if refused is not None:
            await notices.note_given_up(unit, notice.id, refused)
        elif failed is not None:
            again = next_try(notice.created, notice.tries, now, self._chance())
            if again is None:
                log.error("a notice is given up", notice=notice.id, account=notice.account, problem=failed)
                await notices.note_given_up(unit, notice.id, failed)
            else:
                await notices.note_failed(unit, notice.id, failed, again)
        else:
            await notices.note_sent(unit, notice.id, now)
            account, message = notice.account, notice.message_id
            if account and message and await notices.takes_along(unit, account, message):
                with suppress(NotFound):  # deleted by hand meanwhile
                    await messages.delete(unit, account, message)

    async def _tidy(self) -> None:
        while True:
            try:
                async with self._database.change("notices") as unit:
                    await notices.forget(unit, unit.clock.now() - notices.KEPT)
            except StorageUnavailable as problem:
                log.warning("the outbox could not be tidied", problem=str(problem))
            await asyncio.sleep(TIDY_EVERY)


async def _to_the_end(tasks: list[asyncio.Task[bool]]) -> list[bool]:
    """What all of them return; when we are told to stop, they are waited for a moment only."""
    try:
        return await asyncio.shield(asyncio.gather(*tasks))
    except asyncio.CancelledError:
        await asyncio.wait(tasks, timeout=LAST_WORDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
