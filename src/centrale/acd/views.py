"""What can be asked of the engine at any time; asking changes nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from centrale.acd.agent_state import AgentState
from centrale.acd.floor import Floor
from centrale.acd.matching import reasons
from centrale.acd.picture import RING_ALL_MOST, AgentId, CallId, QueueId
from centrale.acd.strategies import keys_in_order
from centrale.routing.trace import Decision, Step


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in a queue. `ringing`: agents whose phones ring for them."""

    call: CallId
    since: datetime
    position: int
    held: bool
    ringing: tuple[AgentId, ...]


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent who is logged on to a queue, with what is counted for this queue since logon (QUE-19)."""

    agent: AgentId
    state: AgentState
    since: datetime
    """Of the logon."""
    last_offered: datetime | None
    answered: int
    talked: float
    """Seconds, talks that have ended."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue now (QUE-30). `by_state`: logged on agents."""

    queue: QueueId
    waiting: int
    oldest: datetime | None
    """Since when the one who waits longest has been waiting."""
    logged_on: int
    available: int
    by_state: Mapping[AgentState, int]


class Views:
    """Questions. Answers count for the instant of the last event."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def position(self, call: CallId) -> int | None:
        """1 is next (QUE-8); None for somebody who does not wait."""
        caller = self._floor.callers.get(call)
        return None if caller is None else caller.queue.position(caller)

    def expected_wait(self, queue: QueueId) -> float:
        """Seconds, as callers are told (QUE-10). Raises KeyError for a queue that is not."""
        return self._floor.queues[queue].waits.expected(self._floor.now)

    def is_offered(self, call: CallId) -> bool:
        """Whether a phone rings for the caller: no infotainment should begin now (QUE-11)."""
        caller = self._floor.callers.get(call)
        return caller is not None and bool(caller.offers)

    def free_for_another(self, queue: QueueId) -> bool:
        """Whether somebody who came now could be offered at once (QUE-9): an agent is available, and not only for
        those who came before and still hear their introduction."""
        found = self._floor.queues.get(queue)
        if found is None:
            return False
        unserved = sum(1 for _, _, caller in found.waiting if not caller.offers) if found.available else 0
        return len(found.available) > unserved

    def longest_ringing(self, queues: Iterable[QueueId], gone: Container[CallId] = ()) -> CallId | None:
        """Whom a pickup gets: of those a phone rings for, the one who waits longest (QUE-25). Not one of those who are
        `gone`, which the engine has still to be told."""
        found = (self._floor.queues.get(queue) for queue in queues)
        rings = (
            next((place for place in queue.waiting if place[2].offers and place[2].call not in gone), None)
            for queue in found
            if queue is not None
        )
        longest = min((place for place in rings if place is not None), key=lambda place: place[:2], default=None)
        return None if longest is None else longest[2].call

    def is_on(self, agent: AgentId, queue: QueueId) -> bool:
        """Is the agent logged on to the queue?"""
        found = self._floor.agents.get(agent)
        return found is not None and queue in found.logons

    def waiting(self, queue: QueueId) -> list[Waiting]:
        """Everybody in the queue, in their order. Raises KeyError for a queue that is not."""
        return [
            Waiting(caller.call, joined - self._floor.shift, position, caller.held, tuple(caller.offers))
            for position, (joined, _, caller) in enumerate(self._floor.queues[queue].waiting, 1)
        ]

    def queue(self, queue: QueueId) -> QueueView:
        """For the wallboard. Raises KeyError for a queue that is not."""
        found = self._floor.queues[queue]
        by_state: dict[AgentState, int] = {}
        for member in found.members.values():
            if member.session:
                state = member.agent.state
                by_state[state] = by_state.get(state, 0) + 1
        oldest = found.waiting[0][0] - self._floor.shift if found.waiting else None
        return QueueView(queue, len(found.waiting), oldest, found.logged_on, len(found.available), by_state)

    def agents(self, queue: QueueId) -> list[AgentView]:
        """Who is logged on, by rank. Raises KeyError for a queue that is not."""
        members = [member for member in self._floor.queues[queue].members.values() if member.session]
        return [
            AgentView(
                member.agent.id,
                member.agent.state,
                member.since - self._floor.shift,
                None if member.last_offered is None else member.last_offered - self._floor.shift,
                member.answered,
                member.talked,
            )
            for member in sorted(members, key=lambda member: member.rank)
        ]

    def agent_state(self, agent: AgentId) -> AgentState:
        """Somebody of whom nothing is known is logged off."""
        found = self._floor.agents.get(agent)
        return AgentState.LOGGED_OFF if found is None else found.state

    def explain(self, queue: QueueId) -> Decision:
        """Whom a caller who came now would be offered to, and why (issue 4, point 5). Raises KeyError for a queue that
        is not."""
        found = self._floor.queues[queue]
        first = [key[-1] for key in keys_in_order(found)][: RING_ALL_MOST if found.rings_all else 1]
        return reasons(self._floor, found, None, first).decision()

    def history_of_agent(self, agent: AgentId) -> list[Step]:
        """The last that happened to the agent, oldest first."""
        return self._floor.about_agents.of(agent, self._floor.shift)

    def history_of_caller(self, call: CallId) -> list[Step]:
        """The last that happened to the caller in queues, oldest first; kept for a while after they left."""
        return self._floor.about_callers.of(call, self._floor.shift)
