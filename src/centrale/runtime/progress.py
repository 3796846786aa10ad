"""How far a long fetch is."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class FetchProgress(Protocol):
    """Is told what is being done and how much of it is done."""

    def report(self, step: str, done: float) -> None:
        """`step` is a short phrase for people; `done` goes from 0 to 1 within the whole fetch."""
        ...


class Silent:
    """For tests and for processes without a reader."""

    def report(self, step: str, done: float) -> None:
        pass


class BarProgress:
    """A bar on a terminal; one line a step where there is none (a log of a build)."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stderr)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("Starting", total=1.0)
        self._said: str | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def report(self, step: str, done: float) -> None:
        self._bar.update(self._task, description=step, completed=done)
        if step != self._said and not self._console.is_terminal:
            self._console.print(f"{step} …")
        self._said = step
