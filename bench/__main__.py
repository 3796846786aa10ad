"""`python -m bench`: measure the exchange beside plain Asterisk, print a table, write build/bench.json."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench import (
    acd,
    api,
    explaining,
    menus,
    pages,
    queues,
    request_cost,
    routing,
    schedule,
    size,
    statistics,
    steady,
    sustained,
    talking,
)
from bench.account import furnish
from bench.api_mixture import MIXTURE
from bench.exchange import MeasuredExchange, measured_exchange, private_settings
from bench.figures import Figure, table, write_json
from bench.load import Load
from bench.people import pairs
from bench.rtp_engine import RtpEngine
from centrale.runtime import ensure_runtime
from centrale.settings import Settings

RESULT = Path("build/bench.json")
PAIRS = 400


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure. More rounds mean less chance."""

    rounds: int
    calls_s: float
    rate_rounds: int
    rate_s: float
    talk_rounds: int
    talk_s: float
    menu_rounds: int
    menu_s: float
    message_s: float
    channels: int
    acd_rounds: int
    queue_rounds: int
    queue_s: float
    api_rounds: int
    api_s: float


FULL = Effort(
    rounds=12,
    calls_s=5.0,
    rate_rounds=2,
    rate_s=6.0,
    talk_rounds=2,
    talk_s=4.0,
    channels=size.CHANNELS,
    acd_rounds=3,
    queue_rounds=5,
    queue_s=5.0,
    api_rounds=5,
    api_s=20.0,
    menu_rounds=4,
    menu_s=8.0,
    message_s=10.0,
)
QUICK = Effort(
    rounds=3,
    calls_s=3.0,
    rate_rounds=1,
    rate_s=3.0,
    talk_rounds=1,
    talk_s=2.0,
    channels=1_000,
    acd_rounds=1,
    queue_rounds=1,
    queue_s=2.0,
    api_rounds=1,
    api_s=8.0,
    menu_rounds=2,
    menu_s=4.0,
    message_s=3.0,
)


@dataclass(slots=True)
class Run:
    """One run of the measures: what they share, and what they found."""

    effort: Effort
    folder: Path
    progress: Progress
    stack: AsyncExitStack
    figures: list[Figure]
    promised: dict[str, float] = field(default_factory=dict)
    """By way, calls a second that one core should manage."""
    _exchange: MeasuredExchange | None = None

    async def exchange(self) -> MeasuredExchange:
        """The exchange beside plain `Dial()`, started for the first measure that needs it."""
        if self._exchange is None:
            task = self.progress.add_task("starting the exchange", total=None)
            people = pairs(PAIRS)
            settings = private_settings(self.folder / "beside" / "home")
            await furnish(settings, people)
            runtime = ensure_runtime(Settings(), tools=True)
            running = measured_exchange(self.folder / "beside", settings, runtime, people)
            self._exchange = await self.stack.enter_async_context(running)
            self.progress.update(task, total=1, completed=1)
        return self._exchange

    def bar(self, what: str, total: int | None) -> Callable[..., None]:
        """A progress bar; the function moves it on by one, and shows its last word."""
        task = self.progress.add_task(what, total=total)

        def tell(*words: object) -> None:
            self.progress.update(task, advance=1, description=" ".join([what, *map(str, words)]))

        return tell


async def _calls(run: Run) -> None:
    exchange, effort = await run.exchange(), run.effort
    async with Load.on(exchange) as load:
        found = await steady.run(load, effort.rounds, effort.calls_s, run.bar("50 calls a second", 2 * effort.rounds))
    run.figures += found.figures()
    run.promised = found.per_core()


async def _rate(run: Run) -> None:
    exchange, effort = await run.exchange(), run.effort
    if not run.promised:
        async with Load.on(exchange) as load:
            probe = await steady.run(load, 1, 3.0)
        run.promised = probe.per_core()
    async with _apart(exchange) as phones, Load.on(exchange, phones) as load:
        tell = run.bar("calls a second", 2 * effort.rate_rounds * (1 + sustained.TRIES))
        run.figures += (await sustained.run(load, run.promised, effort.rate_rounds, effort.rate_s, tell)).figures()


async def _talking(run: Run) -> None:
    exchange, effort = await run.exchange(), run.effort
    tell = run.bar("talking at once", None)
    async with _apart(exchange) as phones:
        with RtpEngine.start(phones) as engine:
            found = await talking.run(
                exchange,
                engine,
                effort.talk_rounds,
                effort.talk_s,
                lambda way, level: tell(f"{way}: {level.calls} calls, {level.heard.loss:.2%} lost"),
            )
    run.figures += found.figures()


async def _menus(run: Run) -> None:
    effort, folder, people = run.effort, run.folder / "menus", pairs(50)
    settings = private_settings(folder / "home")
    beside = menus.beside(settings)
    account, _ = await furnish(settings, people)
    await menus.furnish(settings, account)
    tell = run.bar("menus and voicemail", 4 * effort.menu_rounds)
    runtime = ensure_runtime(Settings(), tools=True)
    async with measured_exchange(folder, settings, runtime, people, beside) as exchange:
        found = await menus.run(exchange, effort.menu_rounds, effort.menu_s, effort.message_s, tell)
    run.figures += found.figures()


