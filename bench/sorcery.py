"""Phones from the realtime file: what they cost Asterisk, with and without sorcery's memory cache (decision 0002).

    python -m bench.sorcery [--channels 10000] [--trunks 5] [--times 500]

Prints one table: start-up, memory, CPU and time of a logon and of a refused call, and how long after its creation a
phone can log on.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.exchange import private_settings
from bench.processes import cpu_seconds, resident_megabytes
from centrale.phones.digest import Credentials
from centrale.phones.tools import LOOPBACK
from centrale.phones.wire import WirePhone
from centrale.runtime import Runtime, ensure_runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, RealtimeStore, SipChannel, SipTrunk, render
from centrale.telephony.asterisk.configuration.dialplan import PHONES
from centrale.telephony.asterisk.process import start_asterisk

_REFUSED = Extras(dialplan=f"[{PHONES}](+)\nexten => refused,1,Hangup(34)\n")
"""A call that ends at once, so that only its beginning is measured."""
_CACHE = "memory_cache,object_lifetime_maximum=1,maximum_objects=2000"
_FRESH = 20


def cached(sorcery: str) -> str:
    """Our sorcery.conf with a cache of one second in front of all that comes from the file, but for the few trunks."""
    return re.sub(r"^(endpoint|auth|aor) = realtime", rf"\1/cache = {_CACHE}\n\1 = realtime", sorcery, flags=re.M)


class Phones:
    """One telephone that is each of many in turn."""

    def __init__(self, phone: WirePhone) -> None:
        self._phone = phone

    async def log_on(self, channel: SipChannel) -> None:
        self._become(channel)
        await self._phone.register()

    async def call(self, channel: SipChannel) -> None:
        self._become(channel)
        call = await self._phone.dials("refused")
        end = await call.ended()
        assert end.code == 503, end

    def _become(self, channel: SipChannel) -> None:
        self._phone.username = channel.name
        self._phone.credentials = Credentials(channel.name, channel.password)


async def measure(pid: int, phones: list[SipChannel], act: Callable[[SipChannel], Awaitable[None]]) -> tuple[str, str]:
    """CPU milliseconds of Asterisk for each, and the milliseconds that the phone waited (median, 99th percentile)."""
    before, waits = cpu_seconds(pid), []
    for phone in phones:
        start = time.perf_counter()
        await act(phone)
        waits.append((time.perf_counter() - start) * 1000)
    spent = (cpu_seconds(pid) - before) * 1000 / len(phones)
    return f"{spent:.2f}", f"{statistics.median(waits):.1f} / {statistics.quantiles(waits, n=100)[98]:.1f}"


async def variant(settings: Settings, runtime: Runtime, options: argparse.Namespace, *, cache: bool) -> list[str]:
    """One column of the table."""
    places = render(settings, runtime, extras=_REFUSED)
    if cache:
        sorcery, modules = places.etc / "sorcery.conf", places.etc / "modules.conf"
        sorcery.write_text(cached(sorcery.read_text()))
        modules.write_text(modules.read_text() + "preload = res_sorcery_memory_cache.so\n")
    store = RealtimeStore(places.realtime)
    phones = [SipChannel(f"phone{number}", f"secret{number}") for number in range(options.channels)]
    trunks = [SipTrunk(f"t{n}", LOOPBACK, 30000 + n, sources=(f"127.0.1.{n}",)) for n in range(options.trunks)]
    start = time.perf_counter()
    store.sync(phones, trunks)
    filled = time.perf_counter() - start
    start = time.perf_counter()
    store.sync(phones, trunks)
    compared = time.perf_counter() - start
    start = time.perf_counter()
    process = await start_asterisk(runtime, places)
    started = time.perf_counter() - start
    try:
        resident = resident_megabytes(process.pid)
        async with WirePhone("phones", (LOOPBACK, settings.sip_port)) as wire:
            telephone = Phones(wire)
            some = random.Random(1).choices(phones, k=options.times)
            logon = await measure(process.pid, some, telephone.log_on)
            call = await measure(process.pid, some, telephone.call)
            delays = []
            for number in range(_FRESH):
                fresh = SipChannel(f"fresh{number}", "secret")
                start = time.perf_counter()
                store.put_channel(fresh)
                await telephone.log_on(fresh)
                delays.append((time.perf_counter() - start) * 1000)
        after = resident_megabytes(process.pid)
    finally:
        await process.stop()
    return [
        f"{filled:.2f} / {compared:.2f}",
        f"{started:.2f}",
        f"{resident:.0f} / {after:.0f}",
        *logon,
        *call,
        f"{statistics.median(delays):.1f} / {max(delays):.1f}",
    ]


async def run(options: argparse.Namespace) -> None:
    runtime = await asyncio.to_thread(ensure_runtime, Settings())
    columns = {}
    for title, cache in (("straight from the file", False), ("memory cache, 1 s", True)):
        with tempfile.TemporaryDirectory(prefix="sorcery-") as home:
            columns[title] = await variant(private_settings(Path(home)), runtime, options, cache=cache)
    rows = (
        "fill / compare the file, s",
        "Asterisk's start, s",
        "memory after start / at the end, MB",
        "logon: CPU ms",
        "logon: ms, p50 / p99",
        "call up to the dialplan: CPU ms",
        "call: ms, p50 / p99",
        "created → logged on, ms, p50 / worst",
    )
    table = Table("", *columns, title=f"{options.channels} phones, {options.trunks} trunks")
    for row, *cells in zip(rows, *columns.values(), strict=True):
        table.add_row(row, *cells)
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=int, default=10_000)
    parser.add_argument("--trunks", type=int, default=5)
    parser.add_argument("--times", type=int, default=500)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
