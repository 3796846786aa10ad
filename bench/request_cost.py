"""What each kind of request costs call control: CPU, one request after another, without calls.

The mean over the mixture tells how many requests a core can serve; which kinds make it tells where to look.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import open_loop
from bench.api_mixture import APART, MIXTURE, Asked, Mixture
from bench.exchange import centrale_up, private_settings, settled
from bench.figures import Figure
from bench.offices import furnish_offices
from bench.open_loop import Client
from bench.processes import cpu_nanoseconds
from centrale.api.authentication import cookie_name
from centrale.phones.tools import LOOPBACK

WARM, COUNTED = 8, 40
"""Requests of each kind: what is made at first use is not what it costs."""


@dataclass(slots=True)
class Found:
    """Milliseconds of CPU for a request of each kind; its answers' mean size in kB."""

    ms: dict[str, float] = field(default_factory=dict)
    kilobytes: dict[str, float] = field(default_factory=dict)

    def figures(self) -> list[Figure]:
        usual = [asked for asked in MIXTURE if asked.kind not in APART]
        whole = sum(asked.share for asked in usual)
        mean = sum(asked.share * self.ms[asked.kind] for asked in usual) / whole
        found = [Figure("A request of the mixture", "ms", mean, note=f"CPU of call control, {COUNTED} of each kind")]
        for asked in sorted(MIXTURE, key=lambda each: -each.share * self.ms[each.kind]):
            of_all = asked.share * self.ms[asked.kind] / whole
            size = self.kilobytes[asked.kind]
            note = f"{asked.share / 10:g} % of all, {of_all:.2f} ms of the mean; {size:.1f} kB"
            found.append(Figure(f"  {asked.kind}", "ms", self.ms[asked.kind], note=note))
        return found


async def run(folder: Path, tell: Callable[..., None] = lambda *_: None) -> Found:
    """Each kind in turn; in an exchange of its own in `folder`. Raises RuntimeError when a request is refused."""
    settings = private_settings(folder / "home")
    _, offices = await furnish_offices(settings)
    tell()
    found, dice = Found(), random.Random(5)
    async with (
        centrale_up(settings) as pid,
        aiohttp.ClientSession(
            f"http://{LOOPBACK}:{settings.http_port}", cookie_jar=aiohttp.DummyCookieJar()
        ) as session,
    ):
        client, mixture = Client(session), Mixture(offices, cookie_name(settings), dice)
        for request in mixture.edited():
            await client.send(request)
        await settled(pid, patience=open_loop.TIMEOUT_S)
        for asked in MIXTURE:
            await _send(client, mixture, asked, WARM)
            await settled(pid)
            before = cpu_nanoseconds(pid)
            size = await _send(client, mixture, asked, COUNTED)
            found.ms[asked.kind] = (cpu_nanoseconds(pid) - before) / 1e6 / COUNTED
            found.kilobytes[asked.kind] = size / 1000 / COUNTED
            tell()
    return found


async def _send(client: Client, mixture: Mixture, asked: Asked, times: int) -> int:
    size = 0
    for _ in range(times):
        request = mixture.one(asked)
        status, got = await client.send(request)
        if not 200 <= status < 300:
            raise RuntimeError(f"{asked.kind}: {request.method} {request.path} was answered with {status}")
        size += got
    return size
