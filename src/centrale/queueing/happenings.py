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
    """queue, call. Who is turned away at once came too: the next that is told of the call says so."""
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
    """queue, call, seconds talked; agent, if it was one."""
    ABANDONED = "abandoned"
    """queue, call, seconds waited."""
    BROKE_OUT = "broke_out"
    """queue, call, seconds waited."""
    FORWARDED = "forwarded"
    """queue, call, seconds waited, detail: why."""
    PICKED_UP = "picked_up"
    """queue, call, seconds waited: somebody took the caller with a pickup (QUE-25); agent, if it was one who is logged
    on to the queue."""
    REFUSED = "refused"
    """queue, call, detail: why."""
    LOGGED_ON = "logged_on"
    """queue, agent."""
    LOGGED_OFF = "logged_off"
    """queue, agent, seconds logged on."""
    AGENT_STATE = "agent_state"
    """agent, detail: the state that began; of a wrap-up also the seconds that it is to last."""
    WAITING = "waiting"
    """queue, number: how many wait now."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event. `at` is in UTC; what a kind of event does not have is None.

    `since`: when the caller came, of all that happens to a caller; when an agent logged on, of logging on and off.
    `again`: it is of a caller who came before a restart, and the process of then may have told it already.
    """

    account: AccountId
    at: datetime
    what: What
    queue: ExtensionNumber | None = None
    call: str | None = None
    agent: ExtensionNumber | None = None
    seconds: float | None = None
    number: int | None = None
    detail: str = ""
    since: datetime | None = None
    again: bool = False


Tell = Callable[[Happening], None]
"""Gets each event once, in order. It must neither block nor call back."""


def nobody_listens(happening: Happening) -> None:
    """No statistics are kept."""


class Listeners:
    """Passes everything on to several who listen; use it as a `Tell`."""

    def __init__(self, *listeners: Tell) -> None:
        self._listeners = list(listeners)

    def __call__(self, happening: Happening) -> None:
        for listener in self._listeners:
            listener(happening)

    def add(self, listener: Tell) -> Callable[[], None]:
        """Have `listener` told, too, from now on; returns the function that ends it."""
        self._listeners = [*self._listeners, listener]
        return lambda: self._remove(listener)

    def _remove(self, listener: Tell) -> None:
        self._listeners = [known for known in self._listeners if known is not listener]
