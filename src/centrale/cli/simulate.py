"""`centrale simulate queue`: how would this queue do with so many agents?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from math import isinf
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from cryptography.fernet import Fernet
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from centrale.accounts import queue_statistics, transfer
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.queue_periods import midnight
from centrale.accounts.vault import Vault
from centrale.acd import simulation
from centrale.acd.erlang import Theory, erlang_a, erlang_c
from centrale.acd.picture import Strategy
from centrale.acd.simulation import PastCall, PlannedCall, Result, Staff, as_they_came, by_chance, habits
from centrale.cli.failure import fail, fail_without_database, settings_or_fail
from centrale.clock import SystemClock
from centrale.routing.snapshot import AccountId

HOUR = 3600.0
DAY = 86_400
"""Seconds; nobody talks or waits for longer on average."""
EARLIEST = 1970
MOST_CALLS = 2_000_000
"""So many take minutes, and a gigabyte."""
LONG = 20_000
"""Calls; fewer take a second."""


class What(StrEnum):
    """What can be simulated."""

    QUEUE = "queue"


def simulate(
    what: Annotated[What, typer.Argument(help="A queue.")],
    agents: Annotated[int, typer.Option(min=1, max=5_000, help="Agents who are logged on.")],
    calls_per_hour: Annotated[
        float | None, typer.Option(min=0.01, max=1_000_000, help="Callers by chance, so many an hour on average.")
    ] = None,
    talk: Annotated[float, typer.Option(min=0.1, max=DAY, help="Mean talk time in seconds.")] = 180,
    patience: Annotated[
        float | None,
        typer.Option(min=0.1, max=DAY, help="Mean time in seconds until a caller gives up; never if left out."),
    ] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=100_000, help="How long it goes on.")] = 100,
    account: Annotated[
        str | None, typer.Option(help="Instead of chance: the calls of this account (customer number or id)…")
    ] = None,
    queue: Annotated[str | None, typer.Option(help="… to this queue …")] = None,
    like: Annotated[
        str | None,
        typer.Option(
            help="… on this day (2026-03-02), in this month (2026-03), from one day to another "
            "(2026-03-02..2026-03-06); yesterday if left out."
        ),
    ] = None,
    strategy: Annotated[Strategy, typer.Option(help="How agents are chosen.")] = Strategy.LONGEST_IDLE,
    wrap_up: Annotated[float, typer.Option(min=0, max=DAY, help="Seconds after each call.")] = 0,
    answer_after: Annotated[float, typer.Option(min=0, max=299, help="Seconds until an agent answers.")] = 0,
    within: Annotated[
        float, typer.Option(min=0, max=DAY, help="Service level: share answered within so many seconds.")
    ] = 20,
    seed: Annotated[int, typer.Option(help="Another seed, other callers.")] = 1,
) -> None:
    """Let the queue engine distribute a day's calls among so many agents, in a moment. Nothing rings.

    Beside it stands what queueing theory expects: Erlang C, or Erlang A when callers lose patience.
    """
    staff = Staff(agents, strategy, wrap_up, answer_after)
    if account is not None or queue is not None or like is not None:
        if calls_per_hour is not None:
            fail("callers come by chance or as they came, not both", "leave out --calls-per-hour, or the others")
        if account is None or queue is None:
            fail("past calls are those of an account and a queue", "give both --account and --queue")
        past, seconds = _past_calls(account, queue, like)
        usual = habits(past)
        talk, patience = usual.talk, usual.patience
        calls, warm_up = as_they_came(past, seed), 0.0
        title = f"{len(calls)} calls to {queue} as they came, {agents} agents"
    elif calls_per_hour is not None:
        seconds = hours * HOUR
        if calls_per_hour * hours > MOST_CALLS:
            fail(
                f"these are {calls_per_hour * hours:,.0f} calls, and {MOST_CALLS:,} are the most", "take fewer --hours"
            )
        calls = by_chance(calls_per_hour / HOUR, talk, patience, seconds, seed)
        # From an empty queue to what is usual takes some talks.
        warm_up = min(seconds / 10, 20 * (talk + wrap_up))
        title = f"{calls_per_hour:g} calls an hour by chance for {hours:g} hours, {agents} agents"
    else:
        fail("who calls?", "give --calls-per-hour, or --account and --queue")
    if not calls:
        fail("nobody calls", "choose another day with --like, or more --hours")
    with Progress(console=Console(stderr=True), transient=True, disable=len(calls) < LONG) as bar:
        task = bar.add_task("Callers", total=len(calls))
        tell = partial(bar.update, task)
        result = simulation.simulate(
            calls, staff, within, warm_up=warm_up, seed=seed, tell=lambda come: tell(completed=come)
        )
    if not result.calls:
        fail("nobody calls", "let it go on for more --hours")
    _print(title, result, _theory(calls, seconds, talk, patience, staff, within), within, staff)


def _theory(
    calls: Sequence[PlannedCall], seconds: float, talk: float, patience: float | None, staff: Staff, within: float
) -> Theory:
    """An agent is taken for as long as the phone rings, for the talk, and for the wrap-up."""
    rate, taken = len(calls) / seconds, max(staff.answer_after + talk + staff.wrap_up, 0.001)
    within = max(0.0, within - staff.answer_after)
    if patience is None:
        return erlang_c(rate, taken, staff.agents, within)
    return erlang_a(rate, taken, staff.agents, patience, within)


def _past_calls(account: str, queue: str, like: str | None) -> tuple[list[PastCall], float]:
    try:
        wanted = None if like is None else _days(like)
    except (ValueError, OverflowError):
        fail(f"{like!r} is no day", "write it like 2026-03-02, 2026-03, or 2026-03-02..2026-03-06")
    try:
        return asyncio.run(_read(account, queue, wanted))
    except NotFound as missing:
        fail(str(missing), "give the account's customer number, such as DEMO, and the number of one of its queues")
    except (StorageUnavailable, OSError) as problem:
        fail(str(problem), "is CENTRALE_HOME (or CENTRALE_DATABASE_URL) that of the exchange?")


def _days(like: str) -> tuple[date, date]:
    """The first day, and the one after the last. Raises ValueError or OverflowError."""
    first, _, last = like.partition("..")
    if len(like) == len("2026-03"):
        begins = date.fromisoformat(f"{like}-01")
        return begins, (begins + timedelta(days=32)).replace(day=1)
    begins, ends = date.fromisoformat(first), date.fromisoformat(last or first)
    if ends < begins or begins.year < EARLIEST:
        raise ValueError("it ends before it begins, or nobody can have called")
    return begins, ends + timedelta(days=1)


async def _read(name: str, queue: str, days: tuple[date, date] | None) -> tuple[list[PastCall], float]:
    """The queue's callers, from what is kept for its statistics, and how many seconds the days have."""
    settings = settings_or_fail()
    fail_without_database(settings)
    database = Database(settings.database, Vault(Fernet.generate_key()))  # no secret is read
    try:
        async with database.read() as unit:
            found = await transfer.find(unit, name)
            zone = ZoneInfo(found.timezone)
            today = SystemClock().now().astimezone(zone).date()
            first, end = days or (today - timedelta(days=1), today)
            period = midnight(first, zone), midnight(end, zone)
            came = await queue_statistics.past_calls(unit, AccountId(found.id), queue, period)
            if not came and queue not in await queue_statistics.known_queues(unit, AccountId(found.id)):
                raise NotFound("record of any call to queue", queue)
    finally:
        await database.close()
    past = [
        PastCall(at / 1_000, waited / 1_000, None if talked is None else talked / 1_000) for at, waited, talked in came
    ]
    return past, (period[1] - period[0]).total_seconds()


