"""Did somebody say something? A recording of line noise, or of a handset that was put down, holds no message."""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

from centrale.voice.pcm import FULL_SCALE, PCM, amplitude

FRAME = 0.02
"""Seconds that are looked at together."""

LOUD = -42.0
"""dBFS (RMS) of a frame that counts. People speak at -30 and louder on a telephone, lines hiss at -55 and below."""

ENOUGH = 0.3
"""Seconds of loud frames. A click of a hook is shorter; the shortest word ("ja") is not."""


def holds_speech(path: Path) -> bool:
    """Is there a sound worth keeping in this WAV (mono, 16 bits)? In doubt, yes.

    Reading stops where enough was heard, which for a message is in its first second.

    Raises:
        ValueError: it is no such WAV.
        OSError: it cannot be read.
    """
    try:
        with wave.open(str(path), "rb") as wav:
            if (wav.getnchannels(), wav.getsampwidth()) != (1, 2):
                raise ValueError(f"{path} is not mono with 16 bits a sample")
            size = round(FRAME * wav.getframerate())
            loud, needed = 0, math.ceil(ENOUGH / FRAME)
            while loud < needed and (data := wav.readframes(size)):
                loud += _is_loud(PCM.from_bytes(data[: len(data) // 2 * 2]).samples)
            return loud >= needed
    except (wave.Error, EOFError) as error:
        raise ValueError(f"{path} is not a .wav file: {error}") from error


def _is_loud(frame: array[int]) -> bool:
    return sum(sample * sample for sample in frame) > len(frame) * (FULL_SCALE * amplitude(LOUD)) ** 2
