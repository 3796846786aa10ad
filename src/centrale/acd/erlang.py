"""What queueing theory says of n agents: Erlang C, and Erlang A where callers lose patience.

Both assume callers who come by chance (Poisson), talks and patience of exponential length, and agents who are all
alike: a check of the simulation, and the other way round. Times in seconds, rates per second. Erlang A follows Zeltyn
and Mandelbaum, "Call centers with impatient customers" (2005): integrals over the wait that a caller with endless
patience would have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf, log

_PIECES = 2_000
_NOTHING = -45.0
"""A part e^-45 as likely as the likeliest does not count."""


@dataclass(frozen=True, slots=True)
class Theory:
    """`service_level`: share of all callers who are answered within the given time. Waits are those of all callers,
    `inf` when the agents cannot manage."""

    name: str
    waits_at_all: float
    mean_wait: float
    wait_90: float
    """Nine of ten wait at most so long."""
    service_level: float
    abandoned: float
    occupancy: float


def erlang_c(rate: float, talk: float, agents: int, within: float) -> Theory:
    """Callers who wait for ever. Raises ValueError unless all are positive."""
    _check(rate, talk, agents)
    load = rate * talk
    if load >= agents:
        return Theory("Erlang C", 1.0, inf, inf, 0.0, 0.0, 1.0)
    blocked = 1.0  # Erlang B, grown agent by agent
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    waits = agents * blocked / (agents - load * (1 - blocked))
    drain = (agents - load) / talk

    def longer(seconds: float) -> float:
        return waits * exp(-drain * seconds)

    return Theory("Erlang C", waits, waits / drain, _least(longer, 0.1), 1 - longer(within), 0.0, load / agents)


def erlang_a(rate: float, talk: float, agents: int, patience: float, within: float) -> Theory:
    """Callers who give up after `patience` on average. Raises ValueError unless all are positive."""
    _check(rate, talk, agents)
    if patience <= 0:
        raise ValueError("patience must be positive")
    load = rate * talk

    def weight(seconds: float) -> float:
        """Logarithm of how likely it is that somebody of endless patience waits this long, but for a factor."""
        return rate * patience * (1 - exp(-seconds / patience)) - agents * seconds / talk

    top = weight(patience * log(rate * talk / agents)) if load > agents else 0.0
    end = talk / agents
    while weight(end) - top > _NOTHING:
        end *= 2
    free = 1.0
    for number in range(1, agents):
        free = 1 + free * number / load
    free *= exp(-top) if top < 700 else 0.0

    def part(since: float, till: float, of: Callable[[float], float] = lambda seconds: 1.0) -> float:
        return _integral(lambda seconds: of(seconds) * exp(weight(seconds) - top), since, till)

    queue = part(0.0, end)
    whole = free + rate * queue

    def stays(seconds: float) -> float:
        return exp(-seconds / patience)

    def longer(seconds: float) -> float:
        """Those who still wait after so long."""
        return rate * part(seconds, end) / whole * stays(seconds) if seconds < end else 0.0

    served_late = rate * part(min(within, end), end, stays) / whole
    served = (free + rate * part(0.0, end, stays)) / whole
    abandoned = 1 - served
    return Theory(
        "Erlang A",
        rate * queue / whole,
        abandoned * patience,
        _least(longer, 0.1),
        served - served_late,
        abandoned,
        load * served / agents,
    )


def _check(rate: float, talk: float, agents: int) -> None:
    if rate <= 0 or talk <= 0 or agents <= 0:
        raise ValueError("rate, talk time and agents must be positive")


def _least(longer: Callable[[float], float], share: float) -> float:
    """The shortest time after which at most `share` still wait; `longer` never rises."""
    if longer(0.0) <= share:
        return 0.0
    low, high = 0.0, 1.0
    while longer(high) > share:
        low, high = high, high * 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if longer(middle) > share else (low, middle)
    return high


def _integral(of: Callable[[float], float], since: float, till: float) -> float:
    """Simpson's rule."""
    if till <= since:
        return 0.0
    step = (till - since) / _PIECES
    total = of(since) + of(till)
    total += sum((4 if number % 2 else 2) * of(since + number * step) for number in range(1, _PIECES))
    return total * step / 3
