"""Things that are due at an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

_TIDY_FROM = 256
_Subject = TypeVar("_Subject")


class Timer:
    """Something due; `cancel` makes it come to nothing."""

    __slots__ = ("_timers", "action", "subject")

    def __init__(self, timers: Timers, action: Callable[[Any], None], subject: Any) -> None:
        self._timers = timers
        self.action: Callable[[Any], None] | None = action
        self.subject = subject

    def cancel(self) -> None:
        """Cancelling twice, or what has happened, does nothing."""
        if self.action is not None:
            self.action = self.subject = None
            self._timers.cancelled()


class Timers:
    """A heap. Cancelled timers are thrown out when they are half of it, so it stays as small as what is due."""

    __slots__ = ("_cancelled", "_heap", "_number")

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Timer]] = []
        self._number = 0
        self._cancelled = 0

    def __len__(self) -> int:
        """Those that are still to come."""
        return len(self._heap) - self._cancelled

    def set(self, when: datetime, action: Callable[[_Subject], None], subject: _Subject) -> Timer:
        """Call `action` with `subject` at `when`; of two at the same instant, the one set first goes first."""
        timer = Timer(self, action, subject)
        self._number += 1
        heappush(self._heap, (when, self._number, timer))
        return timer

    def run(self, now: datetime) -> None:
        """Let happen what is due."""
        heap = self._heap
        while heap and heap[0][0] <= now:
            timer = heappop(heap)[2]
            action, timer.action = timer.action, None
            if action is None:
                self._cancelled -= 1
            else:
                action(timer.subject)

    def next(self) -> datetime | None:
        """When the next one is due."""
        heap = self._heap
        while heap and heap[0][2].action is None:
            heappop(heap)
            self._cancelled -= 1
        return heap[0][0] if heap else None

    def cancelled(self) -> None:
        """One of them was cancelled."""
        self._cancelled += 1
        if self._cancelled > _TIDY_FROM and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].action is not None]
            heapify(self._heap)
            self._cancelled = 0
