"""What the crash journal costs a call, and how fast records reach the database: `python -m bench.records` (0004).

On the disk of the temporary folder, forced to it as in service.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from bench.directory import KEY
from centrale.accounts.database import Database
from centrale.accounts.journal import Journal
from centrale.accounts.migrate import upgrade
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.vault import Vault

CALLS = 5_000
CHANGES = 4
"""Lines between beginning and end of a call: who rings, who talks, in which bridge."""


def record(n: int) -> dict[str, Any]:
    """An inside call with a trace of ordinary length."""
    step = {
        "at": "2026-03-02T09:00:00.000+00:00",
        "what": "number",
        "outcome": "user 202",
        "inputs": {"dialled": "202"},
    }
    return {
        "id": f"call-{n:08}",
        "account": 1,
        "started": f"2026-03-02T{9 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000+00:00",
        "ended": f"2026-03-02T{10 + n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}.000+00:00",
        "direction": "inside",
        "caller": f"{200 + n % 50}",
        "called": f"{250 + n % 50}",
        "answered_by": f"{250 + n % 50}",
        "outcome": "answered",
        "legs": ["one", "two"],
        "trace": [step] * 8,
    }


def write(journal: Journal) -> dict[str, float]:
    """Writes all calls; microseconds of one line, and milliseconds that one call in a hundred waits, all its lines."""
    waits = []
    wall, cpu = perf_counter(), time.process_time()
    for n in range(CALLS):
        before = perf_counter()
        journal.opened(f"call-{n:08}", {"account": 1, "channel": "desk", "called": "202"})
        for change in range(CHANGES):
            journal.changed(f"call-{n:08}", {"bridge": f"bridge-{change}", "talking": ["one", "two"]})
        journal.closed(f"call-{n:08}", record(n))
        waits.append(perf_counter() - before)
    lines = CALLS * (CHANGES + 2)
    return {
        "journal_line_us": 1e6 * (perf_counter() - wall) / lines,
        "journal_line_cpu_us": 1e6 * (time.process_time() - cpu) / lines,
        "journal_call_p99_ms": 1000 * quantiles(waits, n=100)[98],
    }


async def store(journal: Journal, folder: Path) -> dict[str, float]:
    """Takes them into SQLite; records a second while many wait, and CPU for one."""
    database = Database(f"sqlite+aiosqlite:///{folder}/centrale.db", Vault(KEY))
    await upgrade(database)
    writer = RecordWriter(database, journal, folder / "set-aside.jsonl")
    wall, cpu = perf_counter(), time.process_time()
    await writer.flush()
    figures = {
        "records_per_second": CALLS / (perf_counter() - wall),
        "record_cpu_us": 1e6 * (time.process_time() - cpu) / CALLS,
    }
    await database.close()
    return figures


def run() -> dict[str, float]:
    """The figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        journal = Journal(folder / "journal")
        figures = write(journal) | asyncio.run(store(journal, folder))
        journal.close()
    return figures


if __name__ == "__main__":
    for name, figure in run().items():
        print(f"{name:28} {figure:>10,.1f}")
