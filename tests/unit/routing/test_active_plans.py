"""Where a telephone number leads (NP-1..3, NP-9, ACC-6, USR-7)."""

from __future__ import annotations

import pytest
from routing_world import (
    BAKKER,
    CUSTOMER,
    DAY,
    JANSEN,
    JANSENS_NUMBER,
    MAIN_NUMBER,
    NIGHT,
    NOW,
    ORDERED_NUMBER,
    SALES,
    SUPPORT_NUMBER,
    UNPLANNED_NUMBER,
    company,
)

from centrale.routing.plans import Destination, NotInUse, active_plan, find_number
from centrale.routing.snapshot import (
    E164,
    ExtensionNumber,
    NumberPlan,
    NumberUse,
    PlanEntry,
    PlanSchema,
    TelephoneNumber,
)


def schema(**changes: int | None) -> PlanSchema:
    return PlanSchema(1, "Janssen & Co", {1: DAY, 2: NIGHT}, **changes)


def test_the_plan_chosen_by_hand_goes_before_the_standing_one() -> None:
    assert active_plan(schema(standing=1), NOW).plan is DAY
    by_hand = active_plan(schema(standing=1, override=2), NOW)
    assert by_hand.plan is NIGHT
    assert by_hand.decision.facts["by"] == "manual override"


def test_an_override_to_a_deleted_plan_falls_back_and_says_so() -> None:
    active = active_plan(schema(standing=1, override=9), NOW)
    assert active.plan is DAY
    assert active.decision.rejected == ("manual override: schema 1 has no plan 9",)


def test_a_schema_that_names_no_plan_has_none_active() -> None:
    assert active_plan(schema(), NOW).plan is None


def test_a_number_leads_where_the_active_plan_says_with_its_prefix() -> None:
    found = find_number(company(), MAIN_NUMBER, NOW)
    assert isinstance(found, Destination)
    assert (found.extension, found.prefix) == (SALES, "Sales")
    assert found.decision.facts["plan"] == "Day"
    overridden = find_number(company(schemas=(schema(standing=1, override=2),)), MAIN_NUMBER, NOW)
    assert isinstance(overridden, Destination)
    assert overridden.extension is BAKKER


def test_a_second_schema_serves_its_own_numbers() -> None:
    support = PlanSchema(
        2, "Support", {1: NumberPlan(1, "Always", {SUPPORT_NUMBER: PlanEntry(BAKKER.number)})}, standing=1
    )
    found = find_number(company(schemas=(schema(standing=1), support)), SUPPORT_NUMBER, NOW)
    assert isinstance(found, Destination)
    assert found.extension is BAKKER
    assert found.decision.rejected == ("schema Janssen & Co: not in plan Day",)


def test_a_personal_number_reaches_its_person_without_any_plan() -> None:
    found = find_number(company(schemas=()), JANSENS_NUMBER, NOW)
    assert isinstance(found, Destination)
    assert found.extension is JANSEN
    assert found.decision.rule == "personal-number"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (UNPLANNED_NUMBER, "not in plan Day"),
        (ORDERED_NUMBER, "not active"),
        (CUSTOMER, "not a number of this account"),
    ],
)
def test_other_numbers_are_not_in_use_and_the_record_says_why(number: E164, reason: str) -> None:
    found = find_number(company(), number, NOW)
    assert isinstance(found, NotInUse)
    assert reason in found.decision.rejected[0]


def test_a_plan_or_person_that_points_nowhere_is_not_in_use() -> None:
    nowhere = NumberPlan(1, "Day", {MAIN_NUMBER: PlanEntry(ExtensionNumber("999"))})
    account = company(schemas=(PlanSchema(1, "Main", {1: nowhere}, standing=1),))
    assert isinstance(find_number(account, MAIN_NUMBER, NOW), NotInUse)
    gone = TelephoneNumber(JANSENS_NUMBER, NumberUse.PERSONAL, user=ExtensionNumber("999"))
    assert isinstance(find_number(company(numbers={gone.e164: gone}), JANSENS_NUMBER, NOW), NotInUse)
