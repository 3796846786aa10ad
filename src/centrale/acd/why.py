"""Why an agent was offered a call: noted when it is decided, put into words only when somebody asks (issue 4, point 5).

Only what stands before the chosen agent, and the first few after, is noted: a queue of 5,000 agents must not cost more
than one of 50.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from centrale.acd.agent_state import AgentState
from centrale.acd.picture import AgentId, QueueId, Strategy
from centrale.routing.trace import Decision

MOST_NAMED = 8
"""Candidates, and agents who were passed over, that are named one by one."""

_STATE_WORDS = {
    AgentState.TALKING: "is talking with a caller",
    AgentState.LOGGED_OFF: "is not logged on",
    AgentState.RINGING: "is being offered another call",
    AgentState.WRAP_UP: "is in wrap-up",
    AgentState.BUSY: "is in another call",
    AgentState.UNREACHABLE: "has no device that can ring",
    AgentState.RESTING: "has just declined a call, or could not be rung",
    AgentState.FREE: "is free",
}


def _fact(strategy: Strategy, value: Any) -> str:
    """What the strategy goes by: the first part of the key by which it sorts agents."""
    match strategy:
        case Strategy.LONGEST_IDLE:
            return f" (idle since {value:%H:%M:%S})"
        case Strategy.FEWEST_CALLS:
            return f" ({value} answered)"
        case Strategy.LEAST_TALK_TIME:
            return f" ({value:.0f} s talked)"
        case Strategy.RANDOM:
            return ""
        case _:
            return f" (rank {value + 1})"


@dataclass(frozen=True, slots=True)
class Why:
    """One decision of a queue. `chosen` is empty when there was nobody."""

    queue: QueueId
    strategy: Strategy
    emergency: bool
    weight: int
    waited: float
    """Seconds that the caller had waited."""
    again: bool
    """Everybody available had had their turn: the cycle began anew (QUE-20)."""
    chosen: tuple[AgentId, ...]
    candidates: tuple[tuple[Any, ...], ...]
    """Keys of the strategy: available agents in its order. The last part of each is the membership."""
    available: int
    tried: frozenset[AgentId]
    """Those who had been offered this caller already in this cycle (QUE-20)."""
    elsewhere: Mapping[AgentId, QueueId]
    """By agent, the queue whose caller goes first for them (QUE-7)."""
    unavailable: tuple[tuple[AgentId, AgentState], ...]
    not_available: int

    def decision(self) -> Decision:
        """In words, for the trace of the call."""
        facts: dict[str, object] = {
            "queue": self.queue,
            "strategy": self.strategy.value,
            "waited": round(self.waited, 3),
            "candidates": [f"{key[-1].agent.id}{_fact(self.strategy, key[0])}" for key in self.candidates],
            "available": self.available,
        }
        if self.emergency:
            facts["emergency"] = True
        elif self.weight:
            facts["weight"] = self.weight
        if self.again:
            facts["again"] = True
        who = ", ".join(self.chosen)
        outcome = f"offered to {who}" if self.chosen else "nobody is available"
        return Decision("queue-offer", outcome, facts, tuple(self._rejected()))

    def _rejected(self) -> list[str]:
        words = []
        for agent in [key[-1].agent.id for key in self.candidates]:
            if agent in self.chosen:
                continue
            if agent in self.elsewhere:
                words.append(f"{agent}: queue {self.elsewhere[agent]} goes first")
            elif agent in self.tried and not self.again:
                words.append(f"{agent}: was offered this call already, and is tried again after the others")
        words += [f"{agent}: {_STATE_WORDS[state]}" for agent, state in self.unavailable]
        if more := self.not_available - len(self.unavailable):
            words.append(f"{more} more are not available")
        return words
