"""Telephone numbers to and from E.164 (CID-4)."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrale.routing.e164 import _readings, as_dialled_inside, forget, from_dialled, readings, short_number
from centrale.routing.snapshot import E164

EUROPE = ["NL", "BE", "DE", "ES", "LV", "GB", "FR", "IT"]


@st.composite
def real_numbers(draw: st.DrawFn) -> E164:
    """An existing number range of some country, with its last digits changed."""
    country = draw(st.sampled_from([*EUROPE, "US", "AU", "JP"]))
    kind = draw(st.sampled_from([phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]))
    example = phonenumbers.example_number_for_type(country, kind)
    assert example is not None
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return E164(written[:-3] + f"{draw(st.integers(0, 999)):03}")


@given(number=real_numbers(), country=st.sampled_from(EUROPE))
def test_what_a_phone_shows_can_be_dialled_back(number: E164, country: str) -> None:
    assert from_dialled(as_dialled_inside(number, country), country, None) == number


@given(number=real_numbers(), country=st.sampled_from(EUROPE))
def test_a_carrier_may_write_e164_with_plus_or_zeros(number: E164, country: str) -> None:
    assert readings(number, country) == (number,)
    assert readings(f"00{number[1:]}", country) == (number,)


@given(number=real_numbers(), country=st.sampled_from(EUROPE))
def test_a_carrier_may_leave_the_plus_out(number: E164, country: str) -> None:
    assert number in readings(number[1:], country) or not phonenumbers.is_valid_number(phonenumbers.parse(number))


@pytest.mark.parametrize(
    "user_part", ["+31201234567", "0031201234567", "31201234567", "0201234567", "201234567", "+31201234567;npdi"]
)
def test_every_way_in_which_carriers_write_amsterdam(user_part: str) -> None:
    assert readings(user_part, "NL")[0] == "+31201234567"


@pytest.mark.parametrize("user_part", ["anonymous", "Anonymous", "", "+", "201", "sip", "²²²²²²²²²", "1" * 1000])
def test_what_is_no_telephone_number_reads_as_nothing(user_part: str) -> None:
    assert readings(user_part, "NL") == ()


def test_what_can_be_a_number_here_or_abroad_is_first_one_of_here() -> None:
    assert readings("431280949", "NL") == ("+31431280949", "+431280949")


def test_one_of_our_own_in_a_range_that_the_metadata_does_not_know_is_still_read() -> None:
    assert from_dialled("+31991234567", "NL", None) == "+31991234567"
    assert readings("31991234567", "NL") == ("+31991234567",)


@pytest.mark.parametrize(
    ("number", "country", "shown"),
    [
        ("+31201234567", "NL", "0201234567"),
        ("+31201234567", "BE", "0031201234567"),
        ("+34912345678", "ES", "912345678"),
        ("+12125551234", "NL", "0012125551234"),
        ("+31116123", "NL", "116123"),
        ("+390612345678", "IT", "0612345678"),
    ],
)
def test_the_form_in_which_people_dial(number: E164, country: str, shown: str) -> None:
    assert as_dialled_inside(number, country) == shown


def test_short_numbers_are_those_of_the_country() -> None:
    assert short_number("116123", "NL") == "+31116123"
    assert short_number("201", "NL") is None
    assert short_number("0612345678", "NL") is None


@given(text=st.text(), country=st.sampled_from([*EUROPE, "XX"]))
def test_no_text_whatever_upsets_reading(text: str, country: str) -> None:
    for number in readings(text, country):
        assert number[0] == "+"
        assert number[1:].isascii()
        assert number[1:].isdigit()


def test_strangers_cannot_fill_the_memory_with_long_texts() -> None:
    forget()
    for n in range(100):
        readings(f"{n}" * 40, "NL")
    assert _readings.cache_info().currsize == 0
