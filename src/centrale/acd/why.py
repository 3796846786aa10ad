"""Why an agent was offered a call: noted when it is decided, put into words only when somebody asks (issue 4, point 5).

Only what stands before the chosen agent, and the first few after, is noted: a queue of 5,000 agents must not cost more
than one of 50.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from centrale.acd.agent_state import AgentState
from centrale.acd.picture import AgentId, QueueId, Strategy
from centrale.routing.trace import Decision

MOST_NAMED = 10
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """An available agent, in the order of the strategy."""

    agent: AgentId
    rank: int
    idle_since: datetime
    answered: int
    talked: float
    tried: bool
    """Was offered this caller already in this cycle (QUE-20)."""
    elsewhere: QueueId | None = None
    """The queue whose caller goes first for this agent (QUE-7)."""

    def words(self, strategy: Strategy) -> str:
        """The agent with the fact that the strategy goes by."""
        match strategy:
            case Strategy.LONGEST_IDLE:
                return f"{self.agent} (idle since {self.idle_since:%H:%M:%S})"
            case Strategy.FEWEST_CALLS:
                return f"{self.agent} ({self.answered} answered)"
            case Strategy.LEAST_TALK_TIME:
                return f"{self.agent} ({self.talked:.0f} s talked)"
            case Strategy.RANDOM:
                return self.agent
            case _:
                return f"{self.agent} (rank {self.rank + 1})"


@dataclass(frozen=True, slots=True)
class Why:
    """One decision of a queue. `chosen` is empty when it was only asked what would be decided."""

    queue: QueueId
    strategy: Strategy
    emergency: bool
    weight: int
    waited: float
    """Seconds that the caller had waited."""
    again: bool
    """Everybody available had had their turn: the cycle began anew (QUE-20)."""
    chosen: tuple[AgentId, ...]
    candidates: tuple[Candidate, ...]
    available: int
    unavailable: tuple[tuple[AgentId, AgentState], ...]
    not_available: int

    def decision(self) -> Decision:
        """In words, for the trace of the call."""
        facts: dict[str, object] = {
            "queue": self.queue,
            "strategy": self.strategy.value,
            "waited": round(self.waited, 3),
            "candidates": [candidate.words(self.strategy) for candidate in self.candidates],
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
        for candidate in self.candidates:
            if candidate.agent in self.chosen:
                continue
            if candidate.elsewhere:
                words.append(f"{candidate.agent}: queue {candidate.elsewhere} goes first")
            elif candidate.tried and not self.again:
                words.append(f"{candidate.agent}: was offered this call already, and is tried again after the others")
        words += [f"{agent}: {_STATE_WORDS[state]}" for agent, state in self.unavailable]
        if more := self.not_available - len(self.unavailable):
            words.append(f"{more} more are not available")
        return words
