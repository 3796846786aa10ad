"""What the picture of all accounts costs with 10,000 channels: `python -m bench.directory` (decision 0004).

Twice: one account with all of them, and a hundred with a hundred each. Every channel has a user of its own who is
logged on there. On SQLite in a temporary folder; CENTRALE_BENCH_DATABASE names another, empty database.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import orjson
from sqlalchemy import insert

from centrale.accounts import accounts, channels, logons, sip, transfer
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import valid_settings
from centrale.accounts.migrate import upgrade
from centrale.accounts.models import AccountRow, ChannelRow, ExtensionRow, LogonRow
from centrale.accounts.vault import Vault, strong_password
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

CHANNELS = 10_000
LAYOUTS = {"one": 1, "hundred": 100}
"""Into how many accounts the channels are divided."""
CHANGES = 50
LOOKS = 10
IMPORT_AT_MOST = 1_000
"""Channels of the account that is imported as well: each costs milliseconds."""
KEY = urlsafe_b64encode(bytes(32))
"""Known to the process that fills and to the one that measures."""


async def fill(url: str, many: int) -> None:
    """The channels, in `many` accounts, without the ceremony of single changes."""
    database = Database(url, Vault(KEY))
    await upgrade(database)
    settings, secret = valid_settings("user", {}), database.vault.seal(strong_password())
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for n in range(many):
        async with database.change("bench") as unit:
            made = await accounts.create(unit, AccountIn(number=f"{1000 + n}", name=f"Customer {n}"))
        numbers = [f"{20_000 + m}" for m in range(CHANNELS // many)]
        users = [
            {"account_id": made.id, "number": it, "kind": "user", "name": f"User {it}", "settings": settings}
            for it in numbers
        ]
        phones = [
            {"account_id": made.id, "name": f"{made.id}-{it}", "secret": secret, "dtmf": "rfc4733", "call_limit": 2}
            for it in numbers
        ]
        on = [{"account_id": made.id, "channel": f"{made.id}-{it}", "user_number": it, "since": now} for it in numbers]
        async with database.connection() as connection:
            await connection.execute(AccountRow.__table__.update().values(extension_length=5))
            for table, rows in ((ExtensionRow, users), (ChannelRow, phones), (LogonRow, on)):
                await connection.execute(insert(table), rows)
    await database.close()


def memory() -> float:
    """Megabytes that this process has in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: on the wall, and of this process's CPU (which other work on the machine leaves alone)."""

    wall: float
    cpu: float


async def time_of(what: Callable[[], Awaitable[object]], times: int = 1) -> Took:
    """The median of `times` runs."""
    took = []
    for _ in range(times):
        wall, cpu = perf_counter(), time.process_time()
        await what()
        took.append(Took(1000 * (perf_counter() - wall), 1000 * (time.process_time() - cpu)))
    return Took(median(it.wall for it in took), median(it.cpu for it in took))


async def measure(url: str) -> dict[str, float]:
    """Everything, in a process that has done nothing else."""
    database = Database(url, Vault(KEY))
    directory = Directory(database)
    async with database.read() as unit:
        account = AccountId((await accounts.find(unit, "1000")).id)
    before = memory()
    took = {"load_first": await time_of(directory.load)}
    figures = {"memory_mb": memory() - before}
    took["load"] = await time_of(directory.load, 3)
    limits = iter(range(10 * CHANGES))

    async def change(which: Database) -> None:
        async with which.change("bench") as unit:
            name = f"{account}-20007"
            await channels.change(unit, account, name, ChannelIn(call_limit=1 + next(limits) % 5))

    async def log_on() -> None:
        async with database.change("bench") as unit:
            user = ExtensionNumber(f"{20_000 + next(limits) % 5}")
            await logons.log_on(unit, account, user, ChannelName(f"{account}-20009"), exclusive=True)

    async def read_sip() -> None:
        async with database.read() as unit:
            await sip.sip_channels(unit)

    async def export() -> str:
        async with database.read() as unit:
            return await transfer.export(unit, account)

    async def rehearse() -> None:
        copy = (await export()).replace(f"name: {account}-", "name: copy-")
        await transfer.rehearse(database, "bench", copy, "COPY")

    took["change"] = await time_of(lambda: change(database), CHANGES)
    took["logon"] = await time_of(log_on, CHANGES)
    took["look"] = await time_of(directory.poll, CHANGES)
    took["sip_channels"] = await time_of(read_sip)
    took["export"] = await time_of(export)
    if len(directory.current.accounts[account].channels) <= IMPORT_AT_MOST:
        took["import_rehearsed"] = await time_of(rehearse)
    for name, it in took.items():
        figures |= {f"{name}_ms": it.wall, f"{name}_cpu_ms": it.cpu}
    async with another_process(url) as other, watching(directory) as seen:
        found = [await _until_seen(lambda: change(other), seen) for _ in range(LOOKS)]
    figures["seen_from_elsewhere_ms"], figures["seen_from_elsewhere_max_ms"] = median(found), max(found)
    await database.close()
    return figures


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[Database]:
    """What another process does, as far as the directory can tell."""
    database = Database(url, Vault(KEY))
    yield database
    await database.close()


@asynccontextmanager
async def watching(directory: Directory) -> AsyncIterator[asyncio.Event]:
    """The directory follows others; the event is set at each change that it sees."""
    seen = asyncio.Event()
    directory.on_change(lambda picture, changed: seen.set())
    task = asyncio.create_task(directory.watch())
    yield seen
    task.cancel()
    await asyncio.wait([task])


async def _until_seen(change: Callable[[], Awaitable[None]], seen: asyncio.Event) -> float:
    """From the commit to the picture."""
    await change()
    start = perf_counter()
    seen.clear()
    await seen.wait()
    return 1000 * (perf_counter() - start)


def run() -> dict[str, float]:
    """The figures of both layouts, in milliseconds and megabytes."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout, many in LAYOUTS.items():
            url = os.environ.get("CENTRALE_BENCH_DATABASE") or f"sqlite+aiosqlite:///{folder}/{layout}.db"
            asyncio.run(fill(url, many))
            command = [sys.executable, "-m", "bench.directory", url]
            told = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
            figures |= {f"directory_{layout}_{name}": value for name, value in orjson.loads(told).items()}
            if "CENTRALE_BENCH_DATABASE" in os.environ:
                break
    return figures


if __name__ == "__main__":
    if len(sys.argv) == 2:
        sys.stdout.buffer.write(orjson.dumps(asyncio.run(measure(sys.argv[1]))))
    else:
        for name, figure in run().items():
            print(f"{name:44} {figure:>10,.1f}")
