"""`centrale token`: make a token for the API, from the machine that the exchange runs on."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from centrale.accounts import accounts, tokens
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.tokens import Scope, TokenIn
from centrale.accounts.vault import VaultError
from centrale.bootstrap import open_database
from centrale.cli.failure import fail, settings_or_fail
from centrale.settings import Settings


def token(
    name: Annotated[str, typer.Argument(help="What it is for; stands in the audit.")],
    account: Annotated[
        str | None, typer.Option(help="Customer number of the one account that it sees; else the whole platform.")
    ] = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="It may look, and change nothing.")] = False,
) -> None:
    """Make a token for the API. It is shown once and cannot be had again."""
    try:
        text = asyncio.run(_make(settings_or_fail(), name, account, read_only=read_only))
    except NotFound:
        fail(f"there is no account {account}", "give its customer number, such as DEMO")
    except (StorageUnavailable, VaultError, OSError) as problem:
        fail(str(problem), "is CENTRALE_HOME (or CENTRALE_DATABASE_URL) that of the exchange?")
    Console(highlight=False).print(text, soft_wrap=True)


async def _make(settings: Settings, name: str, account: str | None, *, read_only: bool) -> str:
    database = await open_database(settings)
    try:
        async with database.change("command line") as unit:
            id = None if account is None else (await accounts.find(unit, account)).id
            scopes = frozenset({Scope.READ}) if read_only else frozenset(Scope)
            _, text = await tokens.create(unit, TokenIn(name=name, account=id, scopes=scopes))
    finally:
        await database.close()
    return text
