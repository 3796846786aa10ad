"""Where a call enters, from a phone and from a trunk."""

from __future__ import annotations

import pytest
from routing_world import (
    BAKKER,
    CARRIER,
    CUSTOMER,
    DESK,
    HALL,
    JANSEN,
    JANSENS_NUMBER,
    MAIN_NUMBER,
    NOW,
    ORDERED_NUMBER,
    SALES,
    STRANGERS_NUMBER,
    SUPPORT_NUMBER,
    UNPLANNED_NUMBER,
    company,
    platform,
    stranger,
)

from centrale.routing.callerid import prefixed
from centrale.routing.e164 import readings
from centrale.routing.entrance import (
    Arrival,
    EmergencyCall,
    FromChannel,
    FromTrunk,
    LogOnFirst,
    NotDialable,
    OutsideCall,
    ServiceCall,
    UnknownExtension,
    from_channel,
    from_trunk,
)
from centrale.routing.person import NOBODY, Person
from centrale.routing.plans import NotInUse
from centrale.routing.snapshot import E164, AccountSnapshot, Channel, ChannelName, NumberUse, TelephoneNumber

COMPANY = company()
PLATFORM = platform(COMPANY, stranger())


def jansen_dials(dialled: str, person: Person = NOBODY, account: AccountSnapshot = COMPANY) -> FromChannel:
    return from_channel(account, account.channels[DESK], dialled, NOW, person)


def somebody_in_the_hall_dials(dialled: str, account: AccountSnapshot = COMPANY) -> FromChannel:
    return from_channel(account, account.channels[HALL], dialled, NOW)


def outside_calls(called: str, caller: str | None = "31612345678", **circumstances: object) -> FromTrunk:
    return from_trunk(PLATFORM, CARRIER, called, caller, NOW, **circumstances)  # type: ignore[arg-type]


def test_jansen_calls_bakker() -> None:
    call = jansen_dials("202")
    assert isinstance(call, Arrival)
    assert (call.destination, call.caller.number, call.caller.name) == (BAKKER, "201", "Jansen")
    assert not call.from_outside


def test_jansen_calls_an_extension_that_does_not_exist() -> None:
    call = jansen_dials("299")
    assert isinstance(call, UnknownExtension)
    assert call.decision.rejected == ("the account has no extension 299",)


def test_jansen_calls_a_customer_over_the_accounts_trunks() -> None:
    call = jansen_dials("0612345678")
    assert isinstance(call, OutsideCall)
    assert (call.number, call.caller.number, call.trunks) == (CUSTOMER, MAIN_NUMBER, (CARRIER,))


def test_jansen_withholds_the_number_from_a_customer_but_never_from_a_colleague() -> None:
    call = jansen_dials("#31#0612345678")
    assert isinstance(call, OutsideCall)
    assert call.caller.withheld
    colleague = jansen_dials("#31#202")
    assert isinstance(colleague, Arrival)
    assert colleague.caller.number == "201"


@pytest.mark.parametrize(
    ("user", "phone", "completed"),
    [("030", "010", "+31301234567"), (None, "010", "+31101234567"), (None, None, "+31201234567")],
)
def test_a_local_number_is_in_the_area_of_the_user_else_the_phone_else_the_account(
    user: str | None, phone: str | None, completed: str
) -> None:
    account = company(channels={DESK: Channel(DESK, area_code=phone)})
    call = jansen_dials("1234567", Person(area_code=user), account)
    assert isinstance(call, OutsideCall)
    assert call.number == completed


def test_the_accounts_area_code_means_nothing_to_a_phone_abroad() -> None:
    account = company(area_code="010", channels={DESK: Channel(DESK, country="BE")})
    assert isinstance(jansen_dials("234567", account=account), NotDialable)
    assert isinstance(jansen_dials("234567", Person(area_code="010"), account), OutsideCall)


def test_jansen_dials_the_companys_own_number_and_arrives_where_a_customer_would() -> None:
    call = jansen_dials("0201234500")
    assert isinstance(call, Arrival)
    assert (call.destination, call.prefixes, call.called) == (SALES, ("Sales",), MAIN_NUMBER)
    assert (call.caller.number, call.from_outside) == ("201", False)
    assert prefixed(call.caller, call.prefixes).name == "Sales: Jansen"


def test_a_colleagues_personal_number_stays_inside_too() -> None:
    call = jansen_dials("0201234601")
    assert isinstance(call, Arrival)
    assert call.destination is JANSEN


@pytest.mark.parametrize("number", [ORDERED_NUMBER, UNPLANNED_NUMBER])
def test_an_own_number_that_is_not_in_use_does_not_leave_through_a_trunk_either(number: str) -> None:
    assert isinstance(jansen_dials(number), NotInUse)


def test_a_number_of_another_customer_leaves_through_a_trunk_like_any_other() -> None:
    call = jansen_dials("0107654321")
    assert isinstance(call, OutsideCall)
    assert call.number == STRANGERS_NUMBER


