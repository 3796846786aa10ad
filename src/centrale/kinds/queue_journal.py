"""What the journal keeps of a caller in a queue, so that a restart takes nobody's place (design §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centrale.calls import Call
from centrale.routing.snapshot import E164, ExtensionNumber

OUT_OF_LINE: Mapping[str, Any] = {"waits": None, "talks": None}
"""The caller has left the queue."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Where a caller stood, since when, and what had been gathered on the way there."""

    queue: ExtensionNumber
    since: datetime
    path: tuple[ExtensionNumber | E164, ...]
    prefixes: tuple[str, ...]
    called: E164 | None

    def as_fields(self) -> dict[str, Any]:
        """For the journal."""
        return {
            "waits": {
                "queue": self.queue,
                "since": self.since.isoformat(),
                "path": list(self.path),
                "prefixes": list(self.prefixes),
                "called": self.called,
            }
        }


@dataclass(frozen=True, slots=True)
class Talks:
    """Which agent of which queue talks with the caller, and since when. None: who picked the call up is no agent."""

    queue: ExtensionNumber
    agent: ExtensionNumber | None
    since: datetime


def in_line(call: Call, queue: ExtensionNumber, since: datetime) -> dict[str, Any]:
    """The caller waits."""
    return Waits(queue, since, call.path, tuple(call.prefixes), call.called).as_fields()


def with_agent(call: Call, queue: ExtensionNumber, agent: ExtensionNumber | None) -> dict[str, Any]:
    """An agent answered, or somebody picked the call up. The place is kept until they are connected: whoever dies in
    between finds it again."""
    return {"talks": {"queue": queue, "agent": agent, "since": call.now().isoformat()}}


def read_waits(fields: Mapping[str, Any]) -> Waits | None:
    """What `in_line` wrote. Raises KeyError or ValueError for anything else."""
    found = fields.get("waits")
    if not found:
        return None
    return Waits(
        ExtensionNumber(found["queue"]),
        datetime.fromisoformat(found["since"]),
        tuple(found["path"]),
        tuple(found["prefixes"]),
        E164(found["called"]) if found["called"] else None,
    )


def read_talks(fields: Mapping[str, Any]) -> Talks | None:
    """What `with_agent` wrote."""
    found = fields.get("talks")
    if not found:
        return None
    agent = None if found["agent"] is None else ExtensionNumber(found["agent"])
    return Talks(ExtensionNumber(found["queue"]), agent, datetime.fromisoformat(found["since"]))
