"""A process that changes something, says so, and is killed before anything can be delivered: `dying.py URL KEY`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from centrale.accounts import extensions
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import AccountId


async def main(url: str, key: str) -> None:
    database = Database(url, Vault(key.encode()))
    async with database.change("who dies") as unit:
        await extensions.create(unit, AccountId(1), ExtensionIn(number="299", kind="user", name="Last words"))
    os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(main(*sys.argv[1:]))
