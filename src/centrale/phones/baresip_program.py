"""The program behind a baresip phone: its folder, its process, its control connection and its loudspeakers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import tempfile
import weakref
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from centrale.phones.baresip_config import module_folder, write_config
from centrale.phones.baresip_control import BaresipControl, Event
from centrale.phones.baresip_output import BaresipOutput
from centrale.phones.loudspeaker import Loudspeaker
from centrale.phones.phone import PhoneDied
from centrale.phones.sip import SipMessage
from centrale.phones.tools import LOOPBACK, Toolbox, free_port
from centrale.runtime.lifetime import ends_with_us

START_S = 10
"""A start takes 0.1 s; on a loaded machine more."""
GOODBYE_S = 1
"""Time for BYE and un-REGISTER to be answered before the program is killed."""
LIFETIME_S = 3600
"""A phone whose owner was killed ends by itself after this time."""
START_ATTEMPTS = 3
"""Ports are found free and then used: another program may be quicker."""


class Owner(Protocol):
    """The phone that gets told what its program does."""

    def on_message(self, message: SipMessage, *, sent: bool) -> None: ...
    def on_event(self, event: Event) -> None: ...
    def on_loudspeaker(self) -> None: ...
    def on_death(self, error: PhoneDied) -> None: ...


class BaresipProgram:
    """Starts, commands and stops one baresip process."""

    def __init__(
        self,
        toolbox: Toolbox,
        name: str,
        owner: Owner,
        *,
        tone: int,
        server: tuple[str, int],
        sip_port: int | None = None,
    ) -> None:
        self._toolbox = toolbox
        self._server = server
        self._name = name
        self._tone = tone
        self._sip_port = sip_port
        self._owner = owner
        self._folder = Path()
        self._began = asyncio.Event()
        """It said that it is ready, or it ended."""
        self._is_ready = False
        self._is_up = False
        self._stopping = False
        self._process: Process | None = None
        self._control = BaresipControl(name, self._on_event)
        self._output = BaresipOutput(self._on_line, self._on_message, self._on_end)
        self._loudspeakers: list[Loudspeaker] = []
        self._loudspeaker_open = False
        self.address = (LOOPBACK, 0)

    @property
    def pid(self) -> int:
        """Process number; 0 before the start."""
        return self._process.pid if self._process else 0

    async def start(self) -> None:
        """Start the program and connect to it; raises `PhoneDied` with its last words when it does not come up."""
        for attempt in range(1, START_ATTEMPTS + 1):
            try:
                await self._start_once()
            except (PhoneDied, OSError, TimeoutError) as error:
                await self._clear_away()
                if attempt == START_ATTEMPTS:
                    raise PhoneDied(f"{self._name} did not start ({error!r}):\n{self._output.tail}") from error
            else:
                return

    async def command(self, name: str, parameters: str = "") -> str:
        """Run a baresip command; see `BaresipControl.command`."""
        return await self._control.command(name, parameters)

    def loudspeaker_for(self, hear: Callable[[bytes, int], None]) -> None:
        """If a loudspeaker was opened that belongs to no call yet, it plays into `hear` from now on."""
        if not self._loudspeaker_open:
            return
        self._loudspeaker_open = False
        self._loudspeakers[-1].plays_into(hear)
        self._loudspeakers[-1].released()
        self._loudspeakers.append(Loudspeaker(self._loudspeaker_path))

    async def stop(self) -> None:
        """End the program politely, within a second or so, and remove its folder."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await self._process.wait()
        await self._clear_away()

    def kill(self) -> None:
        """End the program without a word to anybody."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    @property
    def _loudspeaker_path(self) -> Path:
        return self._folder / "heard.wav"

    async def _start_once(self) -> None:
        self._began.clear()
        self._is_ready = self._is_up = False
        self._folder = Path(tempfile.mkdtemp(prefix="phone-"))
        self.address = (LOOPBACK, self._sip_port or free_port(socket.SOCK_DGRAM, socket.SOCK_STREAM))
        control_port = free_port()
        write_config(
            self._folder,
            modules=module_folder(self._toolbox),
            tone=self._tone,
            loudspeaker=self._loudspeaker_path,
            sip_port=self.address[1],
            control_port=control_port,
        )
        self._loudspeakers.append(Loudspeaker(self._loudspeaker_path))
        write_end = self._output.open()
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._toolbox.command("baresip"),
                *("-4", "-s", "-f", str(self._folder), "-t", str(LIFETIME_S)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                cwd=self._folder,
                preexec_fn=ends_with_us(signal.SIGKILL),
            )
        finally:
            os.close(write_end)
        weakref.finalize(self, _kill, self._process)
        async with asyncio.timeout(START_S):
            await self._began.wait()
            if not self._is_ready:
                raise PhoneDied(f"{self._name}: baresip ended with code {await self._process.wait()}")
        await self._control.connect(control_port)
        self._is_up = True

    async def _clear_away(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await self._control.close()
        self._output.close()
        for loudspeaker in self._loudspeakers:
            loudspeaker.close()
        self._loudspeakers.clear()
        if self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    def _on_line(self, line: str) -> None:
        if line.startswith("baresip is ready"):
            self._is_ready = True
            self._began.set()
        elif line.startswith("aufile: writing speaker audio"):
            self._loudspeaker_open = True
            self._owner.on_loudspeaker()

    def _on_message(self, message: SipMessage, source: tuple[str, int], target: tuple[str, int]) -> None:
        # Over TCP the phone's own port is any port, so there the exchange's port tells the direction.
        sent = target != self.address and (source == self.address or target == self._server)
        self._owner.on_message(message, sent=sent)

    def _on_event(self, event: Event) -> None:
        self._output.drain()
        self._owner.on_event(event)

    def _on_end(self) -> None:
        self._began.set()
        if self._is_up and not self._stopping:
            self._owner.on_death(PhoneDied(f"{self._name}: baresip (pid {self.pid}) died:\n{self._output.tail}"))


def _kill(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
