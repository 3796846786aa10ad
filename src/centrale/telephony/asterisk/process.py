"""The Asterisk process: started apart from us, found again after our own death, watched, ended.

It gets a session of its own, so neither our terminal's Ctrl-C nor our death reaches it: calls go on. A supervisor that
comes back finds it by its command line and adopts it instead of starting a second one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Extras, Places, render

START_SECONDS = 60.0
"""With 10,000 phones a start takes a few seconds; what takes longer hangs."""

STOP_SECONDS = 10.0


class AsteriskDied(Exception):
    """Asterisk ended while we waited for it; the message says where to read why."""


class AsteriskProcess:
    """A running Asterisk, ours or an adopted one."""

    def __init__(self, pid: int, child: subprocess.Popen[bytes] | None = None) -> None:
        self.pid = pid
        self._child = child
        self._pidfd = os.pidfd_open(pid)
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._pidfd, self._notice_end)

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    async def wait(self) -> int | None:
        """Until it ends; its exit code, or None of an adopted one (only a parent is told)."""
        await self._ended.wait()
        return None if self._child is None else self._child.returncode

    async def stop(self, patience: float = STOP_SECONDS) -> None:
        """End it: calls are hung up, then it exits; killed when it has not within `patience` seconds."""
        self.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience):
                await self.wait()
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self.wait()

    def send(self, number: signal.Signals) -> None:
        """A signal to this very process, never to another that got its number."""
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def _notice_end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        if self._child is not None:
            self._child.wait()
        self._ended.set()


async def start_asterisk(runtime: Runtime, places: Places, patience: float = START_SECONDS) -> AsteriskProcess:
    """Start it and wait until calls can be made. Raises AsteriskDied, or TimeoutError (it is then ended)."""
    ready_path = places.run / "ready"
    ready_path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(ready_path))
        ready.setblocking(False)
        child = _spawn(runtime, places, ready_path)
        process = AsteriskProcess(child.pid, child)
        try:
            async with asyncio.timeout(patience):
                await _until_ready(process, ready, places)
        except BaseException:
            await process.stop(patience=1.0)
            raise
        finally:
            ready_path.unlink(missing_ok=True)
    return process


def _spawn(runtime: Runtime, places: Places, ready_path: Path) -> subprocess.Popen[bytes]:
    with (places.log / "asterisk-console.log").open("wb") as output:
        return subprocess.Popen(
            [*runtime.command("asterisk"), "-f", "-C", str(places.main_file)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=places.var,
            env=os.environ | {"NOTIFY_SOCKET": str(ready_path)},
            start_new_session=True,
        )


async def _until_ready(process: AsteriskProcess, ready: socket.socket, places: Places) -> None:
    """Asterisk says READY=1 when all modules are loaded (sd_notify(3); it needs no systemd for that)."""
    loop = asyncio.get_running_loop()
    ended = asyncio.create_task(process.wait())
    try:
        while True:
            said = asyncio.create_task(loop.sock_recv(ready, 1024))
            await asyncio.wait({ended, said}, return_when=asyncio.FIRST_COMPLETED)
            if said.done() and b"READY=1" in said.result():
                return
            if ended.done():
                said.cancel()
                raise AsteriskDied(f"Asterisk ended at once (exit code {ended.result()}); see {places.log}")
    finally:
        ended.cancel()


def find_running(places: Places) -> int | None:
    """The process number of this home's Asterisk, if one runs: whoever started it, and whatever became of them."""
    wanted = {b"-f", b"-C", str(places.main_file).encode()}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            mine = folder.stat().st_uid == os.getuid()
        except OSError:
            # It ended while we looked.
            continue
        if mine and wanted <= set(words):
            return int(folder.name)
    return None


@asynccontextmanager
async def running_asterisk(
    settings: Settings, runtime: Runtime, apology: Path | None = None, extras: Extras | None = None
) -> AsyncIterator[AsteriskProcess]:
    """Render this home's configuration, start its Asterisk, and end it afterwards. For tests and measurements."""
    places = await asyncio.to_thread(render, settings, runtime, apology, extras)
    process = await start_asterisk(runtime, places)
    try:
        yield process
    finally:
        await process.stop()
