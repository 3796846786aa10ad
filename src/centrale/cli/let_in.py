"""`centrale let-in`: help somebody in again who lost the authenticator or the password, from the exchange's machine.

An administrator does the same in the portal for those beside and below (`api/resources/web_users.py`); this is for the
last one who could.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from centrale.accounts import second_factor, web_users
from centrale.accounts.errors import Conflict, StorageUnavailable
from centrale.accounts.invitations import Invitations
from centrale.accounts.vault import VaultError
from centrale.bootstrap import open_database
from centrale.cli.failure import fail, fail_without_database, settings_or_fail
from centrale.settings import Settings


def let_in(
    email: Annotated[str, typer.Argument(help="The web user's e-mail address.")],
    link: Annotated[bool, typer.Option("--link", help="Print a link to choose a new password with, too.")] = False,
) -> None:
    """Switch off somebody's second factor, for who lost the authenticator; with --link also for a lost password.

    They are signed out everywhere, and mailed that it was done.
    """
    settings = settings_or_fail()
    fail_without_database(settings)
    try:
        told = asyncio.run(_let_in(settings, email, link=link))
    except Conflict as problem:
        fail(str(problem), "is the password lost? Ask for a link with --link")
    except (StorageUnavailable, VaultError, OSError) as problem:
        fail(str(problem), "is CENTRALE_HOME (or CENTRALE_DATABASE_URL) that of the exchange?")
    console = Console(highlight=False)
    for line in told:
        console.print(line, soft_wrap=True, markup=False)


async def _let_in(settings: Settings, email: str, *, link: bool) -> list[str]:
    database = await open_database(settings)
    told = []
    try:
        async with database.change("command line") as unit:
            row = await web_users.find(unit, email)
            if row is None:
                fail(f"nobody signs in as {email}", "the portal lists them under Web users")
            if row.disabled:
                fail(f"sign-in is switched off for {row.email}", "an administrator allows it again in the portal")
            if row.totp_secret is not None or not link:
                await second_factor.reset(unit, row.id, by=None, portal=settings.portal)
                told.append(f"{row.email} signs in without a code from now on.")
            if link:
                told.append(await Invitations(database, settings.portal).invite(unit, row.id))
    finally:
        await database.close()
    return told
