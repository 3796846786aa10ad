"""The API beside calls: 100 requests a second and 20 wallboards, while 20 calls a second go on; on SQLite.

Rounds without and with requests alternate, so that their effect on calls is told within pairs of the same minute. How
late the event loop is, is looked at in a round of its own: looking costs it a fifth of its time.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import open_loop
from bench.api_mixture import APART, Mixture
from bench.exchange import measured_exchange, private_settings
from bench.figures import Figure
from bench.load import OURS, Load, Spent, together
from bench.loop_watch import Delay, LoopWatch
from bench.offices import Office, furnish_offices
from bench.open_loop import Client, Taken
from centrale.api.authentication import cookie_name
from centrale.phones.tools import LOOPBACK
from centrale.runtime import Runtime
from centrale.telephony.asterisk.configuration import Extras

RATE, CALLS = 100.0, 20.0
"""Requests and calls a second."""
WALLBOARDS = 20
MOST_P99_MS = 50.0
WORTH_NAMING_MS = 10.0
"""A block of the event loop for so long is felt by calls."""
_NAMED = 8


@dataclass(slots=True)
class Found:
    """Rounds of calls alone and beside requests, what the requests took, and how late the event loop was meanwhile."""

    alone: list[Spent] = field(default_factory=list)
    beside: list[Spent] = field(default_factory=list)
    taken: Taken = field(default_factory=Taken)
    delays: list[Delay] = field(default_factory=list)
    seconds: float = 0.0
    changes_seen: int = 0
    """Events that reached the wallboards."""

    def figures(self) -> list[Figure]:
        return [*self._requests(), *self._calls(), *self._loop()]

    def _requests(self) -> list[Figure]:
        ms = self.taken.ms
        usual = [each for kind, found in ms.items() if kind not in APART for each in found]
        failed = sum(self.taken.failed.values())
        reasons = ", ".join(f"{kind}: {status} × {count}" for (kind, status), count in self.taken.failed.items())
        what = f"{len(usual):,} requests at {RATE:g}/s beside {CALLS:g} calls/s, {WALLBOARDS} wallboards"
        found = [
            Figure("API, p50", "ms", _percentile(usual, 50), note=f"{what} ({self.changes_seen:,} changes seen)"),
            Figure(
                "API, p99",
                "ms",
                _percentile(usual, 99),
                aim=f"≤ {MOST_P99_MS:g}",
                met=_percentile(usual, 99) <= MOST_P99_MS and not failed,
                note=f"from the intended start; failed: {failed} {reasons}",
            ),
            Figure("API, worst", "ms", max(usual)),
        ]
        for kind, took in sorted(ms.items(), key=lambda each: (each[0] in APART, -_percentile(each[1], 99))):
            size = self.taken.kilobytes[kind] / len(took)
            note = f"p50 {_percentile(took, 50):.1f}, worst {max(took):.1f}; {len(took)} × {size:.1f} kB"
            found.append(Figure(f"  {kind}, p99", "ms", _percentile(took, 99), note=note))
        return found

    def _calls(self) -> list[Figure]:
        alone, beside = together(self.alone), together(self.beside)
        note = f"{beside.calls} calls, failed {beside.failed}; alone {alone.calls}, failed {alone.failed}"
        found = []
        for percent in (50, 99):
            with_requests, without = (_percentile(each.delays_ms, percent) for each in (beside, alone))
            pairs = [
                _percentile(mine.delays_ms, percent) / _percentile(other.delays_ms, percent)
                for mine, other in zip(self.beside, self.alone, strict=True)
            ]
            name = f"Post-dial delay beside requests, p{percent}"
            compared = f"× {statistics.median(pairs):.2f}"
            found.append(Figure(name, "ms", with_requests, without, compared, note=f"plain: calls alone; {note}"))
        cpu = (beside.control_s - alone.control_s) * 1000 / sum(map(len, self.taken.ms.values()))
        found.append(Figure("CPU per request", "ms", cpu, note="what call control used more than without requests"))
        return found

    def _loop(self) -> list[Figure]:
        blocks = [delay for delay in self.delays if delay.cpu_ms >= WORTH_NAMING_MS]
        by_cause: dict[str, list[float]] = defaultdict(list)
        for delay in blocks:
            by_cause[delay.cause or "unseen"].append(delay.cpu_ms)
        worst = max((delay.late_ms for delay in self.delays), default=0.0)
        busy = max((delay.cpu_ms for delay in self.delays), default=0.0)
        note = f"of it computing in one go: {busy:.1f} ms at most; {len(blocks)} blocks > {WORTH_NAMING_MS:g} ms"
        found = [Figure("Event loop late by, worst", "ms", worst, note=f"{note} in {self.seconds:.0f} s")]
        most = sorted(by_cause.items(), key=lambda each: -max(each[1]))[:_NAMED]
        return found + [Figure(f"  {len(took)} × {cause}", "ms", max(took)) for cause, took in most]


async def run(
    folder: Path, runtime: Runtime, rounds: int, seconds: float, tell: Callable[..., None] = lambda *_: None
) -> Found:
    """`rounds` times calls alone and calls beside requests, `seconds` each, and a round in which the event loop is
    watched; in an exchange of its own in `folder`."""
    settings = private_settings(folder / "home")
    people, offices = await furnish_offices(settings)
    tell()
    watch, found, dice = LoopWatch(folder / "loop.jsonl"), Found(), random.Random(5)
    clock = asyncio.get_running_loop().time
    async with (
        measured_exchange(folder, settings, runtime, people, Extras(), watch.environment) as exchange,
        _client(settings.http_port) as session,
        Load.on(exchange) as load,
    ):
        client = Client(session)
        mixture = Mixture(offices, cookie_name(settings), dice)
        for request in mixture.edited():
            await client.send(request)
        await open_loop.run(client, RATE / 2, 4.0, mixture, dice)  # what is made at first use is not what it costs
        await load.calls(OURS, CALLS, 2.0)
        for _ in range(rounds):
            found.alone.append(await load.calls(OURS, CALLS, seconds))
            tell()
            async with _wallboards(session, offices, found):
                requests = asyncio.create_task(open_loop.run(client, RATE, seconds, mixture, dice))
                found.beside.append(await load.calls(OURS, CALLS, seconds, beside=requests))
            found.taken.include(requests.result())
            tell()
        begin = clock()
        with watch.watching():
            async with _wallboards(session, offices, Found()):
                watched = asyncio.create_task(open_loop.run(client, RATE, seconds, mixture, dice))
                await load.calls(OURS, CALLS, seconds, beside=watched)
        found.delays = watch.delays(begin, begin + seconds)
        found.seconds = seconds
        tell()
    return found


@asynccontextmanager
async def _client(port: int) -> AsyncIterator[aiohttp.ClientSession]:
    everything = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None, sock_read=open_loop.TIMEOUT_S)
    async with aiohttp.ClientSession(
        f"http://{LOOPBACK}:{port}", connector=everything, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield session


@asynccontextmanager
async def _wallboards(session: aiohttp.ClientSession, offices: list[Office], found: Found) -> AsyncIterator[None]:
    """People who look at the wallboard all the time, half of them in each office."""
    looking = asyncio.Event()
    arrived = 0

    async def look(office: Office) -> None:
        nonlocal arrived
        headers = {"Authorization": f"Bearer {office.token}"}
        path = f"/api/v1/accounts/{office.account}/wallboard/events"
        async with session.get(path, headers=headers, timeout=aiohttp.ClientTimeout(total=None)) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                if line.startswith(b"event:"):
                    arrived += 1
                    if arrived == WALLBOARDS:
                        looking.set()
                    found.changes_seen += 1

    tasks = [asyncio.create_task(look(offices[nth % len(offices)])) for nth in range(WALLBOARDS)]
    async with asyncio.timeout(open_loop.TIMEOUT_S):
        await looking.wait()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _percentile(values: list[float], percent: int) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
