"""`centrale doctor`: print what is there and what is wrong."""

from __future__ import annotations

import typer
from pydantic import ValidationError
from rich.console import Console

from centrale.cli.failure import fail
from centrale.operation.doctor import examine, healthy, table
from centrale.settings import Settings


def doctor() -> None:
    """Check this machine and this exchange; exit code 1 when something is wrong."""
    try:
        settings = Settings()
    except ValidationError as error:
        fail("a setting is wrong", detail=str(error))
    findings = examine(settings)
    Console(highlight=False).print(table(findings))
    if not healthy(findings):
        raise typer.Exit(1)
