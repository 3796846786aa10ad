"""Statistics of queues and agents (QUE-27..29), exact for any period: sums over buckets, and events at the edges.

In plain SQL: the database sums up, and a month of a million calls has to be answered at once.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.queue_event_store import LEAST, MOST, STILL_ON, SUMMED, add_agent_row, figures_of
from centrale.accounts.queue_figures import AGENT_SUMS, DAY, AgentFigures, QueueEvent, QueueFigures, ms_of
from centrale.accounts.queue_periods import EVENTS, Part, parts
from centrale.accounts.unit import Unit
from centrale.queueing.happenings import What
from centrale.routing.snapshot import AccountId

R = TypeVar("R")

_AT_ONCE = 100
"""Rows between two turns of others."""

Period = tuple[datetime, datetime]
"""From the first instant up to the second, which is in it no more."""

_SUMS = ", ".join(
    [f"CAST(SUM({it}) AS BIGINT)" for it in SUMMED] + [f"MIN({it})" for it in LEAST] + [f"MAX({it})" for it in MOST]
)
"""What `figures_of` takes, of several rows. PostgreSQL gives sums of 64 bits as decimals, unless asked."""
_AGENT_SUMS = ", ".join([f"CAST(SUM({it}) AS BIGINT) {it}" for it in AGENT_SUMS] + ["MAX(most_talk) most_talk"])
_EVENT = ("queue", "moment", "at", "what", "call", "agent", "ms", "detail")


@dataclass(slots=True)
class AgentLine:
    """An agent in a period. `logged_on`: milliseconds in which they were logged on to any of the queues."""

    figures: AgentFigures = field(default_factory=AgentFigures)
    logged_on: int = 0


async def of_queues(
    unit: Unit,
    account: AccountId,
    periods: Sequence[Period],
    queues: Iterable[str] | None = None,
    *,
    within: int | None = None,
) -> dict[tuple[int, str], QueueFigures]:
    """Figures by number of the period and queue, of those where anything happened. `queues`: all if left out.

    With how long callers waited; `within`: of that only how many were answered within so many seconds.
    """
    found: dict[tuple[int, str], QueueFigures] = {}
    ask = await _Ask.of(unit, account, queues)
    waits = [ask.gathered("waits_answered"), ask.gathered("waits_unanswered") if within is None else "''"]
    columns = ", ".join(["period", "f.queue", *waits, _SUMS])
    for span, some in parts(_in_ms(periods)).items():
        if span == EVENTS:
            for period, event in await ask.events(some):
                found.setdefault((period, event.queue), QueueFigures()).add(event)
            continue
        rows = await ask.rows("queue_figures", columns, span, some, "f.queue, period")
        async for period, queue, answered_after, unanswered_after, *sums in _in_turns(rows):
            figures = figures_of(sums)
            figures.answered_after.include_text(answered_after or "", within)
            figures.unanswered_after.include_text(unanswered_after or "")
            if (others := found.setdefault((period, queue), figures)) is not figures:
                others.include(figures)
    return found


async def of_agents(
    unit: Unit,
    account: AccountId,
    periods: Sequence[Period],
    queues: Iterable[str] | None = None,
    *,
    now: datetime,
) -> dict[tuple[int, str], AgentLine]:
    """By number of the period and agent, in these queues taken together. `now`: until when who is logged on now has
    been so."""
    found: dict[tuple[int, str], AgentLine] = {}
    wanted = None if queues is None else list(queues)
    ask = await _Ask.of(unit, account, wanted)
    for span, some in parts(_in_ms(periods)).items():
        if span == EVENTS:
            for period, event in await ask.events(some):
                if event.agent is not None and event.what not in (What.LOGGED_ON, What.LOGGED_OFF, What.WITHDRAWN):
                    found.setdefault((period, event.agent), AgentLine()).figures.add(event)
            continue
        rows = await ask.rows("queue_agent_figures", f"period, agent, {_AGENT_SUMS}", span, some, "period, agent")
        async for row in _in_turns(rows):
            add_agent_row(row._asdict(), found.setdefault((row.period, row.agent), AgentLine()).figures)
    logged_on = await _logged_on(unit, account, _in_ms(periods), wanted, ms_of(now))
    async for (number, agent), ms in _in_turns(logged_on.items()):
        found.setdefault((number, agent), AgentLine()).logged_on = ms
    return found


async def known_queues(unit: Unit, account: AccountId) -> list[str]:
    """The numbers of all queues that callers ever came to, also of those that are no more."""
    # From one to the next by the index: DISTINCT would read all rows.
    own = f"account_id = {int(account)} AND span = {DAY}"
    found = await (await unit.session.connection()).exec_driver_sql(
        "SELECT queue FROM (WITH RECURSIVE known (queue) AS ("  # noqa: S608 - numbers
        f"SELECT MIN(queue) FROM queue_figures WHERE {own} UNION ALL "
        f"SELECT (SELECT MIN(f.queue) FROM queue_figures f WHERE {own} AND f.queue > known.queue) "
        "FROM known WHERE known.queue IS NOT NULL) SELECT queue FROM known WHERE queue IS NOT NULL) them"
    )
    return [str(row[0]) for row in found]


async def past_calls(unit: Unit, account: AccountId, queue: str, period: Period) -> list[tuple[int, int, int | None]]:
    """Each caller who came in the period and is no longer in line: milliseconds from its beginning until they came,
    how long they waited, and how long they talked (None: they were not answered; a talk that lasts is left out)."""
    ask = await _Ask.of(unit, account, [queue])
    ((begin, end),) = _in_ms([period])
    came: dict[tuple[str | None, int], tuple[bool, int]] = {}
    talks: dict[tuple[str | None, int], int] = {}
    for _, event in await ask.events([Part(0, begin, end)]):
        stay = event.call, event.moment
        match event.what:
            case What.ANSWERED:
                came[stay] = True, event.ms or 0
            case What.ABANDONED | What.BROKE_OUT | What.FORWARDED | What.REFUSED | What.PICKED_UP:
                came[stay] = False, event.ms or 0
            case What.TALK_ENDED:
                talks[stay] = event.ms or 0
    return [
        (stay[1] - begin, waited, talks[stay] if answered else None)
        for stay, (answered, waited) in sorted(came.items(), key=lambda item: item[0][1])
        if not answered or stay in talks
    ]


def _in_ms(periods: Sequence[Period]) -> list[tuple[int, int]]:
    return [(ms_of(begin), ms_of(end)) for begin, end in periods]


@dataclass(frozen=True, slots=True)
class _Ask:
    """Questions about some queues of an account."""

    connection: AsyncConnection
    account: int
    queues: list[str]
    hole: str
    """Where a value goes in a statement."""

    @classmethod
    async def of(cls, unit: Unit, account: AccountId, queues: Iterable[str] | None) -> _Ask:
        connection = await unit.session.connection()
        wanted = await known_queues(unit, account) if queues is None else list(dict.fromkeys(queues))
        return cls(connection, int(account), wanted, "%s" if connection.dialect.name == "postgresql" else "?")

    async def rows(self, table: str, what: str, span: int, some: Sequence[Part], group: str) -> Iterable[Any]:
        """Of buckets. Numbers stand in the statement, texts are handed over beside it."""
        where = f"f.span = {int(span)} AND f.bucket >= parts.begins AND f.bucket < parts.ends"
        return await self._ask(table, what, where, some, f" GROUP BY {group}")

    def gathered(self, column: str) -> str:
        """The texts of some buckets, one behind the other."""
        function = "group_concat" if self.hole == "?" else "string_agg"
        return f"{function}(NULLIF(f.{column}, ''), ',')"

    async def events(self, some: Sequence[Part]) -> list[tuple[int, QueueEvent]]:
        """The events themselves, with the number of their period."""
        where = "f.moment >= parts.begins AND f.moment < parts.ends"
        columns = ", ".join(f"f.{name}" for name in _EVENT)
        rows = await self._ask("queue_events", f"period, {columns}", where, some, " ORDER BY f.id")
        return [(row[0], QueueEvent(self.account, *row[1:])) async for row in _in_turns(rows)]

    async def _ask(self, table: str, what: str, where: str, some: Sequence[Part], rest: str) -> Iterable[Any]:
        if not self.queues or not some:
            return []
        spans = ", ".join(f"({int(part.period)}, {int(part.begin)}, {int(part.end)})" for part in some)
        names = ", ".join([f"({self.hole})"] * len(self.queues))
        # CROSS JOIN has SQLite go this way: for each queue and period one look into the index.
        statement = (
            f"WITH parts (period, begins, ends) AS (VALUES {spans}), "  # noqa: S608 - numbers and our own names
            f"named (queue) AS (VALUES {names}) "
            f"SELECT {what} FROM named CROSS JOIN parts CROSS JOIN {table} f "
            f"WHERE f.account_id = {self.account} AND f.queue = named.queue AND {where}{rest}"
        )
        return await self.connection.exec_driver_sql(statement, tuple(self.queues))


async def _in_turns(rows: Iterable[R]) -> AsyncIterator[R]:
    """Some at a time: thousands of rows take a while, in which calls go on."""
    for number, row in enumerate(rows):
        if number and not number % _AT_ONCE:
            await asyncio.sleep(0)
        yield row


async def _logged_on(
    unit: Unit, account: AccountId, periods: Sequence[tuple[int, int]], queues: Sequence[str] | None, now: int
) -> dict[tuple[int, str], int]:
    """Milliseconds by number of the period and agent. Who is logged on to several queues at once, is so once."""
    if not periods:
        return {}
    connection = await unit.session.connection()
    hole = "%s" if connection.dialect.name == "postgresql" else "?"
    some = "" if queues is None else f" AND queue IN ({', '.join([hole] * len(queues)) or 'NULL'})"
    begin, end = periods[0][0], periods[-1][1]
    found: Iterable[Any] = await connection.exec_driver_sql(
        "SELECT agent, since, until FROM queue_sessions "  # noqa: S608 - numbers and our own names
        f"WHERE account_id = {int(account)} AND until > {begin} AND since < {end}{some} ORDER BY agent, since",
        tuple(queues or ()),
    )
    total: dict[tuple[int, str], int] = {}
    all_ends = [end for _, end in periods]
    seen, covered = "", 0
    async for agent, since, until in _in_turns(found):
        if agent != seen:
            seen, covered = agent, 0
        first, last = max(since, covered), now if until == STILL_ON else until
        covered = max(covered, last)
        if first >= last:
            continue
        for number in range(bisect_right(all_ends, first), len(periods)):
            starts, ends = periods[number]
            if starts >= last:
                break
            part = min(last, ends) - max(first, starts)
            total[number, agent] = total.get((number, agent), 0) + part
    return total
