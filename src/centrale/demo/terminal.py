"""The demo on a terminal: each sentence as it happens, then the trace of each call, and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from centrale.demo.client import Record
from centrale.demo.performance import Outcome
from centrale.demo.scenes import SCENES, Scene


class Terminal:
    """An `Audience` in front of a terminal; use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = Status("switching the phones on …", console=console)
        self._number = 0

    def __enter__(self) -> Self:
        self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._status.stop()

    def prepared(self, sentence: str) -> None:
        self._console.print(f"[dim]{escape(sentence)}[/]", soft_wrap=True)

    def begins(self, scene: Scene) -> None:
        self._number += 1
        self._console.print()
        self._console.rule(f"[bold]{self._number} of {len(SCENES)}  {escape(scene.title)}[/]", align="left")
        self._console.print(escape(scene.story), soft_wrap=True)
        self._status.update(f"{scene.title} …")

    def told(self, sentence: str) -> None:
        self._console.print(f"  · {escape(sentence)}", soft_wrap=True)

    def ended(self, outcome: Outcome) -> None:
        for record in outcome.records:
            self._console.print(_trace(record))
        if outcome.good:
            heard = f"; audio passed, {outcome.tones_heard} tones heard at the other end" if outcome.tones_heard else ""
            self._console.print(f"  [green]✓[/] as it should be{heard}")
        else:
            self._console.print(f"  [bold red]✗ {escape(outcome.problem)}[/]")


def summary(outcomes: Sequence[Outcome]) -> Table:
    """A line for each scene."""
    table = Table("", "Scene", "Calls", "Audio", "Problem", title="Demo", title_justify="left")
    for outcome in outcomes:
        mark = "[green]✓[/]" if outcome.good else "[red]✗[/]"
        audio = f"{outcome.tones_heard} tones heard" if outcome.tones_heard else "prompts heard"
        calls = str(len(outcome.records))
        table.add_row(mark, escape(outcome.scene.title), calls, audio if outcome.good else "", escape(outcome.problem))
    return table


def _trace(record: Record) -> Table:
    """The call's record: what was decided, why, and what was passed over."""
    caller = " ".join(word for word in (record["caller_name"], record["caller"]) if word) or "nobody logged on"
    how = f"{record['direction']}, {record['outcome']}"
    answered_by = f" by {record['answered_by']}" if record["answered_by"] else ""
    title = f"Record of {caller} → {record['called']} ({how}{answered_by}), talked {_talked(record):.1f} s"
    table = Table(
        "s", "Rule", "Outcome", "Why", title=escape(title), title_justify="left", title_style="bold", box=None
    )
    table.columns[0].justify = "right"
    started = _instant(record["started"])
    for step in record["trace"]:
        since = (_instant(step["at"]) - started).total_seconds()
        table.add_row(f"{since:.2f}", escape(step["rule"]), escape(step["outcome"]), escape(_why(step)), style="dim")
    return table


def _why(step: dict[str, Any]) -> str:
    weighed = [f"{name} {value}" for name, value in step["facts"].items() if value not in (None, "", [])]
    return "; ".join([*weighed, *(f"not {reason}" for reason in step["rejected"])])


def _talked(record: Record) -> float:
    if not record["answered"] or not record["ended"]:
        return 0.0
    return (_instant(record["ended"]) - _instant(record["answered"])).total_seconds()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
