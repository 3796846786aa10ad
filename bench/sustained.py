"""How many calls a second? Both ways on one core, the phones on another; halves the interval until it is small."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import Figure
from bench.load import OURS, PLAIN, WAYS, Load

FAILED_LIMIT = 0.001
TRIES = 4
"""Each halves what is left between a rate that was sustained and one that was not: to 6 % of the span."""
_SPAN = (0.4, 1.4)
"""Of the rate that the CPU per call promises."""


@dataclass(frozen=True, slots=True)
class Sustained:
    """Calls per second on one core at less than 0.1 % failed, by round."""

    plain: list[float]
    ours: list[float]

    def figures(self) -> list[Figure]:
        ours, plain = statistics.median(self.ours), statistics.median(self.plain)
        note = "one core for the exchange, < 0.1 % failed"
        return [Figure("Sustained calls per second", "/s", ours, plain, f"× {ours / plain:.2f}", note=note)]


async def run(
    load: Load,
    expected: dict[str, float],
    rounds: int,
    seconds: float,
    tell: Callable[[], None] = lambda: None,
) -> Sustained:
    """`expected`: by way, what a core should manage going by the CPU per call. `tell` is called after each try."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(await _search(load, way, expected[way], seconds, tell))
    return Sustained(found[PLAIN], found[OURS])


async def _search(load: Load, way: str, expected: float, seconds: float, tell: Callable[[], None]) -> float:
    sustained, failed = (expected * share for share in _SPAN)
    sustained = 0.0 if not await _sustains(load, way, sustained, seconds) else sustained
    tell()
    for _ in range(TRIES):
        rate = (sustained + failed) / 2
        if await _sustains(load, way, rate, seconds):
            sustained = rate
        else:
            failed = rate
        tell()
    return sustained


async def _sustains(load: Load, way: str, rate: float, seconds: float) -> bool:
    talk_s = 1.0
    spent = await load.calls(way, rate, seconds, talk_s)
    # A generator that cannot keep up, or calls that take seconds to come about, are no sustained rate either.
    in_time = spent.seconds < seconds + talk_s + 3.0
    return in_time and spent.failed < FAILED_LIMIT * spent.calls
