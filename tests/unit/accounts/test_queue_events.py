"""What happens in queues is kept: in the journal at once, in the database exactly once, whatever dies (QUE-27)."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from centrale.accounts import extensions, queue_event_store, queue_statistics, queues
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.journal import Journal
from centrale.accounts.queue_event_writer import QueueEventWriter
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.queue_figures import QueueEvent, moment_of, ms_of
from centrale.accounts.stored import StoredListeners
from centrale.queueing.happenings import Happening, Listeners, What
from centrale.routing.snapshot import AccountId, ExtensionNumber

from .office import Office
from .outage import Outage

CHECKOUT = Path(__file__).parents[3]
ONE, QUEUE = AccountId(1), ExtensionNumber("300")
ANNA, BEN = ExtensionNumber("201"), ExtensionNumber("202")
NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def happening(what: What, second: float, /, **facts: Any) -> Happening:
    return Happening(ONE, at(second), what, **{"queue": QUEUE} | facts)


class Kept:
    """A journal that remembers."""

    def __init__(self) -> None:
        self.events: list[QueueEvent] = []

    def happened(self, event: Any) -> None:
        self.events.append(QueueEvent(*event))


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def listener(kept: Kept) -> QueueEvents:
    return QueueEvents(kept)


def wrap_up_after_a_talk(listener: QueueEvents, *, began: float, lasts: float, ended: float) -> None:
    facts = {"call": "c1", "agent": ANNA, "since": at(0)}
    listener(happening(What.TALK_ENDED, began, seconds=50.0, **facts))
    state: dict[str, Any] = {"queue": None, "agent": ANNA}
    listener(happening(What.AGENT_STATE, began, detail="wrap_up", seconds=lasts, **state))
    listener(happening(What.AGENT_STATE, ended, detail="free", **state))


def test_all_that_happens_to_a_caller_counts_for_the_moment_at_which_they_came(
    kept: Kept, listener: QueueEvents
) -> None:
    listener(happening(What.ANSWERED, 1000.5, call="c1", agent=ANNA, seconds=1000.4996, since=at(0)))
    (event,) = kept.events
    assert (event.moment, event.at, event.ms) == (ms_of(NINE), ms_of(NINE) + 1_000_500, 1_000_500)


def test_a_wrap_up_belongs_to_the_queue_of_the_talk(kept: Kept, listener: QueueEvents) -> None:
    wrap_up_after_a_talk(listener, began=60, lasts=15, ended=75.02)
    assert [(it.what, it.queue, it.agent, it.ms) for it in kept.events[1:]] == [("wrap_up", "300", "201", 15_000)]


def test_a_wrap_up_that_the_agent_ends_is_as_long_as_it_was(kept: Kept, listener: QueueEvents) -> None:
    wrap_up_after_a_talk(listener, began=60, lasts=15, ended=64)
    assert [(it.what, it.ms) for it in kept.events[1:]] == [("wrap_up", 15_000), ("wrap_up_cut", -11_000)]
    assert {it.moment for it in kept.events} == {ms_of(NINE)}


def test_states_and_the_number_of_callers_are_no_events(kept: Kept, listener: QueueEvents) -> None:
    listener(happening(What.WAITING, 1, number=3))
    listener(happening(What.AGENT_STATE, 1, queue=None, agent=ANNA, detail="talking"))
    assert kept.events == []


def test_several_can_listen_and_stop_to() -> None:
    first, second = list[Happening](), list[Happening]()
    tell = Listeners(first.append)
    stop = tell.add(second.append)
    tell(happening(What.JOINED, 0))
    stop()
    tell(happening(What.JOINED, 1))
    assert (len(first), len(second)) == (2, 1)


class Exchange:
    """One run of the exchange."""

    def __init__(self, database: Database, home: Path) -> None:
        self.journal = Journal(home / "journal")
        self.writer = QueueEventWriter(database, self.journal, home / "aside", gone_at=at(5000))
        self.tell = QueueEvents(self.journal)

    def a_call(self, number: int, *, again: bool = False) -> None:
        facts = {"call": f"c{number}", "since": at(number), "again": again}
        self.tell(happening(What.JOINED, number, **facts))
        self.tell(happening(What.ANSWERED, number + 7, agent=ANNA, seconds=7.0, **facts))
        self.tell(happening(What.TALK_ENDED, number + 70, agent=ANNA, seconds=63.0, **facts))


@pytest.fixture
async def exchange(database: Database, tmp_path: Path) -> AsyncIterator[Exchange]:
    exchange = Exchange(database, tmp_path)
    yield exchange
    exchange.journal.close()


async def stored(database: Database) -> list[tuple[str, str]]:
    async with database.read() as unit:
        rows = await unit.session.execute(text("SELECT what, call FROM queue_events ORDER BY id"))
        return [(row.what, row.call) for row in rows]


async def figures(database: Database) -> tuple[int, int, int, int]:
    """Calls, answered, talks and milliseconds talked: by hours and days, and by the events themselves."""
    day = moment_of(0), at(86_400)
    async with database.read() as unit:
        found = (await queue_statistics.of_queues(unit, ONE, [day]))[0, "300"]
        rows = await unit.session.execute(text("SELECT what, ms FROM queue_events"))
        events = [(row.what, row.ms) for row in rows]
    ours = found.calls, found.answered, found.talks.count, found.talks.total
    talks = [ms for what, ms in events if what == "talk_ended"]
    kinds = [what for what, _ in events]
    assert ours == (kinds.count("joined"), kinds.count("answered"), len(talks), sum(talks))
    return ours


async def test_what_happened_is_in_the_database(database: Database, exchange: Exchange) -> None:
    exchange.a_call(1)
    exchange.a_call(2)
    assert exchange.writer.waiting == 6
    await exchange.writer.flush()
    assert exchange.writer.waiting == 0
    kinds = ["joined", "answered", "talk_ended"]
    assert await stored(database) == [(what, call) for call in ("c1", "c2") for what in kinds]


async def test_who_watches_is_told_whose_statistics_are_new(
    database: Database, exchange: Exchange, tmp_path: Path
) -> None:
    told: list[frozenset[AccountId]] = []
    news = asyncio.Event()
    stored = StoredListeners()
    stored.add(told.append)
    stored.add(lambda accounts: news.set())
    writer = QueueEventWriter(database, exchange.journal, tmp_path / "aside", at(0), stored)
    task = asyncio.create_task(writer.run())
    exchange.a_call(1)
    async with asyncio.timeout(20):
        await news.wait()
    task.cancel()
    await asyncio.wait([task])
    assert told == [frozenset({ONE})]


async def test_events_wait_for_a_database_that_is_away(
    outage: Outage, database: Database, exchange: Exchange, tmp_path: Path
) -> None:
    exchange.a_call(1)
    await outage.begin()
    with pytest.raises(StorageUnavailable):
        await exchange.writer.flush()
    exchange.journal.close()
    await outage.end()
    again = Exchange(database, tmp_path)
    exchange.journal = again.journal
    again.a_call(2)
    await again.writer.flush()
    assert await figures(database) == (2, 2, 2, 126_000)


async def test_a_journal_that_is_written_anew_keeps_them(database: Database, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", segment_bytes=2_000)
    for number in range(100):
        journal.happened(QueueEvent(1, "300", number, number, "joined", f"c{number}"))
    assert len(list((tmp_path / "journal").glob("*.jsonl"))) >= 1
    journal.close()
    again = Journal(tmp_path / "journal")
    assert [event[7] for event in again.unstored_events] == [f"c{number}" for number in range(100)]
    again.events_stored(again.unstored_events[59])
    again.close()
    last = Journal(tmp_path / "journal")
    assert [event[7] for event in last.unstored_events] == [f"c{number}" for number in range(60, 100)]
    last.close()


DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from cryptography.fernet import Fernet
from centrale.accounts import extensions, queue_event_store, queue_event_writer
from centrale.accounts.database import Database
from centrale.accounts.vault import Vault
from tests.unit.accounts.test_queue_events import Exchange

url, home, where = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
times = 0

def die_at_the_third(original):
    def wrapped(*args, **options):
        global times
        times += 1
        if times == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **options)
    return wrapped

async def main():
    queue_event_writer.BATCH = 10
    exchange = Exchange(Database(url, Vault(Fernet.generate_key())), home)
    for number in range(20):
        exchange.a_call(number)
    if where == "before anything is stored":
        os.kill(os.getpid(), signal.SIGKILL)
    elif where == "in the transaction":
        queue_event_store._upsert = die_at_the_third(queue_event_store._upsert)
    else:
        exchange.journal.events_stored = die_at_the_third(exchange.journal.events_stored)
    await exchange.writer.flush()

asyncio.run(main())
"""


