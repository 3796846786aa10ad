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
from centrale.accounts.transfer_audio import beside, export_audio
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
    with_audio: Annotated[
        bool, typer.Option("--with-audio", help="With the audio of sounds and music, in a folder beside the file.")
    ] = False,
) -> None:
    """Write one account as one YAML file, to keep or to import; also while the exchange runs."""
    settings = settings_or_fail()
    if with_audio and output is None:
        fail("the audio lies in a folder beside the file, so there has to be one", "add --output FILE")
    try:
        audio = beside(output) if with_audio and output else None
        text = asyncio.run(_export(settings, account, with_secrets, audio))
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


async def _export(settings: Settings, account: str, with_secrets: bool, audio: Path | None) -> str:
    database = await open_database(settings)
    try:
        async with database.read() as unit:
            found = await transfer.find(unit, account)
            if audio is not None:
                await export_audio(unit, AccountId(found.id), settings.home, audio)
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
