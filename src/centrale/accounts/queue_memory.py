"""What the queue engine counts of an agent since logon (QUE-19, QUE-21), kept beside the events for the next process.

A row for each agent of a queue, so that a start reads as many rows as there are agents, however many calls there were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from centrale.accounts.queue_figures import WRAP_UP, WRAP_UP_CUT, QueueEvent
from centrale.queueing.happenings import What

MemoryKey = tuple[int, str, str]
"""Account, queue, agent."""


@dataclass(slots=True)
class Memory:
    """What some events say; then, with `read`, also what was known before them. Milliseconds."""

    since: int | None = None
    """Of the logon with which the counters began; None: no logon is among the events."""
    last_offered: int | None = None
    answered: int = 0
    talks: list[tuple[int, int]] = field(default_factory=list)
    """When each began and how long it was. One that began before the logon is not counted (as in the engine)."""
    wrap_up_until: int = 0

    def add(self, event: QueueEvent) -> None:
        """The next thing that happened."""
        match event.what:
            case What.LOGGED_ON:
                self.since, self.last_offered, self.answered = event.moment, None, 0
                self.talks.clear()
            case What.OFFERED:
                self.last_offered = event.at
            case What.ANSWERED | What.PICKED_UP:
                self.answered += 1
            case What.TALK_ENDED:
                self.talks.append((event.at - (event.ms or 0), event.ms or 0))
            case "wrap_up":
                self.wrap_up_until = event.at + (event.ms or 0)
            case "wrap_up_cut":
                self.wrap_up_until = event.at

    def read(self, row: Mapping[str, Any]) -> None:
        """What was known before; it ended with a logon that came after it."""
        if not self.wrap_up_until:
            self.wrap_up_until = row["wrap_up_until"]
        if self.since is None:
            self.since = row["since"]
            self.last_offered = row["last_offered"] if self.last_offered is None else self.last_offered
            self.answered += row["answered"]
            self.talks.append((row["since"], row["talked"]))

    def as_row(self) -> dict[str, Any]:
        """The columns beside the key."""
        since = self.since or 0
        return {
            "since": since,
            "last_offered": self.last_offered,
            "answered": self.answered,
            "talked": sum(ms for began, ms in self.talks if began >= since),
            "wrap_up_until": self.wrap_up_until,
        }


_REMEMBERED = frozenset(
    {What.LOGGED_ON, What.OFFERED, What.ANSWERED, What.PICKED_UP, What.TALK_ENDED, WRAP_UP, WRAP_UP_CUT}
)


def memories(events: Iterable[QueueEvent]) -> dict[MemoryKey, Memory]:
    """By agent of a queue, what the events, in their order, say."""
    found: dict[MemoryKey, Memory] = {}
    for event in events:
        if event.agent is not None and event.what in _REMEMBERED:
            found.setdefault((event.account, event.queue, event.agent), Memory()).add(event)
    return found
