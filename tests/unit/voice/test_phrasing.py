"""Numbers, times and names become words that a listener of each language expects."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrale.voice.languages import LANGUAGES, day, digits, number, spoken_language, time_of_day
from centrale.voice.phrasing import placeholders, sentence
from centrale.voice.prompts import Prompt


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("nl", "twee nul een"),
        ("en", "two zero one"),
        ("de", "zwei null eins"),
        ("es", "dos cero uno"),
        ("lv", "divi nulle viens"),
    ],
)
def test_an_extension_is_said_digit_by_digit(language: str, spoken: str) -> None:
    assert digits("201", language) == spoken
    assert digits(201, language) == spoken


def test_star_and_hash_have_names() -> None:
    assert digits("*8#", "nl") == "sterretje acht hekje"
    assert digits("*8#", "de") == "Stern acht Raute"


def test_a_telephone_number_is_said_in_threes_with_pauses() -> None:
    assert digits("+31 30 123", "en") == "plus three one, three zero one, two three"


@pytest.mark.parametrize("wrong", ["", "20a", "-1", "٣"])
def test_what_is_not_on_a_telephone_is_not_said_as_digits(wrong: str) -> None:
    with pytest.raises(ValueError, match="digit by digit"):
        digits(wrong, "en")


@given(st.text(alphabet="0123456789*#+", min_size=1, max_size=20), st.sampled_from(LANGUAGES))
def test_every_key_is_heard_once_and_in_order(keys: str, language: str) -> None:
    assert digits(keys, language).replace(",", "").split() == [digits(key, language) for key in keys]


@pytest.mark.parametrize(
    ("language", "moment", "spoken"),
    [
        ("nl", time(14, 30), "14 uur 30"),
        ("nl", time(9), "9 uur"),
        ("de", time(14, 30), "14 Uhr 30"),
        ("de", time(9), "9 Uhr"),
        ("en", time(14, 30), "2 30 p m"),
        ("en", time(9, 5), "9 oh 5 a m"),
        ("en", time(0), "12 a m"),
        ("en", time(12), "12 p m"),
        ("es", time(1, 5), "la una y 5"),
        ("es", time(21), "las veintiuna"),
        ("es", time(14, 30), "las 14 y 30"),
        ("lv", time(14, 30), "14 30"),
        ("lv", time(9, 5), "9 nulle 5"),
        ("lv", time(9), "9"),
    ],
)
def test_a_time_of_day_is_said_as_people_say_it(language: str, moment: time, spoken: str) -> None:
    assert time_of_day(moment, language) == spoken


@pytest.mark.parametrize(
    ("language", "spoken"),
    [("nl", "5 maart"), ("en", "March 5"), ("de", "5. März"), ("es", "5 de marzo"), ("lv", "5. marts")],
)
def test_a_day_is_said_without_its_year(language: str, spoken: str) -> None:
    assert day(date(2026, 3, 5), language) == spoken


@pytest.mark.parametrize("wrong", [-1, 2.5, "3", True])
def test_only_whole_numbers_are_said_as_numbers(wrong: object) -> None:
    with pytest.raises(ValueError, match="whole number"):
        number(wrong)


def test_a_sentence_carries_the_name_and_the_extension() -> None:
    said = sentence(Prompt.LOGGED_ON, "nl", {"name": "Jansen", "extension": "201"})
    assert said == "U bent aangemeld als Jansen, met extensie twee nul een."


@pytest.mark.parametrize("values", [{}, {"name": "Jansen"}, {"name": "Jansen", "extension": "201", "queue": "7"}])
def test_missing_and_unexpected_values_are_named(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"logged_on .*(extension|extension, name|queue)$"):
        sentence(Prompt.LOGGED_ON, "nl", values)


def test_a_name_cannot_break_the_line_or_talk_on_for_ever() -> None:
    said = sentence(Prompt.LOGGED_ON, "en", {"name": "Ann\x00\nQuit {extension} " + "a" * 1000, "extension": "201"})
    assert said.startswith("You are logged on as Ann Quit {extension} aaa")
    assert said.isprintable()
    assert len(said) < 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", [prompt for prompt in Prompt if placeholders(prompt, "en")])
def test_nothing_unspoken_is_left_in_a_sentence(prompt: Prompt, language: str) -> None:
    example: dict[str, object] = {"": "Jansen", "digits": "201", "number": 3, "time": time(9), "date": date(2026, 3, 5)}
    values = {field: example[style] for field, style in placeholders(prompt, language).items()}
    assert not set("{}") & set(sentence(prompt, language, values))


def test_language_tags_are_understood_and_unknown_languages_get_english() -> None:
    assert [spoken_language(tag) for tag in ("nl", "nl-BE", "DE_at", "fr", "")] == ["nl", "nl", "de", "en", "en"]
