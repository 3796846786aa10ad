"""`centrale up`: keeps Asterisk and call control running.

    supervisor ─┬─ Asterisk        own session; outlives us; found again and adopted
                └─ call control    ends with us

The two are independent on purpose. Call control may die at any moment: Asterisk and the calls on it do not notice, and
a new one takes the calls over. Asterisk may die: call control waits for the next one. SIGTERM or Ctrl-C ends first
call control, then Asterisk.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from centrale.operation.backoff import Backoff
from centrale.operation.child import start_child, stop_child
from centrale.operation.home_lock import hold_home
from centrale.operation.log_bound import keep_bounded
from centrale.operation.ports import PortNeed, asterisk_ports, taken_ports, web_ports
from centrale.runtime import Runtime
from centrale.settings import Settings
from centrale.telephony.asterisk.configuration import Places, files_that_differ, render
from centrale.telephony.asterisk.process import AsteriskDied, AsteriskProcess, find_running, start_asterisk

log = structlog.stdlib.get_logger(__name__)

CALL_CONTROL = (sys.executable, "-m", "centrale.serve")
CHILD_PATIENCE = 10.0
LEFT_OVER_PATIENCE = 5.0
LEAST_FREE_MEGABYTES = 100
_ADDRESSES = {"http.conf", "pjsip.conf", "rtp.conf"}
"""Files whose change makes a running Asterisk one that we cannot work with."""


class CannotStart(Exception):
    """The exchange cannot start as things are; the message says why and what to do."""


@dataclass(slots=True)
class Supervisor:
    """One exchange's processes. `apology`: the prompt for calls that come while call control is away."""

    settings: Settings
    runtime: Runtime
    command: Sequence[str] = CALL_CONTROL
    environment: Mapping[str, str] = field(default_factory=dict)
    apology: Path | None = None
    backoff: Callable[[], Backoff] = Backoff
    on_asterisk_ready: Callable[[], None] = lambda: None

    async def run(self) -> None:
        """Until SIGTERM, SIGINT or SIGHUP. Raises CannotStart, HomeInUse, OSError."""
        work = asyncio.create_task(self._work())
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()

        def stop() -> None:
            # A second signal must not break off the orderly end that the first one began.
            if not stopping.is_set():
                stopping.set()
                work.cancel()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, stop)
        try:
            await work
        except asyncio.CancelledError:
            if not stopping.is_set():
                raise
            log.info("stopped")

    async def _work(self) -> None:
        places = Places(self.settings.home.resolve())
        with hold_home(places.home):
            self._check_disk()
            asterisk = await self._first_asterisk(places)
            # Leaving goes from the inside out: call control ends before Asterisk does.
            async with asyncio.TaskGroup() as outer:
                outer.create_task(self._keep_asterisk(places, asterisk), name="asterisk")
                outer.create_task(keep_bounded(places.log / "asterisk.log"), name="asterisk's log")
                self.on_asterisk_ready()
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(self._keep_call_control(), name="call control")

    async def _first_asterisk(self, places: Places) -> AsteriskProcess:
        """The one that runs already, or a new one. What goes wrong now is told, and not tried again and again."""
        await self._wait_for_ports(web_ports(self.settings))
        if (running := await _running_asterisk(places)) is not None:
            changed = sorted(_ADDRESSES & files_that_differ(self.settings, self.runtime, self.apology))
            if not changed:
                log.info("adopted the Asterisk that runs", pid=running.pid)
                return running
            log.warning(
                "the Asterisk that runs has other settings: it is ended", pid=running.pid, changed=sorted(changed)
            )
            await running.stop()
        await self._wait_for_ports(asterisk_ports(self.settings))
        try:
            return await self._start_asterisk(places)
        except (AsteriskDied, TimeoutError) as error:
            last_words = await asyncio.to_thread(_last_complaints, places.log / "asterisk.log")
            raise CannotStart(f"Asterisk does not start: {error or 'it hangs'}\n{last_words}") from error
        except sqlite3.Error as error:
            raise CannotStart(
                f"{places.realtime} cannot be used: {error}; end what uses it, or remove it: it is filled again"
            ) from error

    async def _start_asterisk(self, places: Places) -> AsteriskProcess:
        await asyncio.to_thread(render, self.settings, self.runtime, self.apology)
        process = await start_asterisk(self.runtime, places)
        log.info("Asterisk runs", pid=process.pid, version=self.runtime.version)
        return process

    async def _keep_asterisk(self, places: Places, process: AsteriskProcess) -> None:
        loop = asyncio.get_running_loop()
        backoff = self.backoff()
        born = loop.time()
        try:
            while True:
                code = await process.wait()
                pause = backoff.after_living(loop.time() - born)
                log.error("Asterisk died", exit_code=code, next_start_in=round(pause, 2))
                await asyncio.sleep(pause)
                born = loop.time()
                try:
                    process = await self._start_asterisk(places)
                except (AsteriskDied, TimeoutError, OSError, sqlite3.Error) as error:
                    # `process` is still the dead one: the loop comes back here after a longer pause.
                    log.error("Asterisk does not start", error=str(error))
        finally:
            await process.stop()

    async def _keep_call_control(self) -> None:
        loop = asyncio.get_running_loop()
        backoff = self.backoff()
        while True:
            born = loop.time()
            try:
                code = await self._live_call_control()
            except OSError as error:
                # No memory or no process number left: that passes, and Asterisk must not go down with it.
                log.error("call control does not start", error=str(error))
                code = None
            pause = backoff.after_living(loop.time() - born)
            log.error("call control is away; calls go on", exit_code=code, next_start_in=round(pause, 2))
            await asyncio.sleep(pause)

    async def _live_call_control(self) -> int:
        """One life of it; its exit code."""
        process = await start_child(self.command, self.environment)
        log.info("call control runs", pid=process.pid)
        try:
            return await process.wait()
        finally:
            await stop_child(process, CHILD_PATIENCE)

    async def _wait_for_ports(self, needs: list[PortNeed]) -> None:
        """What an exchange that just ended held becomes free within moments; what stays taken is another's."""
        try:
            async with asyncio.timeout(LEFT_OVER_PATIENCE):
                # Nobody is told when a port becomes free: this one thing has to be asked again and again.
                while await asyncio.to_thread(taken_ports, needs):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        except TimeoutError:
            taken = await asyncio.to_thread(taken_ports, needs)
            if taken:
                raise CannotStart("\n".join(str(port) for port in taken)) from None

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.settings.home).free // 1_000_000
        if free < LEAST_FREE_MEGABYTES:
            raise CannotStart(
                f"{self.settings.home} has {free} MB free, less than {LEAST_FREE_MEGABYTES} MB: "
                "call records could not be kept; free some space or set CENTRALE_HOME"
            )


async def _running_asterisk(places: Places) -> AsteriskProcess | None:
    pid = await asyncio.to_thread(find_running, places)
    try:
        return None if pid is None else AsteriskProcess(pid)
    except ProcessLookupError:
        return None  # it ended while we looked


def _last_complaints(path: Path, lines: int = 5) -> str:
    """The end of Asterisk's log, as far as it complains."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    complaints = [line for line in text.splitlines() if " ERROR[" in line or " WARNING[" in line]
    return "\n".join(complaints[-lines:])
