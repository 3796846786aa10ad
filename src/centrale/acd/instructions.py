"""What is to be done, as the engine tells it. Carry them out in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from centrale.acd.agent_state import AgentState
from centrale.acd.events import OfferId
from centrale.acd.picture import AgentId, CallId, QueueId
from centrale.acd.why import Why
from centrale.routing.trace import Decision


class Withdrawal(StrEnum):
    """Why an agent's phone stops ringing."""

    ANSWERED_ELSEWHERE = "answered_elsewhere"
    """Another agent took the call: no missed call on this phone."""
    CALLER_GONE = "caller_gone"
    """Hung up, broke out, was picked up or was forwarded."""
    NO_ANSWER = "no_answer"
    """The ring timeout is over (QUE-20)."""
    CALLER_HELD = "caller_held"
    LOGGED_OFF = "logged_off"
    UNREACHABLE = "unreachable"
    QUEUE_GONE = "queue_gone"
    TOO_LATE = "too_late"
    """Answered after the offer had ended: hang up on the agent."""


class Forwarding(StrEnum):
    """Why a caller is sent elsewhere."""

    LIMIT = "limit"
    """The call limit is reached (QUE-1, QUE-23)."""
    TIMER = "timer"
    """Waited long enough (QUE-23)."""
    NO_AGENTS = "no_agents"
    """Nobody is logged on (QUE-24)."""
    QUEUE_GONE = "queue_gone"
    """The queue was deleted under its callers."""


class Refusal(StrEnum):
    """Why a caller cannot wait, and there is nowhere to send them."""

    FULL = "full"
    """Busy tone (QUE-1)."""
    QUEUE_GONE = "queue_gone"


@dataclass(frozen=True, slots=True)
class Offer:
    """Ring the agent for the caller, on all the agent's devices at once.

    The engine watches the ring timeout and says `Withdraw` when it is over; `ring_for` is for whoever rings a phone
    that has to know it beforehand. With ring-all there are several offers of one caller.
    """

    offer: OfferId
    call: CallId
    queue: QueueId
    agent: AgentId
    ring_for: float
    """Seconds."""
    emergency: bool
    """Ring with `alert-emergency` (QUE-3)."""
    second_call: bool
    """The agent is in a call already (*offer second call*)."""
    why: Why = field(compare=False, repr=False)

    @property
    def decision(self) -> Decision:
        """Candidates in order, who was passed over and why: for the trace of the call."""
        return self.why.decision()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Stop ringing."""

    offer: OfferId
    call: CallId
    agent: AgentId
    why: Withdrawal


@dataclass(frozen=True, slots=True)
class Connect:
    """The agent answered first: connect them. Report `TalkEnded` when it is over."""

    call: CallId
    queue: QueueId
    agent: AgentId
    offer: OfferId
    waited: float
    """Seconds since the caller came."""


@dataclass(frozen=True, slots=True)
class Forward:
    """Send the caller to all `targets` at once. They are no longer in the queue."""

    call: CallId
    queue: QueueId
    targets: tuple[str, ...]
    why: Forwarding
    waited: float


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the caller away. They are not (or no longer) in the queue."""

    call: CallId
    queue: QueueId
    why: Refusal


@dataclass(frozen=True, slots=True)
class PositionsMoved:
    """Callers of the queue came or went: `Engine.position` gives each one's place now (QUE-2)."""

    queue: QueueId
    waiting: int


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """The agent's state is another one since `since`; `until`: when it ends by itself (wrap-up, rest)."""

    agent: AgentId
    state: AgentState
    since: datetime
    until: datetime | None = None


Instruction = Offer | Withdraw | Connect | Forward | Refuse | PositionsMoved | AgentChanged
