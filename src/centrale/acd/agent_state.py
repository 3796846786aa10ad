"""What an agent is doing, in one word."""

from __future__ import annotations

from enum import StrEnum


class AgentState(StrEnum):
    """For the wallboard (QUE-30), and the reason why somebody is offered no call (QUE-4). The first that holds."""

    TALKING = "talking"
    """With a caller of a queue."""
    LOGGED_OFF = "logged_off"
    """Of all queues."""
    RINGING = "ringing"
    """Is being offered a call."""
    WRAP_UP = "wrap_up"
    """QUE-21."""
    BUSY = "busy"
    """In a call that is not of a queue."""
    UNREACHABLE = "unreachable"
    """No device that can ring."""
    RESTING = "resting"
    """Has just declined a call, or the phone failed."""
    FREE = "free"
