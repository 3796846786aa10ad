"""Ringing is happy eyeballs: several attempts, each after its delay; the first to answer wins, the others stop.

Groups, twinned phones, forwards and (later) queue offers all ring through `first_to_answer`. Staggering and clean-up
follow trio's `open_tcp_stream`: the winner leaves the set of legs to be cleaned up, everything left in it is ended.
Who wins is settled in the event itself, synchronously, so that two phones lifted in the same millisecond cannot both
win.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from centrale.calls.leg import Leg, new_id
from centrale.telephony.switch import (
    Answered,
    Cause,
    EarlyMedia,
    Gone,
    LegEvent,
    LegId,
    Presentation,
    Ringing,
    Switch,
    Target,
)

_BY_WEIGHT = (
    Cause.BUSY,
    Cause.DECLINED,
    Cause.NO_ANSWER,
    Cause.UNKNOWN_NUMBER,
    Cause.NOT_ALLOWED,
    Cause.INCOMPATIBLE,
    Cause.CONGESTION,
    Cause.UNREACHABLE,
)
"""When several attempts fail differently, the first of these that occurred is what the caller is told."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One phone or outside number to ring, `delay` seconds after the start. `party`: how people name it."""

    target: Target
    party: str
    presentation: Presentation
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """`leg` answered; `attempt` tells who that is."""

    leg: Leg
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class NobodyAnswered:
    """All failed, or time ran out. `causes`: what became of each attempt that was started."""

    cause: Cause
    causes: dict[str, Cause] = field(default_factory=dict)


class _Race:
    def __init__(self, expected: int, on_progress: Callable[[Leg, LegEvent], None]) -> None:
        self.over: asyncio.Future[Leg | None] = asyncio.get_running_loop().create_future()
        self.causes: dict[str, Cause] = {}
        self._running = expected
        self._on_progress = on_progress

    def progress(self, leg: Leg, event: LegEvent) -> None:
        match event:
            case Answered() if not self.over.done():
                self.over.set_result(leg)
            case Gone(cause):
                self.failed(leg.party, cause)
            case Ringing() | EarlyMedia() if not self.over.done():
                self._on_progress(leg, event)
            case _:
                pass

    def failed(self, party: str, cause: Cause) -> None:
        self.causes.setdefault(party, cause)
        self._running -= 1
        if self._running == 0 and not self.over.done():
            self.over.set_result(None)


async def first_to_answer(
    switch: Switch,
    attempts: Sequence[Attempt],
    *,
    timeout: float,
    open_legs: set[Leg],
    on_progress: Callable[[Leg, LegEvent], None] = lambda leg, event: None,
) -> AnsweredBy | NobodyAnswered:
    """Ring `attempts` for at most `timeout` seconds, counted from the call of this function.

    Losers end with *answered elsewhere* (GRP-1: no missed call on their phones), the others with *no answer*. When
    this is cancelled (the caller hung up) all of them stop ringing. Each leg is put in `open_legs` before it is
    dialled, so that the call can still end it when it is torn down in the middle of our own clean-up.
    """
    if not attempts:
        return NobodyAnswered(Cause.UNREACHABLE)
    race = _Race(len(attempts), on_progress)
    legs: dict[Leg, Attempt] = {}
    winner: Leg | None = None

    async def start(attempt: Attempt) -> None:
        if attempt.delay > 0:
            await asyncio.sleep(attempt.delay)
        leg = Leg(switch, LegId(new_id("leg")), attempt.party)
        leg.on_progress = race.progress
        legs[leg] = attempt
        open_legs.add(leg)
        await switch.dial(leg.id, attempt.target, attempt.presentation, leg.deliver)

    try:
        async with asyncio.timeout(timeout), asyncio.TaskGroup() as group:
            late = [group.create_task(start(attempt)) for attempt in attempts if attempt.delay > 0]
            for attempt in attempts:
                if attempt.delay <= 0:
                    await start(attempt)
            winner = await race.over
            for task in late:
                task.cancel()
    except TimeoutError:
        if race.over.done() and not race.over.cancelled():
            winner = race.over.result()  # answered in the very moment in which time ran out
    finally:
        cause = Cause.NO_ANSWER if winner is None else Cause.ANSWERED_ELSEWHERE
        await _stop([leg for leg in legs if leg is not winner], cause)
    if winner is None:
        return NobodyAnswered(_weightiest(race.causes, timed_out=len(race.causes) < len(attempts)), dict(race.causes))
    winner.on_progress = None
    return AnsweredBy(winner, legs[winner])


async def _stop(losers: Sequence[Leg], cause: Cause) -> None:
    for leg in losers:
        leg.on_progress = None
    await asyncio.gather(*(leg.hang_up(cause) for leg in losers))


def _weightiest(causes: dict[str, Cause], *, timed_out: bool) -> Cause:
    if timed_out:
        return Cause.NO_ANSWER
    seen = set(causes.values())
    return next((cause for cause in _BY_WEIGHT if cause in seen), Cause.FAILURE)
