"""Which way of talking to Asterisk costs least? The experiment behind docs/decisions/0003-ari-transport.md.

    python -m bench.ari_transport [--rate 40] [--seconds 10] [--rounds 2] [--only NAME ...]

One Asterisk of its own on loopback serves every variant in turn, several rounds: sipp calls in, Asterisk calls sipp,
calls of one second, signalling only. Prints per variant: CPU-ms per call in Asterisk and in Python, both beside plain
`Dial()`, the post-dial delay from INVITE in to INVITE out, and how many requests and events a call took. What happens
when the application dies is measured by `bench.ari_transport_gap`.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.ari_transport_world import App, World, world
from bench.exchange import settled
from bench.load import delays
from bench.processes import cpu_seconds
from centrale.runtime import ensure_runtime
from centrale.settings import Settings

_FILTERED = ["--filter"]
_SOCKET = ["--socket", "inbound", "--requests", "socket"]
VARIANTS: dict[str, list[str] | None] = {
    "Dial()": None,
    "a: inbound + HTTP": ["--socket", "inbound", "--requests", "http", *_FILTERED],
    "b: inbound + REST over it": [*_SOCKET, *_FILTERED],
    "c: outbound + REST over it": ["--socket", "outbound", "--requests", "socket", *_FILTERED],
    "d: outbound + HTTP": ["--socket", "outbound", "--requests", "http", *_FILTERED],
    "b, dial not awaiting create": [*_SOCKET, *_FILTERED, "--dial", "pipelined"],
    "b, originate": [*_SOCKET, *_FILTERED, "--dial", "originate"],
    "b, all events": _SOCKET,
    "b, asyncio's own loop": [*_SOCKET, *_FILTERED, "--loop", "asyncio"],
}


@dataclass
class Result:
    calls: int = 0
    failed: int = 0
    asterisk_ms: float = 0.0
    python_ms: float = 0.0
    delays_ms: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


async def measure(here: World, options: list[str] | None, rate: float, seconds: float, result: Result) -> None:
    """One round of one variant."""
    app = None if options is None else await App.start(here, *options)
    service = "dial" if options is None else options[options.index("--socket") + 1]
    async with here.callees() as callees:
        await settled(here.asterisk.pid)
        asterisk, python = cpu_seconds(here.asterisk.pid), cpu_seconds(app.pid) if app else 0.0
        async with here.callers("callers", service, rate, round(rate * seconds), talk_s=1) as callers:
            counts = await callers.finished()
        await settled(here.asterisk.pid)
        result.asterisk_ms += (cpu_seconds(here.asterisk.pid) - asterisk) * 1000
        result.python_ms += (cpu_seconds(app.pid) - python) * 1000 if app else 0.0
    if app is not None:
        result.counts += Counter(await app.stop())
    answered = sum(mark[0] == "answered" for mark in callers.marks())
    result.calls += counts.made
    result.failed += counts.made - answered
    called = [mark[1:] for mark in callers.marks() if mark[0] == "called"]
    result.delays_ms += delays(called, callees.marks())


def table(results: dict[str, Result], title: str) -> Table:
    found = Table(
        "", "Asterisk", "Python", "of Dial()", "delay p50", "p99", "failed", "requests", "events", title=title
    )
    yardstick = results.get("Dial()")
    for name, result in results.items():
        spent = (result.asterisk_ms + result.python_ms) / result.calls
        base = f"{spent / (yardstick.asterisk_ms / yardstick.calls):.2f}" if yardstick else ""
        cuts = statistics.quantiles(result.delays_ms or [0.0, 0.0], n=100)
        requests = result.counts["requests"] / result.calls
        events = sum(count for kind, count in result.counts.items() if kind[0].isupper() and " " not in kind)
        found.add_row(
            name,
            f"{result.asterisk_ms / result.calls:.2f} ms",
            f"{result.python_ms / result.calls:.2f} ms",
            base,
            f"{cuts[49]:.1f} ms",
            f"{cuts[98]:.1f} ms",
            str(result.failed),
            f"{requests:.1f}",
            f"{events / result.calls:.1f}",
        )
    return found


async def run(options: argparse.Namespace) -> None:
    runtime = await asyncio.to_thread(ensure_runtime, Settings(), tools=True)
    results = {name: Result() for name in VARIANTS if not options.only or name in options.only}
    with tempfile.TemporaryDirectory(prefix="ari-bench-") as home:
        async with world(Path(home), runtime) as here:
            for _ in range(options.rounds):
                for name, result in results.items():
                    await measure(here, VARIANTS[name], options.rate, options.seconds, result)
    title = f"{options.rounds} rounds of {options.seconds:g} s at {options.rate:g} calls/s; CPU per call"
    Console(width=120).print(table(results, title))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=40)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
