"""Which number the emergency centre sees (EMG-3)."""

from __future__ import annotations

from routing_world import (
    BAKKER,
    CUSTOMER,
    DESK,
    HALL,
    JANSEN,
    JANSENS_NUMBER,
    MAIN_NUMBER,
    ORDERED_NUMBER,
    SUPPORT_NUMBER,
    UNPLANNED_NUMBER,
    company,
)

from centrale.routing.emergency import emergency_caller_id, emergency_number
from centrale.routing.person import NOBODY, Person
from centrale.routing.snapshot import Channel, TelephoneNumber

FALLBACKS = Channel(HALL, emergency_caller_id=SUPPORT_NUMBER)


def test_the_users_own_number_goes_first() -> None:
    person = Person(default_caller_id=SUPPORT_NUMBER, emergency_caller_id=UNPLANNED_NUMBER)
    number, why = emergency_caller_id(company(), Channel(DESK), JANSEN, person)
    assert number == SUPPORT_NUMBER
    assert why.facts["from"] == "user's default caller id"


def test_a_personal_number_is_own_too() -> None:
    number, _ = emergency_caller_id(company(), Channel(DESK), JANSEN, Person(emergency_caller_id=UNPLANNED_NUMBER))
    assert number == JANSENS_NUMBER


def test_a_colleagues_personal_number_is_not_even_considered() -> None:
    number, why = emergency_caller_id(company(emergency_caller_id=MAIN_NUMBER), Channel(DESK), BAKKER, NOBODY)
    assert number == MAIN_NUMBER
    assert why.rejected == ("user's default caller id: not set", "user's fallback: not set")


def test_without_own_number_the_users_fallback_and_then_the_accounts_not_the_phones() -> None:
    numbers = {number: TelephoneNumber(number) for number in (MAIN_NUMBER, SUPPORT_NUMBER, UNPLANNED_NUMBER)}
    account = company(numbers=numbers, emergency_caller_id=UNPLANNED_NUMBER)
    chosen, _ = emergency_caller_id(account, FALLBACKS, JANSEN, Person(emergency_caller_id=MAIN_NUMBER))
    assert chosen == MAIN_NUMBER
    chosen, _ = emergency_caller_id(account, FALLBACKS, JANSEN, NOBODY)
    assert chosen == UNPLANNED_NUMBER


def test_with_nobody_logged_on_the_phones_fallback_and_then_the_accounts() -> None:
    account = company(emergency_caller_id=UNPLANNED_NUMBER)
    assert emergency_caller_id(account, FALLBACKS, None, NOBODY)[0] == SUPPORT_NUMBER
    assert emergency_caller_id(account, Channel(HALL), None, NOBODY)[0] == UNPLANNED_NUMBER


def test_when_nothing_is_set_any_active_business_number_serves() -> None:
    account = company(default_caller_id=None)
    number, why = emergency_caller_id(account, Channel(HALL), None, NOBODY)
    assert number in {MAIN_NUMBER, SUPPORT_NUMBER, UNPLANNED_NUMBER}
    assert why.facts["from"] == "business number"
    assert "account's fallback: not set" in why.rejected


def test_a_number_that_is_not_ours_or_not_active_is_passed_over_with_the_reason() -> None:
    person = Person(default_caller_id=CUSTOMER, emergency_caller_id=ORDERED_NUMBER)
    account = company(
        numbers={
            MAIN_NUMBER: TelephoneNumber(MAIN_NUMBER),
            ORDERED_NUMBER: TelephoneNumber(ORDERED_NUMBER, active=False),
        },
        emergency_caller_id=MAIN_NUMBER,
    )
    number, why = emergency_caller_id(account, Channel(DESK), JANSEN, person)
    assert number == MAIN_NUMBER
    assert why.rejected == (
        f"user's default caller id: {CUSTOMER} is not a number of this account",
        f"user's fallback: {ORDERED_NUMBER} is not active",
    )


def test_without_a_single_active_number_the_call_still_goes_without_one() -> None:
    number, why = emergency_caller_id(company(numbers={}), Channel(HALL), None, NOBODY)
    assert number is None
    assert why.outcome == "none"


def test_112_counts_in_every_country_and_longer_numbers_do_not() -> None:
    assert emergency_number("112", "US") == "112"
    assert emergency_number("112", "XX") == "112"
    assert emergency_number("1120", "NL") is None
    assert emergency_number("110", "DE") == "110"
    assert emergency_number("110", "NL") is None
