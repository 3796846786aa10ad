"""Tones, resampling, level and files: what reaches the listener is loud enough, in band and whole."""

from __future__ import annotations

import math
import os
import wave
from array import array
from pathlib import Path

import pytest

from centrale.voice import pcm, tones
from centrale.voice.level import active_level, for_telephone
from centrale.voice.pcm import PCM, read_wav, wav_seconds, write_wav
from centrale.voice.resample import resample


def strength(sound: PCM, frequency: float) -> float:
    """Level of one frequency in dBFS (Goertzel)."""
    turn = 2 * math.pi * frequency / sound.rate
    real = math.fsum(sample * math.cos(turn * n) for n, sample in enumerate(sound.samples))
    imaginary = math.fsum(sample * math.sin(turn * n) for n, sample in enumerate(sound.samples))
    return pcm.decibels(math.hypot(real, imaginary) * math.sqrt(2) / len(sound.samples) / pcm.FULL_SCALE)


@pytest.mark.parametrize("frequency", [100, 440, 1000, 3000, 3400])
def test_the_telephone_band_passes_unchanged(frequency: int) -> None:
    heard = resample(tones.tone(frequency, seconds=0.3, level=-12, rate=22050), 8000)
    assert heard.rate == 8000
    assert heard.seconds == pytest.approx(0.3, abs=1e-3)
    assert strength(heard, frequency) == pytest.approx(-12, abs=0.3)


@pytest.mark.parametrize(("frequency", "alias"), [(4700, 3300), (5000, 3000), (7000, 1000), (9000, 1000)])
def test_what_is_above_the_band_does_not_come_back_as_an_alias(frequency: int, alias: int) -> None:
    heard = resample(tones.tone(frequency, seconds=0.3, level=-12, rate=22050), 8000)
    assert strength(heard, alias) < -12 - 45


def test_sound_keeps_its_place_in_time_when_resampled() -> None:
    click = PCM(array("h", [0] * 11025 + [20000] * 20 + [0] * 11025), 22050)
    heard = resample(click, 8000)
    loudest = max(range(len(heard.samples)), key=lambda n: heard.samples[n])
    assert loudest / 8000 == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize("level", [-50.0, -30.0, -20.0, -6.0])
def test_every_voice_is_brought_to_one_loudness_without_clipping(level: float) -> None:
    speech = tones.sequence(tones.tone(700, 1900, seconds=0.5, level=level), tones.silence(0.3))
    heard = for_telephone(speech)
    assert active_level(heard) == pytest.approx(-16, abs=1)
    assert heard.peak <= -1


def test_silence_around_speech_is_cut_and_pauses_in_it_are_kept() -> None:
    word = tones.tone(800, seconds=0.5)
    speech = tones.sequence(tones.silence(1), word, tones.silence(0.4), word, tones.silence(2))
    assert for_telephone(speech).seconds == pytest.approx(0.06 + 1.4 + 0.15, abs=0.03)


def test_rumble_below_the_band_is_taken_out() -> None:
    speech = tones.sequence(tones.tone(40, 1000, seconds=1))
    heard = for_telephone(speech)
    assert strength(heard, 40) < strength(heard, 1000) - 20


def test_silence_stays_silence() -> None:
    assert for_telephone(tones.silence(0.5)) == tones.silence(0.5)
    assert for_telephone(PCM(array("h"))).seconds == 0


def test_a_test_tone_has_the_frequency_length_and_level_asked_for() -> None:
    heard = tones.tone(1000, seconds=2, level=-10)
    assert heard.seconds == 2
    assert heard.level == pytest.approx(-10, abs=0.1)
    assert strength(heard, 1000) == pytest.approx(-10, abs=0.1)
    assert strength(heard, 1400) < -50


def test_two_frequencies_share_the_level() -> None:
    heard = tones.tone(697, 1209, seconds=1, level=-10)
    assert heard.level == pytest.approx(-10, abs=0.2)
    assert strength(heard, 697) == pytest.approx(strength(heard, 1209), abs=0.5)


def test_busy_and_congestion_differ_in_cadence() -> None:
    assert tones.busy(cycles=3).seconds == 3
    assert tones.congestion(cycles=3).seconds == 1.5
    assert tones.beep().peak > -15


@pytest.mark.parametrize("frequency", [0, -5, 4000, 9000])
def test_a_tone_that_the_network_cannot_carry_is_refused(frequency: int) -> None:
    with pytest.raises(ValueError, match="between 0 and 4000 Hz"):
        tones.tone(frequency, seconds=1)


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "beep.wav"
    write_wav(file, tones.beep())
    assert read_wav(file) == tones.beep()
    assert wav_seconds(file) == tones.beep().seconds
    with wave.open(str(file)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (8000, 1, 2)
    assert file.stat().st_mode & 0o044 == 0o044, "an Asterisk of another user must be able to read it"


def test_a_write_that_fails_halfway_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prompt.wav"
    write_wav(file, tones.beep())

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wave.Wave_write, "writeframes", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_wav(file, tones.busy())
    assert read_wav(file) == tones.beep()
    assert os.listdir(tmp_path) == ["prompt.wav"]


def test_what_is_not_a_telephone_sound_is_refused(tmp_path: Path) -> None:
    text, stereo = tmp_path / "text.wav", tmp_path / "stereo.wav"
    text.write_bytes(b"not a wav at all")
    with wave.open(str(stereo), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(400))
    with pytest.raises(ValueError, match=r"text\.wav"):
        read_wav(text)
    with pytest.raises(ValueError, match=r"stereo\.wav"):
        read_wav(stereo)
    with pytest.raises(ValueError, match=r"text\.wav"):
        wav_seconds(text)
