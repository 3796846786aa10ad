"""G.711 (ITU-T): the telephone's own eight bits per sample, A-law and µ-law."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable


def _alaw(code: int) -> int:
    code ^= 0x55
    segment, mantissa = (code >> 4) & 7, (code & 0x0F) << 4
    magnitude = mantissa + 8 if segment == 0 else (mantissa + 0x108) << (segment - 1)
    return magnitude if code & 0x80 else -magnitude


def _ulaw(code: int) -> int:
    code = ~code & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return -magnitude if code & 0x80 else magnitude


class Law:
    """One of the two companding laws."""

    def __init__(self, expand: Callable[[int], int]) -> None:
        self._samples = array("h", map(expand, range(256)))
        by_value = sorted((sample, code) for code, sample in enumerate(self._samples))
        self._values = [sample for sample, _ in by_value]
        self._codes = [code for _, code in by_value]

    def decode(self, payload: bytes) -> bytes:
        """Codes as 16-bit little-endian PCM."""
        samples = array("h", map(self._samples.__getitem__, payload))
        if sys.byteorder == "big":
            samples.byteswap()
        return samples.tobytes()

    def encode(self, samples: array[int]) -> bytes:
        """Each sample as the code whose value is nearest to it."""
        return bytes(map(self._nearest, samples))

    def _nearest(self, sample: int) -> int:
        above = min(bisect_left(self._values, sample), 255)
        below = max(above - 1, 0)
        nearer = above if self._values[above] - sample < sample - self._values[below] else below
        return self._codes[nearer]


ALAW = Law(_alaw)
ULAW = Law(_ulaw)