def _print(title: str, result: Result, theory: Theory, within: float, staff: Staff) -> None:
    table = Table(title=title, title_justify="left")
    table.add_column("")
    table.add_column("engine", justify="right")
    table.add_column(theory.name, justify="right")
    late = staff.answer_after
    rows = [
        (f"service level: answered within {within:g} s", _share(result.service_level), _share(theory.service_level)),
        ("mean wait", _seconds(result.mean_wait), _seconds(theory.mean_wait + late * (1 - theory.abandoned))),
        ("nine of ten wait at most", _seconds(result.wait_90), _seconds(theory.wait_90 + late)),
        ("longest wait", _seconds(result.longest_wait), ""),
        ("occupancy of the agents", _share(result.occupancy), _share(theory.occupancy)),
        ("gave up", _share(result.abandoned / result.calls), _share(theory.abandoned)),
    ]
    for row in rows:
        table.add_row(*row)
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"[dim]{result.calls:,} calls, {result.answered:,} answered, strategy {staff.strategy.value}. "
        f"{theory.name} assumes callers by chance, evenly over the time.[/]"
    )
    if isinf(theory.mean_wait):
        console.print("These agents cannot manage so many calls: the longer it goes on, the longer callers wait.")


def _share(value: float) -> str:
    return f"{value:.1%}"


def _seconds(value: float) -> str:
    return "without end" if isinf(value) else f"{value:.1f} s"
