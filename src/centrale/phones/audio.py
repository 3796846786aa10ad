"""What an ear makes of sound: is this tone in it, is there anything to hear at all.

Pure Python on purpose: phones listen to seconds of telephone audio, not to hours of it. All sound here is 16-bit
little-endian mono PCM, 8 kHz (G.711) or 16 kHz (G.722).
"""

from __future__ import annotations

import math
import sys
from array import array

WINDOW_S = 0.1
"""Length of one look at the sound: 100 ms tells tones 10 Hz apart."""

SUSTAINED_WINDOWS = 3
"""A tone counts when it holds for 300 ms: a vowel or a click that passes through its frequency does not."""

TONE_SHARE = 0.2
"""Part of the energy that has to be in the tone. A fifth: up to four others may talk at the same time."""

AUDIBLE_RMS = 150
"""Root mean square (of 32767) above which there is sound; about -47 dBFS, well above comfort and codec noise."""


def pcm_of(samples: array[int]) -> bytes:
    """16-bit samples as little-endian bytes, whatever this machine's own order."""
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    return samples.tobytes()


def samples_of(pcm: bytes) -> array[int]:
    """Little-endian bytes as 16-bit samples; an odd last byte is dropped."""
    samples = array("h")
    samples.frombytes(pcm[: len(pcm) & ~1])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def tone(frequency: float, rate: int, seconds: float, amplitude: int = 16000) -> bytes:
    """A sine tone as PCM. `frequency` in Hz, `rate` in samples per second, `amplitude` at most 32767."""
    step = 2 * math.pi * frequency / rate
    return pcm_of(array("h", (round(amplitude * math.sin(step * n)) for n in range(round(rate * seconds)))))


def rms(samples: array[int]) -> float:
    """Root mean square: how loud, on the scale of a sample (0 to 32767)."""
    return math.sqrt(sum(s * s for s in samples) / len(samples)) if samples else 0.0


def tone_share(samples: array[int], rate: int, frequency: float) -> float:
    """The part of the energy that lies at one frequency, 0 to 1 (Goertzel's algorithm)."""
    energy = sum(s * s for s in samples)
    if not energy:
        return 0.0
    coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
    previous = before = 0.0
    for sample in samples:
        previous, before = sample + coefficient * previous - before, previous
    power = previous * previous + before * before - coefficient * previous * before
    return min(1.0, 2 * power / (len(samples) * energy))


class Listener:
    """Listens to sound as it comes in, piece by piece, for something; `heard` tells whether it came by."""

    def __init__(self) -> None:
        self.heard = False
        self.loudest = 0.0
        self._rate = 0
        self._rest = b""

    def feed(self, pcm: bytes, rate: int) -> None:
        """Take in the next piece of sound. A new `rate` (a codec change) starts a new window."""
        if rate != self._rate:
            self._rate, self._rest = rate, b""
        sound = self._rest + pcm
        size = 2 * round(rate * WINDOW_S)
        whole = len(sound) - len(sound) % size
        self._rest = sound[whole:]
        for start in range(0, whole, size):
            window = samples_of(sound[start : start + size])
            loudness = rms(window)
            self.loudest = max(self.loudest, loudness)
            self._window(window, loudness)

    def _window(self, window: array[int], loudness: float) -> None:
        raise NotImplementedError

    def impression(self) -> str:
        """What was heard, for the message of a phone that waited in vain."""
        if not self._rate:
            return "no audio arrived at all"
        if self.loudest < AUDIBLE_RMS:
            return "only silence"
        return f"other sound, up to {20 * math.log10(self.loudest / 32767):.0f} dBFS"


class ToneListener(Listener):
    """Listens for one tone of `frequency` Hz that holds for 300 ms."""

    def __init__(self, frequency: float) -> None:
        super().__init__()
        self.frequency = frequency
        self._in_a_row = 0

    def _window(self, window: array[int], loudness: float) -> None:
        present = loudness >= AUDIBLE_RMS and tone_share(window, self._rate, self.frequency) >= TONE_SHARE
        self._in_a_row = self._in_a_row + 1 if present else 0
        if self._in_a_row >= SUSTAINED_WINDOWS:
            self.heard = True


class SoundListener(Listener):
    """Listens for anything that is not silence, `windows` times 100 ms of it, with or without pauses."""

    def __init__(self, windows: int = SUSTAINED_WINDOWS) -> None:
        super().__init__()
        self._windows = windows
        self._audible = 0

    def _window(self, window: array[int], loudness: float) -> None:
        self._audible += loudness >= AUDIBLE_RMS
        if self._audible >= self._windows:
            self.heard = True


def hears(pcm: bytes, rate: int, frequency: float) -> bool:
    """Is a tone of `frequency` Hz in this piece of sound, for 300 ms or more?"""
    listener = ToneListener(frequency)
    listener.feed(pcm, rate)
    return listener.heard


def hears_sound(pcm: bytes, rate: int) -> bool:
    """Is there anything to hear in this piece, 300 ms or more of it?"""
    listener = SoundListener()
    listener.feed(pcm, rate)
    return listener.heard
