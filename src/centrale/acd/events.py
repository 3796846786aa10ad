"""What happens, as the engine is told. All events are facts in the past: one that comes too late (the caller has gone,
the offer was withdrawn) is not an error. Instants are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from centrale.acd.picture import AgentId, CallId, Picture, QueueId

OfferId = NewType("OfferId", int)
"""One caller ringing at one agent, once. Unique as long as the engine lives."""


class Leaving(StrEnum):
    """Why a caller left the queue (QUE-2), other than by the engine's doing."""

    HUNG_UP = "hung_up"
    BROKE_OUT = "broke_out"
    """QUE-22."""
    PICKED_UP = "picked_up"
    """QUE-25: counts as answered. By an agent who is logged on to the queue it is a talk like any other, with wrap-up;
    otherwise nobody of the queue is talking."""


class Miss(StrEnum):
    """Why an offer was not answered."""

    NO_ANSWER = "no_answer"
    """Rang for the whole ring timeout. The engine notices by itself."""
    DECLINED = "declined"
    """Busy, do-not-disturb at the device, or pressed away (QUE-4)."""
    FAILED = "failed"
    """The phone died, or there was no way to it."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What an agent of one queue did since logon (QUE-19), so that a restart does not forget it."""

    last_offered: datetime | None = None
    answered: int = 0
    talked: float = 0.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Configured:
    """The whole arrangement of the account, new or changed."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class CallerJoined:
    """Somebody wants to wait. `since`: when they came, if that was before a restart: they keep their place and their
    waiting time, and no limit applies. `held`: an introduction plays, which comes first (QUE-9): they have a place, and
    are offered to nobody until `CallerReleased`.
    """

    call: CallId
    queue: QueueId
    since: datetime | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class CallerLeft:
    """The caller has gone (QUE-2)."""

    call: CallId
    how: Leaving = Leaving.HUNG_UP
    by: AgentId | None = None
    """Who picked the call up."""


@dataclass(frozen=True, slots=True)
class CallerHeld:
    """Something plays that nothing may interrupt (QUE-11). An offer of this caller is withdrawn."""

    call: CallId


@dataclass(frozen=True, slots=True)
class CallerReleased:
    """It has ended: the caller may be offered, or forwarded when that was due meanwhile."""

    call: CallId


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """The agent takes calls of the queue. One who is no member becomes the last one, until logoff (QUE-15: whether that
    is allowed was decided before). `since` and `counters`: as they stood before a restart; told in the order in which
    a call was last offered to them, so that strategies in turn go on where they stood.
    """

    agent: AgentId
    queue: QueueId
    since: datetime | None = None
    counters: Counters = Counters()


@dataclass(frozen=True, slots=True)
class LoggedOff:
    """The agent takes no more calls of the queue, or of any (None). Counters start anew at the next logon (QUE-19)."""

    agent: AgentId
    queue: QueueId | None = None


@dataclass(frozen=True, slots=True)
class OtherCalls:
    """How many calls the agent is in now that this engine did not connect: own calls, groups, transfers… (QUE-4).
    Neither offers nor talks of this engine are among them."""

    agent: AgentId
    calls: int


@dataclass(frozen=True, slots=True)
class Reachable:
    """Whether the agent has a device that can ring (QUE-4). Until told otherwise everybody has."""

    agent: AgentId
    reachable: bool


@dataclass(frozen=True, slots=True)
class OfferAnswered:
    """The agent took the call. Connect only when the engine says so: somebody else may have been first."""

    offer: OfferId


@dataclass(frozen=True, slots=True)
class OfferMissed:
    """The agent did not take the call. After a decline or a failure the agent rests for a moment, so that a phone that
    refuses at once is not rung a hundred times a second."""

    offer: OfferId
    how: Miss


@dataclass(frozen=True, slots=True)
class TalkEnded:
    """Caller and agent are no longer connected. Wrap-up begins (QUE-21)."""

    call: CallId


@dataclass(frozen=True, slots=True)
class TalkRestored:
    """They have been talking since before a restart."""

    call: CallId
    queue: QueueId
    agent: AgentId
    since: datetime


@dataclass(frozen=True, slots=True)
class WrapUpRestored:
    """The agent's wrap-up, begun before a restart, goes on until then."""

    agent: AgentId
    until: datetime


@dataclass(frozen=True, slots=True)
class WrapUpEnded:
    """The agent is ready before the time (QUE-21)."""

    agent: AgentId


@dataclass(frozen=True, slots=True)
class AnsweredEarlier:
    """Before a restart a caller of the queue was answered at `at` after `waited` seconds: for the expected wait
    (QUE-10). Oldest first."""

    queue: QueueId
    at: datetime
    waited: float


@dataclass(frozen=True, slots=True)
class TimePassed:
    """Nothing but that `Engine.next_timer` is reached. May come early, late, or for nothing."""


Event = (
    Configured
    | CallerJoined
    | CallerLeft
    | CallerHeld
    | CallerReleased
    | LoggedOn
    | LoggedOff
    | OtherCalls
    | Reachable
    | OfferAnswered
    | OfferMissed
    | TalkEnded
    | TalkRestored
    | WrapUpRestored
    | WrapUpEnded
    | AnsweredEarlier
    | TimePassed
)
