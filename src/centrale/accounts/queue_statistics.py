"""Statistics of queues and agents (QUE-27..29), exact for any period: sums over buckets, and events at the edges.

In plain SQL: the database sums up, and a month of a million calls has to be answered at once.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.queue_event_store import STILL_ON, add_agent_row, add_row
from centrale.accounts.queue_figures import AGENT_SUMS, COUNTS, DAY, AgentFigures, QueueEvent, QueueFigures, ms_of
from centrale.accounts.queue_periods import EVENTS, Part, parts
from centrale.accounts.unit import Unit
from centrale.queueing.happenings import What
from centrale.routing.snapshot import AccountId

R = TypeVar("R")

_AT_ONCE = 100

Period = tuple[datetime, datetime]
"""From the first instant up to the second, which is in it no more."""

_SUMS = (*COUNTS, "waited_answered", "waited_unanswered", "talks", "talked")
_LEAST = ("least_answered", "least_unanswered", "least_talk")
_MOST = ("most_answered", "most_unanswered", "most_talk")
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
    waits: bool = True,
    all_waits: bool = True,
) -> dict[tuple[int, str], QueueFigures]:
    """Figures by number of the period and queue, of those where anything happened. `queues`: all if left out.

    `waits`: also how long those who were answered waited, for service levels. `all_waits`: and those who were not.
    """
    found: dict[tuple[int, str], QueueFigures] = {}
    ask = await _Ask.of(unit, account, queues)
    for span, some in parts(_in_ms(periods)).items():
        if span == EVENTS:
            for period, event in await ask.events(some):
                found.setdefault((period, event.queue), QueueFigures()).add(event)
            continue
        sums = [f"SUM({it}) {it}" for it in _SUMS]
        sums += [f"MIN({it}) {it}" for it in _LEAST] + [f"MAX({it}) {it}" for it in _MOST]
        rows = await ask.rows("queue_figures", f"period, f.queue, {', '.join(sums)}", span, some, "period, f.queue")
        async for row in _in_turns(rows):
            add_row(row, found.setdefault((row["period"], row["queue"]), QueueFigures()))
        if waits:
            async for row in _in_turns(await ask.waits("waits_answered", span, some)):
                found[row["period"], row["queue"]].answered_after.include_text(row["waits"] or "")
        if waits and all_waits:
            async for row in _in_turns(await ask.waits("waits_unanswered", span, some)):
                found[row["period"], row["queue"]].unanswered_after.include_text(row["waits"] or "")
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
        what = ", ".join(["period", "agent", *(f"SUM({it}) {it}" for it in AGENT_SUMS), "MAX(most_talk) most_talk"])
        async for row in _in_turns(await ask.rows("queue_agent_figures", what, span, some, "period, agent")):
            add_agent_row(row, found.setdefault((row["period"], row["agent"]), AgentLine()).figures)
    for (number, agent), ms in (await _logged_on(unit, account, _in_ms(periods), wanted, ms_of(now))).items():
        found.setdefault((number, agent), AgentLine()).logged_on = ms
    return found


async def known_queues(unit: Unit, account: AccountId) -> list[str]:
    """The numbers of all queues that callers ever came to, also of those that are no more."""
    # From one to the next by the index: DISTINCT would read all rows.
    own = f"account_id = {int(account)} AND span = {DAY}"
    found = await (await unit.session.connection()).exec_driver_sql(
        f"WITH RECURSIVE known (queue) AS (SELECT MIN(queue) FROM queue_figures WHERE {own} UNION ALL "  # noqa: S608
        f"SELECT (SELECT MIN(f.queue) FROM queue_figures f WHERE {own} AND f.queue > known.queue) "
        "FROM known WHERE known.queue IS NOT NULL) SELECT queue FROM known WHERE queue IS NOT NULL"
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

    async def rows(
        self, table: str, what: str, span: int, some: Sequence[Part], group: str = ""
    ) -> list[Mapping[str, Any]]:
        """Of buckets. Numbers stand in the statement, texts are handed over beside it."""
        where = f"f.span = {int(span)} AND f.bucket >= parts.begins AND f.bucket < parts.ends"
        return await self._ask(table, what, where, some, f" GROUP BY {group}" if group else "")

    async def waits(self, column: str, span: int, some: Sequence[Part]) -> list[Mapping[str, Any]]:
        """The texts of a period's buckets, one behind the other."""
        gathered = "group_concat" if self.hole == "?" else "string_agg"
        what = f"period, f.queue, {gathered}(NULLIF(f.{column}, ''), ',') waits"
        return await self.rows("queue_figures", what, span, some, "period, f.queue")

    async def events(self, some: Sequence[Part]) -> list[tuple[int, QueueEvent]]:
        """The events themselves, with the number of their period."""
        where = "f.moment >= parts.begins AND f.moment < parts.ends"
        columns = ", ".join(f"f.{name}" for name in _EVENT)
        rows = await self._ask("queue_events", f"period, {columns}", where, some, " ORDER BY f.id")
        return [(row["period"], QueueEvent(self.account, *(row[name] for name in _EVENT))) for row in rows]

    async def _ask(self, table: str, what: str, where: str, some: Sequence[Part], rest: str) -> list[Mapping[str, Any]]:
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
        found = await self.connection.exec_driver_sql(statement, tuple(self.queues))
        return [_plain(row) async for row in _in_turns(found.mappings())]


async def _in_turns(rows: Iterable[R]) -> AsyncIterator[R]:
    """Some at a time: thousands of rows take a while, in which calls go on."""
    for number, row in enumerate(rows):
        if number and not number % _AT_ONCE:
            await asyncio.sleep(0)
        yield row


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """PostgreSQL gives sums of 64 bits as decimals."""
    return {name: value if value is None or isinstance(value, str | int) else int(value) for name, value in row.items()}


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
    found = await connection.exec_driver_sql(
        "SELECT agent, since, until FROM queue_sessions "  # noqa: S608 - numbers and our own names
        f"WHERE account_id = {int(account)} AND until > {begin} AND since < {end}{some} ORDER BY agent, since",
        tuple(queues or ()),
    )
    total: dict[tuple[int, str], int] = {}
    all_ends = [end for _, end in periods]
    seen, covered = "", 0
    for row in found:
        agent, since, until = str(row.agent), int(row.since), int(row.until)
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
