"""What if? The same engine in virtual time, on callers who come by chance or who came yesterday (issue 4, point 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import inf
from random import Random

from centrale.acd.engine import Engine
from centrale.acd.events import (
    CallerJoined,
    CallerLeft,
    Configured,
    Event,
    LoggedOn,
    OfferAnswered,
    TalkEnded,
    TimePassed,
)
from centrale.acd.instructions import Connect, Instruction, Offer
from centrale.acd.picture import AgentId, CallId, Member, Picture, QueueId, QueueSettings, Strategy

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_QUEUE = QueueId("300")
TELL_EVERY = 1_000
"""Callers."""

Come = Callable[[int], None]
"""Hears how many callers have come, now and then, of who wants to know how far it is."""


def _nobody_waits(come: int) -> None:
    """It is over in a moment."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A caller: comes after `at` seconds, talks for `talk`, gives up after `patience` (None: never)."""

    at: float
    talk: float
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Who takes the calls. `answer_after`: how long an agent's phone rings. Times in seconds."""

    agents: int
    strategy: Strategy = Strategy.LONGEST_IDLE
    wrap_up: float = 0.0
    answer_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it. Waits are those of all callers; `occupancy`: the share of the agents' time in which they talk
    (or ring, or wrap up)."""

    calls: int
    answered: int
    abandoned: int
    service_level: float
    """Share of all callers who were answered within the given time."""
    waited_at_all: float
    mean_wait: float
    wait_90: float
    longest_wait: float
    occupancy: float
    waits: tuple[float, ...]
    """Of all callers, in the order in which they came."""


def by_chance(rate: float, talk: float, patience: float | None, seconds: float, seed: int) -> list[PlannedCall]:
    """Callers who come independently of each other, `rate` per second; talks and patience of exponential length."""
    dice = Random(seed)  # noqa: S311 (an experiment that can be repeated)
    calls, at = [], dice.expovariate(rate)
    while at < seconds:
        gives_up = None if patience is None else dice.expovariate(1 / patience)
        calls.append(PlannedCall(at, dice.expovariate(1 / talk), gives_up))
        at += dice.expovariate(rate)
    return calls


@dataclass(frozen=True, slots=True)
class PastCall:
    """A call that was made: came after `at` seconds, waited, and talked (None: gave up, or was sent elsewhere)."""

    at: float
    waited: float
    talked: float | None


@dataclass(frozen=True, slots=True)
class Habits:
    """What past calls tell about callers, in seconds. `patience`: None when nobody gave up."""

    talk: float
    patience: float | None


def habits(past: Sequence[PastCall]) -> Habits:
    """Mean talk time and mean patience. Those who were answered showed patience, too, if only for as long as they had
    to: the mean is all waiting divided by those who gave up (the likeliest mean of an exponential length)."""
    talks = [call.talked for call in past if call.talked is not None]
    gave_up = len(past) - len(talks)
    talk = sum(talks) / len(talks) if talks else 0.0
    waited = sum(call.waited for call in past)
    return Habits(talk, waited / gave_up if gave_up and waited else None)


def as_they_came(past: Sequence[PastCall], seed: int) -> list[PlannedCall]:
    """The same callers at the same moments. What nobody saw is drawn by chance: how long those who gave up would have
    talked, and how much longer those who were answered would have waited."""
    dice = Random(seed)  # noqa: S311 (an experiment that can be repeated)
    usual = habits(past)
    calls = []
    for call in sorted(past, key=lambda call: call.at):
        if call.talked is None:
            talk = dice.expovariate(1 / usual.talk) if usual.talk else 0.0
            calls.append(PlannedCall(call.at, talk, call.waited))
        else:
            longer = None if usual.patience is None else call.waited + dice.expovariate(1 / usual.patience)
            calls.append(PlannedCall(call.at, call.talked, longer))
    return calls


def simulate(
    calls: Sequence[PlannedCall],
    staff: Staff,
    within: float,
    *,
    warm_up: float = 0.0,
    seed: int = 0,
    tell: Come = _nobody_waits,
) -> Result:
    """Let the engine distribute the calls, which come in their order. Those of the first `warm_up` seconds are not
    counted: the queue was empty then. Raises ValueError without agents."""
    if staff.agents < 1:
        raise ValueError("there must be an agent")
    return _Run(calls, staff, seed, tell).result(within, warm_up)


class _Run:
    def __init__(self, calls: Sequence[PlannedCall], staff: Staff, seed: int, tell: Come) -> None:
        self.tell = tell
        self.calls = calls
        self.staff = staff
        self.engine = Engine(seed)
        self.now = 0.0
        self.numbers = count()
        self.coming: list[tuple[float, int, Event]] = []
        self.waits: dict[int, float] = {}
        self.answered: set[int] = set()
        self.talks: list[tuple[float, float]] = []
        """When each talk's claim on an agent began, and how long it was."""
        self._go()

    def _go(self) -> None:
        agents = [AgentId(str(1_000 + number)) for number in range(self.staff.agents)]
        settings = QueueSettings(
            _QUEUE, tuple(map(Member, agents)), self.staff.strategy, ring_timeout=300.0, wrap_up=self.staff.wrap_up
        )
        self._tell(Configured(Picture({_QUEUE: settings})), *(LoggedOn(agent, _QUEUE) for agent in agents))
        for number, call in enumerate(self.calls):
            self._plan(call.at, CallerJoined(CallId(str(number)), _QUEUE))
        while True:
            due = self.engine.next_timer()
            seconds = inf if due is None else (due - _BEGINNING).total_seconds()
            if not self.coming and due is None:
                break
            if not self.coming or seconds <= self.coming[0][0]:
                self.now = max(self.now, seconds)
                self._tell(TimePassed())
                continue
            self.now, _, event = heappop(self.coming)
            match event:
                case CallerJoined(call=id):
                    number = int(id)
                    if number % TELL_EVERY == 0:
                        self.tell(number)
                    if (patience := self.calls[number].patience) is not None:
                        self._plan(self.now + patience, CallerLeft(id))
                case CallerLeft() if self.engine.position(event.call) is not None:
                    self.waits[int(event.call)] = self.now - self.calls[int(event.call)].at
                case _:
                    pass
            self._tell(event)

    def _plan(self, at: float, event: Event) -> None:
        heappush(self.coming, (at, next(self.numbers), event))

    def _tell(self, *events: Event) -> None:
        self._follow(self.engine.handle_all(events, _BEGINNING + timedelta(seconds=self.now)))

    def _follow(self, instructions: Iterable[Instruction]) -> None:
        for instruction in instructions:
            match instruction:
                case Offer(offer=offer):
                    self._plan(self.now + self.staff.answer_after, OfferAnswered(offer))
                case Connect(call=call):
                    number = int(call)
                    talk = self.calls[number].talk
                    self.waits[number] = self.now - self.calls[number].at
                    self.answered.add(number)
                    self.talks.append(
                        (self.now - self.staff.answer_after, self.staff.answer_after + talk + self.staff.wrap_up)
                    )
                    self._plan(self.now + talk, TalkEnded(call))
                case _:
                    pass

    def result(self, within: float, warm_up: float) -> Result:
        counted = [number for number, call in enumerate(self.calls) if call.at >= warm_up]
        waits = [self.waits[number] for number in counted]
        if not waits:
            return Result(0, 0, 0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, ())
        answered = [number for number in counted if number in self.answered]
        end = self.calls[-1].at
        busy = sum(max(0.0, min(at + lasted, end) - max(at, warm_up)) for at, lasted in self.talks)
        in_order = sorted(waits)
        return Result(
            calls=len(counted),
            answered=len(answered),
            abandoned=len(counted) - len(answered),
            service_level=sum(self.waits[number] <= within for number in answered) / len(counted),
            waited_at_all=sum(wait > self.staff.answer_after for wait in waits) / len(counted),
            mean_wait=sum(waits) / len(waits),
            wait_90=in_order[min(len(waits) - 1, int(0.9 * len(waits)))],
            longest_wait=in_order[-1],
            occupancy=busy / (self.staff.agents * (end - warm_up)) if end > warm_up else 0.0,
            waits=tuple(waits),
        )