@pytest.mark.parametrize(
    "where",
    [
        "before anything is stored",
        "in the transaction",
        "after the commit, before the journal knows",
    ],
)
async def test_kill_9_loses_nothing_and_counts_nothing_twice(
    database: Database, url: str, tmp_path: Path, where: str
) -> None:
    command = [sys.executable, "-c", DIES, url, str(tmp_path), where]
    died = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr

    again = Exchange(database, tmp_path)
    for number in range(10, 25):  # those whom the process before may have told of are told of again
        again.a_call(number, again=True)
    await again.writer.flush()
    again.journal.close()
    assert await figures(database) == (25, 25, 25, 25 * 63_000)
    assert len(set(await stored(database))) == 75
    assert not (tmp_path / "aside").exists()


async def test_a_stay_ends_once_even_if_it_was_told_to_end_differently(database: Database, exchange: Exchange) -> None:
    """We died between the agent's answer and the talk; then the caller, back in line, hung up."""
    exchange.tell(happening(What.JOINED, 0, call="c1", since=at(0)))
    exchange.tell(happening(What.ANSWERED, 7, call="c1", since=at(0), agent=ANNA, seconds=7.0))
    exchange.tell(happening(What.JOINED, 9, call="c1", since=at(0), again=True))
    exchange.tell(happening(What.ABANDONED, 20, call="c1", since=at(0), seconds=20.0, again=True))
    await exchange.writer.flush()
    assert await stored(database) == [("joined", "c1"), ("answered", "c1")]


