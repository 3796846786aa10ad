"""Sound as the telephone network carries it: mono, linear, 16 bits, 8 kHz; and its `.wav` files."""

from __future__ import annotations

import math
import os
import sys
import tempfile
import wave
from array import array
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

TELEPHONE_RATE = 8000
"""Samples per second of G.711 and of every file that Asterisk plays without transcoding effort."""

FULL_SCALE = 32767


@dataclass(frozen=True, slots=True, eq=True)
class PCM:
    """Mono 16-bit linear sound at `rate` samples per second."""

    samples: array[int]
    rate: int = TELEPHONE_RATE

    @classmethod
    def from_bytes(cls, data: bytes, rate: int = TELEPHONE_RATE) -> Self:
        """Little-endian samples, as a `.wav` has them."""
        samples = array("h", data)
        if sys.byteorder == "big":
            samples.byteswap()
        return cls(samples, rate)

    def to_bytes(self) -> bytes:
        """Little-endian samples, as a `.wav` has them."""
        if sys.byteorder == "little":
            return self.samples.tobytes()
        swapped = array("h", self.samples)
        swapped.byteswap()
        return swapped.tobytes()

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    @property
    def peak(self) -> float:
        """Highest sample, in dB below full scale (dBFS); minus infinity for silence."""
        return decibels(max(map(abs, self.samples), default=0) / FULL_SCALE)

    @property
    def level(self) -> float:
        """Root mean square over the whole length, in dBFS; minus infinity for silence."""
        if not self.samples:
            return -math.inf
        power = math.fsum(sample * sample for sample in self.samples) / len(self.samples)
        return decibels(math.sqrt(power) / FULL_SCALE)


def decibels(ratio: float) -> float:
    """An amplitude ratio in dB."""
    return 20 * math.log10(ratio) if ratio > 0 else -math.inf


def amplitude(level: float) -> float:
    """The inverse of `decibels`: dB to an amplitude ratio."""
    return float(10 ** (level / 20))


def write_wav(path: Path, sound: PCM) -> None:
    """Write `sound` to `path`, making its folder: whole or not at all, whoever is reading or dies meanwhile.

    Raises OSError when the disk is full or the place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, wave.open(file, "wb") as wav:
            wav.setnchannels(1)
            wav.setsampwidth(2)
            wav.setframerate(sound.rate)
            wav.writeframes(sound.to_bytes())
        os.chmod(temporary, 0o644)  # a system Asterisk runs as another user and has to read it
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def read_wav(path: Path) -> PCM:
    """Read a mono 16-bit `.wav`. Raises ValueError when it is something else, OSError when it cannot be read."""
    try:
        with wave.open(str(path), "rb") as wav:
            if (wav.getnchannels(), wav.getsampwidth()) != (1, 2):
                raise ValueError(f"{path} is not mono with 16 bits a sample")
            return PCM.from_bytes(wav.readframes(wav.getnframes()), wav.getframerate())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} is not a .wav file: {error}") from error


def wav_seconds(path: Path) -> float:
    """Length of a `.wav` from its header alone. Raises like `read_wav`."""
    try:
        with wave.open(str(path), "rb") as wav:
            return wav.getnframes() / wav.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} is not a .wav file: {error}") from error
