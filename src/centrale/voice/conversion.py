"""Sound files that people send: converted in a process of its own, or refused with a reason (SND-1, MOH-1)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path

from centrale.voice import conversion_worker as worker
from centrale.voice.conversion_worker import LONGEST

__all__ = ["LARGEST", "LONGEST", "Converter", "NotConverted"]

LARGEST = 30 * 1024 * 1024
"""Bytes of a file."""

PATIENCE = 900.0
"""Seconds; half an hour of music takes a tenth of that on a quiet machine."""


class NotConverted(Exception):
    """The file is of no use; `code` names the reason, the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Converter:
    """One file at a time: however much is sent, one processor at most is busy with it.

    `command` replaces the process, for tests.
    """

    def __init__(
        self, command: tuple[str, ...] = (sys.executable, "-m", worker.__name__), patience: float = PATIENCE
    ) -> None:
        self._command = command
        self._patience = patience
        self._turn = asyncio.Lock()

    async def convert(self, source: Path, target: Path, *, gain: float = 0.0) -> float:
        """Writes `source` (mp3, wav, flac, ogg) to `target` as WAV of 8 kHz, mono, 16 bits, `gain` dB louder.

        Gives its length in seconds. Raises `NotConverted`, and then there is no `target`; OSError.
        """
        if await asyncio.to_thread(_size, source) > LARGEST:
            raise NotConverted("too_large", f"it is larger than {LARGEST // 2**20} MB; send an mp3, or parts of it")
        try:
            async with self._turn:
                return await self._run(source, target, gain)
        except BaseException:
            _remove(target)
            raise

    async def _run(self, source: Path, target: Path, gain: float) -> float:
        arguments = (str(source), str(target), repr(gain))
        process = await asyncio.create_subprocess_exec(
            *self._command, *arguments, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env=_environment()
        )
        try:
            async with asyncio.timeout(self._patience):
                said, _ = await process.communicate()
        except TimeoutError as error:
            raise _unreadable() from error
        finally:
            await _end(process)
        try:
            answer = json.loads(said)
        except ValueError as error:  # it crashed, or used more than it may
            raise _unreadable() from error
        if "failed" in answer:
            raise OSError(answer["failed"])
        if "refused" in answer:
            raise NotConverted(answer["refused"], answer["message"])
        return float(answer["seconds"])


def _size(path: Path) -> int:
    return path.stat().st_size


def _remove(path: Path) -> None:
    """Not worth a thread, and nothing may come in between."""
    path.unlink(missing_ok=True)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _unreadable() -> NotConverted:
    return NotConverted("not_a_sound", "it cannot be read to its end; open it in a sound editor and export it again")


def _environment() -> dict[str, str]:
    """Ours, with the import path that this process has."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
