"""Making speech fit for a telephone: no silence around it, no rumble, one loudness for all voices, no clipping."""

from __future__ import annotations

import math
from array import array

from centrale.voice.pcm import FULL_SCALE, PCM, amplitude, decibels

SPEECH_LEVEL = -16.0
"""Loudness of the speaking parts, RMS in dBFS."""

_CEILING = -1.0  # dBFS; room for the overshoot of what the network filters and transcodes
_RUMBLE = 180.0  # Hz; a handset does not reproduce it, so it should not count as loudness
_FRAME = 0.02  # seconds
_GATE = -40.0  # dB below the loudest frame: quieter frames are pauses
_LEAD, _TAIL = 0.06, 0.15  # seconds of silence left around the speech


def for_telephone(speech: PCM, level: float = SPEECH_LEVEL) -> PCM:
    """`speech` trimmed, cut off below the telephone band and brought to `level` while speaking. Silence is kept."""
    trimmed = _trim(PCM(_high_pass(speech.samples, speech.rate), speech.rate))
    loudness = active_level(trimmed)
    if loudness == -math.inf:
        return speech
    gain = amplitude(level - loudness)
    return PCM(array("h", [limited(sample * gain) for sample in trimmed.samples]), speech.rate)


def active_level(speech: PCM) -> float:
    """RMS in dBFS of the frames in which there is speech (after the idea of ITU-T P.56); -inf when there are none."""
    powers = _frame_powers(speech)
    floor = max(powers, default=0.0) * amplitude(_GATE) ** 2
    active = [power for power in powers if power > floor]
    return decibels(math.sqrt(math.fsum(active) / len(active)) / FULL_SCALE) if active else -math.inf


def _frame_powers(speech: PCM) -> list[float]:
    size = round(_FRAME * speech.rate)
    frames = [speech.samples[start : start + size] for start in range(0, len(speech.samples), size)]
    return [math.fsum(sample * sample for sample in frame) / len(frame) for frame in frames]


def _trim(speech: PCM) -> PCM:
    powers = _frame_powers(speech)
    floor = max(powers, default=0.0) * amplitude(_GATE) ** 2
    active = [index for index, power in enumerate(powers) if power > floor]
    if not active:
        return speech
    size = round(_FRAME * speech.rate)
    start = max(0, active[0] * size - round(_LEAD * speech.rate))
    end = (active[-1] + 1) * size + round(_TAIL * speech.rate)
    return PCM(speech.samples[start:end], speech.rate)


def limited(sample: float) -> int:
    """A sample that was made louder: below half scale unchanged, above it bent smoothly towards a ceiling that is
    never passed."""
    ceiling = FULL_SCALE * amplitude(_CEILING)
    knee = ceiling / 2
    size = abs(sample)
    if size > knee:
        size = knee + (ceiling - knee) * math.tanh((size - knee) / (ceiling - knee))
    return round(math.copysign(size, sample))


def _high_pass(samples: array[int], rate: int) -> array[int]:
    """Second-order Butterworth high-pass at `_RUMBLE` (bilinear transform, direct form I)."""
    k = math.tan(math.pi * _RUMBLE / rate)
    norm = 1 / (1 + math.sqrt(2) * k + k * k)
    a1, a2 = 2 * (k * k - 1) * norm, (1 - math.sqrt(2) * k + k * k) * norm
    x1 = x2 = y1 = y2 = 0.0
    output = array("h")
    for x in samples:
        y = norm * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        output.append(max(-FULL_SCALE, min(FULL_SCALE, round(y))))
    return output
