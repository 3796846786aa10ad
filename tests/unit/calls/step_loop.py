"""A virtual loop that does something at a chosen step of its own: between any two things that can happen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from centrale.telephony.simulated.virtual_time import VirtualTimeLoop

T = TypeVar("T")


class StepLoop(VirtualTimeLoop):
    """Counts its turns in `steps`; before turn number `at` it calls `act`."""

    def __init__(self, at: int | None, act: Callable[[], None]) -> None:
        super().__init__()
        self.steps = 0
        self._at = at
        self._act = act

    def _run_once(self) -> None:
        if self.steps == self._at:
            self.call_soon(self._act)
        self.steps += 1
        super()._run_once()  # type: ignore[misc]  # what every turn of a loop goes through


def run_to_the_end(main: Coroutine[Any, Any, T], at: int | None, act: Callable[[], None]) -> tuple[T, int]:
    """What `main` gives, and how many turns the loop took."""
    loop = StepLoop(at, act)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main), loop.steps
