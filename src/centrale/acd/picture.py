"""What an administrator arranged: the queues of an account, their members and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NewType

from centrale.routing.snapshot import ExtensionNumber

CallId = NewType("CallId", str)
"""A caller in a queue, and later the talk: the id of the call."""
QueueId = ExtensionNumber
AgentId = ExtensionNumber
"""A user extension or a forward extension (QUE-14)."""

RING_ALL_MOST = 15
"""Ring-all rings at most so many at once (QUE-18)."""
LONGEST_RING = 300.0
"""Seconds; a ring timeout above it counts as this (QUE-20)."""


class Strategy(StrEnum):
    """Which available agent is offered a call (QUE-19)."""

    LONGEST_IDLE = "longest_idle"
    """Longest since a call of this queue was last *offered*; before the first one, since logon."""
    FEWEST_CALLS = "fewest_calls"
    """Fewest calls of this queue answered since logon; of equals the longest idle."""
    RANDOM = "random"
    """By chance, each once per cycle of a caller."""
    LINEAR = "linear"
    """By rank."""
    LINEAR_REMEMBERING = "linear_remembering"
    """By rank, starting with the agent to whom the queue last offered a call."""
    ROUND_ROBIN = "round_robin"
    """By rank, starting after the agent to whom the queue last offered a call."""
    LEAST_TALK_TIME = "least_talk_time"
    """Least time in calls of this queue since logon; of equals the longest idle."""
    RING_ALL = "ring_all"
    """The first caller to all available agents at once."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """What differs for one agent of one queue (QUE-17); None: as the queue has it."""

    wrap_up: float | None = None
    ring_timeout: float | None = None
    weight: int | None = None


AS_THE_QUEUE = Overrides()


@dataclass(frozen=True, slots=True)
class Member:
    """An agent that an administrator put in the queue. The rank (QUE-14) is the place in `QueueSettings.members`."""

    agent: AgentId
    overrides: Overrides = AS_THE_QUEUE


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """A queue as far as distributing its calls goes. Times in seconds."""

    queue: QueueId
    members: tuple[Member, ...] = ()
    """By rank, first is highest (QUE-14)."""
    strategy: Strategy = Strategy.LONGEST_IDLE
    call_limit: int | None = None
    """Most callers that may wait at once (QUE-1); None: any number."""
    emergency: bool = False
    """Goes before every other queue, whatever the weight (QUE-3)."""
    weight: int = 0
    """0–100 (QUE-7)."""
    ring_timeout: float = 20.0
    """QUE-20."""
    wrap_up: float = 0.0
    """QUE-21."""
    offer_second_call: bool = False
    """An agent in one call is offered another (QUE-4)."""
    forward_to: tuple[str, ...] = ()
    """Rung at once when the limit is reached or `forward_after` has passed (QUE-23); empty: forwarding is off."""
    forward_after: float | None = None
    """Longest wait; None: only the limit forwards."""
    when_no_agents: tuple[str, ...] = ()
    """Where callers go while nobody is logged on (QUE-24); empty: they wait."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All queues of the account. The engine is given a whole new one after each change, and finds the differences."""

    queues: Mapping[QueueId, QueueSettings] = field(default_factory=lambda: MappingProxyType({}))
    call_limits: Mapping[AgentId, int] = field(default_factory=lambda: MappingProxyType({}))
    """Forward extensions that take more than one call at once. Everybody else takes one (and a second one where
    *offer second call* is on)."""
