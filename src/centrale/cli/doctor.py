"""`centrale doctor`: print what is there and what is wrong."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from centrale.cli.failure import settings_or_fail
from centrale.cli.reader import LanguageOption, reader
from centrale.operation.doctor import examine, healthy, next_step, table
from centrale.wording.health import of_itself


def doctor(language: LanguageOption = None) -> None:
    """Check this machine and this exchange; exit code 1 when something is wrong."""
    settings, spoken = settings_or_fail(), reader(language)
    findings = examine(settings)
    # Into a file or a report, lines are not cut to the width of a terminal that is not there.
    width = None if sys.stdout.isatty() else 200
    console = Console(highlight=False, width=width)
    console.print(table(findings, spoken))
    if not healthy(findings):
        raise typer.Exit(1)
    if step := next_step(findings, settings):
        console.print(f"\n{of_itself(step, spoken)}", soft_wrap=True)
