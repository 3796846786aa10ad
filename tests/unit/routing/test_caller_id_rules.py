"""Who a call says it is from (CID-1..6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from routing_world import (
    BAKKER,
    CARRIER,
    CUSTOMER,
    GENEROUS,
    JANSEN,
    JANSENS_NUMBER,
    MAIN_NUMBER,
    ORDERED_NUMBER,
    SUPPORT_NUMBER,
    UNPLANNED_NUMBER,
    company,
)

from centrale.routing.callerid import (
    Diversion,
    DiversionReason,
    ForwardShows,
    Presented,
    forwarded,
    from_outside,
    inside,
    outside,
    prefixed,
    printable,
    trunk_headers,
)
from centrale.routing.person import NOBODY, Person
from centrale.routing.snapshot import E164, Trunk

COMPANY = company()
SUPPORTER = Person(default_caller_id=SUPPORT_NUMBER, further_caller_ids={2: UNPLANNED_NUMBER, 3: CUSTOMER})


def test_colleagues_see_extension_and_name() -> None:
    shown = inside(JANSEN)
    assert (shown.number, shown.name) == ("201", "Jansen")


def test_outside_sees_the_users_number_else_the_accounts() -> None:
    assert outside(COMPANY, JANSEN, SUPPORTER).number == SUPPORT_NUMBER
    assert outside(COMPANY, JANSEN, NOBODY).number == MAIN_NUMBER


def test_a_code_chooses_a_further_number_of_the_user() -> None:
    assert outside(COMPANY, JANSEN, SUPPORTER, slot=2).number == UNPLANNED_NUMBER


@pytest.mark.parametrize(("slot", "reason"), [(3, "not a number of this account"), (4, "not set")])
def test_a_code_without_a_usable_number_falls_through_with_the_reason(slot: int, reason: str) -> None:
    shown = outside(COMPANY, JANSEN, SUPPORTER, slot=slot)
    assert shown.number == SUPPORT_NUMBER
    assert reason in shown.decision.rejected[0]


@pytest.mark.parametrize("wish", [ORDERED_NUMBER, CUSTOMER, JANSENS_NUMBER])
def test_only_an_active_number_of_the_account_that_is_not_a_colleagues_is_shown(wish: E164) -> None:
    shown = outside(COMPANY, BAKKER, Person(default_caller_id=wish))
    assert shown.number == MAIN_NUMBER
    assert wish in shown.decision.rejected[0]


def test_an_own_personal_number_may_be_shown() -> None:
    assert outside(COMPANY, JANSEN, Person(default_caller_id=JANSENS_NUMBER)).number == JANSENS_NUMBER


def test_an_account_without_numbers_shows_none_and_withholds_nothing() -> None:
    shown = outside(company(numbers={}), JANSEN)
    assert (shown.number, shown.e164, shown.withheld) == (None, None, False)


def test_a_withheld_number_is_hidden_from_the_callee_and_asserted_to_the_carrier() -> None:
    shown = outside(COMPANY, JANSEN, withheld=True)
    assert (shown.number, shown.withheld) == (None, True)
    assert trunk_headers(shown, "centrale.test") == {
        "P-Asserted-Identity": f"<sip:{MAIN_NUMBER}@centrale.test>",
        "Privacy": "id",
    }


def test_an_outside_caller_is_shown_so_that_the_call_back_key_works() -> None:
    assert from_outside(CUSTOMER, "", COMPANY).number == "0612345678"
    assert from_outside(E164("+49301234567"), "", COMPANY).number == "0049301234567"


def test_who_withholds_the_number_withholds_the_name() -> None:
    shown = from_outside(None, "Jansen", COMPANY)
    assert (shown.number, shown.name, shown.e164, shown.withheld) == (None, "", None, True)


def test_prefixes_stack_before_the_name_in_the_order_of_the_calls_way() -> None:
    assert prefixed(from_outside(CUSTOMER, "De Boer", COMPANY), ["Sales", "Cars"]).name == "Sales: Cars: De Boer"
    assert prefixed(inside(JANSEN), ["Sales"]).name == "Sales: Jansen"


def test_a_prefix_without_a_name_goes_before_the_number() -> None:
    assert prefixed(from_outside(CUSTOMER, "", COMPANY), ["Sales"]).name == "Sales: 0612345678"
    assert prefixed(from_outside(None, "", COMPANY), ["Sales"]).name == "Sales: Anonymous"


def test_no_prefix_changes_nothing_and_an_own_colon_is_not_doubled() -> None:
    caller = inside(JANSEN)
    assert prefixed(caller, []) is caller
    assert prefixed(caller, ["", " "]) is caller
    assert prefixed(caller, ["Sales: "]).name == "Sales: Jansen"


def send_on(shows: ForwardShows, trunk: Trunk, caller: Presented, called: E164 | None = MAIN_NUMBER) -> Presented:
    return forwarded(
        COMPANY, shows, trunk, caller=caller, called=called, user=BAKKER, person=SUPPORTER, reason=DiversionReason.BUSY
    )


CALLER = from_outside(CUSTOMER, "De Boer", COMPANY)


def test_a_forward_keeps_the_callers_number_with_a_diversion_where_the_trunk_allows() -> None:
    shown = send_on(ForwardShows.CALLER, GENEROUS, CALLER)
    assert shown.number == CUSTOMER
    assert shown.diversion == Diversion(MAIN_NUMBER, DiversionReason.BUSY)
    assert trunk_headers(shown, "centrale.test") == {
        "P-Asserted-Identity": f"<sip:{CUSTOMER}@centrale.test>",
        "Diversion": f"<sip:{MAIN_NUMBER}@centrale.test>;reason=user-busy;counter=1",
    }


def test_a_forward_over_a_strict_trunk_shows_the_called_number_instead() -> None:
    shown = send_on(ForwardShows.CALLER, CARRIER, CALLER)
    assert shown.number == MAIN_NUMBER
    assert shown.decision.rejected == ("caller: trunk carrier allows only numbers of ours",)


def test_without_a_number_of_our_own_for_the_diversion_the_callers_number_is_not_kept() -> None:
    shown = forwarded(company(numbers={}), ForwardShows.CALLER, GENEROUS, caller=CALLER, called=None, user=BAKKER)
    assert (shown.e164, shown.diversion) == (None, None)
    assert shown.decision.rejected[0] == "caller: none of our numbers can stand in the Diversion"


def test_a_forward_shows_the_called_number_or_the_users() -> None:
    assert send_on(ForwardShows.CALLED, GENEROUS, CALLER).number == MAIN_NUMBER
    assert send_on(ForwardShows.USER, GENEROUS, CALLER).number == SUPPORT_NUMBER


def test_a_colleagues_call_forwarded_outside_shows_the_users_number() -> None:
    shown = send_on(ForwardShows.CALLER, GENEROUS, inside(JANSEN), called=None)
    assert shown.number == SUPPORT_NUMBER
    assert shown.diversion == Diversion(SUPPORT_NUMBER, DiversionReason.BUSY)


@pytest.mark.parametrize("shows", list(ForwardShows))
def test_a_caller_who_withheld_stays_withheld_whatever_a_forward_shows(shows: ForwardShows) -> None:
    shown = send_on(shows, GENEROUS, from_outside(None, "", COMPANY))
    assert (shown.number, shown.withheld) == (None, True)


POOL = [CUSTOMER, MAIN_NUMBER, SUPPORT_NUMBER, ORDERED_NUMBER, JANSENS_NUMBER]


@given(
    shows=st.sampled_from(ForwardShows),
    trunk=st.sampled_from([CARRIER, GENEROUS]),
    caller=st.none() | st.sampled_from(POOL),
    called=st.none() | st.sampled_from(POOL),
    own=st.none() | st.sampled_from(POOL),
)
def test_nobody_elses_number_is_ever_presented_as_ours(
    shows: ForwardShows, trunk: Trunk, caller: E164 | None, called: E164 | None, own: E164 | None
) -> None:
    shown = forwarded(
        COMPANY,
        shows,
        trunk,
        caller=from_outside(caller, "", COMPANY),
        called=called,
        user=BAKKER,
        person=Person(default_caller_id=own),
    )
    bakkers = {MAIN_NUMBER, SUPPORT_NUMBER, UNPLANNED_NUMBER}
    kept = shows is ForwardShows.CALLER and trunk.keeps_foreign_caller_id and shown.e164 == caller
    assert shown.e164 in bakkers or kept
    assert shown.diversion is not None
    assert shown.diversion.number in bakkers


@given(st.text())
def test_a_name_from_outside_cannot_break_out_of_a_header_or_fill_the_display(name: str) -> None:
    kept = printable(name)
    assert len(kept) <= 64
    assert not set(kept) & set('"<>\\\r\n\0\t')
