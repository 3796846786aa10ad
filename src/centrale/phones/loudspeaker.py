"""The loudspeaker of a baresip phone: a named pipe into which it plays what it hears, as a WAV stream."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Callable
from pathlib import Path

_WAV_HEADER = 44
_RATE = struct.Struct("<I")
_RATE_AT = 24


class Loudspeaker:
    """Waits at a path for a baresip player to open it; from then on it belongs to one call.

    A pipe and not a file: sound comes as events, nothing is left on the disk, and nobody has to look at a growing
    file. `released` makes way at the path for the next call's loudspeaker.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._heard = b""
        self._rate = 0
        self._into: Callable[[bytes, int], None] | None = None
        os.mkfifo(path)
        self._pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._pipe, self._read)

    def plays_into(self, hear: Callable[[bytes, int], None]) -> None:
        """Hand the sound from now on to `hear(pcm, rate)`."""
        self._into = hear

    def released(self) -> None:
        """Give up the path; the player that has it open goes on playing here."""
        self._path.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop listening."""
        if self._pipe >= 0:
            asyncio.get_running_loop().remove_reader(self._pipe)
            os.close(self._pipe)
            self._pipe = -1

    def _read(self) -> None:
        try:
            played = os.read(self._pipe, 65536)
        except BlockingIOError:
            return
        if not played:
            self.close()
            return
        if self._rate:
            pcm = self._heard + played
        else:
            self._heard += played
            if len(self._heard) < _WAV_HEADER:
                return
            self._rate = _RATE.unpack_from(self._heard, _RATE_AT)[0]
            pcm = self._heard[_WAV_HEADER:]
        whole = len(pcm) & ~1
        self._heard = pcm[whole:]
        if self._into is not None:
            self._into(pcm[:whole], self._rate)
