"""sipp: many plain SIP calls at a chosen rate, from a scenario in XML. For load; one call is better told by a phone.

A scenario leaves marks with `<log>`; `marks` gives them back when sipp has ended.
"""

from __future__ import annotations

import asyncio
import csv
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from centrale.phones.tools import LOOPBACK, Toolbox
from centrale.runtime.lifetime import ends_with_us

PATIENCE_S = 5.0
_COMPLETED, _SOME_FAILED = 0, 1


class SippFailed(Exception):
    """sipp could not run; the message holds its own words."""


@dataclass(frozen=True, slots=True)
class SippCounts:
    """Calls of one run. `retransmitted`: messages sent again because no answer came in time."""

    made: int
    succeeded: int
    failed: int
    retransmitted: int


class Sipp:
    """One run of a scenario, as an asynchronous context: started on entry, ended on leaving.

    `folder`: its files go there, named after `name`. `arguments`: as sipp has them, its address and files excepted.
    """

    def __init__(self, tools: Toolbox, name: str, scenario: Path, folder: Path, arguments: Sequence[str]) -> None:
        self.name = name
        self._words = [*tools.command("sipp"), "-sf", str(scenario), "-i", LOOPBACK, "-nostdin", *arguments]
        self._marks = folder / f"{name}.log"
        self._statistics = folder / f"{name}.csv"
        self._complaints = folder / f"{name}.errors"
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        for path in (self._marks, self._statistics, self._complaints):
            path.unlink(missing_ok=True)
        files = ["-trace_logs", "-log_file", str(self._marks), "-trace_stat", "-stf", str(self._statistics)]
        files += ["-trace_err", "-error_file", str(self._complaints)]
        self._process = await asyncio.create_subprocess_exec(
            *self._words,
            *files,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=self._folder,
            preexec_fn=ends_with_us(),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def finished(self) -> SippCounts:
        """Wait until its calls are over. Raises SippFailed when it could not make any."""
        assert self._process is not None
        code = await self._process.wait()
        if code not in (_COMPLETED, _SOME_FAILED):
            raise SippFailed(f"{self.name} ended with code {code}: {self.complaints()}")
        return self.counts()

    async def stop(self) -> None:
        """End it now, whatever it does; one that has ended is fine."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    def counts(self) -> SippCounts:
        """What came of its calls, after its end."""
        with self._statistics.open(encoding="ascii", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        if not rows:
            raise SippFailed(f"{self.name} left no statistics: {self.complaints()}")
        last = rows[-1]
        return SippCounts(
            made=int(last["TotalCallCreated"]),
            succeeded=int(last["SuccessfulCall(C)"]),
            failed=int(last["FailedCall(C)"]),
            retransmitted=int(last["Retransmissions(C)"]),
        )

    def marks(self) -> list[list[str]]:
        """The words of each `<log>` of the scenario, in the order in which they were written."""
        return [line.split() for line in _text(self._marks).splitlines() if line.strip()]

    def complaints(self) -> str:
        """The end of what it complained of; empty when it had nothing to."""
        return "\n".join(_text(self._complaints).splitlines()[-20:])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