async def test_an_event_that_no_database_takes_stops_no_other(
    database: Database, exchange: Exchange, tmp_path: Path
) -> None:
    exchange.a_call(1)
    exchange.journal.happened(["no event"])
    exchange.a_call(2)
    await exchange.writer.flush()
    assert await figures(database) == (2, 2, 2, 126_000)
    assert '"no event"' in (tmp_path / "aside").read_text()


async def sessions(database: Database) -> list[tuple[str, int, int | None]]:
    """Agent, since and until: seconds after nine."""
    async with database.read() as unit:
        rows = list(await unit.session.execute(text("SELECT agent, since, until FROM queue_sessions ORDER BY since")))
    nine = ms_of(NINE)
    still = queue_event_store.STILL_ON
    return [
        (row.agent, (row.since - nine) // 1000, None if row.until == still else (row.until - nine) // 1000)
        for row in rows
    ]


async def test_agents_who_came_and_went_while_nobody_told(
    database: Database, office: Office, exchange: Exchange, acme: AccountId
) -> None:
    async with database.change("anna") as unit:
        await queues_with(unit, acme, "300")
        await queues.log_on(unit, acme, QUEUE, ANNA, at(10))
        await queues.log_on(unit, acme, QUEUE, BEN, at(20))
    on = Happening(acme, at(10), What.LOGGED_ON, QUEUE, agent=ANNA, since=at(10))
    exchange.tell(on)
    exchange.tell(Happening(acme, at(0), What.LOGGED_ON, QUEUE, agent=ExtensionNumber("209"), since=at(0)))
    await exchange.writer.flush()
    # Of Ben's logon nobody told; and 209 is not logged on any more.
    assert await sessions(database) == [("209", 0, 5000), ("201", 10, None), ("202", 20, None)]

    exchange.tell(on)
    off = Happening(acme, at(99), What.LOGGED_OFF, QUEUE, agent=ANNA, seconds=89.0, since=at(10))
    exchange.tell(off)
    exchange.tell(off)
    await exchange.writer.flush()
    assert await sessions(database) == [("209", 0, 5000), ("201", 10, 99), ("202", 20, None)]
    kinds = [what for what, _ in await stored(database)]
    assert (kinds.count("logged_on"), kinds.count("logged_off")) == (3, 2)


async def queues_with(unit: Any, account: AccountId, number: str) -> None:
    await extensions.create(unit, account, ExtensionIn(number=number, kind="queue", name="Support"))
