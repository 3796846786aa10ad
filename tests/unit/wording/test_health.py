"""What the exchange says of itself, it says in the reader's language: doctor, outbox, causes (issue 5 point 5)."""

from __future__ import annotations

import os
import re

import pytest
from said import PLACE, told_of_itself

from centrale.wording.catalogue import Language, catalogue
from centrale.wording.health import of_itself
from centrale.wording.traces import told

DUTCH = catalogue(Language.DUTCH).health

PROPER_NAMES = frozenset({"Asterisk", "Database", "Python", "baresip", "espeak-ng", "sipp"})
"""The same in every language."""


def bare(template: str) -> str:
    plain = re.sub(r"\{\}( \{\})+", "{}", PLACE.sub("{}", template)).strip().rstrip(".")
    return plain[:1].lower() + plain[1:]


KNOWN = {bare(english) for english in DUTCH}


def words_of(template: str) -> bool:
    """Has it words of its own, beside paths and settings?"""
    return re.search(r"(?<![A-Z_/.`{])[a-z]{3,}", PLACE.sub("", template)) is not None


def is_known(template: str) -> bool:
    """As a whole; what stands in one of its places was made elsewhere, and is looked for there."""
    return bare(template) in KNOWN or template in PROPER_NAMES


def test_everything_that_the_exchange_says_of_itself_exists_in_dutch() -> None:
    said = {it: at for it, at in told_of_itself().items() if words_of(it)}
    assert {it: at for it, at in said.items() if not is_known(it)} == {}


def test_nothing_is_translated_that_nobody_says() -> None:
    by_the_system = {os.strerror(number) for number in range(1, 135)} | {
        "Name or service not known",
        "Temporary failure in name resolution",
        "All connection attempts failed",
        "timed out",
        "[Errno {}] {}",
    }
    composed = {"{}: {}", "{} ({})"}
    ours = composed | {bare(it) for it in told_of_itself()} | {bare(it) for it in by_the_system}
    assert {english for english in DUTCH if bare(english) not in ours} == set()


@pytest.mark.parametrize("english", DUTCH)
def test_a_translation_fills_in_what_the_english_has(english: str) -> None:
    dutch = DUTCH[english]
    assert set(PLACE.findall(dutch)) <= set(PLACE.findall(english))


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        ("running: supervisor 12, Asterisk 34", "draait: toezicht 12, Asterisk 34"),
        (
            "call control does not answer: [Errno 111] Connection refused",
            "de gespreksbesturing antwoordt niet: verbinding geweigerd",
        ),
        (
            "SIP UDP 127.0.0.1:5080: taken by asterisk (process 3); choose another with CENTRALE_SIP_PORT",
            "SIP UDP 127.0.0.1:5080: bezet door asterisk (proces 3); kies een andere met CENTRALE_SIP_PORT",
        ),
        (
            "3 e-mails wait to be sent, the oldest for 12 minutes; the log says why.",
            "3 e-mails wachten op verzending, de oudste al 12 minuten; het logboek zegt waarom.",
        ),
        ("No mail server is set.", "Er is geen mailserver ingesteld."),
        ("3.11.2", "3.11.2"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_what_the_exchange_says_of_itself(english: str, dutch: str) -> None:
    assert of_itself(english, Language.DUTCH) == dutch
    assert of_itself(english, Language.ENGLISH) == english


def test_a_technical_cause_in_a_trace_is_told_in_dutch_too() -> None:
    said = "could not be spoken: the speech engine did not answer within 5 s"
    assert told(said, Language.DUTCH) == "kon niet worden uitgesproken: de spraakmachine antwoordde niet binnen 5 s"
