"""Resampling by a rational factor: a polyphase FIR low-pass, windowed by Kaiser.

Only the output's samples are computed, each with the one of `up` filter phases that falls on its instant. In plain
Python a second of 22,050 Hz speech costs about 20 ms; no array library is needed for that alone.
"""

from __future__ import annotations

import math
import sys
from functools import cache

from centrale.voice.pcm import FULL_SCALE, PCM

if sys.version_info >= (3, 12):
    from math import sumprod as _dot
else:
    from operator import mul

    def _dot(left: list[float], right: list[float]) -> float:
        return sum(map(mul, left, right), 0.0)


_STOPBAND = 50.0  # dB; speech is some 20 dB weaker up there than where it folds to, and every dB costs time
_PASSBAND = 0.85  # of half the lower rate: 3.4 kHz at 8 kHz, the telephone band
_TRANSITION = 0.30  # of half the lower rate; what folds back stays above the passband


def resample(sound: PCM, rate: int) -> PCM:
    """`sound` at another `rate`, filtered so that nothing above half the lower rate folds into the telephone band."""
    if sound.rate == rate:
        return sound
    common = math.gcd(sound.rate, rate)
    up, down = rate // common, sound.rate // common
    phases, taps = _filter(sound.rate, rate)
    padding = [0.0] * taps
    before = taps // 2  # the filter's delay, taken off so that the sound starts where it did
    source = padding[: taps - 1 - before] + [float(sample) for sample in sound.samples] + padding
    output = sound.samples[:0]
    for position in range(0, len(sound.samples) * up, down):
        start, phase = divmod(position, up)
        value = round(_dot(phases[phase], source[start : start + taps]))
        output.append(max(-FULL_SCALE, min(FULL_SCALE, value)))
    return PCM(output, rate)


@cache
def _filter(source_rate: int, rate: int) -> tuple[list[list[float]], int]:
    """The filter's phases, each reversed for a plain dot product, and their length in source samples."""
    common = math.gcd(source_rate, rate)
    up = rate // common
    nyquist = min(source_rate, rate) / 2
    cutoff = (_PASSBAND + _TRANSITION / 2) * nyquist / source_rate  # in cycles per source sample
    width = 2 * math.pi * _TRANSITION * nyquist / source_rate
    taps = math.ceil((_STOPBAND - 8) / (2.285 * width)) | 1
    beta = 0.1102 * (_STOPBAND - 8.7)
    half = taps / 2
    phases = []
    for phase in range(up):
        # Tap k of this phase looks at the source sample k - before, seen from an instant phase/up after sample 0.
        offsets = [k - (taps - 1 - taps // 2) - phase / up for k in range(taps)]
        weights = [_sinc(2 * cutoff * x) * _kaiser(x / half, beta) for x in offsets]
        total = math.fsum(weights)
        phases.append([weight / total for weight in weights])  # every phase passes a steady level unchanged
    return phases, taps


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _kaiser(x: float, beta: float) -> float:
    return _bessel(beta * math.sqrt(1 - x * x)) / _bessel(beta) if abs(x) < 1 else 0.0


def _bessel(x: float) -> float:
    """Modified Bessel function of the first kind, order zero, by its power series."""
    term = total = 1.0
    k = 1
    while term > 1e-10 * total:
        term *= (x / (2 * k)) ** 2
        total += term
        k += 1
    return total
