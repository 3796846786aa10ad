"""Which PINs are refused (USR-2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centrale.routing.pins import PinProblem, must_choose, pin_problem


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ("1111", PinProblem.REPEAT),
        ("0000", PinProblem.REPEAT),
        ("1212", PinProblem.REPEAT),
        ("482482", PinProblem.REPEAT),
        ("1234", PinProblem.SEQUENCE),
        ("9876", PinProblem.SEQUENCE),
        ("7890", PinProblem.SEQUENCE),
        ("3210987654", PinProblem.SEQUENCE),
        ("123", PinProblem.LENGTH),
        ("12345678901", PinProblem.LENGTH),
        ("12a4", PinProblem.NOT_DIGITS),
        ("١٩٤٧", PinProblem.NOT_DIGITS),
        ("", PinProblem.NOT_DIGITS),
        ("2580", None),
        ("1123", None),
        ("1984", None),
        ("48151623", None),
    ],
)
def test_repeats_and_sequences_are_refused_and_the_rest_is_good(pin: str, problem: PinProblem | None) -> None:
    assert pin_problem(pin) == problem


def test_the_own_extension_number_is_no_pin() -> None:
    assert pin_problem("2071", extension="2071") == PinProblem.OWN_EXTENSION
    assert pin_problem("2071", extension="2072") is None


def test_0000_makes_the_user_choose() -> None:
    assert must_choose("0000")
    assert not must_choose("00000")


@given(start=st.integers(0, 9), length=st.integers(4, 10), step=st.sampled_from([-1, 0, 1]))
def test_every_run_of_digits_is_refused(start: int, length: int, step: int) -> None:
    assert pin_problem("".join(str((start + n * step) % 10) for n in range(length))) is not None


@given(piece=st.text("0123456789", min_size=1, max_size=5), times=st.integers(2, 10))
def test_every_repetition_is_refused(piece: str, times: int) -> None:
    assert pin_problem(piece * times) is not None


@given(st.text())
def test_no_text_whatever_upsets_it(pin: str) -> None:
    assert pin_problem(pin) is None or isinstance(pin_problem(pin), PinProblem)
