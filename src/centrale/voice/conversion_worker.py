"""The process that reads a sound file which somebody sent us: mp3, wav, flac or ogg to 8 kHz, mono, 16 bits.

A process of its own, for one file: what a stranger sends may crash a decoder, or keep it busy for ever. It may use so
much memory and CPU time and no more, writes one file, and calls go first.

`python -m centrale.voice.conversion_worker SOURCE TARGET GAIN` (GAIN in dB) writes TARGET, and on standard output one
line of JSON: `{"seconds": 3.2}`, or `{"refused": <code>, "message": …}`, or `{"failed": …}` when it is not the file's
fault.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import miniaudio

from centrale.voice.level import limited
from centrale.voice.pcm import FULL_SCALE, PCM, TELEPHONE_RATE, amplitude
from centrale.voice.resample import Resampler

LONGEST = 30 * 60
"""Seconds of sound."""
SILENT = -60.0
"""dBFS. What never gets louder is nothing that anybody would hear."""

CPU_SECONDS = 600
MEMORY = 1024 * 1024 * 1024
LARGEST_OUTPUT = (LONGEST + 10) * TELEPHONE_RATE * 2

_USUAL_RATES = frozenset({8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000})
_OTHER_RATE = 48_000
"""What comes at another rate is brought to this one by the decoder: our filter would have too many phases."""

_FRAMES = 16_384
"""Decoded at once."""
_MISSING, _MISSING_PART = 0.25, 0.02
"""Seconds, or part of the whole, by which a file may be shorter than it says: encoders count their padding or not."""

_STREAMED = 0x7FFF_0000
"""Bytes that a RIFF file names who cannot know."""

_LOWEST_RATE, _HIGHEST_RATE, _MOST_CHANNELS = 4_000, 400_000, 16


class Refused(Exception):
    """The file is of no use; `code` names the reason, the text says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Told:
    """What the file says of itself. `frames`: None when it does not say. `cut`: it names more bytes than it has."""

    rate: int
    channels: int
    frames: int | None
    cut: bool = False


def convert(source: str, target: str, gain: float) -> float:
    """Writes `target`; gives its length in seconds. Raises `Refused`."""
    told = _told(source)
    if told.frames is not None and told.frames > LONGEST * told.rate:
        raise _too_long()
    reading = _Reading(source, told)
    factor = amplitude(gain)
    written = peak = 0
    with wave.open(target, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(TELEPHONE_RATE)
        for samples in reading.parts():
            if factor != 1.0:
                samples = array("h", (limited(sample * factor) for sample in samples))
            peak = max(peak, max(samples, default=0), -min(samples, default=0))
            written += len(samples)
            wav.writeframes(PCM(samples).to_bytes())
    if not reading.frames:
        raise Refused("empty", "the file holds no sound; export it again and try whether it can be played")
    if reading.misses_its_end:
        raise Refused("truncated", "the file is not whole, its end is missing; send it again")
    if peak < FULL_SCALE * amplitude(SILENT):
        raise Refused("silent", "nothing can be heard in it; choose another file, or make it louder first")
    return written / TELEPHONE_RATE


class _Reading:
    """Decodes a file part by part, as mono of 8 kHz."""

    def __init__(self, source: str, told: _Told) -> None:
        self._source = source
        self._told = told
        self._rate = told.rate if told.rate in _USUAL_RATES else _OTHER_RATE
        self.frames = 0
        """Decoded so far, at `_rate`."""

    def parts(self) -> Iterator[array[int]]:
        """Raises `Refused`."""
        resampler = Resampler(self._rate, TELEPHONE_RATE) if self._rate != TELEPHONE_RATE else None
        for samples in self._decoded():
            self.frames += len(samples)
            if self.frames > LONGEST * self._rate:
                raise _too_long()
            yield resampler.feed(samples) if resampler else samples
        if resampler:
            yield resampler.rest()

    def _decoded(self) -> Iterator[array[int]]:
        # The decoder's own mix of more than two channels runs over.
        channels = 1 if self._told.channels <= 2 else self._told.channels
        try:
            for samples in miniaudio.stream_file(
                self._source, miniaudio.SampleFormat.SIGNED16, channels, self._rate, frames_to_read=_FRAMES
            ):
                yield samples if channels == 1 else _mixed(samples, channels)
        except miniaudio.DecodeError as error:
            raise _no_sound() from error

    @property
    def misses_its_end(self) -> bool:
        """Is there less than the file says?"""
        if self._told.frames is None or self._told.cut:
            return self._told.cut
        length = self._told.frames / self._told.rate
        return self.frames / self._rate < length - max(_MISSING, length * _MISSING_PART)


def _told(source: str) -> _Told:
    """What the file says of itself, by what it begins with, whatever its name is. Raises `Refused`."""
    with open(source, "rb") as file:
        start = file.read(64)
    if not start:
        raise Refused("empty", "the file is empty; choose another one")
    try:
        if start[:4] in (b"RIFF", b"RIFX", b"RF64") and start[8:12] == b"WAVE":
            info = miniaudio.wav_get_file_info(source)  # its length is what there is, not what ought to be
            return _Told(
                _rate(info), info.nchannels, info.num_frames, cut=start[:4] == b"RIFF" and _misses_bytes(source)
            )
        if start[:4] == b"fLaC":
            info = miniaudio.flac_get_file_info(source)
        elif start[:4] == b"OggS":
            info = miniaudio.vorbis_get_file_info(source)
        else:
            info = miniaudio.mp3_get_file_info(source)
    except miniaudio.DecodeError as error:
        raise _no_sound() from error
    return _Told(_rate(info), info.nchannels, info.num_frames or None)


def _mixed(samples: array[int], channels: int) -> array[int]:
    each = [samples[channel::channels] for channel in range(channels)]
    return array("h", (sum(frame) // channels for frame in zip(*each, strict=True)))


def _misses_bytes(wav: str) -> bool:
    """Does the data of a RIFF file end before it should? What was written to a pipe says nothing, or the most that
    can be said: that is no length."""
    with open(wav, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        place = 12
        while place + 8 <= size:
            file.seek(place)
            name, length = struct.unpack("<4sI", file.read(8))
            if name == b"data":
                return size < place + 8 + int(length) < _STREAMED
            place += 8 + length + length % 2
    return False


def _rate(info: miniaudio.SoundFileInfo) -> int:
    if not _LOWEST_RATE <= info.sample_rate <= _HIGHEST_RATE or not 1 <= info.nchannels <= _MOST_CHANNELS:
        raise _no_sound()
    return int(info.sample_rate)


def _no_sound() -> Refused:
    return Refused("not_a_sound", "this is no sound that can be read; send an mp3, or a wav, flac or ogg (Vorbis) file")


def _too_long() -> Refused:
    return Refused("too_long", f"it is longer than {LONGEST // 60} minutes; send it in parts")


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_OUTPUT, LARGEST_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    os.nice(10)


def main(source: str, target: str, gain: str) -> None:
    """The program."""
    _limit()
    try:
        answer: dict[str, object] = {"seconds": convert(source, target, float(gain))}
    except Refused as refusal:
        answer = {"refused": refusal.code, "message": str(refusal)}
    except OSError as problem:  # a full disk is nobody's sound
        answer = {"failed": str(problem)}
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
