"""`centrale doctor`: print what is there and what is wrong."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from centrale.cli.failure import settings_or_fail
from centrale.operation.doctor import examine, healthy, table


def doctor() -> None:
    """Check this machine and this exchange; exit code 1 when something is wrong."""
    findings = examine(settings_or_fail())
    # Into a file or a report, lines are not cut to the width of a terminal that is not there.
    width = None if sys.stdout.isatty() else 200
    Console(highlight=False, width=width).print(table(findings))
    if not healthy(findings):
        raise typer.Exit(1)
