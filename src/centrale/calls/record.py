"""The call detail record (CDR): what is kept of a call when it is over, with the trace that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from centrale.routing.trace import Step
from centrale.telephony.switch import Cause


class Direction(StrEnum):
    """Seen from the account."""

    INSIDE = "inside"
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Outcome(StrEnum):
    """How the call ended up for its caller."""

    ANSWERED = "answered"
    """A person was reached."""
    PICKED_UP = "picked_up"
    """The caller took over a call that rang for others; that call's record tells of the talk."""
    SERVED = "served"
    """A menu, an announcement or a system number did its work."""
    UNANSWERED = "unanswered"
    """Nobody was reached."""
    ABANDONED = "abandoned"
    """The caller hung up before anyone was reached."""
    REFUSED = "refused"
    """The exchange would not or could not make the call, and said so."""
    FAILED = "failed"
    """A fault of ours, or of the platform."""


@dataclass(slots=True)
class CallRecord:
    """Times are aware and in UTC; `caller` and `called` as people know them: extension numbers or E.164."""

    id: str
    account: int
    started: datetime
    direction: Direction
    caller: str
    caller_name: str
    called: str
    channel: str | None = None
    trunk: str | None = None
    ringing: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    answered_by: str | None = None
    outcome: Outcome | None = None
    cause: Cause | None = None
    ended_by: str | None = None
    """`caller`, `called` or `exchange`."""
    legs: list[str] = field(default_factory=list)
    trace: list[Step] = field(default_factory=list)

    @property
    def talked(self) -> float:
        """Seconds between answer and end."""
        if self.answered is None or self.ended is None:
            return 0.0
        return (self.ended - self.answered).total_seconds()

    def as_json(self) -> dict[str, Any]:
        """Plain data for journal, storage and API; instants in ISO 8601."""

        def instant(moment: datetime | None) -> str | None:
            return None if moment is None else moment.isoformat(timespec="milliseconds")

        return {
            "id": self.id,
            "account": self.account,
            "started": instant(self.started),
            "ringing": instant(self.ringing),
            "answered": instant(self.answered),
            "ended": instant(self.ended),
            "direction": self.direction,
            "caller": self.caller,
            "caller_name": self.caller_name,
            "called": self.called,
            "channel": self.channel,
            "trunk": self.trunk,
            "answered_by": self.answered_by,
            "outcome": self.outcome,
            "cause": self.cause,
            "ended_by": self.ended_by,
            "legs": list(self.legs),
            "trace": [step.as_json() for step in self.trace],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CallRecord:
        """The record that `as_json` wrote; further keys are passed over. Raises KeyError or ValueError otherwise."""

        def instant(key: str) -> datetime | None:
            return None if data.get(key) is None else datetime.fromisoformat(data[key])

        return cls(
            id=data["id"],
            account=data["account"],
            started=datetime.fromisoformat(data["started"]),
            direction=Direction(data["direction"]),
            caller=data["caller"],
            caller_name=data["caller_name"],
            called=data["called"],
            channel=data.get("channel"),
            trunk=data.get("trunk"),
            ringing=instant("ringing"),
            answered=instant("answered"),
            ended=instant("ended"),
            answered_by=data.get("answered_by"),
            outcome=None if data.get("outcome") is None else Outcome(data["outcome"]),
            cause=None if data.get("cause") is None else Cause(data["cause"]),
            ended_by=data.get("ended_by"),
            legs=list(data.get("legs", ())),
            trace=[Step.from_json(step) for step in data.get("trace", ())],
        )
