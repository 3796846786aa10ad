"""`centrale import`: shows what a file would change, then does it, all or nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from centrale.accounts import transfer
from centrale.accounts.account_file import BadFile
from centrale.accounts.errors import BreaksExpectations, Broken, Conflict, StorageUnavailable
from centrale.accounts.transfer import ImportPlan
from centrale.accounts.transfer_audio import Audio, beside
from centrale.accounts.transfer_changes import Action, Change
from centrale.accounts.vault import VaultError
from centrale.bootstrap import open_database
from centrale.cli.failure import fail, settings_or_fail
from centrale.cli.steps import steps
from centrale.explain.guard import Guard
from centrale.routing.snapshot import AccountId
from centrale.routing.trace import Step
from centrale.settings import Settings

ACTOR = "command line"
COLOURS = {Action.CREATE: "green", Action.CHANGE: "yellow", Action.DELETE: "red"}


def import_(
    file: Annotated[Path, typer.Argument(help="As `centrale export` writes it; the audio of new sounds beside it.")],
    account: Annotated[
        str | None,
        typer.Option(help="Import into this account (customer number or id); made if new. Default: the file's own."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    despite_expectations: Annotated[
        bool, typer.Option("--despite-expectations", help="Also when saved expectations break; the audit tells which.")
    ] = False,
) -> None:
    """Show what a file would change in an account, then do it, all or nothing; also while the exchange runs."""
    settings = settings_or_fail()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}")
    try:
        despite = despite_expectations
        asyncio.run(_import(settings, file, text, account, yes=yes, dry_run=dry_run, despite=despite))
    except BadFile as error:
        _fail_with_places(file, error)
    except (Conflict, BreaksExpectations) as error:
        fail(str(error))
    except (StorageUnavailable, VaultError, OSError) as error:
        fail(str(error), "nothing was changed")


async def _import(
    settings: Settings, file: Path, text: str, account: str | None, *, yes: bool, dry_run: bool, despite: bool
) -> None:
    console = Console(highlight=False)
    database = await open_database(settings)
    Guard(database, settings.home / "sounds")
    try:
        audio = Audio(beside=beside(file), home=settings.home)
        plan = await transfer.rehearse(database, ACTOR, text, account, audio=audio)
        if not plan.changes:
            console.print(f"Nothing to change: account {plan.number} is as the file says.")
            return
        console.print(table(plan))
        console.print(counts(plan))
        for broken in plan.broken:
            _print_broken(broken, console)
        if plan.broken and not despite:
            fail(
                "this would break what is expected; nothing was changed",
                "change the file, or the expectation in it; --despite-expectations does it all the same",
            )
        if dry_run:
            return
        if yes or typer.confirm("Do it?"):
            id = await transfer.perform(database, ACTOR, text, account, plan, despite_expectations=despite, audio=audio)
            _print_done(id, plan, console)
        else:
            console.print("Nothing was changed.")
    finally:
        await database.close()


def _print_broken(broken: Broken, console: Console) -> None:
    trace = [Step.from_json(step) for step in broken.trace]
    console.print()
    console.print(Text(f"“{broken.name}” would not hold any more", style="bold red"))
    console.print(Text(f"expected: {broken.expected}"))
    console.print(Text(f"instead:  {broken.found}"))
    if trace:
        console.print(steps(trace, trace[0].at))


def _print_done(id: AccountId, plan: ImportPlan, console: Console) -> None:
    console.print(f"[green]Done.[/] Account {plan.number} has id {id}.")
    made = [change.key for change in plan.changes if any(field.after == "(made)" for field in change.fields)]
    if made:
        console.print(
            f"Passwords were made for {', '.join(made)}; `centrale export {plan.number} --with-secrets` tells them.",
            soft_wrap=True,
        )


def table(plan: ImportPlan) -> Table:
    """Every field that changes, before and after."""
    title = f"Account {plan.number} {plan.name}" + (" (new)" if plan.account is None else "")
    found = Table(title=escape(title), title_justify="left")
    for heading in ("What", "Field", "Before", "After"):
        found.add_column(heading, overflow="fold")
    for change in plan.changes:
        colour = COLOURS[change.action]
        what = f"[{colour}]{change.action} {escape(f'{change.object_type} {change.key}'.strip())}[/]"
        for field, before, after in _rows(change):
            found.add_row(what, field, before, after)
            what = ""
    return found


def _rows(change: Change) -> Iterator[tuple[str, str, str]]:
    """Of something new or gone only what is set."""
    rows = [(escape(it.name), shown(it.before), shown(it.after)) for it in change.fields]
    if change.action is not Action.CHANGE:
        rows = [row for row in rows if row[1] != row[2]]
    yield from rows or [("", "", "")]


def shown(value: Any) -> str:
    """A value in a table; nothing for nothing."""
    match value:
        case None | [] | "":
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return escape(", ".join(map(str, value)))
    return escape(str(value))


def counts(plan: ImportPlan) -> str:
    """`2 to create, 1 to change, 0 to delete.`"""
    found = Counter(change.action for change in plan.changes)
    return ", ".join(f"{found[action]} to {action}" for action in Action) + "."


def _fail_with_places(file: Path, error: BadFile) -> NoReturn:
    console = Console(stderr=True, highlight=False)
    for problem in error.problems:
        where = f"{file}:{problem.line}" + (f" {problem.path}" if problem.path else "")
        console.print(f"[bold]{escape(where)}[/]: {escape(problem.message)}", soft_wrap=True)
        if problem.remedy:
            console.print(f"  → {escape(problem.remedy)}", soft_wrap=True)
    fail("the file cannot be imported; nothing was changed")
