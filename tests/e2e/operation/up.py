"""`centrale up` as a person runs it, in a home and on ports of its own, read line by line."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from centrale.phones.tools import free_port
from centrale.runtime.lifetime import ends_with_us
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import AsteriskProcess, find_running

CENTRALE = Path(sys.executable).with_name("centrale")
PATIENCE = 60
"""Seconds for a line to come on a busy machine; only a failure waits so long."""


def own_settings(home: Path) -> Settings:
    """A home and ports that nobody uses now."""
    rtp = min(free_port(), 64000) & ~1
    return Settings(
        home=home, sip_port=free_port(), ari_port=free_port(), http_port=free_port(), rtp_from=rtp, rtp_to=rtp + 99
    )


class Up:
    """One running `centrale up`. `lines`: what it and its call control have printed so far."""

    def __init__(self, settings: Settings, process: Process) -> None:
        self.settings = settings
        self.process = process
        self.lines: list[str] = []
        self._read_up_to = 0

    @classmethod
    async def start(cls, settings: Settings, **environment: str) -> Up:
        names = ("home", "sip_port", "ari_port", "http_port", "rtp_from", "rtp_to", "demo")
        ours = {f"CENTRALE_{name.upper()}": str(getattr(settings, name)) for name in names}
        process = await asyncio.create_subprocess_exec(
            str(CENTRALE),
            "up",
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=os.environ | ours | environment,
            start_new_session=True,
            preexec_fn=ends_with_us(),
        )
        return cls(settings, process)

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait for the next line that fits; lines are used up in their order."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    while self._read_up_to == len(self.lines):
                        await self._read_line()
                    line = self.lines[self._read_up_to]
                    self._read_up_to += 1
                    if found := re.search(pattern, line):
                        return found
        except (TimeoutError, EOFError) as error:
            raise AssertionError(f"it never said {pattern!r}:\n" + "\n".join(self.lines)) from error

    async def says_process(self, what: str) -> int:
        """The same, for a line that names a process."""
        return int((await self.says(rf"{what}.*\bpid=(\d+)"))[1])

    async def ends(self) -> int:
        """Wait for its end; its exit code. Nothing of it then writes any more."""
        async with asyncio.timeout(PATIENCE):
            while not self.process.stdout.at_eof():  # type: ignore[union-attr]
                try:
                    await self._read_line()
                except EOFError:
                    break
            return await self.process.wait()

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ctrl_c(self) -> None:
        """As a terminal does it: everything that the terminal started gets the signal."""
        os.killpg(self.process.pid, signal.SIGINT)

    async def health(self) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{self.settings.http_port}/healthz")

    async def _read_line(self) -> None:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise EOFError
        self.lines.append(line.decode().rstrip())


@asynccontextmanager
async def up(settings: Settings, **environment: str) -> AsyncIterator[Up]:
    """Start it; whatever became of it, it and its Asterisk are gone when the block ends."""
    running = await Up.start(settings, **environment)
    try:
        yield running
    finally:
        if running.process.returncode is None:
            running.send(signal.SIGTERM)
        await running.ends()
        if (left_over := find_running(Places(settings.home.resolve()))) is not None:
            await AsteriskProcess(left_over).stop()
