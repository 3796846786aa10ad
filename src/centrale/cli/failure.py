"""Ends a command with words instead of a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy import make_url

from centrale.runtime import RuntimeUnavailable
from centrale.settings import Settings


def fail(problem: str, remedy: str = "", detail: str = "") -> NoReturn:
    """Print what is wrong and what to do, on standard error; exit code 1."""
    console = Console(stderr=True, highlight=False)
    console.print(f"{problem[:1].upper()}{problem[1:]}", style="bold red", markup=False)
    if remedy:
        console.print(f"→ {remedy}", markup=False)
    if detail:
        console.print(detail, style="dim", markup=False)
    raise typer.Exit(1)


def fail_without_runtime(error: RuntimeUnavailable) -> NoReturn:
    """The same for a runtime that could not be had."""
    fail(str(error), error.remedy, error.detail)


def settings_or_fail() -> Settings:
    """The settings of the environment; words instead of a traceback when one of them is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [_named(problem["loc"], problem["msg"]) for problem in error.errors(include_input=False)]
        fail("a setting is wrong", "docs/guides/running.md names them all", "\n".join(wrong))


def _named(place: tuple[int | str, ...], message: str) -> str:
    """The setting, unless the message names it: then it is about how several fit together."""
    message = message.removeprefix("Value error, ")
    return f"CENTRALE_{str(place[0]).upper()}: {message}" if place else message


def fail_without_database(settings: Settings) -> None:
    """For a command that only looks: SQLite would make an empty one."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        fail("there is no exchange here yet", "start one with `centrale up`, or set CENTRALE_HOME to its home")
