"""What somebody dialled (CID-4..6, SYS-*, EMG-1, ACC-2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from routing_world import company

from centrale.routing.emergency import emergency_number
from centrale.routing.numbering import (
    Dialled,
    ExtensionNumberProblem,
    NotANumber,
    ToEmergency,
    ToExtension,
    ToOutside,
    ToService,
    extension_number_problem,
    understand,
)
from centrale.routing.snapshot import Channel, ChannelName, Extension, ExtensionNumber

COMPANY = company()


def dialled(digits: str, **circumstances: object) -> Dialled:
    return understand(digits, COMPANY, "020", **circumstances)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "digits",
    [
        "0201234567",
        "020-123 45 67",
        "(020) 1234567",
        "1234567",
        "+31201234567",
        "0031201234567",
        "31201234567",
        "0201234567#",
        "+31 (0)20 1234567",
    ],
)
def test_a_colleague_in_amsterdam_is_reached_however_the_number_is_written(digits: str) -> None:
    assert dialled(digits) == ToOutside("+31201234567", "+31201234567")


def test_the_area_code_of_the_caller_completes_a_local_number() -> None:
    assert understand("1234567", COMPANY, "010") == ToOutside("+31101234567", "+31101234567")
    assert isinstance(understand("1234567", COMPANY, None), NotANumber)


@pytest.mark.parametrize(
    ("digits", "e164"),
    [
        ("0049301234567", "+49301234567"),
        ("0612345678", "+31612345678"),
        ("08001234", "+318001234"),
        ("0900-1234", "+319001234"),
        ("14020", "+3114020"),
    ],
)
def test_numbers_abroad_mobiles_and_service_numbers_of_others_are_outside(digits: str, e164: str) -> None:
    assert dialled(digits) == ToOutside(e164, e164)


@pytest.mark.parametrize("digits", ["116123", "144", "113"])
def test_a_short_national_number_is_sent_as_it_was_dialled(digits: str) -> None:
    assert dialled(digits) == ToOutside(f"+31{digits}", digits)


def test_an_own_extension_goes_before_a_short_national_number() -> None:
    number = ExtensionNumber("144")
    account = company(extensions={number: Extension(number, "user", "Dierenarts", None)})
    assert understand("144", account, None) == ToExtension(number)


def test_spain_dials_without_a_leading_zero() -> None:
    assert dialled("912345678", country="ES") == ToOutside("+34912345678", "+34912345678")


@pytest.mark.parametrize("digits", ["201", "299"])
def test_a_number_as_long_as_our_extensions_is_an_extension_whether_it_exists_or_not(digits: str) -> None:
    assert dialled(digits) == ToExtension(digits)


@pytest.mark.parametrize(
    ("digits", "code", "argument"),
    [
        ("900", "900", ""),
        ("1233", "1233", ""),
        ("908", "908", ""),
        ("908202", "908", "202"),
        ("*8", "908", ""),
        ("*8202", "908", "202"),
        ("*8 202#", "908", "202"),
        ("*9", "909", ""),
        ("909", "909", ""),
        ("9301", "930", "1"),
        ("93007", "930", "7"),
        ("93099", "930", "99"),
        ("#31#900", "900", ""),
    ],
)
def test_service_numbers_with_what_follows_them(digits: str, code: str, argument: str) -> None:
    found = dialled(digits)
    assert isinstance(found, ToService)
    assert (found.service.code, found.argument) == (code, argument)


@pytest.mark.parametrize("digits", ["9300", "93000", "923", "*7", "*82021", "#", "", "#31#", "#31##", "abc", "0112"])
def test_digits_that_mean_nothing_are_refused_with_a_reason(digits: str) -> None:
    refused = dialled(digits)
    assert isinstance(refused, NotANumber)
    assert refused.reason


def test_31_withholds_and_the_other_codes_choose_a_number() -> None:
    assert dialled("#31#0612345678") == ToOutside("+31612345678", "+31612345678", withheld=True)
    assert dialled("#30#0612345678") == ToOutside("+31612345678", "+31612345678", caller_id_slot=0)
    assert dialled("#39#0612345678") == ToOutside("+31612345678", "+31612345678", caller_id_slot=9)
    both = ToOutside("+31612345678", "+31612345678", withheld=True, caller_id_slot=2)
    assert dialled("#32##31#0612345678") == both


def test_mobiles_dial_13_for_the_codes_and_desk_phones_do_not() -> None:
    withheld = ToOutside("+31612345678", "+31612345678", withheld=True)
    assert dialled("1310612345678", mobile=True) == withheld
    assert isinstance(dialled("1310612345678"), NotANumber)


def test_an_extension_13120_can_be_called_from_a_mobile() -> None:
    number = ExtensionNumber("13120")
    account = company(extension_length=5, extensions={number: Extension(number, "user", "Mulder", None)})
    assert understand("13120", account, None, mobile=True) == ToExtension(number)


def test_a_flood_of_digits_is_refused_before_anything_remembers_it() -> None:
    assert dialled("0" * 33) == NotANumber("no number is that long")


def test_in_germany_a_number_without_a_zero_is_in_the_own_town_first() -> None:
    assert understand("89123456", COMPANY, "030", country="DE") == ToOutside("+493089123456", "+493089123456")


DUTCH_EMERGENCY = ["112", "911"]


@pytest.mark.parametrize("number", DUTCH_EMERGENCY)
@pytest.mark.parametrize("written", ["{}", "{}#", "#31#{}", "#32##31#{}", "+31{}", "0031{}", " {} "])
def test_an_emergency_number_is_one_however_it_is_dialled(number: str, written: str) -> None:
    assert dialled(written.format(number)) == ToEmergency(number)


def test_an_extension_112_does_not_hide_the_emergency_number() -> None:
    number = ExtensionNumber("112")
    account = company(extensions={number: Extension(number, "user", "Pech", None)})
    assert understand("112", account, None) == ToEmergency("112")


def test_a_phone_in_belgium_reaches_the_belgian_fire_brigade() -> None:
    assert dialled("100", country="BE") == ToEmergency("100")
    assert dialled("100") == ToExtension("100")


COUNTRIES = st.sampled_from(["NL", "BE", "DE", "ES", "LV", "GB", "US", "FR", "LT", "CZ", "XX"])


@given(
    number=st.text("0123456789", min_size=2, max_size=4) | st.sampled_from(["112", "911", "110", "999", "100", "02"]),
    codes=st.lists(st.integers(0, 9), max_size=3),
    country=COUNTRIES,
    mobile=st.booleans(),
    hides=st.booleans(),
)
def test_nothing_hides_an_emergency_number(
    number: str, codes: list[int], country: str, mobile: bool, hides: bool
) -> None:
    number = number if emergency_number(number, country) else "112"
    own = ExtensionNumber(number)
    account = company(
        country=country,
        extension_length=len(number),
        extensions={own: Extension(own, "user", "X", None)} if hides else {},
    )
    digits = "".join(f"#3{code}#" for code in codes) + number
    assert understand(digits, account, "020", mobile=mobile) == ToEmergency(number)


@given(
    digits=st.text() | st.text("0123456789*#+ ", max_size=40),
    country=COUNTRIES,
    mobile=st.booleans(),
    area_code=st.none() | st.sampled_from(["020", "0318", "", "x"]),
)
def test_no_text_whatever_upsets_it(digits: str, country: str, mobile: bool, area_code: str | None) -> None:
    found = understand(digits, COMPANY, area_code, country=country, mobile=mobile)
    assert isinstance(found, ToExtension | ToService | ToEmergency | ToOutside | NotANumber)
    if isinstance(found, ToOutside):
        assert found.e164[0] == "+"
        assert found.e164[1:].isdigit()
        assert len(found.e164) <= 16


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("20a", ExtensionNumberProblem.NOT_DIGITS),
        ("٢٠١", ExtensionNumberProblem.NOT_DIGITS),
        ("2001", ExtensionNumberProblem.WRONG_LENGTH),
        ("915", ExtensionNumberProblem.SYSTEM_NUMBER),
        ("923", ExtensionNumberProblem.SYSTEM_NUMBER),
        ("112", ExtensionNumberProblem.EMERGENCY_NUMBER),
        ("201", None),
        ("899", None),
        ("941", None),
    ],
)
def test_numbers_that_cannot_be_an_extension(number: str, problem: ExtensionNumberProblem | None) -> None:
    assert extension_number_problem(number, COMPANY) == problem


@pytest.mark.parametrize(("length", "number"), [(4, "1233"), (4, "9301"), (5, "93042")])
def test_longer_extensions_may_not_hide_voicemail_or_a_parking_line(length: int, number: str) -> None:
    account = company(extension_length=length)
    assert extension_number_problem(number, account) == ExtensionNumberProblem.SYSTEM_NUMBER


def test_the_emergency_numbers_of_a_branch_abroad_are_kept_free_too() -> None:
    branch = Channel(ChannelName("1001-be"), country="BE")
    assert extension_number_problem("100", COMPANY) is None
    account = company(channels={branch.name: branch})
    assert extension_number_problem("100", account) == ExtensionNumberProblem.EMERGENCY_NUMBER


@given(number=st.integers(0, 99_999), length=st.integers(2, 5))
def test_every_number_allowed_as_extension_can_be_dialled(number: int, length: int) -> None:
    digits = ExtensionNumber(str(number).zfill(length)[:length])
    account = company(extension_length=length, extensions={digits: Extension(digits, "user", "X", None)})
    if extension_number_problem(digits, account) is None:
        assert understand(digits, account, "020") == ToExtension(digits)
