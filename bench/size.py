"""A big exchange at rest, with 10,000 channels: its start, its memory, and how soon a new channel works."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.account import furnish
from bench.exchange import START_S, centrale_up, private_settings, settled
from bench.figures import Figure
from bench.people import PASSWORD, pairs, registrar
from bench.processes import cpu_seconds, family, resident_megabytes
from centrale.phones.tools import LOOPBACK
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import find_running

CHANNELS = 10_000
NEW = 20


@dataclass(frozen=True, slots=True)
class Size:
    """Seconds and megabytes. `first_start_s` prepares everything; `start_s` is every later one."""

    channels: int
    first_start_s: float
    start_s: float
    start_cpu_s: float
    """CPU of all processes for a later start; unlike seconds by the clock, the same on a busy machine."""
    asterisk_mb: float
    control_mb: float
    created_ms: list[float]
    """From asking the API for a channel to the answer to its phone's REGISTER."""

    def figures(self) -> list[Figure]:
        many = f"{self.channels:,} channels"
        return [
            Figure("Start-up, first", "s", self.first_start_s, note=f"{many}; `centrale up` → calls can be made"),
            Figure("Start-up, later", "s", self.start_s, note=many),
            Figure("Start-up, later, CPU", "s", self.start_cpu_s, note=many),
            Figure("Memory, Asterisk", "MB", self.asterisk_mb, note=many),
            Figure("Memory, call control and supervisor", "MB", self.control_mb, note=many),
            Figure("Channel created → registered, p50", "ms", statistics.median(self.created_ms), note=many),
            Figure("Channel created → registered, worst", "ms", max(self.created_ms), note=many),
        ]


async def run(folder: Path, channels: int = CHANNELS, tell: Callable[[], None] = lambda: None) -> Size:
    """In an exchange of its own, in `folder`. `tell` is called after each of four parts."""
    settings = private_settings(folder / "home")
    account, token = await furnish(settings, pairs(channels // 2))
    tell()
    clock = asyncio.get_running_loop().time
    start = clock()
    async with centrale_up(settings) as control:
        first_start = clock() - start
        await settled(control, patience=START_S)
    tell()
    start = clock()
    async with centrale_up(settings) as control:
        later_start = clock() - start
        asterisk = await asyncio.to_thread(find_running, Places(settings.home.resolve()))
        assert asterisk is not None
        start_cpu = cpu_seconds(control) + (0 if asterisk in family(control) else cpu_seconds(asterisk))
        await settled(control, patience=START_S)
        tell()
        ours = resident_megabytes(control) - (resident_megabytes(asterisk) if asterisk in family(control) else 0)
        memory = resident_megabytes(asterisk), ours
        created = await _create(settings.http_port, settings.sip_port, account, token)
    tell()
    return Size(channels, first_start, later_start, start_cpu, *memory, created)


async def _create(http_port: int, sip_port: int, account: int, token: str) -> list[float]:
    """Milliseconds for each new channel, one after another."""
    clock = asyncio.get_running_loop().time
    took = []
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{http_port}", headers=headers, timeout=30) as client,
        registrar(sip_port) as phones,
    ):
        for number in range(NEW):
            name = f"fresh{number:02}"
            start = clock()
            wanted = {"name": name, "password": PASSWORD}
            answer = await client.post(f"/api/v1/accounts/{account}/channels", json=wanted)
            answer.raise_for_status()
            await phones.register(name)
            took.append((clock() - start) * 1000)
    return took
