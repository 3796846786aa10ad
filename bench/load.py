"""Calls by sipp through the measured exchange, and what they cost it."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.exchange import MeasuredExchange
from bench.people import DIAL, write_fields
from bench.processes import cpu_seconds
from centrale.phones.sipp import Sipp
from centrale.phones.tools import LOOPBACK

SCENARIOS = Path(__file__).parent / "scenarios"
PLAIN, OURS = "plain", "ours"
WAYS = (PLAIN, OURS)
"""In each round both, in turn: whatever else the machine does meanwhile hits both alike."""

_UDP_PORTS = Path("/proc/net/udp")
_GIVE_UP_MS = 10_000
"""A caller who hears nothing for so long has failed."""


@dataclass(slots=True)
class Spent:
    """What a number of calls took: CPU seconds of each side, and post-dial delays in milliseconds."""

    calls: int = 0
    failed: int = 0
    retransmitted: int = 0
    asterisk_s: float = 0.0
    control_s: float = 0.0
    seconds: float = 0.0
    """From the first call's beginning to the last one's end."""
    delays_ms: list[float] = field(default_factory=list)

    @property
    def asterisk_ms(self) -> float:
        """Per call."""
        return self.asterisk_s * 1000 / self.calls

    @property
    def control_ms(self) -> float:
        """Per call."""
        return self.control_s * 1000 / self.calls

    @property
    def total_ms(self) -> float:
        """Per call, both together."""
        return self.asterisk_ms + self.control_ms


def together(parts: Sequence[Spent]) -> Spent:
    """The sum of several rounds."""
    whole = Spent()
    for part in parts:
        for name in ("calls", "failed", "retransmitted", "asterisk_s", "control_s", "seconds", "delays_ms"):
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
    return whole


class Load:
    """The load generator: sipp plays the callees all the time, and callers in each `calls`."""

    def __init__(self, exchange: MeasuredExchange, callees: Sipp, cores: set[int]) -> None:
        self._exchange = exchange
        self._callees = callees
        self._cores = cores
        self._heard = 0

    @classmethod
    @asynccontextmanager
    async def on(cls, exchange: MeasuredExchange, cores: set[int] | None = None) -> AsyncIterator[Load]:
        """Calls for this exchange; sipp runs on `cores`."""
        arguments = ["-p", str(exchange.callee_port), "-l", "100000"]
        async with Sipp(exchange.runtime, "callees", SCENARIOS / "callee.xml", exchange.folder, arguments) as callees:
            load = cls(exchange, callees, cores or os.sched_getaffinity(0))
            load._confine(callees.pid)
            await _listens(exchange.callee_port)
            yield load

    async def calls(
        self, way: str, rate: float, seconds: float, talk_s: float = 1.0, *, beside: Awaitable[object] | None = None
    ) -> Spent:
        """Call at `rate` calls a second for `seconds`, `way` being `PLAIN` or `OURS`; each call talks `talk_s` seconds.

        Signalling only: sound costs both ways the same, and would hide what we want to see. `beside`: what goes on
        meanwhile. It is waited for before the CPU time is counted, of which it is a part: while it goes on, the
        exchange never has nothing left to do.
        """
        exchange = self._exchange
        fields = write_fields(exchange.folder / f"{way}.csv", exchange.people, DIAL if way == PLAIN else "")
        arguments = ["-inf", str(fields), "-r", str(rate), "-m", str(round(rate * seconds)), "-l", "100000"]
        arguments += ["-d", str(round(talk_s * 1000)), "-recv_timeout", str(_GIVE_UP_MS)]
        arguments += [f"{LOOPBACK}:{exchange.settings.sip_port}"]
        asterisk, control = cpu_seconds(exchange.asterisk), cpu_seconds(exchange.control)
        clock = asyncio.get_running_loop().time
        start = clock()
        callers = Sipp(exchange.runtime, f"callers-{way}", SCENARIOS / "caller.xml", exchange.folder, arguments)
        async with callers:
            self._confine(callers.pid)
            other = asyncio.ensure_future(beside or asyncio.sleep(0))
            try:
                counts = await callers.finished()
                took = clock() - start
                await other
            finally:
                other.cancel()
        await exchange.quiet()
        rung = self._callees.marks()[self._heard :]
        self._heard += len(rung)
        return Spent(
            calls=counts.made,
            failed=counts.failed,
            retransmitted=counts.retransmitted,
            asterisk_s=cpu_seconds(exchange.asterisk) - asterisk,
            control_s=cpu_seconds(exchange.control) - control,
            seconds=took,
            delays_ms=delays(callers.marks(), rung),
        )

    def _confine(self, pid: int) -> None:
        os.sched_setaffinity(pid, self._cores)


def delays(called: Sequence[Sequence[str]], rung: Sequence[Sequence[str]]) -> list[float]:
    """Milliseconds from each call's INVITE to the exchange to the INVITE that reached whom it rings.

    Both as sipp's marks, in the order of time: who rings, seconds, microseconds.
    """
    waiting: dict[str, list[float]] = defaultdict(list)
    for name, *moment in called:
        waiting[name].append(_seconds(moment))
    found = []
    for name, *moment in rung:
        at = _seconds(moment)
        # A person may be called again before an earlier call, which failed, has been given up.
        begun = max((each for each in waiting[name] if each <= at), default=None)
        if begun is not None:
            waiting[name].remove(begun)
            found.append((at - begun) * 1000)
    return found


def _seconds(moment: Sequence[str]) -> float:
    seconds, micros = moment
    return int(float(seconds)) + float(micros) / 1e6


async def _listens(port: int) -> None:
    """Wait until a program holds this UDP port."""
    held = f":{port:04X} "
    async with asyncio.timeout(5):
        # Nobody is told when a port is taken: this one thing has to be asked again and again.
        while held not in await asyncio.to_thread(_UDP_PORTS.read_text):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
