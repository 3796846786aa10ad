"""The built-in voice: espeak-ng in a process of its own (`espeak_worker` says why)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from centrale.voice import espeak_worker as worker
from centrale.voice.pcm import PCM
from centrale.voice.speaker import SpeechUnavailable

_PATIENCE = 15.0  # seconds; a sentence takes a fraction of one, also on a busy machine


class EspeakSpeaker:
    """A `Speaker` that starts its process at the first sentence and again after a crash or a hang.

    `command` replaces the process, for tests.
    """

    def __init__(self, command: tuple[str, ...] = (sys.executable, "-m", worker.__name__)) -> None:
        self._command = command
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    @property
    def identity(self) -> str:
        return worker.IDENTITY

    async def render(self, text: str, language: str) -> PCM:
        async with self._turn:
            try:
                async with asyncio.timeout(_PATIENCE):
                    return await self._ask(json.dumps({"text": text, "language": language}).encode() + b"\n")
            except SpeechUnavailable:
                raise  # the engine's own answer: it is in good order
            except TimeoutError as error:
                await self._stop()
                raise SpeechUnavailable(f"the speech engine did not answer within {_PATIENCE:.0f} s") from error
            except (OSError, EOFError, ValueError) as error:
                await self._stop()
                raise SpeechUnavailable(f"the speech engine stopped: {error or type(error).__name__}") from error
            except asyncio.CancelledError:
                await self._stop()  # half an answer is in the pipe: the next one could not be told apart from it
                raise

    async def aclose(self) -> None:
        async with self._turn:
            await self._stop()

    async def _ask(self, request: bytes) -> PCM:
        process = self._process or await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request)
        await process.stdin.drain()
        header = await process.stdout.readline()
        if not header:
            raise EOFError("its process ended; its last words are in this program's error output")
        answer = json.loads(header)
        if "error" in answer:
            raise SpeechUnavailable(answer["error"])
        return PCM.from_bytes(await process.stdout.readexactly(answer["bytes"]))

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, env=_environment()
        )
        return self._process

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()  # it keeps nothing that could be lost
        await process.communicate()  # reads what is left in the pipe too, so that it closes


def _environment() -> dict[str, str]:
    """Ours, with the import path that this process has: the worker finds the same code however we were started."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