def test_digits_without_a_meaning_are_told_so() -> None:
    assert isinstance(jansen_dials("*77"), NotDialable)


def test_a_service_gets_what_was_dialled_behind_it() -> None:
    call = jansen_dials("*8202")
    assert isinstance(call, ServiceCall)
    assert (call.service.code, call.argument) == ("908", "202")


@pytest.mark.parametrize("dialled", ["201", "0612345678", "902", "908202", "0201234500", "299", "*77", ""])
def test_without_a_user_a_phone_says_log_on_first(dialled: str) -> None:
    assert isinstance(somebody_in_the_hall_dials(dialled), LogOnFirst)


@pytest.mark.parametrize("code", ["900", "901"])
def test_without_a_user_a_phone_can_ask_who_is_here_and_log_on(code: str) -> None:
    call = somebody_in_the_hall_dials(code)
    assert isinstance(call, ServiceCall)
    assert call.service.code == code


def test_without_a_user_112_works_and_the_phones_number_is_shown() -> None:
    account = company(channels={HALL: Channel(HALL, area_code="010", emergency_caller_id=SUPPORT_NUMBER)})
    call = somebody_in_the_hall_dials("112", account)
    assert isinstance(call, EmergencyCall)
    assert (call.number, call.caller_id, call.area_code, call.trunks) == ("112", SUPPORT_NUMBER, "010", (CARRIER,))


def test_withholding_does_not_hide_a_caller_from_the_emergency_centre() -> None:
    call = jansen_dials("#31#112")
    assert isinstance(call, EmergencyCall)
    assert call.caller_id == JANSENS_NUMBER


def test_a_logon_of_a_user_who_was_deleted_is_nobody() -> None:
    account = company(extensions={})
    assert isinstance(jansen_dials("202", account=account), LogOnFirst)


@pytest.mark.parametrize("called", ["31201234500", "+31201234500", "0031201234500", "0201234500"])
def test_a_customer_calls_the_main_number_however_the_carrier_writes_it(called: str) -> None:
    call = outside_calls(called)
    assert isinstance(call, Arrival)
    assert (call.account, call.destination, call.called) == (COMPANY, SALES, MAIN_NUMBER)
    assert (call.caller.number, call.caller.e164, call.from_outside) == ("0612345678", CUSTOMER, True)
    assert prefixed(call.caller, call.prefixes).name == "Sales: 0612345678"


@pytest.mark.parametrize("called", ["+31201234502", "+31201234503", "+31209999999"])
def test_a_customer_calls_a_number_that_is_not_in_use(called: str) -> None:
    assert isinstance(outside_calls(called), NotInUse)


@pytest.mark.parametrize("called", ["201", "300", "112", "900", "s", "", "*8"])
def test_a_trunk_reaches_telephone_numbers_only_never_extensions_or_services(called: str) -> None:
    assert isinstance(outside_calls(called), NotDialable)


@pytest.mark.parametrize("caller", [None, "anonymous", "201", ""])
def test_a_caller_without_a_telephone_number_is_shown_as_unknown_not_as_a_colleague(caller: str | None) -> None:
    call = outside_calls("+31201234500", caller)
    assert isinstance(call, Arrival)
    assert (call.caller.number, call.caller.withheld) == (None, True)


def test_a_withheld_caller_is_not_kept_anywhere() -> None:
    call = outside_calls("+31201234500", withheld=True, caller_name="De Boer")
    assert isinstance(call, Arrival)
    assert (call.caller.number, call.caller.name, call.caller.e164) == (None, "", None)
    assert str(CUSTOMER) not in str(call.caller) + str(call.decision)


def test_every_account_sees_the_caller_in_its_own_countrys_form() -> None:
    belgian = company(country="BE")
    call = from_trunk(platform(belgian), CARRIER, "+31201234500", "31612345678", NOW)
    assert isinstance(call, Arrival)
    assert call.caller.number == "0031612345678"


def test_another_customers_number_reaches_that_customer() -> None:
    call = outside_calls("0107654321")
    assert isinstance(call, Arrival)
    assert call.account.number == "1002"


def test_digits_that_can_be_a_number_here_or_abroad_go_to_whoever_has_one_of_them() -> None:
    assert readings("431280940", "NL") == ("+31431280940", "+431280940")
    ours = TelephoneNumber(E164("+431280940"), NumberUse.PERSONAL, user=JANSEN.number)
    account = company(numbers={ours.e164: ours})
    call = from_trunk(platform(account), CARRIER, "431280940", None, NOW)
    assert isinstance(call, Arrival)
    assert call.called == ours.e164


def test_the_decision_names_channel_user_and_digits() -> None:
    call = jansen_dials("202")
    assert call.decision.facts == {"channel": ChannelName("1001-1"), "user": "201", "dialled": "202"}
