"""What a phone's ear makes of sound."""

from __future__ import annotations

import random
from array import array

import pytest

from centrale.phones.audio import ToneListener, hears, hears_sound, pcm_of, samples_of, tone

RATES = (8000, 16000)


def mixed(*sounds: bytes) -> bytes:
    return pcm_of(array("h", (sum(values) // len(sounds) for values in zip(*map(samples_of, sounds), strict=True))))


def noise(rate: int, seconds: float, amplitude: int, seed: int = 1) -> bytes:
    dice = random.Random(seed)
    return pcm_of(array("h", (dice.randint(-amplitude, amplitude) for _ in range(round(rate * seconds)))))


def g711_like(pcm: bytes) -> bytes:
    """Quantise as coarsely as G.711 does: 12 to 13 bits near silence, 5 significant bits when loud."""

    def coarse(sample: int) -> int:
        step = max(16, 1 << max(0, abs(sample).bit_length() - 5))
        return max(-32768, min(32767, round(sample / step) * step))

    return pcm_of(array("h", map(coarse, samples_of(pcm))))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("frequency", [350, 440, 700, 1000, 2600])
def test_a_tone_is_heard_at_its_own_frequency(rate: int, frequency: int) -> None:
    assert hears(tone(frequency, rate, 1), rate, frequency)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("other", [670, 730, 350, 1400])
def test_a_tone_of_another_frequency_is_not_heard(rate: int, other: int) -> None:
    assert not hears(tone(other, rate, 1), rate, 700)


def test_a_tone_survives_the_codec_and_a_bad_line() -> None:
    line = mixed(tone(700, 8000, 1), noise(8000, 1, 16000))
    assert hears(g711_like(line), 8000, 700)


def test_a_faint_tone_is_heard() -> None:
    assert hears(tone(700, 8000, 1, amplitude=400), 8000, 700)


def test_three_people_at_once_are_each_heard() -> None:
    conference = mixed(*(tone(frequency, 8000, 1) for frequency in (500, 700, 1000)))
    assert [hears(conference, 8000, frequency) for frequency in (500, 700, 1000, 1300)] == [True, True, True, False]


def test_noise_is_no_tone_but_it_is_sound() -> None:
    hiss = noise(8000, 2, 20000)
    assert not hears(hiss, 8000, 700)
    assert hears_sound(hiss, 8000)


@pytest.mark.parametrize("silence", [bytes(16000), noise(8000, 1, 100)])
def test_silence_and_comfort_noise_are_nothing_to_hear(silence: bytes) -> None:
    assert not hears(silence, 8000, 700)
    assert not hears_sound(silence, 8000)


def test_a_click_at_the_right_frequency_is_not_a_tone() -> None:
    assert not hears(bytes(8000) + tone(700, 8000, 0.15) + bytes(8000), 8000, 700)


def test_a_sweep_through_the_frequency_is_not_a_tone() -> None:
    sweep = b"".join(tone(frequency, 8000, 0.05) for frequency in range(400, 1000, 25))
    assert not hears(sweep, 8000, 700)
    assert hears_sound(sweep, 8000)


def test_sound_that_comes_in_crumbs_is_heard_as_well() -> None:
    listener = ToneListener(700)
    sound = tone(700, 8000, 0.5)
    for start in range(0, len(sound), 34):
        listener.feed(sound[start : start + 34], 8000)
    assert listener.heard


def test_the_tone_is_followed_through_a_change_of_codec() -> None:
    listener = ToneListener(700)
    listener.feed(tone(700, 8000, 0.25), 8000)
    listener.feed(tone(700, 16000, 0.25), 16000)
    assert listener.heard


def test_the_impression_tells_no_audio_from_silence_from_other_sound() -> None:
    nothing, silence, other = ToneListener(700), ToneListener(700), ToneListener(700)
    silence.feed(bytes(3200), 8000)
    other.feed(tone(440, 8000, 0.5, amplitude=32767), 8000)
    assert nothing.impression() == "no audio arrived at all"
    assert silence.impression() == "only silence"
    assert other.impression() == "other sound, up to -3 dBFS"
