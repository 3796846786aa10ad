"""How many calls can talk at once? Both ways on one core, the phones on another; climbs until sound gets lost."""

from __future__ import annotations

import asyncio
import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bench.account import CALL_LIMIT
from bench.exchange import MeasuredExchange
from bench.figures import Figure, ratio_at_least
from bench.load import OURS, PLAIN, WAYS
from bench.people import DIAL
from bench.processes import cpu_seconds
from bench.rtp_engine import Heard, RtpEngine
from bench.talkers import CallFailed, Talkers, TalkingCall

LOSS_LIMIT = 0.001
LEAST = 0.9
FIRST = 100
_AT_ONCE = 8
_SETTLES_S = 1.5
"""Asterisk learns where sound comes from, and a bridge chooses its technology."""


@dataclass(frozen=True, slots=True)
class Level:
    """So many calls talked. `cpu_ms`: what one second of one call cost the exchange."""

    calls: int
    heard: Heard
    cpu_ms: float

    @property
    def good(self) -> bool:
        return self.heard.loss < LOSS_LIMIT


@dataclass(slots=True)
class Climb:
    """The levels that were tried, lowest first."""

    levels: list[Level] = field(default_factory=list)
    stopped_by: str = ""
    """Why no higher level came about, when calls failed before sound was lost."""

    @property
    def sustained(self) -> int:
        """The most calls that talked without loss before the first level with loss."""
        return max((level.calls for level in itertools.takewhile(lambda each: each.good, self.levels)), default=0)

    @property
    def cpu_ms(self) -> float:
        """Of a second of talk, at the first level."""
        return self.levels[0].cpu_ms


@dataclass(frozen=True, slots=True)
class Talking:
    """The climbs of both ways, by round."""

    plain: list[Climb]
    ours: list[Climb]

    def figures(self) -> list[Figure]:
        ours, plain = (statistics.median(each.sustained for each in way) for way in (self.ours, self.plain))
        cpu = [statistics.median(each.cpu_ms for each in way) for way in (self.ours, self.plain)]
        note = "G.711 both ways, one core for the exchange, < 0.1 % of packets lost or over 200 ms late"
        return [
            ratio_at_least("Calls that talk at once", "calls", ours, plain, LEAST, note),
            Figure("CPU per second of a talking call", "ms", cpu[0], cpu[1], f"× {cpu[0] / cpu[1]:.2f}"),
        ]


async def run(
    exchange: MeasuredExchange,
    engine: RtpEngine,
    rounds: int,
    seconds: float,
    tell: Callable[[str, Level], None] = lambda way, level: None,
) -> Talking:
    """`rounds` times plain and ours in turn."""
    found: dict[str, list[Climb]] = {way: [] for way in WAYS}
    probe = await climb(exchange, engine, PLAIN, first=FIRST, step=FIRST, most=FIRST, seconds=seconds)
    core = 1000 / probe.cpu_ms  # the calls that one core should carry, going by what a hundred cost
    step = max(10, round(core / 20))
    for _ in range(rounds):
        for way in WAYS:
            for first in (max(FIRST, round(core / 2)), step):
                climbed = await climb(
                    exchange,
                    engine,
                    way,
                    first=first,
                    step=step,
                    most=len(exchange.people) * CALL_LIMIT,
                    seconds=seconds,
                    tell=partial(tell, way),
                )
                if climbed.sustained:  # else the machine carries less than it promised: from the bottom
                    break
            found[way].append(climbed)
    return Talking(found[PLAIN], found[OURS])


async def climb(
    exchange: MeasuredExchange,
    engine: RtpEngine,
    way: str,
    *,
    first: int,
    step: int,
    most: int,
    seconds: float,
    tell: Callable[[Level], None] = lambda level: None,
) -> Climb:
    """From `first` calls, `step` more each time, until sound is lost; each level is listened to for `seconds`."""
    result = Climb()
    talking: list[TalkingCall] = []
    async with Talkers.on(exchange) as talkers:
        try:
            for wanted in range(first, most + 1, step):
                try:
                    await _more(exchange, engine, talkers, way, talking, wanted)
                except* CallFailed as failed:
                    result.stopped_by = str(failed.exceptions[0])
                if result.stopped_by:
                    break
                await asyncio.sleep(_SETTLES_S)
                level = await _listen(exchange, engine, wanted, seconds)
                if not level.good:  # once is chance, twice is the limit
                    level = await _listen(exchange, engine, wanted, seconds)
                result.levels.append(level)
                tell(level)
                if not level.good:
                    break
        finally:
            await asyncio.to_thread(engine.silence)
            free = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(_within(free, talkers.hang_up(call)) for call in talking))
    await exchange.quiet()
    return result


async def _listen(exchange: MeasuredExchange, engine: RtpEngine, calls: int, seconds: float) -> Level:
    clock = asyncio.get_running_loop().time
    start, before = clock(), cpu_seconds(exchange.asterisk) + cpu_seconds(exchange.control)
    heard = await asyncio.to_thread(engine.listen, seconds)
    spent = cpu_seconds(exchange.asterisk) + cpu_seconds(exchange.control) - before
    return Level(calls, heard, spent * 1000 / (calls * (clock() - start)))


async def _more(
    exchange: MeasuredExchange, engine: RtpEngine, talkers: Talkers, way: str, talking: list[TalkingCall], wanted: int
) -> None:
    """Set up calls until `wanted` are `talking`, and let both sides of each be heard."""
    free = asyncio.Semaphore(_AT_ONCE)
    targets: dict[int, int] = {}

    async def one(number: int) -> None:
        pair = exchange.people[number % len(exchange.people)]
        dialled = (DIAL if way == PLAIN else "") + pair.callee_extension
        caller, callee = 2 * number, 2 * number + 1
        async with free:
            call = await talkers.call(pair, dialled, engine.port(caller), engine.port(callee))
        talking.append(call)
        targets.update({caller: call.caller_port, callee: call.callee_port})

    async with asyncio.TaskGroup() as group:
        for number in range(len(talking), wanted):
            group.create_task(one(number))
    await asyncio.to_thread(engine.talk, targets)


async def _within(free: asyncio.Semaphore, work: asyncio.Future[None]) -> None:
    async with free:
        await work
