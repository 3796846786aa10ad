"""Figures of queues and agents: what each event adds to them (QUE-27..29). Plain arithmetic on whole milliseconds.

All that happens to a caller counts for the moment at which the caller came, whenever it happened. So in each period
callers are answered, or not, or still there, and nobody is counted twice; and an agent's calls are calls of the same
period in which the queue counts them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import compress
from typing import NamedTuple

import orjson

from centrale.queueing.happenings import What

QUARTER, HOUR, DAY = 900_000, 3_600_000, 86_400_000
"""Milliseconds. Every time zone of today is a whole number of quarters away from UTC."""
SPANS = (QUARTER, HOUR, DAY)

TO_THE_SECOND = 3_600
"""Waits are counted by the second up to here, and longer ones together: a service level is exact for each whole number
of seconds up to an hour."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)

WRAP_UP, WRAP_UP_CUT = "wrap_up", "wrap_up_cut"
"""A wrap-up began, with the time that it is to last; it ended earlier (or later) by so much, which is added to that."""


class QueueEvent(NamedTuple):
    """As it is stored; see `models.statistics.QueueEventRow`. `again`: look whether it is stored already."""

    account: int
    queue: str
    moment: int
    at: int
    what: str
    call: str | None = None
    agent: str | None = None
    ms: int | None = None
    detail: str = ""
    again: bool = False


def ms_of(moment: datetime) -> int:
    """Milliseconds since 1970, cut off."""
    return (moment - _EPOCH) // _MS


def moment_of(ms: int) -> datetime:
    """The opposite."""
    return _EPOCH + ms * _MS


@dataclass(slots=True)
class Spread:
    """Durations: how many, how long in all, the shortest and the longest; in milliseconds."""

    count: int = 0
    total: int = 0
    least: int | None = None
    most: int | None = None

    def add(self, ms: int) -> None:
        """One more."""
        self.count += 1
        self.total += ms
        if self.least is None or ms < self.least:
            self.least = ms
        if self.most is None or ms > self.most:
            self.most = ms

    def include(self, other: Spread) -> None:
        """All of the other's, too."""
        self.count += other.count
        self.total += other.total
        if other.least is not None and (self.least is None or other.least < self.least):
            self.least = other.least
        if other.most is not None and (self.most is None or other.most > self.most):
            self.most = other.most


