"""How many calls can talk at once? Both ways on one core, the phones on another; climbs until sound gets lost."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.exchange import MeasuredExchange
from bench.load import PLAIN
from bench.people import DIAL
from bench.processes import cpu_seconds
from bench.rtp_engine import Heard, RtpEngine
from bench.talkers import Talkers, TalkingCall

LOSS_LIMIT = 0.001
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

    @property
    def sustained(self) -> int:
        """The most calls that talked without loss before the first level with loss."""
        return max((level.calls for level in itertools.takewhile(lambda each: each.good, self.levels)), default=0)

    @property
    def cpu_ms(self) -> float:
        """Of a second of talk, at the first level."""
        return self.levels[0].cpu_ms


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
                talking += await _more(exchange, engine, talkers, way, len(talking), wanted)
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
    exchange: MeasuredExchange, engine: RtpEngine, talkers: Talkers, way: str, have: int, wanted: int
) -> list[TalkingCall]:
    """Set up calls number `have` to `wanted`, and let both sides of each talk."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> TalkingCall:
        pair = exchange.people[number % len(exchange.people)]
        dialled = (DIAL if way == PLAIN else "") + pair.callee_extension
        async with free:
            return await talkers.call(pair, dialled, engine.port(2 * number), engine.port(2 * number + 1))

    made = await asyncio.gather(*(one(number) for number in range(have, wanted)))
    targets: dict[int, int] = {}
    for number, call in enumerate(made, start=have):
        targets |= {2 * number: call.caller_port, 2 * number + 1: call.callee_port}
    await asyncio.to_thread(engine.talk, targets)
    return list(made)


async def _within(free: asyncio.Semaphore, work: asyncio.Future[None]) -> None:
    async with free:
        await work
