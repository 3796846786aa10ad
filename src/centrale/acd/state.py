"""What the engine keeps of queues, agents and callers. Changed by `floor.py` only."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from centrale.acd.agent_state import AgentState
from centrale.acd.events import OfferId
from centrale.acd.picture import AgentId, CallId, Overrides, QueueSettings, Strategy
from centrale.acd.strategies import KEYS
from centrale.acd.timers import Timer
from centrale.acd.waits import Waits

NEVER = datetime.min.replace(tzinfo=UTC)
Place = tuple[datetime, int, "Caller"]
"""When the caller came, and a number that settles who was first in the same instant."""


@dataclass(slots=True, eq=False)
class Caller:
    """Somebody who waits, with or without a phone ringing for them."""

    call: CallId
    queue: Queue
    joined: datetime
    number: int
    held: bool
    offers: dict[AgentId, Ringing] = field(default_factory=dict)
    tried: set[AgentId] = field(default_factory=set)
    """Agents who had their turn in this cycle (QUE-20)."""
    last_tried: AgentId | None = None
    forwarding: Timer | None = None
    forward_due: bool = False
    """The timer ran out while nothing might interrupt what plays."""

    @property
    def place(self) -> Place:
        return self.joined, self.number, self


@dataclass(slots=True, eq=False)
class Membership:
    """An agent in a queue. What is counted, is counted since logon (QUE-19)."""

    agent: Agent
    queue: Queue
    rank: int
    overrides: Overrides
    invited: bool
    """By an administrator; otherwise a member for as long as logged on (QUE-15)."""
    session: int = 0
    """Another number at each logon; 0: not logged on."""
    since: datetime = NEVER
    """Of the logon."""
    last_offered: datetime | None = None
    answered: int = 0
    talked: float = 0.0
    key: tuple[Any, ...] | None = None
    """The place in `Queue.available`; None while not available."""

    @property
    def idle_since(self) -> datetime:
        """Since the last offer of this queue; before the first one, since logon."""
        return self.since if self.last_offered is None else self.last_offered

    @property
    def weight(self) -> int:
        own = self.overrides.weight
        return self.queue.settings.weight if own is None else own

    @property
    def wrap_up(self) -> float:
        own = self.overrides.wrap_up
        return self.queue.settings.wrap_up if own is None else own

    @property
    def ring_timeout(self) -> float:
        own = self.overrides.ring_timeout
        return self.queue.settings.ring_timeout if own is None else own


@dataclass(slots=True, eq=False)
class Ringing:
    """An offer that is out."""

    offer: OfferId
    caller: Caller
    membership: Membership
    timeout: Timer | None = None


@dataclass(slots=True, eq=False)
class Talk:
    """A caller of a queue and an agent, connected."""

    call: CallId
    agent: Agent
    membership: Membership
    """Perhaps no longer one: then nothing is counted any more."""
    session: int
    since: datetime
    wrap_up: float
    """Seconds, as they were when the talk began: they count when the agent is no longer a member."""


@dataclass(slots=True, eq=False)
class Agent:
    """Somebody who may take calls, of all queues together."""

    id: AgentId
    limit: int = 1
    most: int = 1
    """No queue allows the agent more calls at once. May be too high, never too low."""
    listed: bool = False
    """Available in some queue, perhaps; False: in none."""
    memberships: int = 0
    reachable: bool = True
    other_calls: int = 0
    logons: dict[str, Membership] = field(default_factory=dict)
    """By queue, those where the agent is logged on."""
    talks: dict[CallId, Talk] = field(default_factory=dict)
    ringing: Ringing | None = None
    wrap_until: datetime | None = None
    wrapping: Timer | None = None
    rest_until: datetime | None = None
    resting: Timer | None = None
    state: AgentState = AgentState.LOGGED_OFF
    told_state: AgentState = AgentState.LOGGED_OFF
    """The one that was reported last."""

    def doing(self) -> AgentState:
        """The first that holds (see `AgentState`)."""
        if self.talks:
            return AgentState.TALKING
        if not self.logons:
            return AgentState.LOGGED_OFF
        if self.ringing is not None:
            return AgentState.RINGING
        if self.wrap_until is not None:
            return AgentState.WRAP_UP
        if self.other_calls:
            return AgentState.BUSY
        if not self.reachable:
            return AgentState.UNREACHABLE
        return AgentState.FREE if self.rest_until is None else AgentState.RESTING


class Queue:
    """Callers in their order, and the agents who are free for them, in the order of the strategy."""

    __slots__ = (
        "available",
        "key",
        "last_rank",
        "logged_on",
        "members",
        "ready",
        "rings_all",
        "second_call",
        "settings",
        "unavailable",
        "waiting",
        "waits",
    )

    def __init__(self, settings: QueueSettings) -> None:
        self.members: dict[AgentId, Membership] = {}
        self.logged_on = 0
        self.waiting: list[Place] = []
        """Everybody who has not been answered."""
        self.ready: list[Place] = []
        """Those who may be offered to an agent: not held, and not ringing anywhere but in ring-all."""
        self.available: list[tuple[Any, ...]] = []
        """Keys of the strategy, sorted; the last part is the membership."""
        self.unavailable: dict[AgentId, Membership] = {}
        """Logged on, and not available."""
        self.last_rank: float = -1
        """Of the agent to whom the queue last offered a call; between two ranks when that one is no longer a member."""
        self.waits = Waits()
        self.apply(settings)

    def apply(self, settings: QueueSettings) -> None:
        """Take over settings; the order of agents is worked out anew by whoever calls."""
        self.settings = settings
        self.rings_all = settings.strategy is Strategy.RING_ALL
        self.second_call = settings.offer_second_call
        self.key: Callable[[Membership], tuple[Any, ...]] = KEYS[settings.strategy]

    def position(self, caller: Caller) -> int:
        """1 is next."""
        return bisect_left(self.waiting, caller.place) + 1

    def is_ready(self, caller: Caller) -> bool:
        return not caller.held and (self.rings_all or not caller.offers)

    def make_ready(self, caller: Caller) -> None:
        """Put the caller among those who may be offered, unless they are there."""
        place = caller.place
        if not self.ready or self.ready[-1] < place:
            self.ready.append(place)
            return
        index = bisect_left(self.ready, place)
        if self.ready[index][2] is not caller:
            self.ready.insert(index, place)

    def make_unready(self, caller: Caller) -> None:
        """The opposite; for one who is not there it does nothing."""
        _take(self.ready, caller)

    def enter(self, caller: Caller) -> None:
        place = caller.place
        if not self.waiting or self.waiting[-1] < place:
            self.waiting.append(place)
        else:
            insort(self.waiting, place)

    def leave(self, caller: Caller) -> None:
        _take(self.waiting, caller)
        _take(self.ready, caller)

    def clear_available(self) -> None:
        """Before what agents are sorted by changes; each has to be put in its place again."""
        for key in self.available:
            membership: Membership = key[-1]
            membership.key = None
            self.unavailable[membership.agent.id] = membership
        self.available.clear()

    def move(self, membership: Membership, key: tuple[Any, ...] | None) -> None:
        """Give the agent this place among the available ones (None: not available)."""
        agent = membership.agent.id
        if membership.key is not None:
            del self.available[bisect_left(self.available, membership.key)]
        membership.key = key
        if key is None:
            self.unavailable[agent] = membership
        else:
            self.unavailable.pop(agent, None)
            insort(self.available, key)


def _take(places: list[Place], caller: Caller) -> None:
    index = bisect_left(places, caller.place)
    if index < len(places) and places[index][2] is caller:
        del places[index]
