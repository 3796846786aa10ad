"""What an account still lacks for its first call (issue 5): each story takes one thing away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from routing_world import (
    BAKKER,
    DAY,
    DESK,
    HALL,
    JANSEN,
    MAIN_NUMBER,
    NOW,
    ORDERED_NUMBER,
    SALES,
    SUPPORT_NUMBER,
    UNPLANNED_NUMBER,
    company,
)

from centrale.routing.first_steps import FirstStep, Stand, first_steps
from centrale.routing.snapshot import (
    AccountId,
    AccountSnapshot,
    NumberPlan,
    PlanEntry,
    PlanSchema,
    TelephoneNumber,
    devices_by_user,
)

LOGONS = {DESK: JANSEN.number, HALL: BAKKER.number}


def arranged(**changes: Any) -> AccountSnapshot:
    """The company with nothing left to do."""
    plan = NumberPlan(1, "Day", {MAIN_NUMBER: PlanEntry(SALES.number)})
    ready = {
        "numbers": {MAIN_NUMBER: TelephoneNumber(MAIN_NUMBER)},
        "schemas": (PlanSchema(1, "Janssen & Co", {1: plan}, standing=1),),
        "logons": LOGONS,
        "devices": devices_by_user(LOGONS),
        "default_caller_id": MAIN_NUMBER,
        "emergency_caller_id": MAIN_NUMBER,
    }
    return company(**{**ready, **changes})


def left(account: AccountSnapshot, *, has_called: bool = True, away: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The steps that are not done, and what is missing in each."""
    found = first_steps(account, lambda channel: channel not in away, NOW, has_called=has_called)
    assert [it.step for it in found] == list(FirstStep)
    return {it.step.value: it.missing for it in found if not it.done}


def test_nothing_is_left_for_who_has_everything() -> None:
    assert left(arranged()) == {}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"trunks": ()}, {"outside": ()}),
        ({"emergency_caller_id": None}, {"caller_ids": ("emergency_caller_id",)}),
        ({"default_caller_id": ORDERED_NUMBER}, {"caller_ids": ("default_caller_id",)}),
        ({"devices": devices_by_user({DESK: JANSEN.number})}, {"phones": (BAKKER.number,)}),
        ({"schemas": ()}, {"callers": (MAIN_NUMBER,)}),
        ({"schemas": (PlanSchema(1, "No plan chosen", {1: DAY}),)}, {"callers": (MAIN_NUMBER,)}),
        ({"channels": {}}, {"registered": ()}),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], missing: dict[str, Any]) -> None:
    assert left(arranged(**changes)) == missing


def test_numbers_that_lead_nowhere_and_numbers_that_are_only_ordered() -> None:
    numbers = {it: TelephoneNumber(it) for it in (MAIN_NUMBER, SUPPORT_NUMBER, UNPLANNED_NUMBER)}
    numbers[ORDERED_NUMBER] = TelephoneNumber(ORDERED_NUMBER, active=False)
    assert left(arranged(numbers=numbers)) == {"callers": (SUPPORT_NUMBER, UNPLANNED_NUMBER)}
    only_ordered = arranged(numbers={ORDERED_NUMBER: numbers[ORDERED_NUMBER]})
    assert left(only_ordered) == {
        "numbers": (ORDERED_NUMBER,),
        "callers": (),
        "caller_ids": ("default_caller_id", "emergency_caller_id"),
    }


def test_phones_that_are_away_and_a_switch_that_cannot_tell() -> None:
    assert left(arranged(), away=frozenset({HALL})) == {"registered": (HALL,)}
    unknown = first_steps(arranged(), lambda _channel: None, NOW, has_called=True)
    assert unknown[2] == Stand(FirstStep.REGISTERED, None, 0)


def test_a_new_account_has_everything_before_it() -> None:
    new = AccountSnapshot(AccountId(7), "7000", "New")
    assert list(left(new, has_called=False)) == [it.value for it in FirstStep]


def test_the_first_call_ends_it() -> None:
    assert left(arranged(), has_called=False) == {"call": ()}


def test_a_personal_number_needs_no_plan() -> None:
    person = replace(company().numbers[MAIN_NUMBER])
    personal = next(it for it in company().numbers.values() if it.user is not None)
    assert left(arranged(numbers={MAIN_NUMBER: person, personal.e164: personal})) == {}
