"""Watches the event loop of call control. Python loads this at its start from a folder in PYTHONPATH (`LoopWatch`).

A timer in the loop says how late it comes; a thread beside it looks what the loop is doing when the timer is overdue.
Both cost what they measure: they begin and end with a signal, and other rounds go without.
Each delay of more than `WORTH_TELLING` becomes a line of JSON in the file that the environment names. The machine's
other work delays timers, too: `cpu_ms` tells how much of the delay the loop's own thread computed.
"""

from __future__ import annotations

import os
import signal
import sys

SIGNAL = signal.SIGUSR2
FILE = "BENCH_LOOP_WATCH"
EVERY = 0.01
WORTH_TELLING = 0.005
"""Seconds."""
_DEEP = 40


def _install(path: str) -> None:
    import asyncio
    import json
    import threading
    from collections.abc import Coroutine
    from time import CLOCK_THREAD_CPUTIME_ID, clock_gettime, monotonic
    from typing import Any

    class Watch:
        def __init__(self) -> None:
            self._loop = asyncio.get_running_loop()
            self._thread = threading.get_ident()
            self._seen: list[str] = []
            self._due = self._cpu = 0.0
            self._timer: asyncio.TimerHandle | None = None
            self._loop.add_signal_handler(SIGNAL, self._toggle)
            with open(path, "w") as file:  # who is to be told
                file.write(json.dumps(os.getpid()) + "\n")

        def _toggle(self) -> None:
            if self._timer is None:
                self._arm()
                threading.Thread(target=self._look, daemon=True).start()
            else:
                self._timer.cancel()
                self._timer = None

        def _arm(self) -> None:
            self._due = monotonic() + EVERY
            self._cpu = clock_gettime(CLOCK_THREAD_CPUTIME_ID)
            self._timer = self._loop.call_later(EVERY, self._tick)

        def _tick(self) -> None:
            late = monotonic() - self._due
            if late > WORTH_TELLING:
                computed = clock_gettime(CLOCK_THREAD_CPUTIME_ID) - self._cpu
                found = {"at": self._due, "late_ms": late * 1e3, "cpu_ms": computed * 1e3, "doing": self._seen}
                with open(path, "a") as file:
                    file.write(json.dumps(found) + "\n")
            self._seen = []
            self._arm()

        def _look(self) -> None:
            pause = threading.Event()
            while not pause.wait(EVERY) and self._timer is not None:
                if not self._seen and monotonic() - self._due > WORTH_TELLING:
                    frame, seen = sys._current_frames().get(self._thread), []
                    while frame is not None and len(seen) < _DEEP:
                        code = frame.f_code
                        seen.append(f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}")
                        frame = frame.f_back
                    self._seen = seen

    run = asyncio.Runner.run
    watch: Watch | None = None

    def watched(self: asyncio.Runner, coroutine: Coroutine[Any, Any, Any], **options: Any) -> Any:
        async def main() -> Any:
            nonlocal watch
            watch = Watch()
            return await coroutine

        # A dry run of a call has a loop of its own, in a thread: calls do not wait for that one.
        return run(self, main() if watch is None else coroutine, **options)

    asyncio.Runner.run = watched  # type: ignore[method-assign, assignment]


if FILE in os.environ and "centrale.serve" in sys.orig_argv:
    _install(os.environ[FILE])
