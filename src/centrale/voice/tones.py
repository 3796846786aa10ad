"""Tones as sounds: what is heard where words would be too much, and what tests listen for."""

from __future__ import annotations

import math
from array import array

from centrale.voice.pcm import FULL_SCALE, PCM, TELEPHONE_RATE, amplitude

_RAMP = 0.005  # seconds; a tone that starts at once clicks


def tone(*frequencies: float, seconds: float, level: float = -12.0, rate: int = TELEPHONE_RATE) -> PCM:
    """Sine waves of the same strength together, `level` dBFS in all, with soft edges.

    Frequencies in Hz, below half the rate; ValueError otherwise.
    """
    if not frequencies or not all(0 < frequency < rate / 2 for frequency in frequencies):
        raise ValueError(f"a tone at {rate} samples a second needs frequencies between 0 and {rate // 2} Hz")
    count = round(seconds * rate)
    ramp = max(1, round(_RAMP * rate))
    # A sine's mean power is half of its peak's square; powers add up.
    peak = FULL_SCALE * amplitude(level) * math.sqrt(2 / len(frequencies))
    turns = [2 * math.pi * frequency / rate for frequency in frequencies]
    samples = array("h")
    for n in range(count):
        edge = min(1.0, (n + 1) / ramp, (count - n) / ramp)
        value = round(edge * peak * sum(math.sin(turn * n) for turn in turns))
        samples.append(max(-FULL_SCALE, min(FULL_SCALE, value)))
    return PCM(samples, rate)


def silence(seconds: float, rate: int = TELEPHONE_RATE) -> PCM:
    """Nothing, for `seconds`."""
    return PCM(array("h", bytes(2 * round(seconds * rate))), rate)


def sequence(*sounds: PCM) -> PCM:
    """One sound after the other. ValueError when their rates differ."""
    if len({sound.rate for sound in sounds}) != 1:
        raise ValueError("sounds in a sequence need the same rate")
    joined = array("h")
    for sound in sounds:
        joined.extend(sound.samples)
    return PCM(joined, sounds[0].rate)


def beep() -> PCM:
    """Speak now: a third of a second of 1400 Hz, as an answering machine gives."""
    return tone(1400, seconds=0.35)


def busy(cycles: int = 10) -> PCM:
    """Busy tone as in most of Europe: 425 Hz, half a second on and half a second off (ITU-T E.180 Supplement 2)."""
    return sequence(*[tone(425, seconds=0.5, level=-16), silence(0.5)] * cycles)


def congestion(cycles: int = 20) -> PCM:
    """Congestion (reorder) tone: 425 Hz, a quarter of a second on and off (ITU-T E.180 Supplement 2)."""
    return sequence(*[tone(425, seconds=0.25, level=-16), silence(0.25)] * cycles)


def ringing() -> PCM:
    """Once: 425 Hz for a second and a pause of four, as in most of Europe (ETSI TR 101 041-2)."""
    return sequence(tone(425, seconds=1.0, level=-16), silence(4.0))
