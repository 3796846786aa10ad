"""The command line. Each command has a file of its own; this one only lists them."""

from __future__ import annotations

import typer

from centrale.cli.demo import demo
from centrale.cli.doctor import doctor
from centrale.cli.export import export
from centrale.cli.import_ import import_
from centrale.cli.runtime import runtime
from centrale.cli.token import token
from centrale.cli.up import up

app = typer.Typer(
    name="centrale",
    help="A hosted business telephone exchange.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(up)
app.command()(demo)
app.command()(doctor)
app.command()(runtime)
app.command()(token)
app.command()(export)
app.command("import")(import_)


def main() -> None:
    """The program `centrale`."""
    app()