@dataclass(slots=True)
class Waits:
    """How many waited how long. `by_second[k]`: more than k-1 and at most k seconds; 0 is not at all."""

    by_second: dict[int, int] = field(default_factory=dict)

    def add(self, ms: int) -> None:
        """One more."""
        second = min(-(-ms // 1_000), TO_THE_SECOND + 1)
        self.by_second[second] = self.by_second.get(second, 0) + 1

    def include(self, other: Waits) -> None:
        """All of the other's, too."""
        own = self.by_second
        for second, count in other.by_second.items():
            own[second] = own.get(second, 0) + count

    def include_text(self, text: str, within: int | None = None) -> None:
        """What `as_text` wrote, too; or several of those, with commas between them. `within`: count whoever waited at
        most so many seconds as one who waited for them all, and nobody else."""
        if not text:
            return
        own = self.by_second
        flat = orjson.loads(f"[{text}]")
        seconds, counts = flat[::2], flat[1::2]
        if within is not None:
            own[within] = own.get(within, 0) + sum(compress(counts, map(within.__ge__, seconds)))
            return
        for second, count in zip(seconds, counts, strict=True):
            own[second] = own.get(second, 0) + count

    def as_text(self) -> str:
        """For storage: `second,count,second,count`"""
        return orjson.dumps([number for pair in sorted(self.by_second.items()) for number in pair])[1:-1].decode()

    def within(self, seconds: int) -> int:
        """How many waited at most so long. Exact up to `TO_THE_SECOND`."""
        return sum(count for second, count in self.by_second.items() if second <= seconds)

    def within_each(self, ends: Iterable[int]) -> Iterator[int]:
        """The same for each of `ends`, which rise."""
        so_far, waits = 0, deque(sorted(self.by_second.items()))
        for seconds in ends:
            while waits and waits[0][0] <= seconds:
                so_far += waits.popleft()[1]
            yield so_far


@dataclass(slots=True)
class QueueFigures:
    """Of a queue, or of several. `answered` has `picked_up` in it; `talks`: those that have ended."""

    calls: int = 0
    answered: int = 0
    picked_up: int = 0
    forwarded: int = 0
    broke_out: int = 0
    abandoned: int = 0
    refused: int = 0
    offers: int = 0
    missed: int = 0
    wait_answered: Spread = field(default_factory=Spread)
    wait_unanswered: Spread = field(default_factory=Spread)
    talks: Spread = field(default_factory=Spread)
    answered_after: Waits = field(default_factory=Waits)
    unanswered_after: Waits = field(default_factory=Waits)

    @property
    def unanswered(self) -> int:
        return self.forwarded + self.broke_out + self.abandoned + self.refused

    @property
    def waiting(self) -> int:
        """Who is still in line."""
        return self.calls - self.answered - self.unanswered

    def add(self, event: QueueEvent) -> None:
        """Count one event."""
        ms = event.ms or 0
        match event.what:
            case What.JOINED:
                self.calls += 1
            case What.OFFERED:
                self.offers += 1
            case What.MISSED:
                self.missed += 1
            case What.ANSWERED | What.PICKED_UP:
                self.answered += 1
                self.picked_up += event.what == What.PICKED_UP
                self.wait_answered.add(ms)
                self.answered_after.add(ms)
            case What.TALK_ENDED:
                self.talks.add(ms)
            case What.FORWARDED | What.BROKE_OUT | What.ABANDONED | What.REFUSED as how:
                setattr(self, how, getattr(self, how) + 1)
                self.wait_unanswered.add(ms)
                self.unanswered_after.add(ms)

    def include(self, other: QueueFigures) -> None:
        """All of the other's, too."""
        self.calls += other.calls
        self.answered += other.answered
        self.picked_up += other.picked_up
        self.forwarded += other.forwarded
        self.broke_out += other.broke_out
        self.abandoned += other.abandoned
        self.refused += other.refused
        self.offers += other.offers
        self.missed += other.missed
        self.wait_answered.include(other.wait_answered)
        self.wait_unanswered.include(other.wait_unanswered)
        self.talks.include(other.talks)
        self.answered_after.include(other.answered_after)
        self.unanswered_after.include(other.unanswered_after)


COUNTS = ("calls", "answered", "picked_up", "forwarded", "broke_out", "abandoned", "refused", "offers", "missed")


@dataclass(slots=True)
class AgentFigures:
    """Of an agent's part in one queue, or in several."""

    offers: int = 0
    missed: int = 0
    answered: int = 0
    talks: int = 0
    talked: int = 0
    most_talk: int | None = None
    wrap_ups: int = 0
    wrap_up: int = 0

    def add(self, event: QueueEvent) -> None:
        """Count one event."""
        ms = event.ms or 0
        match event.what:
            case What.OFFERED:
                self.offers += 1
            case What.MISSED:
                self.missed += 1
            case What.ANSWERED | What.PICKED_UP:
                self.answered += 1
            case What.TALK_ENDED:
                self.talks += 1
                self.talked += ms
                self.most_talk = ms if self.most_talk is None else max(ms, self.most_talk)
            case "wrap_up":
                self.wrap_ups += 1
                self.wrap_up += ms
            case "wrap_up_cut":
                self.wrap_up += ms

    def include(self, other: AgentFigures) -> None:
        """All of the other's, too."""
        for name in AGENT_SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.most_talk is not None and (self.most_talk is None or other.most_talk > self.most_talk):
            self.most_talk = other.most_talk


AGENT_SUMS = ("offers", "missed", "answered", "talks", "talked", "wrap_ups", "wrap_up")

QueueKey = tuple[int, int, str, int]
"""Account, span, queue, beginning of the bucket."""
AgentKey = tuple[int, int, str, int, str]
"""The same, and the agent."""


@dataclass(slots=True)
class Tally:
    """What some events add to the figures of all spans."""

    queues: dict[QueueKey, QueueFigures] = field(default_factory=dict)
    agents: dict[AgentKey, AgentFigures] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[QueueEvent]) -> Tally:
        """Count them by the quarter, and gather quarters in hours and days."""
        tally = cls()
        queues, agents = tally.queues, tally.agents
        for event in events:
            bucket = event.moment - event.moment % QUARTER
            if event.what not in _OF_AGENTS_ONLY:
                key = (event.account, QUARTER, event.queue, bucket)
                if (figures := queues.get(key)) is None:
                    figures = queues[key] = QueueFigures()
                figures.add(event)
            if event.agent is not None and event.what not in _OF_SESSIONS:
                agent_key = (event.account, QUARTER, event.queue, bucket, event.agent)
                if (part := agents.get(agent_key)) is None:
                    part = agents[agent_key] = AgentFigures()
                part.add(event)
        for (account, _, queue, bucket), figures in list(queues.items()):
            for span in (HOUR, DAY):
                key = (account, span, queue, bucket - bucket % span)
                if (wider := queues.get(key)) is None:
                    wider = queues[key] = QueueFigures()
                wider.include(figures)
        for (account, _, queue, bucket, agent), part in list(agents.items()):
            for span in (HOUR, DAY):
                agent_key = (account, span, queue, bucket - bucket % span, agent)
                if (more := agents.get(agent_key)) is None:
                    more = agents[agent_key] = AgentFigures()
                more.include(part)
        return tally


_OF_SESSIONS = frozenset({What.LOGGED_ON, What.LOGGED_OFF, What.WITHDRAWN})
_OF_AGENTS_ONLY = frozenset({*_OF_SESSIONS, WRAP_UP, WRAP_UP_CUT})
