"""A whole exchange, started as a user does: `centrale up`, in a home and on ports of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from pathlib import Path
from types import TracebackType
from typing import Self

from centrale.accounts.demo import KNOWN_TOKEN
from centrale.runtime.lifetime import ends_with_us
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places
from centrale.telephony.asterisk.process import AsteriskProcess, find_running
from tests.e2e.exchange.api import Api
from tests.e2e.operation.up import CENTRALE, PATIENCE, own_settings

MEDIA_PORTS = 400


class RunningExchange:
    """`lines`: everything that it printed. Use as a context manager; `api` speaks as the platform's administrator.

    `further`: settings beside home and ports, as a user sets them.
    """

    def __init__(self, home: Path, **further: str) -> None:
        self._further = further
        settings = own_settings(home)
        first = min(settings.rtp_from, 65_000 - MEDIA_PORTS) & ~1
        self.settings: Settings = settings.model_copy(update={"rtp_from": first, "rtp_to": first + MEDIA_PORTS - 1})
        self.api = Api(f"http://127.0.0.1:{settings.http_port}", KNOWN_TOKEN)
        self.lines: list[str] = []
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    @property
    def server(self) -> tuple[str, int]:
        """Where it speaks SIP."""
        return "127.0.0.1", self.settings.sip_port

    @property
    def environment(self) -> dict[str, str]:
        """The settings as a user sets them."""
        names = ("home", "sip_port", "ari_port", "http_port", "rtp_from", "rtp_to")
        given = {name: str(getattr(self.settings, name)) for name in names} | self._further
        return {f"CENTRALE_{name.upper()}": value for name, value in given.items()}

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        await self.api.close()

    async def start(self) -> None:
        """Start it and wait until calls can be made."""
        before = len(self.lines)
        self._process = await asyncio.create_subprocess_exec(
            str(CENTRALE),
            "up",
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            env=os.environ | self.environment,
            preexec_fn=ends_with_us(),
        )
        self._reading = asyncio.create_task(self._read(self._process), name="output of centrale up")
        await self.says("Centrale runs", after=before)

    async def stop(self) -> None:
        """End it as Ctrl-C does; nothing of it is left."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        await self._ended()
        if (left_over := find_running(Places(self.settings.home.resolve()))) is not None:
            await AsteriskProcess(left_over).stop()

    # What dies --------------------------------------------------------------------------------------------------

    def process_of(self, what: str) -> int:
        """Process number of "Asterisk" or "call control", as told last."""
        return next(
            int(found[1])
            for line in reversed(self.lines)
            if (found := re.search(rf"(?:{what} runs|adopted the {what} that runs).*\bpid=(\d+)", line))
        )

    def kills(self, what: str) -> int:
        """`kill -9`; returns the number of lines printed until now, to wait for what comes `after` them."""
        os.kill(self.process_of(what), signal.SIGKILL)
        return len(self.lines)

    async def loses_power(self) -> None:
        """`kill -9` of everything at once, as a power cut does to a machine."""
        assert self._process is not None
        victims = [self.process_of("call control"), self.process_of("Asterisk")]
        self._process.kill()
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        await self._ended()

    async def says(self, pattern: str, *, after: int = 0) -> int:
        """Wait for a line that fits, among those after the first `after`; returns the number of lines up to it."""
        try:
            async with asyncio.timeout(PATIENCE), self._news:
                while True:
                    for number, line in enumerate(self.lines[after:], after + 1):
                        if re.search(pattern, line):
                            return number
                    assert self._reading is not None
                    if self._reading.done():
                        raise EOFError
                    await self._news.wait()
        except (TimeoutError, EOFError) as error:
            raise AssertionError(f"it never said {pattern!r}:\n" + "\n".join(self.lines[-60:])) from error

    async def _ended(self) -> None:
        if self._process is not None and self._reading is not None:
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
                await self._reading

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        try:
            while line := await process.stdout.readline():
                async with self._news:
                    self.lines.append(line.decode(errors="replace").rstrip())
                    self._news.notify_all()
        finally:
            async with self._news:
                self._news.notify_all()
