"""The exchange that is measured: `centrale up`, as a user starts it, with plain `Dial()` beside our application.

One Asterisk serves both. The same phones, registered the same way and asked for the same passwords, dial 50001 to be
connected by our exchange and dial50001 to be connected by `Dial()`: all that differs is who conducts the call. That is
fairer than a second Asterisk beside ours, whose modules, tables and memory would be others.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.people import DIAL, Pair, register
from bench.processes import cpu_seconds, pin
from centrale.phones.tools import LOOPBACK, free_port
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras
from centrale.telephony.asterisk.configuration.dialplan import PHONES
from centrale.telephony.asterisk.process import running_asterisk

BESIDE_OURS = Extras(
    modules=("app_dial",),
    dialplan=f"[{PHONES}](+)\nexten => _{DIAL}X.,1,Dial(PJSIP/callee${{EXTEN:{len(DIAL)}}},30)\n",
)
"""More particular than our own patterns in the same context, so Asterisk prefers it (`render_dialplan`)."""

START_S = 120.0
_MEDIA_PORTS = 12_000
_IDLE = 0.1
"""Share of a core below which a process has nothing left to do."""


@dataclass(frozen=True, slots=True)
class MeasuredExchange:
    """A running exchange. `asterisk` and `control`: process numbers, of Asterisk and of all that is ours.

    `callee_port`: where the callees of `people` registered, for whoever plays them.
    """

    settings: Settings
    runtime: Runtime
    folder: Path
    people: Sequence[Pair]
    asterisk: int
    control: int
    callee_port: int

    async def quiet(self) -> None:
        """Wait until neither has work left: what was begun is done, and its CPU time can be counted.

        Raises TimeoutError with the name of the one that goes on.
        """
        for name, pid in (("Asterisk", self.asterisk), ("call control", self.control)):
            try:
                await settled(pid)
            except TimeoutError as error:
                raise TimeoutError(f"{name} still had work long after the load had ended") from error

    def confine(self, exchange: set[int]) -> None:
        """Let both processes run on these cores only."""
        for pid in (self.asterisk, self.control):
            pin(pid, exchange)


def private_settings(home: Path) -> Settings:
    """Ports that nobody uses now, and a home of its own; nothing of the environment's."""
    first = min(free_port(socket.SOCK_DGRAM) // 2 * 2, 64_000 - _MEDIA_PORTS)
    sip, http, ari = (free_port() for _ in range(3))
    return Settings(
        home=home, sip_port=sip, http_port=http, ari_port=ari, rtp_from=first, rtp_to=first + _MEDIA_PORTS, demo=False
    )


@asynccontextmanager
async def measured_exchange(
    folder: Path,
    settings: Settings,
    runtime: Runtime,
    people: Sequence[Pair],
    beside: Extras = BESIDE_OURS,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[MeasuredExchange]:
    """Start the exchange of `settings`, whose account has `people` already, and log its callees on.

    `beside`: the plain Asterisk that it is compared with. `environment`: of our processes, beside ours.
    """
    # It finds this Asterisk, which has more than ours, and adopts it.
    async with (
        running_asterisk(settings, runtime, extras=beside) as asterisk,
        centrale_up(settings, environment) as control,
    ):
        await settled(control, patience=START_S)  # prompts are being spoken into files
        port = free_port(socket.SOCK_DGRAM)
        await register([pair.callee for pair in people], settings.sip_port, port)
        yield MeasuredExchange(settings, runtime, folder, people, asterisk.pid, control, port)


@asynccontextmanager
async def centrale_up(settings: Settings, more: Mapping[str, str] | None = None) -> AsyncIterator[int]:
    """`centrale up` until the block ends; gives its process number once calls can be made."""
    environment = {**os.environ, **(more or {})} | {
        "CENTRALE_HOME": str(settings.home),
        "CENTRALE_SIP_PORT": str(settings.sip_port),
        "CENTRALE_HTTP_PORT": str(settings.http_port),
        "CENTRALE_ARI_PORT": str(settings.ari_port),
        "CENTRALE_RTP_FROM": str(settings.rtp_from),
        "CENTRALE_RTP_TO": str(settings.rtp_to),
        "CENTRALE_DEMO": "0",
    }
    command = [str(Path(sys.executable).with_name("centrale")), "up"]
    with (settings.home / "up.txt").open("wb") as output:
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=output, stderr=output)
    try:
        await _until_calls_can_be_made(process, settings)
        yield process.pid
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _until_calls_can_be_made(process: asyncio.subprocess.Process, settings: Settings) -> None:
    url = f"http://{LOOPBACK}:{settings.http_port}/healthz"
    with suppress(TimeoutError):
        async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
            while process.returncode is None:
                # While the process does not listen yet, there is nothing else to wait for.
                with suppress(httpx.TransportError):
                    if (await client.get(url)).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(0.02)
    raise RuntimeError(f"the exchange did not start: {(settings.home / 'up.txt').read_text()[-2000:]}")


async def settled(pid: int, patience: float = 20.0) -> None:
    """Wait until a process has used next to no CPU for a moment. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        used = cpu_seconds(pid)
        while True:
            await asyncio.sleep(0.5)
            before, used = used, cpu_seconds(pid)
            if used - before <= 0.5 * _IDLE:
                return
