"""How long the next caller will probably wait (QUE-10)."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

LOOKED_BACK = timedelta(minutes=30)
FEW = 3
"""Fewer answered calls than this tell nothing."""
WITH_FEW = 120.0
"""Seconds: what callers are told then."""
_PIECE = timedelta(seconds=1)


class Waits:
    """The waits of a queue's answered calls in the last half hour. Calls answered within the same second are kept as
    one sum, so that the busiest queue keeps 1,800 of them at most."""

    __slots__ = ("_calls", "_pieces", "_total")

    def __init__(self) -> None:
        self._pieces: deque[tuple[datetime, int, float]] = deque()
        self._calls = 0
        self._total = 0.0

    def add(self, at: datetime, waited: float) -> None:
        """A call was answered. Calls have to come in their order."""
        if self._pieces and at - self._pieces[-1][0] < _PIECE:
            since, calls, total = self._pieces[-1]
            self._pieces[-1] = since, calls + 1, total + waited
        else:
            self._pieces.append((at, 1, waited))
        self._calls += 1
        self._total += waited
        self._forget(at)

    def expected(self, now: datetime) -> float:
        """Seconds."""
        self._forget(now)
        return self._total / self._calls if self._calls >= FEW else WITH_FEW

    def _forget(self, now: datetime) -> None:
        while self._pieces and now - self._pieces[0][0] > LOOKED_BACK:
            _, calls, total = self._pieces.popleft()
            self._calls -= calls
            self._total -= total
        if not self._calls:
            self._total = 0.0  # what rounding left
