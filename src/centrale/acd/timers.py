"""Things that are due at an instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from heapq import heapify, heappop, heappush
from typing import Any, TypeVar

_TIDY_FROM = 256
_Subject = TypeVar("_Subject")

Timer = list[Any]
"""When it is due, a number, what to do then, and with what. A list, which is its own place in the heap: a timer of a
large account outlives thousands of events, and each object more is one more that the search for garbage goes past."""
_WHEN, _ACTION, _SUBJECT = 0, 2, 3


class Timers:
    """A heap. Cancelled timers are thrown out when they are half of it, so it stays as small as what is due."""

    __slots__ = ("_cancelled", "_heap", "_number")

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._number = 0
        self._cancelled = 0

    def __len__(self) -> int:
        """Those that are still to come."""
        return len(self._heap) - self._cancelled

    def set(self, when: datetime, action: Callable[[_Subject], None], subject: _Subject) -> Timer:
        """Call `action` with `subject` at `when`; of two at the same instant, the one set first goes first."""
        self._number += 1
        timer: Timer = [when, self._number, action, subject]
        heappush(self._heap, timer)
        return timer

    def run(self, now: datetime) -> None:
        """Let happen what is due."""
        while (heap := self._heap) and heap[0][_WHEN] <= now:
            timer = heappop(heap)
            action, timer[_ACTION] = timer[_ACTION], None
            if action is None:
                self._cancelled -= 1
            else:
                action(timer[_SUBJECT])

    def next(self) -> datetime | None:
        """When the next one is due."""
        heap = self._heap
        while heap and heap[0][_ACTION] is None:
            heappop(heap)
            self._cancelled -= 1
        if not heap:
            return None
        due: datetime = heap[0][_WHEN]
        return due

    def cancel(self, timer: Timer | None) -> None:
        """Let it come to nothing. One that is None, was cancelled before or has happened, stays as it is."""
        if timer is None or timer[_ACTION] is None:
            return
        timer[_ACTION] = timer[_SUBJECT] = None
        self._cancelled += 1
        if self._cancelled > _TIDY_FROM and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[_ACTION] is not None]
            heapify(self._heap)
            self._cancelled = 0
