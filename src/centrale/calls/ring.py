"""Ringing is happy eyeballs: several attempts, each after its delay; the first to answer wins, the others stop.

Groups, twinned phones, forwards, trunks and (later) queue offers all ring through `first_to_answer`. Staggering and
clean-up follow trio's `open_tcp_stream`: the winner leaves the set of legs to be cleaned up, everything left in it is
ended. Who wins is settled in the event itself, synchronously, so that two phones lifted in the same millisecond cannot
both win.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from centrale.calls.leg import Leg, new_id
from centrale.routing.snapshot import ChannelName, ExtensionNumber
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
    ToPhone,
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

_WAY_IS_BAD = frozenset({Cause.CONGESTION, Cause.UNREACHABLE, Cause.FAILURE, Cause.INCOMPATIBLE})
"""The way failed, not the called party: the next way is tried (the next trunk, say)."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody. `name`: how people call it: a channel, a trunk."""

    target: Target
    presentation: Presentation
    name: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody to ring, `delay` seconds after the start, by the first of `ways` that works.

    `party`: how people name them. `user`: the extension, when it is one of the account's users. `without_way`: why
    nobody can be rung, when `ways` is empty; it weighs with what became of the others, so that a group whose members
    are all in a call is busy.
    """

    party: str
    ways: tuple[Way, ...]
    user: ExtensionNumber | None = None
    delay: float = 0.0
    insistent: bool = False
    """Try the next way even when this one refused: a carrier that does not know 112 must not be the end (EMG-1)."""
    without_way: Cause = Cause.UNREACHABLE
    confirms: bool = False
    """Whoever answers has yet to press a key before they are given a caller (`calls.confirming`): an outside phone may
    be answered by a voicemail. Only agents of queues are asked."""

    @property
    def phones(self) -> set[ChannelName]:
        """The channels that may ring."""
        return {ChannelName(way.target.channel) for way in self.ways if isinstance(way.target, ToPhone)}


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """`leg` answered: `attempt` tells who that is, `way` how they were reached. `unaware`: they were not rung but
    picked the call up, and have still to be shown whom they have got."""

    leg: Leg
    attempt: Attempt
    way: Way
    unaware: bool = False


@dataclass(frozen=True, slots=True)
class NobodyAnswered:
    """All failed, or time ran out. `causes`: what became of each way that was tried, by its name."""

    cause: Cause
    causes: dict[str, Cause] = field(default_factory=dict)


@dataclass(slots=True)
class _Race:
    switch: Switch
    caller: LegId
    open_legs: set[Leg]
    on_progress: Callable[[Leg, LegEvent], None]
    on_failure: Callable[[Way, Cause, Way | None], None]
    running: int
    over: asyncio.Future[AnsweredBy | None]
    causes: dict[str, Cause] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)

    async def run(self, attempt: Attempt) -> None:
        """Try one attempt's ways until one rings through or none is left."""
        if not attempt.ways:
            self.causes[attempt.party] = attempt.without_way
        elif attempt.delay > 0:
            await asyncio.sleep(attempt.delay)
        for way, following in zip(attempt.ways, (*attempt.ways[1:], None), strict=False):
            gone = await self._try(attempt, way)
            # The called side ended the call and never answered it: it does not want it.
            cause = self.causes[way.name] = Cause.DECLINED if gone.cause is Cause.NORMAL else gone.cause
            goes_on = attempt.insistent or cause in _WAY_IS_BAD
            self.on_failure(way, cause, following if goes_on else None)
            if not goes_on:
                break
        self.running -= 1
        if self.running == 0 and not self.over.done():
            self.over.set_result(None)

    async def _try(self, attempt: Attempt, way: Way) -> Gone:
        leg = Leg(self.switch, LegId(new_id("leg")), way.name)

        def progress(leg: Leg, event: LegEvent) -> None:
            if self.over.done():
                return
            if isinstance(event, Answered):
                self.over.set_result(AnsweredBy(leg, attempt, way))
            elif isinstance(event, Ringing | EarlyMedia):
                self.on_progress(leg, event)

        leg.on_progress = progress
        self.legs.append(leg)
        self.open_legs.add(leg)
        await self.switch.dial(leg.id, way.target, way.presentation, leg.deliver, self.caller)
        gone = await leg.ended()
        self.open_legs.discard(leg)
        return gone


async def first_to_answer(
    switch: Switch,
    attempts: Sequence[Attempt],
    *,
    caller: LegId,
    timeout: float,
    open_legs: set[Leg],
    on_progress: Callable[[Leg, LegEvent], None] = lambda leg, event: None,
    on_failure: Callable[[Way, Cause, Way | None], None] = lambda way, cause, following: None,
    stopped_because: Callable[[], Cause] = lambda: Cause.NO_ANSWER,
) -> AnsweredBy | NobodyAnswered:
    """Ring `attempts` for at most `timeout` seconds, counted from the call of this function.

    Losers end with *answered elsewhere* (GRP-1: no missed call on their phones), the others with *no answer*. When
    this is cancelled (the caller hung up) all of them stop ringing. Each leg is put in `open_legs` before it is
    dialled, so that the call can still end it when it is torn down in the middle of our own clean-up. `caller`: who
    will be connected. `on_failure`: told of each way that failed while others still rang, why, and which way is tried
    next for the same party. `stopped_because`: asked for the cause that phones are told when nobody answered in time,
    or this is cancelled.
    """
    if not attempts:
        return NobodyAnswered(Cause.UNREACHABLE)
    over: asyncio.Future[AnsweredBy | None] = asyncio.get_running_loop().create_future()
    race = _Race(switch, caller, open_legs, on_progress, on_failure, len(attempts), over)
    winner: AnsweredBy | None = None
    timed_out = False
    try:
        async with asyncio.timeout(timeout), asyncio.TaskGroup() as group:
            tasks = [group.create_task(race.run(attempt)) for attempt in attempts]
            winner = await over
            for task in tasks:
                task.cancel()
    except TimeoutError:
        timed_out = True
        if over.done() and not over.cancelled():
            winner = over.result()  # answered in the very moment in which time ran out
    except asyncio.CancelledError:
        winner = None  # nobody will be told that they answered
        raise
    finally:
        cause = stopped_because() if winner is None else Cause.ANSWERED_ELSEWHERE
        try:
            await _stop([leg for leg in race.legs if winner is None or leg is not winner.leg], cause)
        except asyncio.CancelledError:
            if winner is not None:
                await _stop([winner.leg], Cause.ANSWERED_ELSEWHERE)  # nobody will hear that they answered
            raise
    if winner is None:
        return NobodyAnswered(Cause.NO_ANSWER if timed_out else _weightiest(race.causes), dict(race.causes))
    winner.leg.on_progress = None
    return winner


async def _stop(losers: Sequence[Leg], cause: Cause) -> None:
    for leg in losers:
        leg.on_progress = None
    await asyncio.gather(*(leg.hang_up(cause) for leg in losers))


def _weightiest(causes: dict[str, Cause]) -> Cause:
    seen = set(causes.values())
    return next((cause for cause in _BY_WEIGHT if cause in seen), Cause.FAILURE)
