"""Numbers as contacts keep them, with Google's own library as the oracle, and whose name a caller gets (ACC-7)."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from centrale.routing.callerid import Presented
from centrale.routing.e164 import readings
from centrale.routing.phone_book import Names, contact_number, named, named_for, why
from centrale.routing.snapshot import E164
from centrale.routing.trace import Decision

COUNTRIES = ["NL", "BE", "DE", "GB", "ES", "LV"]
FORMATS = [
    PhoneNumberFormat.E164,
    PhoneNumberFormat.INTERNATIONAL,
    PhoneNumberFormat.NATIONAL,
    PhoneNumberFormat.RFC3966,
]


@st.composite
def real_numbers(draw: st.DrawFn) -> PhoneNumber:
    """Numbers that Google's library takes for real ones, near its examples."""
    country = draw(st.sampled_from(COUNTRIES))
    kind = draw(st.sampled_from([PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]))
    example = phonenumbers.example_number_for_type(country, kind)
    assert example is not None
    assert example.national_number is not None
    tail = draw(st.integers(0, 9999))
    number = PhoneNumber(example.country_code, example.national_number // 10_000 * 10_000 + tail)
    return number if phonenumbers.is_valid_number(number) else example


@given(number=real_numbers(), form=st.sampled_from(FORMATS), home=st.sampled_from(COUNTRIES))
def test_however_a_number_is_written_it_is_kept_as_googles_library_reads_it(
    number: PhoneNumber, form: int, home: str
) -> None:
    country = phonenumbers.region_code_for_number(number) if form == PhoneNumberFormat.NATIONAL else home
    assert country is not None
    written = phonenumbers.format_number(number, form)
    expected = phonenumbers.format_number(phonenumbers.parse(written, country), PhoneNumberFormat.E164)
    assert contact_number(written, country, None, 3) == expected


@given(number=real_numbers(), carrier=st.sampled_from(["+", "00", ""]))
def test_a_number_that_was_written_down_is_recognised_when_it_calls(number: PhoneNumber, carrier: str) -> None:
    """What is kept is what a carrier's call is looked up by."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    country = phonenumbers.region_code_for_number(number)
    assert country is not None
    kept = contact_number(national, country, None, 3)
    calling = f"{carrier}{number.country_code}{phonenumbers.national_significant_number(number)}"
    assert readings(calling, country)[:1] == (kept,)


@given(text=st.text(max_size=40))
def test_whatever_is_written_gives_a_number_or_none(text: str) -> None:
    kept = contact_number(text, "NL", "020", 3)
    assert kept is None or kept.removeprefix("+").isdigit()
    assert kept is None or contact_number(kept, "NL", "020", 3) == kept, "once normal, always normal"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("06 12 34 56 78", "+31612345678"),
        ("+31 (0)20 123 45 67", "+31201234567"),
        ("0031-(0)20-1234567", "+31201234567"),
        ("1234567", "+31201234567"),  # behind the own area code
        ("201", "201"),
        ("144", "144"),
        ("tel:+31612345678", "+31612345678"),
        ("", None),
        ("abc", None),
        ("+", None),
        ("9" * 40, None),
        ("٠٦١٢٣٤٥٦٧٨", None),
    ],
)
def test_as_people_in_amsterdam_write_them(written: str, kept: str | None) -> None:
    assert contact_number(written, "NL", "020", 3) == kept


VOS = Presented(number="0612345678", name="VOS", e164=E164("+31612345678"), decision=Decision("caller-id", "x"))
NAMES = Names("Bakkerij Vos", {"201": "Eva"})  # type: ignore[dict-item]


def test_whose_name_counts() -> None:
    company = named(VOS, NAMES)
    assert (company.name, company.number) == ("Bakkerij Vos", "0612345678")
    assert named_for(company, NAMES, "201").name == "Eva"  # type: ignore[arg-type]
    assert named_for(company, NAMES, "202").name == "Bakkerij Vos"  # type: ignore[arg-type]
    assert named(VOS, Names()) is VOS


def test_the_trace_tells_what_was_sent_along_and_nothing_personal() -> None:
    decision = why(VOS, NAMES)
    assert decision is not None
    assert (decision.outcome, decision.rejected) == ("Bakkerij Vos", ("sent along: “VOS”",))
    assert why(VOS, Names(personal=NAMES.personal)) is None


@given(company=st.text(max_size=80), own=st.text(max_size=80))
def test_who_withholds_the_number_never_has_a_name(company: str, own: str) -> None:
    withheld = Presented(withheld=True, e164=E164("+31612345678"), decision=VOS.decision)
    unknown = Presented(decision=VOS.decision)
    names = Names(company, {"201": own})  # type: ignore[dict-item]
    for caller in (withheld, unknown):
        assert named(caller, names) is caller
        assert named_for(caller, names, "201") is caller  # type: ignore[arg-type]
        assert why(caller, names) is None


@given(name=st.text(max_size=200))
def test_no_name_breaks_out_of_a_header(name: str) -> None:
    shown = named(VOS, Names(name)).name
    assert not set(shown) & set('"<>\\\r\n\0')
    assert len(shown) <= 64
