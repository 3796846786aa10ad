"""What the exchange refuses, it refuses in the reader's language (issue 5 point 5)."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest
from pydantic_core._pydantic_core import list_all_errors
from said import PLACE, refusals

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.refusals import refusal

DUTCH = catalogue(Language.DUTCH)
SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z])")
OF_PYDANTIC = {PLACE.sub("{}", str(it["message_template_python"])) for it in list_all_errors()}
TITLES = {state.phrase for state in HTTPStatus}


def bare(template: str) -> str:
    """Without what differs between the code and the catalogue: names of places, the first letter, the full stop."""
    plain = PLACE.sub("{}", template).rstrip(".")
    return plain[:1].lower() + plain[1:]


def sentences(template: str) -> list[str]:
    """The parts that may be known one by one. What begins with a sentence made elsewhere is known by the rest."""
    return SENTENCES.split(re.sub(r"^\{\} (?=[A-Z])", "", template))


KNOWN = {bare(english) for english in DUTCH.problems}


def is_known(template: str) -> bool:
    return bare(template) in KNOWN or all(bare(sentence) in KNOWN for sentence in sentences(template))


def test_every_refusal_exists_in_dutch() -> None:
    assert {template: place for template, place in refusals().items() if not is_known(template)} == {}


def test_nothing_is_translated_that_nobody_refuses() -> None:
    ours = {bare(part) for template in refusals() for part in (template, *sentences(template))}
    theirs = {bare(template) for template in OF_PYDANTIC | TITLES}
    composed = {bare(f"There is no {it}") for it in ("{}", "such thing here; see /docs for the form of addresses")}
    assert KNOWN - ours - theirs - composed == set()


@pytest.mark.parametrize("english", DUTCH.problems)
def test_a_translation_fills_in_only_what_the_english_has(english: str) -> None:
    assert set(PLACE.findall(DUTCH.problems[english])) <= set(PLACE.findall(english))


@pytest.mark.parametrize("english", DUTCH.problems)
def test_a_refusal_with_values_is_recognised(english: str) -> None:
    """Whatever stands in its places, and with the capital and the full stop that the API gives it."""
    composed = PLACE.sub(lambda place: f"«{place[0][1:-1]}»", english)
    composed = composed[:1].upper() + composed[1:]
    expected = PLACE.sub(lambda place: f"«{place[0][1:-1]}»", DUTCH.problems[english])
    assert refusal(composed, Language.DUTCH).rstrip(".!?").lower() == expected.rstrip(".!?").lower()
    assert refusal(composed, Language.ENGLISH) == composed


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("There is no extension 299.", "Extensie 299 bestaat niet."),
        (
            "There is no such thing here; see /docs for the form of addresses.",
            "Zoiets is hier niet; zie /docs voor de vorm van adressen.",
        ),
        (
            "Extension 201 is still in use. Take it out there first.",
            "Extensie 201 is nog in gebruik. Haal het daar eerst weg.",
        ),
        ("String should have at least 1 character.", "Moet ten minste 1 teken(s) hebben."),
        ("Nobody has heard of this. Is required.", "Nobody has heard of this. Is verplicht."),
        ("", ""),
        ("is required " * 500, "is required " * 500),
        ("{what} {0} \\1 is still in use.", "{what} {0} \\1 is nog in gebruik."),
    ],
)
def test_refusals_as_they_are_composed(english: str, dutch: str) -> None:
    assert refusal(english, Language.DUTCH) == dutch
