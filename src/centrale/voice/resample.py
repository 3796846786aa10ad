"""Resampling by a rational factor: a polyphase FIR low-pass, windowed by Kaiser.

Only the output's samples are computed, each with the one of `up` filter phases that falls on its instant. In plain
Python a second of 22,050 Hz speech costs about 20 ms; no array library is needed for that alone.
"""

from __future__ import annotations

import math
import sys
from array import array
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
    resampler = Resampler(sound.rate, rate)
    output = resampler.feed(sound.samples)
    output.extend(resampler.rest())
    return PCM(output, rate)


class Resampler:
    """The same piece by piece, for sounds that should not be in memory whole. The rates must differ."""

    def __init__(self, source_rate: int, rate: int) -> None:
        common = math.gcd(source_rate, rate)
        self._up, self._down = rate // common, source_rate // common
        self._phases, self._taps = _filter(source_rate, rate)
        before = self._taps // 2  # the filter's delay, taken off so that the sound starts where it did
        self._source = [0.0] * (self._taps - 1 - before)
        self._dropped = 0
        """Source samples, padding included, that are needed no longer and were taken out of `_source`."""
        self._fed = 0
        self._position = 0
        """Of the next output sample, in source samples times `_up`."""

    def feed(self, samples: array[int]) -> array[int]:
        """The next part of the source; gives what can be told of the output now."""
        self._fed += len(samples)
        self._source += map(float, samples)
        return self._output()

    def rest(self) -> array[int]:
        """The source is complete; gives the end of the output."""
        self._source += [0.0] * self._taps
        return self._output()

    def _output(self) -> array[int]:
        output = array("h")
        taps, phases, source, dropped = self._taps, self._phases, self._source, self._dropped
        last = dropped + len(source) - taps
        while self._position < self._fed * self._up:
            start, phase = divmod(self._position, self._up)
            if start > last:
                break
            value = round(_dot(phases[phase], source[start - dropped : start - dropped + taps]))
            output.append(max(-FULL_SCALE, min(FULL_SCALE, value)))
            self._position += self._down
        done = min(self._position // self._up - dropped, len(source))
        del source[:done]
        self._dropped += done
        return output


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
