"""What happened in queues, told once each: the raw material of statistics and wallboards (QUE-27..30)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from centrale.routing.snapshot import AccountId, ExtensionNumber


class What(StrEnum):
    """Each has the facts that its line names."""

    JOINED = "joined"
    """queue, call."""
    OFFERED = "offered"
    """queue, call, agent."""
    MISSED = "missed"
    """queue, call, agent, detail: why the agent did not take the call."""
    WITHDRAWN = "withdrawn"
    """queue, call, agent, detail: why the phone stopped ringing, for no reason of the agent's. Each offer ends by being
    missed, answered or withdrawn."""
    ANSWERED = "answered"
    """queue, call, agent, seconds waited."""
    TALK_ENDED = "talk_ended"
    """queue, call, agent, seconds talked."""
    ABANDONED = "abandoned"
    """queue, call, seconds waited."""
    BROKE_OUT = "broke_out"
    """queue, call, seconds waited."""
    FORWARDED = "forwarded"
    """queue, call, seconds waited, detail: why."""
    REFUSED = "refused"
    """queue, call, detail: why."""
    LOGGED_ON = "logged_on"
    """queue, agent."""
    LOGGED_OFF = "logged_off"
    """queue, agent, seconds logged on."""
    AGENT_STATE = "agent_state"
    """agent, detail: the state that began (wrap-up among them)."""
    WAITING = "waiting"
    """queue, number: how many wait now."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `at` is in UTC; what a kind of event does not have is None."""

    account: AccountId
    at: datetime
    what: What
    queue: ExtensionNumber | None = None
    call: str | None = None
    agent: ExtensionNumber | None = None
    seconds: float | None = None
    number: int | None = None
    detail: str = ""


Tell = Callable[[Happening], None]
"""Gets each event once, in order. It must neither block nor call back."""


def nobody_listens(happening: Happening) -> None:
    """No statistics are kept."""
