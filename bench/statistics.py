"""Statistics of a month with a million calls on SQLite, and what keeping them costs: `python -m bench.statistics`.

The month is filled through the code that stores events in an exchange, a day at a time: 20 queues, 200 agents, busiest
at eleven and at three, one call in five not answered. Times are of the whole question, as the API asks it; what events
cost is CPU of the whole process, journal and database included.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from rich.console import Console

from bench.figures import Figure, table
from centrale.accounts import queue_event_store, queue_statistics
from centrale.accounts.database import Database
from centrale.accounts.journal import Journal
from centrale.accounts.migrate import upgrade
from centrale.accounts.queue_event_writer import QueueEventWriter
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.queue_figures import QueueEvent, QueueFigures, ms_of
from centrale.accounts.queue_periods import By, cut, midnight
from centrale.accounts.unit import Unit
from centrale.accounts.vault import Vault
from centrale.queueing.happenings import Happening, What
from centrale.routing.snapshot import AccountId, ExtensionNumber

CALLS, DAYS, QUEUES, AGENTS = 1_000_000, 31, 20, 200
ZONE = ZoneInfo("Europe/Amsterdam")
BEGINNING = midnight(datetime(2026, 3, 1, tzinfo=ZONE).date(), ZONE)  # the month in which clocks go forward
ACCOUNT = AccountId(1)
MOST_MS = 200.0
REPEATS = 7
PER_SECOND, SECONDS = 20, 30
"""Queue calls in a second, and for how many seconds, when their cost is measured."""

Tell = Callable[[], None]


async def fill(database: Database, calls: int, tell: Tell) -> float:
    """Fill the month; gives seconds."""
    dice, began = random.Random(4), perf_counter()
    for nth in range(DAYS):
        events = day(dice, BEGINNING + timedelta(days=nth), calls // DAYS, nth * calls)
        async with database.connection() as connection:
            await queue_event_store.store(connection, events)
        tell()
    return perf_counter() - began


def day(dice: random.Random, midnight: datetime, calls: int, number: int) -> list[QueueEvent]:
    """What happens on a day that begins at `midnight`; its calls are numbered from `number` on."""
    begins, events = ms_of(midnight), list[QueueEvent]()
    for agent in range(AGENTS):
        queue, name = str(300 + agent % QUEUES), str(2_000 + agent)
        on, off = begins + 28_800_000 + dice.randrange(600_000), begins + 64_800_000
        events.append(QueueEvent(1, queue, on, on, What.LOGGED_ON, agent=name))
        events.append(QueueEvent(1, queue, on, off, What.LOGGED_OFF, agent=name, ms=off - on))
    for call in range(number, number + calls):
        peak = 11 if call % 2 else 15
        came = begins + int(min(max(dice.gauss(peak, 2), 0.1), 22.9) * 3_600_000)
        queue, id = dice.randrange(QUEUES), f"{call:012x}-bench"
        agent = str(2_000 + queue + QUEUES * dice.randrange(AGENTS // QUEUES))
        stay = QueueEvent(1, str(300 + queue), came, came, What.JOINED, id)
        wait, answered = int(dice.expovariate(1 / 25_000)), dice.random() < 0.8
        events.append(stay)
        offered = stay._replace(what=What.OFFERED, agent=agent)
        events.append(offered)
        if dice.random() < 0.1:
            events += [offered._replace(at=came + wait, what=What.MISSED, detail="no_answer"), offered]
        if not answered:
            events.append(stay._replace(at=came + wait, what=What.ABANDONED, ms=wait))
            continue
        talk = int(dice.expovariate(1 / 180_000))
        events += [
            offered._replace(at=came + wait, what=What.ANSWERED, ms=wait),
            offered._replace(at=came + wait + talk, what=What.TALK_ENDED, ms=talk),
            offered._replace(at=came + wait + talk, what="wrap_up", call=None, ms=15_000),
        ]
    return events


def questions() -> dict[str, Callable[[Unit], Awaitable[Any]]]:
    """By name, what is asked of the month."""
    month = list(cut(BEGINNING, midnight(datetime(2026, 4, 1, tzinfo=ZONE).date(), ZONE), By.ALL, ZONE))
    days, hours = list(cut(*month[0], By.DAY, ZONE)), list(cut(*month[0], By.HOUR, ZONE))
    one_day = list(cut(*days[16], By.HOUR, ZONE))
    odd = [(month[0][0] + timedelta(minutes=7, seconds=13), month[0][1] - timedelta(minutes=3))]
    now = datetime(2026, 4, 2, tzinfo=UTC)

    async def level(unit: Unit) -> float:
        total = QueueFigures()
        for figures in (await queue_statistics.of_queues(unit, ACCOUNT, month)).values():
            total.include(figures)
        return total.answered_after.within(17) / (total.answered + total.unanswered)

    return {
        f"a month, {QUEUES} queues": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, month),
        "its service level within 17 s": level,
        "from 00:07:13 on, to 23:57": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, odd),
        "a month by day, one queue": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, days, ["307"]),
        f"a month by day, {QUEUES} queues": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, days, within=20),
        "a month by hour, one queue": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, hours, ["307"]),
        f"a day by hour, {QUEUES} queues": lambda unit: queue_statistics.of_queues(unit, ACCOUNT, one_day),
        f"a month, {AGENTS} agents": lambda unit: queue_statistics.of_agents(unit, ACCOUNT, month, now=now),
        f"a day, {AGENTS} agents": lambda unit: queue_statistics.of_agents(unit, ACCOUNT, [days[16]], now=now),
    }


async def run(folder: Path, calls: int = CALLS, tell: Tell = lambda: None) -> list[Figure]:
    """Fill a database in `folder`, and ask."""
    path = folder / "month.db"
    database = Database(f"sqlite+aiosqlite:///{path}", Vault(Fernet.generate_key()))
    try:
        await upgrade(database)
        seconds = await fill(database, calls, tell)
        note = f"{calls / seconds:,.0f} calls/s with their figures; {path.stat().st_size / 1e6:,.0f} MB"
        found = [Figure(f"Storing a month of {calls:,} queue calls", "s", seconds, note=note)]
        for name, ask in questions().items():
            took = await _ms(database, ask)
            found.append(Figure(f"Statistics: {name}", "ms", took, aim=f"≤ {MOST_MS:g}", met=took <= MOST_MS))
        found.append(await _cost(database, folder))
    finally:
        await database.close()
    return found


async def _ms(database: Database, ask: Callable[[Unit], Awaitable[Any]]) -> float:
    took = []
    for _ in range(REPEATS):
        async with database.read() as unit:
            began = perf_counter()
            await ask(unit)
            took.append((perf_counter() - began) * 1_000)
    return median(took)


async def _cost(database: Database, folder: Path) -> Figure:
    """CPU of the events of a call that is offered once, answered, and followed by a wrap-up: journal and database."""
    journal = Journal(folder / "journal")
    writer, tell = QueueEventWriter(database, journal, folder / "aside", BEGINNING), QueueEvents(journal)
    await writer.flush()
    began = process_time()
    for second in range(SECONDS):
        for number in range(PER_SECOND):
            _one_call(tell, f"cost-{second}-{number}", BEGINNING + timedelta(days=40, seconds=second), number)
        await writer.flush()
    took = process_time() - began
    journal.close()
    return Figure(
        "Keeping the events of a queue call",
        "µs of CPU",
        took / (PER_SECOND * SECONDS) * 1e6,
        note=f"5 events, at {PER_SECOND} queue calls a second; stored once a second",
    )


def _one_call(tell: QueueEvents, call: str, came: datetime, number: int) -> None:
    agent = ExtensionNumber(str(2_000 + number))

    def told(what: What, **facts: Any) -> None:
        tell(Happening(ACCOUNT, came, what, **facts))

    stay: dict[str, Any] = {"queue": ExtensionNumber(str(300 + number % QUEUES)), "call": call, "since": came}
    told(What.JOINED, **stay)
    told(What.OFFERED, agent=agent, **stay)
    told(What.ANSWERED, agent=agent, seconds=4.2, **stay)
    told(What.TALK_ENDED, agent=agent, seconds=180.0, **stay)
    told(What.AGENT_STATE, agent=agent, seconds=15.0, detail="wrap_up")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Console().print(table(asyncio.run(run(Path(folder))), "Statistics on SQLite"))


if __name__ == "__main__":
    main()
