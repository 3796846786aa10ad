"""What a run found, as a table for people and as JSON for comparing runs."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `ours` and `plain` in `unit`; `compared`: their ratio or difference, in its own words.

    `aim`: what the issue asks for; `met` is None when it asks for nothing.
    """

    name: str
    unit: str
    ours: float
    plain: float | None = None
    compared: str = ""
    aim: str = ""
    met: bool | None = None
    note: str = ""


def ratio_at_most(name: str, unit: str, ours: float, plain: float, most: float, note: str = "") -> Figure:
    """Less is better: ours may be `most` times plain."""
    ratio = ours / plain
    return Figure(name, unit, ours, plain, f"× {ratio:.2f}", f"≤ {most:.1f} ×", ratio <= most, note)


def ratio_at_least(name: str, unit: str, ours: float, plain: float, least: float, note: str = "") -> Figure:
    """More is better: ours has to reach `least` times plain."""
    ratio = ours / plain if plain else 0.0
    return Figure(name, unit, ours, plain, f"× {ratio:.2f}", f"≥ {least:.1f} ×", ratio >= least, note)


def added_at_most(name: str, unit: str, ours: float, plain: float, most: float, note: str = "") -> Figure:
    """Less is better: ours may be `most` more than plain."""
    added = ours - plain
    return Figure(name, unit, ours, plain, f"+ {added:.1f}", f"≤ + {most:g}", added <= most, note)


def table(figures: Sequence[Figure], title: str = "Centrale beside plain Asterisk: same machine, same run") -> Table:
    """As `make bench` prints it."""
    result = Table(title=title)
    for heading in ("", "ours", "plain", "compared", "aim"):
        result.add_column(heading, justify="left" if not heading else "right")
    for figure in figures:
        aim = figure.aim and f"{figure.aim} {'[green]✓[/]' if figure.met else '[red]✗[/]'}"
        name = f"{figure.name}\n[dim]{figure.note}[/]" if figure.note else figure.name
        ours = f"{_number(figure.ours)} {figure.unit}"
        result.add_row(name, ours, "" if figure.plain is None else _number(figure.plain), figure.compared, aim)
    return result


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """All figures, and on what they were measured."""
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine(), "kernel": platform.release()}
    content = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
