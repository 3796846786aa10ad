"""A steady 50 calls a second: CPU per call, and the delay that we add before the called phone rings."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import Figure, added_at_most
from bench.load import OURS, PLAIN, WAYS, Load, Spent, together

RATE = 50.0
MOST_CPU = 2.0
MOST_DELAY_MS = (8.0, 30.0)
"""p50 and p99."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The rounds of both ways, in pairs: each pair was measured within seconds."""

    plain: list[Spent]
    ours: list[Spent]

    @property
    def cpu_ratio(self) -> float:
        """Median over the pairs: what else the machine did in one of them spoils that one only.

        Plain's share is Asterisk's alone; ours is Asterisk's and all of our own processes', their idle work included.
        """
        return statistics.median(
            ours.total_ms / plain.asterisk_ms for ours, plain in zip(self.ours, self.plain, strict=True)
        )

    def per_core(self) -> dict[str, float]:
        """By way, the calls a second that one core should manage."""
        return {PLAIN: 1000 / together(self.plain).asterisk_ms, OURS: 1000 / together(self.ours).total_ms}

    def figures(self) -> list[Figure]:
        plain, ours = together(self.plain), together(self.ours)
        failed = f"{ours.calls} calls, failed: ours {ours.failed}, plain {plain.failed}"
        parts = f"Asterisk {ours.asterisk_ms:.2f} + Python {ours.control_ms:.2f}; {len(self.ours)} pairs of {failed}"
        cpu = Figure(
            "CPU per call",
            "ms",
            ours.total_ms,
            plain.asterisk_ms,
            f"× {self.cpu_ratio:.2f}",
            f"≤ {MOST_CPU:.1f} ×",
            self.cpu_ratio <= MOST_CPU,
            parts,
        )
        at = f"INVITE in → INVITE out, {RATE:g} calls/s"
        delays = [
            added_at_most(f"Post-dial delay, p{percent}", "ms", *values, most, at)
            for percent, most, values in zip(
                (50, 99),
                MOST_DELAY_MS,
                [(_percentile(ours, each), _percentile(plain, each)) for each in (50, 99)],
                strict=True,
            )
        ]
        return [cpu, *delays]


async def run(load: Load, rounds: int, seconds: float, tell: Callable[[], None] = lambda: None) -> Steady:
    """`rounds` times plain and ours in turn, `seconds` each. `tell` is called after each."""
    found: dict[str, list[Spent]] = {way: [] for way in WAYS}
    for way in WAYS:  # what is made at first use is not what a call costs
        await load.calls(way, RATE, 1.0)
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(await load.calls(way, RATE, seconds))
            tell()
    return Steady(found[PLAIN], found[OURS])


def _percentile(spent: Spent, percent: int) -> float:
    return statistics.quantiles(spent.delays_ms, n=100)[percent - 1]
