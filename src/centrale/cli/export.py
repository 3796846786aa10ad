"""`centrale export`: one account as one YAML file."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from centrale.accounts import transfer
from centrale.accounts.errors import NotFound, StorageUnavailable
from centrale.accounts.vault import VaultError
from centrale.bootstrap import open_database
from centrale.cli.failure import fail, settings_or_fail
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings


def export(
    account: Annotated[str, typer.Argument(help="Customer number, or id.")],
    output: Annotated[Path | None, typer.Option(help="File to write; else it is printed.")] = None,
    with_secrets: Annotated[
        bool, typer.Option("--with-secrets", help="With the passwords of phones, and PINs (hashed): keep it safe.")
    ] = False,
) -> None:
    """Write one account as one YAML file, to keep or to import; also while the exchange runs."""
    settings = settings_or_fail()
    try:
        text = asyncio.run(_export(settings, account, with_secrets))
        if output is None:
            sys.stdout.write(text)
        else:
            _write(output, text)
    except NotFound as error:
        fail(str(error), "name it by its customer number or its id")
    except (StorageUnavailable, VaultError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the file cannot be written: {error}")


async def _export(settings: Settings, account: str, with_secrets: bool) -> str:
    database = await open_database(settings)
    try:
        async with database.read() as unit:
            found = await transfer.find(unit, account)
            return await transfer.export(unit, AccountId(found.id), with_secrets=with_secrets)
    finally:
        await database.close()


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for its owner only: names and numbers of people stand in it."""
    own = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        own.replace(path)
    except OSError:
        own.unlink(missing_ok=True)
        raise
