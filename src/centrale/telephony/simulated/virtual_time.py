"""An event loop whose clock jumps to the next timer instead of waiting for it.

An hour of ringing passes in the time that the code takes to run, in a fixed order, so a test asserts exact instants
(after livekit's and trio's virtual clocks). Only timers move the clock: there is no other source of events, and a loop
in which nothing is left to happen is a deadlock, told as one.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Deadlock(RuntimeError):
    """Everything waits, and nothing will ever happen."""


class _NoWaiting(selectors.BaseSelector):
    """A selector that never blocks: asked to wait for `timeout` seconds it moves the loop's clock on by as much."""

    def __init__(self, inner: selectors.BaseSelector) -> None:
        self._inner = inner
        self.time = 0.0

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._inner.modify(fileobj, events, data)

    def get_map(self) -> Any:
        return self._inner.get_map()

    def close(self) -> None:
        self._inner.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._inner.select(0)
        if ready:
            return ready
        if timeout is None:
            raise Deadlock("every task waits for something that no timer will bring about")
        self.time += max(timeout, 0.0)
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Starts at time 0.0; `time()` is in virtual seconds."""

    def __init__(self) -> None:
        self._virtual = _NoWaiting(selectors.DefaultSelector())
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.time


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end in virtual time.

    Raises:
        Deadlock: everything waits for ever.
    """
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
