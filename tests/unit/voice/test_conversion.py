"""Sound files that people send become telephone sound, or are refused with a reason (SND-1, MOH-1)."""

from __future__ import annotations

import asyncio
import math
import os
import resource
import subprocess
import sys
import wave
from array import array
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centrale.phones.audio import tone_share
from centrale.voice import conversion, conversion_worker
from centrale.voice.conversion import Converter, NotConverted
from centrale.voice.conversion_worker import Refused
from centrale.voice.pcm import PCM, read_wav

MP3 = Path(__file__).parent / "tone-440.mp3"
"""Two seconds of 440 Hz: 44.1 kHz, stereo, 32 kbit/s, made with lameenc."""

Sine = Callable[[float, float], float]


def sine(frequency: float, level: float = -12.0) -> Sine:
    """The wave of a tone, by second; `level` is that of its peak in dBFS."""
    peak = 10 ** (level / 20)
    return lambda at, _length: peak * math.sin(2 * math.pi * frequency * at)


def wav_file(path: Path, wave_of: Sine, *, rate: int = 44100, channels: int = 2, width: int = 2, seconds: float = 0.5):
    """A file as a sound editor writes it."""
    frames = bytearray()
    full = 2 ** (8 * width - 1) - 1
    for n in range(round(seconds * rate)):
        value = round(full * wave_of(n / rate, seconds))
        sample = bytes([value + 128]) if width == 1 else value.to_bytes(width, "little", signed=True)
        frames += sample * channels
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(channels)
        wav.setsampwidth(width)
        wav.setframerate(rate)
        wav.writeframes(bytes(frames))
    return path


def at_once(source: Path, folder: Path, gain: float = 0.0) -> PCM:
    """In this process: what the worker does, without its wall."""
    target = folder / "out.wav"
    conversion_worker.convert(str(source), str(target), gain)
    return read_wav(target)


def middle(sound: PCM) -> array[int]:
    """Without the edges, where filters swing in."""
    return sound.samples[1000:3000]


async def refusal(source: Path, folder: Path, converter: Converter | None = None) -> str:
    with pytest.raises(NotConverted) as refused:
        await (converter or Converter()).convert(source, folder / "out.wav")
    assert str(refused.value)
    assert not (folder / "out.wav").exists()
    return refused.value.code


# -- what comes out --------------------------------------------------------------------------------------------------


async def test_an_mp3_becomes_telephone_sound(tmp_path: Path) -> None:
    seconds = await Converter().convert(MP3, tmp_path / "out.wav")
    sound = read_wav(tmp_path / "out.wav")
    assert (sound.rate, sound.seconds) == (8000, pytest.approx(seconds))
    assert 2.0 <= seconds < 2.2
    assert tone_share(middle(sound), 8000, 440) > 0.99


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 44056, 48000, 96000])
def test_every_rate_keeps_length_level_and_pitch(rate: int, tmp_path: Path) -> None:
    sound = at_once(wav_file(tmp_path / "a.wav", sine(1000), rate=rate), tmp_path)
    assert sound.rate == 8000
    assert sound.seconds == pytest.approx(0.5, abs=0.01)
    assert tone_share(middle(sound), 8000, 1000) > 0.99
    assert PCM(middle(sound)).level == pytest.approx(-15.0, abs=0.2)  # a tone's mean is 3 dB below its peak


@pytest.mark.parametrize(("channels", "width"), [(1, 1), (1, 2), (2, 2), (2, 3), (2, 4), (6, 2)])
def test_every_width_and_number_of_channels(channels: int, width: int, tmp_path: Path) -> None:
    sound = at_once(wav_file(tmp_path / "a.wav", sine(1000), rate=8000, channels=channels, width=width), tmp_path)
    assert tone_share(middle(sound), 8000, 1000) > 0.99
    assert PCM(middle(sound)).level == pytest.approx(-15.0, abs=0.5)


@pytest.mark.parametrize("frequency", [4700, 7000, 9000, 12000, 17000])
def test_what_a_telephone_cannot_carry_does_not_fold_into_what_it_does(frequency: int, tmp_path: Path) -> None:
    def mixed(at: float, length: float) -> float:
        return sine(1000, -20)(at, length) + sine(frequency, -6)(at, length)

    sound = at_once(wav_file(tmp_path / "a.wav", mixed), tmp_path)
    assert tone_share(middle(sound), 8000, 1000) > 0.98, "the high tone is 14 dB stronger, and gone"


def test_it_is_as_loud_as_it_was_or_as_much_louder_as_was_asked_for(tmp_path: Path) -> None:
    file = wav_file(tmp_path / "a.wav", sine(1000, -20))
    assert PCM(middle(at_once(file, tmp_path, gain=6))).level == pytest.approx(-17.0, abs=0.2)
    assert PCM(middle(at_once(file, tmp_path, gain=-10))).level == pytest.approx(-33.0, abs=0.2)
    assert at_once(file, tmp_path, gain=12).peak == pytest.approx(-8.0, abs=0.5)
    loud = wav_file(tmp_path / "b.wav", sine(1000, -3))
    assert at_once(loud, tmp_path, gain=12).peak <= -0.9, "too loud is bent, not cut"


# -- what is refused -------------------------------------------------------------------------------------------------


async def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.mp3").write_text("Dear Sir or Madam,\n" * 500)
    assert await refusal(tmp_path / "letter.mp3", tmp_path) == "not_a_sound"
    (tmp_path / "empty.wav").write_bytes(b"")
    assert await refusal(tmp_path / "empty.wav", tmp_path) == "empty"


