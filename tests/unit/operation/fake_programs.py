"""An Asterisk and a call control of a few lines, which say when they are born, and die as told."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Self

from centrale.runtime import Runtime
from centrale.runtime.system import asterisk_at

_TOLD = """
def tell(words):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.sendto(f"{words} {os.getpid()}".encode(), os.environ["BIRTHS"])
"""

_ASTERISK = f"""\
#!{sys.executable} -S
import os, signal, socket, sys
{_TOLD}
if sys.argv[1:] == ["-V"]:
    print("Asterisk 22.10.1")
    sys.exit()
folder = os.path.dirname(os.path.dirname(__file__))
if os.path.exists(f"{{folder}}/dies"):
    home = sys.argv[sys.argv.index("-C") + 1].removesuffix("/asterisk/etc/asterisk.conf")
    with open(f"{{home}}/log/asterisk.log", "w") as log:
        log.write("[2026-01-01] NOTICE[1] loader.c: reading\\n[2026-01-01] ERROR[1] http.c: Address in use\\n")
    tell("failed asterisk")
    sys.exit(3)
if os.path.exists(f"{{folder}}/hangs"):
    signal.signal(signal.SIGTERM, lambda *_: tell("heard"))
    tell("hanging asterisk")
    while True:
        signal.pause()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
    ready.sendto(b"STATUS=loading", os.environ["NOTIFY_SOCKET"])
    ready.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
tell("asterisk")
def end(*_):
    tell("end of asterisk")
    sys.exit()
signal.signal(signal.SIGTERM, end)
while True:
    signal.pause()
"""

_CALL_CONTROL = f"""\
import os, signal, socket, sys
{_TOLD}
def end(*_):
    tell("end of control")
    sys.exit()
signal.signal(signal.SIGTERM, end)
tell("control")
if sys.argv[1:] == ["dies"]:
    sys.exit(5)
if sys.argv[1:] == ["deaf"]:
    signal.signal(signal.SIGTERM, lambda *_: tell("heard"))
    tell("deaf")
while True:
    signal.pause()
"""


PATIENCE = 60
"""Seconds; only a failure waits so long, whatever else the machine does."""


class Programs:
    """The two programs in a folder of their own, and what they tell."""

    def __init__(self) -> None:
        # Short, because a socket's path has to be.
        self.folder = Path(tempfile.mkdtemp(prefix="centrale-test-"))
        self._told: dict[str, asyncio.Queue[int]] = defaultdict(asyncio.Queue)
        self.order: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.asterisk = self.folder / "sbin" / "asterisk"
        self.control = self.folder / "control.py"

    def __enter__(self) -> Self:
        self._socket.bind(str(self.folder / "births"))
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._hear)
        for folder in ("sbin", "lib/asterisk/modules", "share/asterisk/documentation"):
            (self.folder / folder).mkdir(parents=True)
        (self.folder / "lib/asterisk/modules/res_pjsip.so").touch()
        self.asterisk.write_text(_ASTERISK)
        self.asterisk.chmod(0o755)
        self.control.write_text(_CALL_CONTROL)
        os.environ["BIRTHS"] = str(self.folder / "births")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del os.environ["BIRTHS"]
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        shutil.rmtree(self.folder)

    @property
    def runtime(self) -> Runtime:
        return asterisk_at(self.asterisk)

    def command(self, *how: str) -> list[str]:
        return [sys.executable, "-S", str(self.control), *how]

    async def told(self, what: str) -> int:
        """The process that says `what` next: [failed | hanging] asterisk, control, deaf, heard, end of …"""
        async with asyncio.timeout(PATIENCE):
            return await self._told[what].get()

    def asterisk_dies(self, at_birth: bool = True) -> None:
        """From now on it dies at its birth, or does not."""
        if at_birth:
            (self.folder / "dies").touch()
        else:
            (self.folder / "dies").unlink()

    def asterisk_hangs(self) -> None:
        """From now on it never gets ready, and does not want to end."""
        (self.folder / "hangs").touch()

    def _hear(self) -> None:
        words, _, pid = self._socket.recv(100).decode().rpartition(" ")
        self.order.append(words)
        self._told[words].put_nowait(int(pid))
