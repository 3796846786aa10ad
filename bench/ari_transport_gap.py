"""What happens when the application is killed with calls up? The other half of docs/decisions/0003-ari-transport.md.

    python -m bench.ari_transport_gap [--calls 20] [--away 3]

For each kind of socket, and for the inbound one with our own dialplan, in which callers wait a little: calls talk,
the application gets SIGKILL, half of the talks are hung up by their callers and new calls arrive while nobody is
there, and after `--away` seconds an application that knows nothing of before starts. Prints what became of each sort
of call, what the new application was told of the past, and what stayed in Asterisk.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from bench.ari_transport_world import APPS, PATIENT, App, World, world
from bench.load import delays
from centrale.phones.sipp import Sipp
from centrale.runtime import ensure_runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import ARI_USER

_PATIENCE_S = 10.0
"""How long a caller waits for the first sign of life."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one kind of socket's calls, as rows of the table."""

    talks: str
    left_in_talk: str
    new: str
    waited: str
    told: str
    remains: str
    afterwards: str


WAYS = {"inbound": APPS[0], PATIENT: APPS[0], "outbound": APPS[1]}
"""What is dialled, and the application behind it."""


async def gap(here: World, service: str, count: int, away: float) -> Fate:
    """One kill."""
    options = ["--socket", WAYS[service], "--requests", "socket", "--filter"]
    app = await App.start(here, *options)
    long_talk, short_talk = away + 8, away / 2 + 2
    async with (
        here.callees() as callees,
        here.callers("stayers", service, 20, count, long_talk) as stayers,
        here.callers("leavers", service, 20, count, short_talk) as leavers,
    ):
        await _until_talking(here, 4 * count)
        await app.kill()
        async with here.callers("newcomers", service, count / away, count, 1, _PATIENCE_S) as newcomers:
            await asyncio.sleep(away)
            app = await App.start(here, *options)
            await newcomers.finished()
        async with here.callers("later", service, 20, count, 1, _PATIENCE_S) as later:
            await later.finished()
        ended = [await each.finished() for each in (leavers, stayers)]
        told = Counter(await app.stop())
        remains = await _remains(here)
        waits = delays([mark[1:] for mark in newcomers.marks() if mark[0] == "called"], callees.marks())
    answered, refused = _happened(newcomers, "answered"), _happened(newcomers, "refused")
    return Fate(
        talks=f"{ended[1].succeeded} of {count} talk to their end",
        left_in_talk=f"{ended[0].succeeded} of {count} can hang up meanwhile",
        new=f"{answered} of {count} answered, {refused} refused (503), {count - answered - refused} heard nothing",
        waited=f"{statistics.median(waits):.0f} ms, at most {max(waits):.0f} ms" if waits else "-",
        told=", ".join(f"{kind} {told[kind]}" for kind in ("StasisStart", "StasisEnd", "ChannelDestroyed")),
        remains=remains,
        afterwards=f"{_happened(later, 'answered')} of {count} answered",
    )


async def _until_talking(here: World, legs: int) -> None:
    async with asyncio.timeout(30):
        while _talking(await _list(here, "channels")) < legs:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.1)


def _talking(channels: list[dict[str, Any]]) -> int:
    return sum(channel["state"] == "Up" for channel in channels)


async def _remains(here: World) -> str:
    channels, bridges = await _list(here, "channels"), await _list(here, "bridges")
    for kind, found in (("channels", channels), ("bridges", bridges)):
        async with _client(here) as client:
            for each in found:
                await client.delete(f"/ari/{kind}/{each['id']}")
    return f"{len(channels)} channels, {len(bridges)} bridges"


async def _list(here: World, kind: str) -> list[dict[str, Any]]:
    async with _client(here) as client:
        found: list[dict[str, Any]] = (await client.get(f"/ari/{kind}")).json()
        return found


def _client(here: World) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=here.base_url, auth=(ARI_USER, here.password))


def _happened(callers: Sipp, what: str) -> int:
    return sum(mark[0] == what for mark in callers.marks())


async def run(options: argparse.Namespace) -> None:
    runtime = await asyncio.to_thread(ensure_runtime, Settings(), tools=True)
    fates = []
    with tempfile.TemporaryDirectory(prefix="ari-bench-") as home:
        async with world(Path(home), runtime) as here:
            fates = [await gap(here, service, options.calls, options.away) for service in WAYS]
    found = Table(
        "",
        "inbound",
        "inbound, callers wait",
        "outbound",
        title=f"killed with {2 * options.calls} calls up, away for {options.away:g} s",
    )
    for row, name in (
        ("talks that go on", "talks"),
        ("talks hung up meanwhile", "left_in_talk"),
        ("new calls meanwhile", "new"),
        ("… from their INVITE to the phone", "waited"),
        ("events of the past and of now", "told"),
        ("left in Asterisk at the end", "remains"),
        ("new calls afterwards", "afterwards"),
    ):
        found.add_row(row, *(getattr(fate, name) for fate in fates))
    Console(width=140).print(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--away", type=float, default=3.0)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