def test_reasons_of_what_can_be_read_and_is_of_no_use(tmp_path: Path) -> None:
    def reason(file: Path) -> str:
        with pytest.raises(Refused) as refused:
            at_once(file, tmp_path)
        return refused.value.code

    whole = wav_file(tmp_path / "whole.wav", sine(440))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[:-30_000])
    assert reason(cut) == "truncated"
    assert reason(wav_file(tmp_path / "none.wav", sine(440), seconds=0)) == "empty"
    assert reason(wav_file(tmp_path / "still.wav", sine(440, -70))) == "silent"
    assert reason(wav_file(tmp_path / "odd.wav", sine(440), rate=3000)) == "not_a_sound"


def test_a_wav_that_was_written_to_a_pipe_says_no_length_and_is_whole(tmp_path: Path) -> None:
    file = wav_file(tmp_path / "a.wav", sine(440), rate=8000, channels=1)
    data = bytearray(file.read_bytes())
    data[40:44] = b"\xff\xff\xff\xff"
    file.write_bytes(bytes(data))
    assert at_once(file, tmp_path).seconds == pytest.approx(0.5, abs=0.01)


def test_half_an_hour_at_most_also_when_the_file_does_not_say_how_long_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = wav_file(tmp_path / "a.wav", sine(440), rate=8000, channels=1, seconds=2)
    monkeypatch.setattr(conversion_worker, "LONGEST", 1)
    with pytest.raises(Refused, match="longer than"):
        at_once(file, tmp_path)
    monkeypatch.setattr(conversion_worker, "_told", lambda source: conversion_worker._Told(8000, 1, None))
    with pytest.raises(Refused, match="longer than"):
        at_once(file, tmp_path)


async def test_what_is_larger_than_30_mb_is_not_even_opened(tmp_path: Path) -> None:
    with (tmp_path / "large.wav").open("wb") as file:
        file.truncate(conversion.LARGEST + 1)
    never = Converter(("/nonexistent/program",))
    assert await refusal(tmp_path / "large.wav", tmp_path, never) == "too_large"


# -- the wall --------------------------------------------------------------------------------------------------------


def program(tmp_path: Path, text: str) -> tuple[str, ...]:
    file = tmp_path / "decoder.py"
    file.write_text(text)
    return (sys.executable, str(file))


async def test_a_decoder_that_crashes_hangs_or_raves_is_a_refusal(tmp_path: Path) -> None:
    crash = Converter(program(tmp_path, "import os; os.abort()"))
    assert await refusal(MP3, tmp_path, crash) == "not_a_sound"
    hang = Converter(program(tmp_path, "import threading; threading.Event().wait()"), patience=0.3)
    assert await refusal(MP3, tmp_path, hang) == "not_a_sound"
    rave = Converter(program(tmp_path, "import sys; open(sys.argv[2], 'w').write('x'); print('hello')"))
    assert await refusal(MP3, tmp_path, rave) == "not_a_sound"


async def test_a_full_disk_is_not_the_files_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        await Converter().convert(MP3, tmp_path / "nowhere" / "out.wav")


async def test_who_gives_up_leaves_no_process_and_the_next_file_is_read(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    text = f"import os, threading; open({str(told)!r} + '.new', 'w').write(str(os.getpid())); "
    text += f"os.rename({str(told)!r} + '.new', {str(told)!r}); threading.Event().wait()"
    converter = Converter(program(tmp_path, text))
    asking = asyncio.create_task(converter.convert(MP3, tmp_path / "out.wav"))
    async with asyncio.timeout(20):
        while not told.exists():  # noqa: ASYNC110 - a file of another process
            await asyncio.sleep(0.02)
    asking.cancel()
    await asyncio.wait([asking])
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
    converter._command = Converter()._command
    assert await converter.convert(MP3, tmp_path / "out.wav") > 2


def test_the_process_can_take_no_more_than_its_share() -> None:
    code = "from centrale.voice import conversion_worker as w; w._limit(); import resource as r; "
    code += "print([r.getrlimit(x)[0] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)])"
    said = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[1073741824, 600, 28960000, 0]"
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != 600, "only that process"


BEGINNINGS = st.sampled_from(
    [b"RIFF\x24\x00\x00\x00WAVEfmt ", b"fLaC\x00\x00\x00\x22", b"OggS\x00\x02", b"ID3\x03", b""]
)


@given(start=BEGINNINGS, rest=st.binary(max_size=3000))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_made_up_files_never_break_the_reader(start: bytes, rest: bytes, tmp_path: Path) -> None:
    source = tmp_path / "made-up"
    source.write_bytes(start + rest)
    _refused_or_read(source, tmp_path)


@given(place=st.integers(0, 8351), put=st.binary(min_size=1, max_size=40), cut=st.integers(0, 8000))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_as_well(place: int, put: bytes, cut: int, tmp_path: Path) -> None:
    data = bytearray(MP3.read_bytes())
    data[place : place + len(put)] = put
    source = tmp_path / "damaged"
    source.write_bytes(bytes(data[: len(data) - cut]))
    _refused_or_read(source, tmp_path)


def _refused_or_read(source: Path, folder: Path) -> None:
    try:
        sound = at_once(source, folder)
    except Refused:
        return
    assert sound.rate == 8000
    assert sound.samples