async def _routing(run: Run) -> None:
    tell = run.bar("routing decisions", 1)
    found = await asyncio.to_thread(routing.run)
    per_second = found["routing_per_second"]
    aim, met = f"≥ {routing.TARGET_PER_SECOND:,}", per_second >= routing.TARGET_PER_SECOND
    run.figures.append(Figure("Routing decisions, 5,000 users", "/s", per_second, aim=aim, met=met, note="one core"))
    tell()


async def _explaining(run: Run) -> None:
    tell = run.bar("dry runs of calls", 1)
    found = await asyncio.to_thread(explaining.run)
    for name, took in found.items():
        all_at_once = name == "expectations"
        most = explaining.MOST_MS_FOR_ALL if all_at_once else explaining.MOST_MS
        what = f"{explaining.EXPECTATIONS} expectations" if all_at_once else f"Explaining: {name}"
        run.figures.append(Figure(what, "ms", took, aim=f"≤ {most:,}", met=took <= most, note="of the processor"))
    tell()


async def _schedule(run: Run) -> None:
    tell = run.bar("schedule look-ups", 1)
    run.figures += schedule.figures(await asyncio.to_thread(schedule.run))
    tell()


async def _acd(run: Run) -> None:
    tell = run.bar("queue engine", 1)
    run.figures += acd.figures(await asyncio.to_thread(acd.run, rounds=run.effort.acd_rounds))
    tell()


async def _queues(run: Run) -> None:
    effort = run.effort
    tell = run.bar("queues", 2 * 2 * effort.queue_rounds + 1)
    runtime = ensure_runtime(Settings(), tools=True)
    run.figures += (
        await queues.run(run.folder / "queues", runtime, effort.queue_rounds, effort.queue_s, tell)
    ).figures()


async def _api(run: Run) -> None:
    effort = run.effort
    tell = run.bar("API beside calls", 2 + 2 * effort.api_rounds)
    runtime = ensure_runtime(Settings(), tools=True)
    run.figures += (await api.run(run.folder / "api", runtime, effort.api_rounds, effort.api_s, tell)).figures()


async def _requests(run: Run) -> None:
    tell = run.bar("each kind of request", 1 + len(MIXTURE))
    run.figures += (await request_cost.run(run.folder / "requests", tell)).figures()


async def _list(run: Run) -> None:
    tell = run.bar("portal in Chromium", pages.TIMES + 3)
    run.figures += (await pages.run(run.folder / "pages", tell)).figures()


async def _statistics(run: Run) -> None:
    calls = statistics.CALLS if run.effort is FULL else statistics.CALLS // 5
    tell = run.bar(f"a month of {calls:,} queue calls", statistics.DAYS)
    folder = run.folder / "statistics"
    folder.mkdir()
    run.figures += await statistics.run(folder, calls, tell)


async def _size(run: Run) -> None:
    tell = run.bar(f"{run.effort.channels:,} channels", 4)
    run.figures += (await size.run(run.folder / "big", run.effort.channels, tell)).figures()


MEASURES: dict[str, Callable[[Run], Awaitable[None]]] = {
    "calls": _calls,
    "rate": _rate,
    "talking": _talking,
    "menus": _menus,
    "routing": _routing,
    "schedule": _schedule,
    "explaining": _explaining,
    "acd": _acd,
    "queues": _queues,
    "api": _api,
    "requests": _requests,
    "list": _list,
    "statistics": _statistics,
    "size": _size,
}


@asynccontextmanager
async def _apart(exchange: MeasuredExchange) -> AsyncIterator[set[int]]:
    """The exchange on one core and the phones, whose cores this gives, on the others: they cannot crowd it out."""
    cores = os.sched_getaffinity(0)
    own = {min(cores)}
    exchange.confine(own)
    try:
        yield cores - own or cores
    finally:
        exchange.confine(cores)


async def _measure(names: list[str], effort: Effort, console: Console, figures: list[Figure]) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        async with AsyncExitStack() as stack:
            with Progress(*columns, console=console) as progress:
                run = Run(effort, Path(folder), progress, stack, figures)
                for name in names:
                    await MEASURES[name](run)


def main(
    only: Annotated[str, typer.Option(help=f"Some of {', '.join(MEASURES)}; separated by commas.")] = "",
    quick: Annotated[bool, typer.Option("--quick", help="A minute or two instead of a quarter of an hour.")] = False,
) -> None:
    """Measure the exchange beside plain Asterisk, on this machine, in this run."""
    names = only.split(",") if only else list(MEASURES)
    if unknown := set(names) - MEASURES.keys():
        raise typer.BadParameter(f"there is no measure {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    console = Console()
    figures: list[Figure] = []
    try:
        asyncio.run(_measure(names, QUICK if quick else FULL, console, figures))
    finally:  # what was found before something failed was found
        console.print(table(figures))
        write_json(figures, RESULT)
        console.print(f"also in {RESULT}")


if __name__ == "__main__":
    typer.run(main)
