"""Stores queue events, each exactly once, and in the same transaction what they add to the figures.

Who comes twice is known by the mark of its journal; what is told twice, by the process that died and by the one after
it, is known by the caller whom it is about; a logon by its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, and_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.journal import NumberedEvent
from centrale.accounts.models import (
    AgentFiguresRow,
    Base,
    QueueEventRow,
    QueueFiguresRow,
    QueueLogonRow,
    QueueMarkRow,
    QueueMemoryRow,
    QueueSessionRow,
)
from centrale.accounts.queue_figures import (
    AGENT_SUMS,
    COUNTS,
    AgentFigures,
    QueueEvent,
    QueueFigures,
    Spread,
    Tally,
    ms_of,
)
from centrale.accounts.queue_memory import Memory, memories
from centrale.queueing.happenings import What

STILL_ON = 2**62
"""`until` of a logon that lasts."""

_LOCK = 0x43_45_51_53
"""PostgreSQL's advisory lock for figures: two that add to the same row would otherwise lose one addition."""

_KEYS_AT_ONCE = 500

_ENDS = frozenset(
    {What.ANSWERED, What.PICKED_UP, What.FORWARDED, What.BROKE_OUT, What.ABANDONED, What.REFUSED},
)
"""Each stay in a queue has one of these."""


async def store_numbered(
    connection: AsyncConnection, events: Sequence[NumberedEvent]
) -> tuple[set[int], list[QueueEvent]]:
    """Stores what a journal handed over, in its order; gives the accounts that it concerns, and the events that were
    not stored before."""
    await _lock(connection)
    last: dict[str, int] = {}
    for source, number, *_ in events:
        last[source] = max(number, last.get(source, 0))
    marks = _table(QueueMarkRow)
    rows = await connection.execute(select(marks.c.source, marks.c.number).where(marks.c.source.in_(last)))
    stored: dict[str, int] = {source: number for source, number in rows.tuples()}  # noqa: C416 - rows are not typed
    fresh = [QueueEvent(*fields) for source, number, *fields in events if number > stored.get(source, 0)]
    added = await _store(connection, fresh)
    for source, number in last.items():
        if number > stored.get(source, 0):
            statement = _upsert(marks, ("source", "number"), _hole(connection))
            await connection.exec_driver_sql(statement, (source, number))
    return {event.account for event in fresh}, added


async def store(connection: AsyncConnection, events: Iterable[QueueEvent]) -> None:
    """Stores events that have no number; whoever calls sees to it that none comes twice."""
    await _lock(connection)
    await _store(connection, list(events))


async def reconcile(connection: AsyncConnection, gone_at: datetime) -> list[QueueEvent]:
    """Agents who logged on or off while nobody told: after a crash, or by a program beside us; gives the events that
    were missing. `gone_at`: when those who are gone are taken to have left."""
    await _lock(connection)
    sessions, logons = _table(QueueSessionRow), _table(QueueLogonRow)
    open_ones = await connection.execute(select(*sessions.primary_key).where(sessions.c.until == STILL_ON))
    known = {(row.account_id, row.queue, row.agent, row.since) for row in open_ones}
    now_on = await connection.execute(select(*logons.primary_key, logons.c.since))
    there = {(row.account_id, row.queue, row.agent, ms_of(row.since)) for row in now_on}
    end = ms_of(gone_at)
    came = [
        QueueEvent(account, queue, since, since, What.LOGGED_ON, agent=agent)
        for account, queue, agent, since in sorted(there - known)
    ]
    went = []
    for account, queue, agent, since in sorted(known - there):
        at = max(end, since)
        went.append(QueueEvent(account, queue, since, at, What.LOGGED_OFF, agent=agent, ms=at - since))
    return await _store(connection, [*went, *came])


