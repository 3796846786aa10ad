"""What the queues of all accounts counted before a restart, for their engines (QUE-10, QUE-19, QUE-21).

What it costs does not depend on how much was ever stored: a row per agent of a queue, and the events of callers who
came within the last hour and a half, by the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.database import Database
from centrale.accounts.models import QueueEventRow, QueueLogonRow, QueueMemoryRow
from centrale.accounts.queue_figures import WRAP_UP, QueueEvent, moment_of, ms_of
from centrale.acd.events import AnsweredEarlier, Counters, LoggedOn, WrapUpRestored
from centrale.acd.waits import LOOKED_BACK
from centrale.queueing.arrangement import KIND
from centrale.queueing.happenings import What
from centrale.routing.snapshot import AccountId, ExtensionNumber, PlatformSnapshot

Remembered = LoggedOn | AnsweredEarlier | WrapUpRestored

LONGEST_WAIT = timedelta(hours=1)
"""Whoever was answered after more than this is left out of the expected wait: it bounds what is looked through."""

LONGEST_CALL = timedelta(hours=6)
"""Who came to a queue earlier than so long before the end of a wrap-up is not looked for: statistics keep its whole
length then, also when the agent ends it."""

_QUEUES_AT_ONCE = 400


async def recall(database: Database, platform: PlatformSnapshot, now: datetime) -> dict[AccountId, list[Remembered]]:
    """For `Queues.remember`, by account. Raises StorageUnavailable."""
    found: dict[AccountId, list[Remembered]] = defaultdict(list)
    async with database.connection() as connection:
        for account, remembered in await _agents(connection, now):
            found[account].append(remembered)
        queues = [
            (account.id, extension.number)
            for account in platform.accounts.values()
            for extension in account.extensions.values()
            if extension.kind == KIND
        ]
        for start in range(0, len(queues), _QUEUES_AT_ONCE):
            for account, answered in await _answered(connection, queues[start : start + _QUEUES_AT_ONCE], now):
                found[account].append(answered)
    return found


async def lasting_wrap_ups(database: Database, now: datetime) -> list[QueueEvent]:
    """Wrap-ups that began before a restart and last still, for `QueueEvents.goes_on`. Raises StorageUnavailable."""
    memory, event = QueueMemoryRow.__table__.c, QueueEventRow.__table__.c
    found: list[QueueEvent] = []
    async with database.connection() as connection:
        lasting = await connection.execute(
            select(memory.account_id, memory.queue, memory.agent, memory.wrap_up_until).where(
                memory.wrap_up_until > ms_of(now)
            )
        )
        for account, queue, agent, until in lasting.all():
            # One by one: these few, each by the index of events.
            began = await connection.execute(
                select(event.moment, event.at, event.ms)
                .where(event.account_id == account, event.queue == queue, event.what == WRAP_UP, event.agent == agent)
                .where(event.moment > until - LONGEST_CALL // timedelta(milliseconds=1), event.at + event.ms == until)
                .limit(1)
            )
            found += [QueueEvent(account, queue, moment, at, WRAP_UP, None, agent, ms) for moment, at, ms in began]
    return found


async def _agents(connection: AsyncConnection, now: datetime) -> list[tuple[AccountId, Remembered]]:
    """Counters of those who are logged on, in the order in which they were last offered a call; and wrap-ups."""
    memory, logon = QueueMemoryRow.__table__.c, QueueLogonRow.__table__.c
    same = and_(logon.account_id == memory.account_id, logon.queue == memory.queue, logon.agent == memory.agent)
    rows = await connection.execute(
        select(*memory, logon.since.label("logged_on"))
        .select_from(QueueMemoryRow.__table__.outerjoin(QueueLogonRow.__table__, same))
        .where(or_(logon.since.is_not(None), memory.wrap_up_until > ms_of(now)))
        .order_by(memory.last_offered.is_not(None), memory.last_offered)
    )
    found: list[tuple[AccountId, Remembered]] = []
    for row in rows:
        account, agent = AccountId(row.account_id), ExtensionNumber(row.agent)
        if row.logged_on is not None and ms_of(row.logged_on) == row.since:
            offered = None if row.last_offered is None else moment_of(row.last_offered)
            counters = Counters(offered, row.answered, row.talked / 1_000)
            found.append((account, LoggedOn(agent, ExtensionNumber(row.queue), row.logged_on, counters)))
        if row.wrap_up_until > ms_of(now):
            found.append((account, WrapUpRestored(agent, moment_of(row.wrap_up_until))))
    return found


async def _answered(
    connection: AsyncConnection, queues: list[tuple[AccountId, ExtensionNumber]], now: datetime
) -> Iterator[tuple[AccountId, AnsweredEarlier]]:
    """Who was answered in the last half hour, oldest first."""
    hole = "%s" if connection.dialect.name == "postgresql" else "?"
    # SQLite uses no index for a list of pairs, but one for a join with it.
    statement = (
        f"WITH wanted (account_id, queue) AS (VALUES {', '.join([f'({hole}, {hole})'] * len(queues))}) "  # noqa: S608
        "SELECT e.account_id, e.queue, e.at, e.ms FROM wanted CROSS JOIN queue_events e "
        "WHERE e.account_id = wanted.account_id AND e.queue = wanted.queue "
        f"AND e.moment >= {hole} AND e.at > {hole} AND e.what IN ('{What.ANSWERED}', '{What.PICKED_UP}') "
        "ORDER BY e.at, e.id"
    )
    earliest = ms_of(now - LOOKED_BACK - LONGEST_WAIT), ms_of(now - LOOKED_BACK)
    values = (*(value for queue in queues for value in (int(queue[0]), str(queue[1]))), *earliest)
    rows = (await connection.exec_driver_sql(statement, values)).all()
    return (
        (
            AccountId(row.account_id),
            AnsweredEarlier(ExtensionNumber(row.queue), moment_of(row.at), (row.ms or 0) / 1_000),
        )
        for row in rows
    )
