"""Statistics of queues and agents (QUE-27..29), as JSON and as CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from centrale.accounts import queue_statistics
from centrale.accounts.queue_figures import TO_THE_SECOND, QueueFigures
from centrale.accounts.queue_periods import By, cut, midnight
from centrale.accounts.roles import Role
from centrale.api.access import OwnAccount, at_least
from centrale.api.answers import answer
from centrale.api.csv_table import CSV, AsCsv, cells_in, csv_answer, csv_rows
from centrale.api.moments import Moment
from centrale.api.problems import FieldProblem, Place, ProblemError
from centrale.api.resources.statistics_out import (
    AgentStatistics,
    AgentStatisticsLine,
    Line,
    QueueLine,
    QueueStatistics,
    WaitsLine,
    WaitStatistics,
    agent_line,
    columns,
    queue_line,
    waits_lines,
)
from centrale.api.units import Read, Services
from centrale.queueing.arrangement import KIND
from centrale.routing.snapshot import AccountSnapshot, ExtensionNumber

router = APIRouter(prefix="/accounts/{account}/statistics", tags=["statistics"])

MOST_PERIODS, MOST_LINES = 1_000, 50_000
"""More is no table that anybody reads."""

AT_ONCE = 100
"""Lines between two turns of others: three milliseconds' work."""

NO_CALLS = QueueFigures()
"""Of a queue to which nobody came."""

Cut = Annotated[By, Query(title="Cut by", description="In the account's time zone; weeks begin on Monday.")]
Queues = Annotated[
    list[Annotated[str, Query(pattern="^[0-9]{2,5}$")]] | None,
    Query(max_length=500, title="Of these queues", description="All if left out. May come several times."),
]
Within = Annotated[
    int, Query(ge=0, le=TO_THE_SECOND, title="Seconds", description="Whoever is answered within them is in time.")
]


@dataclass(frozen=True, slots=True)
class Asked:
    """The account as it is now, its time zone, and the time that is asked about."""

    account: AccountSnapshot
    zone: ZoneInfo
    since: datetime
    until: datetime

    def cut(self, by: By) -> list[tuple[datetime, datetime]]:
        """The periods. Refuses more than anybody reads."""
        found = list(islice(cut(self.since, self.until, by, self.zone), MOST_PERIODS + 1))
        if len(found) > MOST_PERIODS:
            raise _refused("by", f"these are more than {MOST_PERIODS} periods; choose longer ones, or less time")
        return found

    def told(self, by: By | None = None) -> Line:
        """What an answer says of it."""
        span = {"since": self.local(self.since), "until": self.local(self.until), "timezone": self.zone.key}
        return span if by is None else {**span, "by": by}

    def local(self, moment: datetime) -> datetime:
        """As the clock on the wall shows it."""
        shown = moment.astimezone(self.zone)
        # Each time that it is written, a zone would look in its tables.
        return shown.replace(tzinfo=timezone(shown.utcoffset() or timedelta()))

    def name(self, extension: str | None) -> str:
        """Empty for what is no more."""
        found = None if extension is None else self.account.extensions.get(ExtensionNumber(extension))
        return "" if found is None else found.name


async def _asked(
    services: Services,
    account: OwnAccount,
    since: Annotated[Moment | None, Query(title="From", description="Midnight of today if left out.")] = None,
    until: Annotated[Moment | None, Query(title="Until", description="Now if left out.")] = None,
) -> Asked:
    found = services.directory.current.accounts[account]
    zone, now = ZoneInfo(found.timezone), services.clock.now()
    since = since or midnight(now.astimezone(zone).date(), zone)
    until = until or max(now, since)
    if until < since:
        raise _refused("until", "is before the beginning")
    return Asked(found, zone, since, until)


Asking = Annotated[Asked, Depends(_asked)]