async def _lock(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time as it is
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def _store(connection: AsyncConnection, events: list[QueueEvent]) -> list[QueueEvent]:
    """Those that may be known are looked at one by one, after what comes before them is stored. Gives the others."""
    waiting: list[QueueEvent] = []
    added: list[QueueEvent] = []
    for event in events:
        if event.what in (What.LOGGED_ON, What.LOGGED_OFF):
            if await _changes_session(connection, event):
                waiting.append(event)
        elif event.again and event.what in _TOLD_ONCE:
            await _add(connection, waiting)
            added += waiting
            waiting = [] if await _is_stored(connection, event) else [event]
        else:
            waiting.append(event)
    await _add(connection, waiting)
    return [*added, *waiting]


_TOLD_ONCE: Mapping[str, frozenset[str]] = {
    What.JOINED: frozenset({What.JOINED}),
    What.TALK_ENDED: frozenset({What.TALK_ENDED}),
    **dict.fromkeys(_ENDS, _ENDS),
}


async def _is_stored(connection: AsyncConnection, event: QueueEvent) -> bool:
    rows = _table(QueueEventRow)
    same = select(rows.c.id).where(
        rows.c.account_id == event.account,
        rows.c.queue == event.queue,
        rows.c.moment == event.moment,
        rows.c.call == event.call,
        rows.c.what.in_([str(what) for what in _TOLD_ONCE[event.what]]),
    )
    return (await connection.execute(same.limit(1))).first() is not None


async def _changes_session(connection: AsyncConnection, event: QueueEvent) -> bool:
    """Notes that an agent is, or was, logged on; whether that was news."""
    table = _table(QueueSessionRow)
    key = {"account_id": event.account, "queue": event.queue, "agent": event.agent, "since": event.moment}
    until = STILL_ON if event.what == What.LOGGED_ON else event.at
    if event.what == What.LOGGED_OFF:
        ours = and_(*(table.c[name] == value for name, value in key.items()), table.c.until == STILL_ON)
        if (await connection.execute(update(table).where(ours).values(until=until))).rowcount:
            return True
    made = _insert(connection)(table).values(**key, until=until).on_conflict_do_nothing().returning(table.c.since)
    return (await connection.execute(made)).first() is not None


async def _add(connection: AsyncConnection, events: list[QueueEvent]) -> None:
    """Adds rows, and to the figures what they say."""
    if not events:
        return
    hole = _hole(connection)
    names = "account_id, queue, moment, at, what, call, agent, ms, detail"
    statement = f"INSERT INTO queue_events ({names}) VALUES ({', '.join([hole] * 9)})"  # noqa: S608 - our own names
    await connection.exec_driver_sql(statement, [(*event[:4], str(event.what), *event[5:9]) for event in events])
    tally = Tally.of(events)
    await _merge(connection, _QUEUES, tally.queues)
    await _merge(connection, _AGENTS, tally.agents)
    await _merge(connection, _MEMORIES, memories(events))


@dataclass(frozen=True, slots=True)
class _Kind:
    """How figures of one kind become rows, and rows figures."""

    table: Table
    key: tuple[str, ...]
    read: Callable[[Mapping[str, Any], Any], None]
    """Adds what a row says."""
    write: Callable[[Any], dict[str, Any]]

    @classmethod
    def of(
        cls, row: type[Base], read: Callable[[Mapping[str, Any], Any], None], write: Callable[[Any], dict[str, Any]]
    ) -> _Kind:
        table = _table(row)
        return cls(table, tuple(column.name for column in table.primary_key), read, write)


async def _merge(connection: AsyncConnection, kind: _Kind, added: Mapping[tuple[Any, ...], Any]) -> None:
    """Adds to the rows that there are, and makes those that there are not."""
    keys = list(added)
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = keys[start : start + _KEYS_AT_ONCE]
        for row in await _rows(connection, kind.table, kind.key, some):
            kind.read(row, added[tuple(row[name] for name in kind.key)])
    rows = [(*key, *kind.write(figures).values()) for key, figures in added.items()]
    if rows:
        names = (*kind.key, *kind.write(next(iter(added.values()))))
        await connection.exec_driver_sql(_upsert(kind.table, names, _hole(connection)), rows)


async def _rows(
    connection: AsyncConnection, table: Table, key: Sequence[str], keys: list[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """The rows with these keys. In plain SQL: SQLite uses no index for a list of pairs, but one for a join with it, and
    SQLAlchemy would spend more time on making the words than the database on answering."""
    hole = _hole(connection)
    row = f"({', '.join([hole] * len(key))})"
    same = " AND ".join(f"f.{name} = wanted.{name}" for name in key)
    statement = (
        f"WITH wanted ({', '.join(key)}) AS (VALUES {', '.join([row] * len(keys))}) "  # noqa: S608 - our own names
        f"SELECT f.* FROM wanted CROSS JOIN {table.name} f WHERE {same}"
    )
    found = await connection.exec_driver_sql(statement, tuple(value for one in keys for value in one))
    names = tuple(found.keys())
    return [dict(zip(names, row, strict=True)) for row in found]


@cache
def _upsert(table: Table, names: tuple[str, ...], hole: str) -> str:
    """A row, in the place of the one with the same key."""
    key = [column.name for column in table.primary_key]
    new = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([hole] * len(names))}) "  # noqa: S608
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {new}"
    )


