"""Where calls may be forwarded to (GRP-3), and that they do not go round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from routing_world import BAKKER, CUSTOMER, JANSEN, MAIN_NUMBER, SALES, company

from centrale.routing.forwards import (
    MOST_FORWARDS,
    MOST_TARGETS,
    Followed,
    GoesRound,
    InsideTarget,
    OutsideTarget,
    Targets,
    follow,
    read_targets,
)
from centrale.routing.snapshot import ExtensionNumber

COMPANY = company()


def for_inside_calls(text: str) -> Targets:
    return read_targets(text, COMPANY, calls_from_outside=False, owner=SALES.number)


def for_outside_calls(text: str) -> Targets:
    return read_targets(text, COMPANY, calls_from_outside=True, owner=SALES.number)


def test_several_numbers_are_separated_by_semicolons_and_rung_once_each() -> None:
    found = for_inside_calls("201; 06-12345678 ;201;")
    assert found.targets == (InsideTarget(JANSEN.number), OutsideTarget(CUSTOMER, CUSTOMER))
    assert found.problems == ()


@pytest.mark.parametrize("inside", ["201", "299", "0201234500"])
def test_calls_from_outside_may_not_be_forwarded_to_an_inside_number(inside: str) -> None:
    found = for_outside_calls(f"{inside};0612345678")
    assert found.targets == (OutsideTarget(CUSTOMER, CUSTOMER),)
    assert inside in found.problems[0]
    assert "outside numbers only" in found.problems[0]


def test_calls_from_inside_may_go_to_a_number_of_our_own() -> None:
    assert for_inside_calls("0201234500").targets == (OutsideTarget(MAIN_NUMBER, MAIN_NUMBER),)


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("112", "emergency number 112"),
        ("901", "service number 901"),
        ("299", "no extension 299"),
        ("300", "forward to itself"),
        ("pizza", "cannot be reached"),
    ],
)
def test_what_cannot_be_a_target_is_told_in_a_sentence(part: str, problem: str) -> None:
    found = for_inside_calls(part)
    assert found.targets == ()
    assert problem in found.problems[0]


def test_a_forward_does_not_ring_the_whole_town() -> None:
    found = for_outside_calls(";".join(f"06123456{n:02}" for n in range(MOST_TARGETS + 1)))
    assert len(found.targets) == MOST_TARGETS
    assert str(MOST_TARGETS) in found.problems[0]


@given(st.text() | st.text("0123456789;*#+", max_size=60))
def test_no_text_whatever_upsets_it_or_gets_an_inside_number_through(text: str) -> None:
    for target in for_outside_calls(text).targets:
        assert isinstance(target, OutsideTarget)
        assert target.number not in COMPANY.numbers


def test_a_forward_is_followed_and_remembered() -> None:
    assert follow((JANSEN.number,), BAKKER.number) == Followed((JANSEN.number, BAKKER.number))


def test_two_people_who_forward_to_each_other_do_not_make_a_call_go_round() -> None:
    found = follow((JANSEN.number, BAKKER.number), JANSEN.number)
    assert isinstance(found, GoesRound)
    assert found.decision.facts["path"] == "201 > 202"
    assert found.decision.rejected == ("201 has already forwarded this call",)


def test_a_long_chain_ends() -> None:
    path: tuple[ExtensionNumber, ...] = (ExtensionNumber("100"),)
    for n in range(101, 101 + MOST_FORWARDS):
        found = follow(path, ExtensionNumber(str(n)))
        assert isinstance(found, Followed)
        path = found.path  # type: ignore[assignment]
    assert isinstance(follow(path, ExtensionNumber("999")), GoesRound)