@router.get(
    "/queues", openapi_extra=at_least(Role.SUPERVISOR), responses=CSV, response_model=QueueStatistics, summary="Queues"
)
async def get_queue_statistics(
    unit: Read,
    asked: Asking,
    as_csv: AsCsv,
    by: Cut = By.ALL,
    queue: Queues = None,
    within: Within = 20,
    together: Annotated[bool, Query(title="All queues together")] = False,
) -> Response:
    """Calls, how they ended, waits, talks and the service level; by period, and by queue unless together. A caller
    counts in the period in which they came to the queue, whenever the wait or the talk ended."""
    periods = asked.cut(by)
    found = await queue_statistics.of_queues(unit, asked.account.id, periods, queue, within=within)
    names = queue or sorted({*asked.account.by_kind[KIND], *(number for _, number in found)})
    if not together and len(periods) * len(names) > MOST_LINES:
        raise _refused("by", f"these are more than {MOST_LINES} lines; choose longer periods, or fewer queues")

    def told() -> Iterator[Line]:
        for number, period in enumerate(periods):
            since, until = map(asked.local, period)
            of_each = {name: found.get((number, name), NO_CALLS) for name in dict.fromkeys(names)}
            shown = {None: _sum(of_each.values())} if together else of_each
            for name, figures in shown.items():
                yield queue_line(since, until, name, asked.name(name), figures, within)

    if as_csv:
        return await _as_table(told(), QueueLine, "queues")
    return answer({**asked.told(by), "within": within, "lines": await _as_json(told())})


@router.get(
    "/waits",
    openapi_extra=at_least(Role.SUPERVISOR),
    responses=CSV,
    response_model=WaitStatistics,
    summary="How long callers wait",
)
async def get_wait_statistics(
    unit: Read,
    asked: Asking,
    as_csv: AsCsv,
    queue: Queues = None,
    step: Annotated[int, Query(ge=1, le=TO_THE_SECOND, title="Seconds per line")] = 10,
    upto: Annotated[int, Query(ge=1, le=TO_THE_SECOND, title="Longest wait told apart (seconds)")] = 300,
) -> Response:
    """For a chart: how many were answered, not answered, and held on, against the wait; and the service level for each
    number of seconds. Exact to the second."""
    found = await queue_statistics.of_queues(unit, asked.account.id, asked.cut(By.ALL), queue)
    figures = _sum(found.values())
    lines = waits_lines(figures, step, upto)
    if as_csv:
        return await _as_table(lines, WaitsLine, "waits")
    calls = figures.answered + figures.unanswered
    return answer({**asked.told(), "calls": calls, "lines": await _as_json(lines)})


@router.get(
    "/agents", openapi_extra=at_least(Role.SUPERVISOR), responses=CSV, response_model=AgentStatistics, summary="Agents"
)
async def get_agent_statistics(
    services: Services, unit: Read, asked: Asking, as_csv: AsCsv, by: Cut = By.ALL, queue: Queues = None
) -> Response:
    """Calls answered, talks, offers missed, time logged on and wrap-up of whoever was an agent; by period. A call
    counts in the period in which its caller came; the time logged on is cut exactly."""
    periods = asked.cut(by)
    now = services.clock.now()
    found = await queue_statistics.of_agents(unit, asked.account.id, periods, queue, now=now)
    if len(found) > MOST_LINES:
        raise _refused("by", f"these are more than {MOST_LINES} lines; choose longer periods, or fewer queues")

    def told() -> Iterator[Line]:
        for (number, agent), line in sorted(found.items(), key=lambda item: item[0]):
            since, until = map(asked.local, periods[number])
            yield agent_line(since, until, agent, asked.name(agent), line)

    if as_csv:
        return await _as_table(told(), AgentStatisticsLine, "agents")
    return answer({**asked.told(by), "lines": await _as_json(told())})


async def _as_json(lines: Iterator[Line]) -> orjson.Fragment:
    return orjson.Fragment(f"[{','.join(await _written(lines, _in_json))}]")


def _in_json(lines: Iterable[Line]) -> str:
    return orjson.dumps(list(lines), option=orjson.OPT_UTC_Z)[1:-1].decode()


async def _as_table(lines: Iterator[Line], model: type[BaseModel], name: str) -> Response:
    head = csv_rows([columns(model)])
    return csv_answer(head + "".join(await _written(lines, lambda some: csv_rows(map(cells_in, some)))), name)


async def _written(lines: Iterator[Line], write: Callable[[Iterable[Line]], str]) -> list[str]:
    """Some at a time: thousands of lines take a while, in which calls go on."""
    parts: list[str] = []
    while some := list(islice(lines, AT_ONCE)):
        parts.append(write(some))
        await asyncio.sleep(0)
    return parts


def _sum(figures: Iterable[QueueFigures]) -> QueueFigures:
    total = QueueFigures()
    for one in figures:
        total.include(one)
    return total


def _refused(field: str, message: str) -> ProblemError:
    wrong = FieldProblem(place=Place.QUERY, field=f"/{field}", code="range", message=message)
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field}: {message}.", kind="invalid", errors=[wrong])
