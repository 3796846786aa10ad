"""How long to wait before starting a program again that keeps dying."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST = 0.2
LONGEST = 30.0
STEADY = 30.0
"""Seconds after which a program is taken to have been well: its next death counts as the first."""


class Backoff:
    """Doubles from `first` to `longest` seconds; each wait is drawn between half and the whole of it, so that programs
    which died together do not come back together.
    """

    def __init__(
        self, first: float = FIRST, longest: float = LONGEST, chance: Callable[[], float] = random.random
    ) -> None:
        self._first = first
        self._longest = longest
        self._chance = chance
        self._next = first

    def after_living(self, seconds: float) -> float:
        """The wait, for a program that lived so long this time."""
        if seconds >= STEADY:
            self._next = self._first
        whole = self._next
        self._next = min(self._longest, whole * 2)
        return whole * (0.5 + self._chance() / 2)
