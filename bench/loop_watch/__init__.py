"""How late the event loop of a running exchange is, and what it was doing: see sitecustomize.py beside this."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.loop_watch.sitecustomize import FILE, SIGNAL


@dataclass(frozen=True, slots=True)
class Delay:
    """The loop came `late_ms` too late to a timer that was due `at` (monotonic seconds, as in all processes).

    `cpu_ms`: what its thread computed meanwhile; the rest it waited for a core. `doing`: the innermost frame first.
    """

    at: float
    late_ms: float
    cpu_ms: float
    doing: Sequence[str]

    @property
    def cause(self) -> str:
        """The innermost of our own functions at work, with what it called into; empty when nobody looked in time."""
        ours = [line for line in self.doing if "/centrale/" in line and "/site-packages/" not in line]
        named = [f"{line.partition('/src/')[2] or line}" for line in ours[:2]]
        inner = self.doing[0].rpartition("/")[2] if self.doing else ""
        return " ← ".join([inner, *(each for each in named if not each.endswith(inner))]) if self.doing else ""


class LoopWatch:
    """The delays of one exchange, which is started with `environment` and writes to `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        here = str(Path(__file__).parent)
        paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        self.environment = {FILE: str(path), "PYTHONPATH": os.pathsep.join(paths)}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """The loop is watched within the block, which costs it a fifth of its time."""
        told = json.loads(self._path.read_text().splitlines()[0])
        os.kill(told, SIGNAL)
        try:
            yield
        finally:
            os.kill(told, SIGNAL)

    def delays(self, since: float, until: float) -> list[Delay]:
        """Those that began in this time, the longest first."""
        found = [Delay(**json.loads(line)) for line in self._path.read_text().splitlines()[1:]]
        return sorted((each for each in found if since <= each.at < until), key=lambda each: -each.late_ms)
