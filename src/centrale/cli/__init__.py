"""The command line. Each command has a file of its own; this one only lists them.

Only the file of the command that was asked for is imported: the supervisor stays small, and starts at once.
"""

from __future__ import annotations

import sys
from importlib import import_module

import typer

COMMANDS = {
    "up": "up",
    "demo": "demo",
    "doctor": "doctor",
    "explain": "explain",
    "simulate": "simulate",
    "runtime": "runtime",
    "token": "token",
    "let-in": "let_in",
    "export": "export",
    "import": "import_",
}
"""By name: the file in this folder, and the function in it."""


def main() -> None:
    """The program `centrale`."""
    asked = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    command_line({asked: COMMANDS[asked]} if asked in COMMANDS else COMMANDS)()


def command_line(commands: dict[str, str]) -> typer.Typer:
    """The program with these commands."""
    app = typer.Typer(
        name="centrale",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
    )
    app.callback(help="A hosted business telephone exchange.")(_no_options_of_its_own)
    for name, file in commands.items():
        module = import_module(f"centrale.cli.{file}")
        app.command(name, cls=getattr(module, "Command", None))(getattr(module, file))
    return app


def _no_options_of_its_own() -> None:
    """With a callback, a lone command still goes by its name."""