def _hole(connection: AsyncConnection) -> str:
    """Where a value goes in a statement."""
    return "%s" if connection.dialect.name == "postgresql" else "?"


def _insert(connection: AsyncConnection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def _table(row: type[Base]) -> Table:
    table = row.__table__
    assert isinstance(table, Table)
    return table


SUMMED = (*COUNTS, "waited_answered", "waited_unanswered", "talks", "talked")
LEAST = ("least_answered", "least_unanswered", "least_talk")
MOST = ("most_answered", "most_unanswered", "most_talk")


def figures_of(row: Sequence[Any]) -> QueueFigures:
    """What a row of `queue_figures` (or several rows together) says in these columns, one behind the other; without
    waits."""
    *counts, waited, waited_in_vain, talks, talked, least, least_in_vain, least_talk, most, most_in_vain, most_talk = (
        row
    )
    figures = QueueFigures(*counts)
    figures.wait_answered = Spread(figures.answered, waited, least, most)
    figures.wait_unanswered = Spread(figures.unanswered, waited_in_vain, least_in_vain, most_in_vain)
    figures.talks = Spread(talks, talked, least_talk, most_talk)
    return figures


def add_agent_row(row: Mapping[str, Any], to: AgentFigures) -> None:
    """Add what a row of `queue_agent_figures` (or a sum of rows) says."""
    to.include(AgentFigures(most_talk=row["most_talk"], **{name: row[name] for name in AGENT_SUMS}))


def _read_queue(row: Mapping[str, Any], to: QueueFigures) -> None:
    to.include(figures_of([row[name] for name in (*SUMMED, *LEAST, *MOST)]))
    to.answered_after.include_text(row["waits_answered"])
    to.unanswered_after.include_text(row["waits_unanswered"])


def _write_queue(figures: QueueFigures) -> dict[str, Any]:
    answered, unanswered, talks = figures.wait_answered, figures.wait_unanswered, figures.talks
    return {name: getattr(figures, name) for name in COUNTS} | {
        "waited_answered": answered.total,
        "least_answered": answered.least,
        "most_answered": answered.most,
        "waited_unanswered": unanswered.total,
        "least_unanswered": unanswered.least,
        "most_unanswered": unanswered.most,
        "talks": talks.count,
        "talked": talks.total,
        "least_talk": talks.least,
        "most_talk": talks.most,
        "waits_answered": figures.answered_after.as_text(),
        "waits_unanswered": figures.unanswered_after.as_text(),
    }


def _write_agent(figures: AgentFigures) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in AGENT_SUMS} | {"most_talk": figures.most_talk}


_QUEUES = _Kind.of(QueueFiguresRow, _read_queue, _write_queue)
_AGENTS = _Kind.of(AgentFiguresRow, add_agent_row, _write_agent)
_MEMORIES = _Kind.of(QueueMemoryRow, lambda row, memory: memory.read(row), Memory.as_row)
