"""The music that whoever has none of their own lets callers hear: a quiet music box, made by arithmetic (MOH-1).

Ours, so nobody owes anybody anything for it. Telephone sound suits it: few partials, none above 3 kHz, no drums.
"""

from __future__ import annotations

import math
from array import array
from pathlib import Path

from centrale.voice.pcm import FULL_SCALE, PCM, TELEPHONE_RATE, amplitude, write_wav

RECIPE = 1
"""Raise it when the tune changes: what is cached is made again."""

_BEAT = 0.42
"""Seconds between two notes."""
_RINGS = 2.2
"""Seconds for which a note is heard."""
_PEAK = amplitude(-13.0)
_PARTIALS = ((1.0, 1.0, 1.9), (2.0, 0.32, 3.4), (3.01, 0.12, 6.0))
"""Of a note: frequency, strength, and how fast it fades (per second)."""

_CHORDS = (
    ("C4", "E4", "G4", "B4"),
    ("A3", "C4", "E4", "G4"),
    ("F3", "A3", "C4", "E4"),
    ("G3", "B3", "D4", "F4"),
    ("E3", "G3", "B3", "D4"),
    ("A3", "C4", "E4", "A4"),
    ("D4", "F4", "A4", "C5"),
    ("G3", "D4", "G4", "B4"),
)
_FIGURES = ((0, 2, 1, 3, 2, 1, 3, 2), (0, 1, 2, 3, 2, 3, 1, 2))
"""In which order the notes of a chord are played: first in one way, then in the other."""

_STEPS = {"C": -9, "D": -7, "E": -5, "F": -4, "G": -2, "A": 0, "B": 2}


def hold_tune() -> PCM:
    """Nearly a minute, without a seam where it begins again."""
    notes = [chord[place] for figure in _FIGURES for chord in _CHORDS for place in figure]
    length = round(len(notes) * _BEAT * TELEPHONE_RATE)
    sound = [0.0] * length
    rung = {note: _note(_frequency(note)) for note in set(notes)}
    for number, note in enumerate(notes):
        start = round(number * _BEAT * TELEPHONE_RATE)
        for offset, value in enumerate(rung[note]):
            sound[(start + offset) % length] += value  # what still rings at the end is heard at the beginning
    scale = FULL_SCALE * _PEAK / max(map(abs, sound))
    return PCM(array("h", (round(value * scale) for value in sound)))


def keep_hold_tune(cache: Path) -> Path:
    """Its file, made at the first time. Raises OSError."""
    file = cache / f"hold-tune-{RECIPE}.wav"
    if not file.exists():
        write_wav(file, hold_tune())
    return file


def _note(frequency: float) -> list[float]:
    found = []
    for n in range(round(_RINGS * TELEPHONE_RATE)):
        at = n / TELEPHONE_RATE
        edge = min(1.0, n / 40, (_RINGS - at) * 8)  # a note that begins or ends at once clicks
        waves = (
            strength * math.exp(-fades * at) * math.sin(2 * math.pi * frequency * times * at)
            for times, strength, fades in _PARTIALS
        )
        found.append(edge * sum(waves))
    return found


def _frequency(note: str) -> float:
    """`A4` is 440 Hz."""
    semitones = _STEPS[note[0]] + 12 * (int(note[1]) - 4)
    return float(440 * 2 ** (semitones / 12))
