"""Location routing in its four types (LBR-1..5), with the German department of the manual."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from centrale.kinds.location_routing import LocationRouting
from centrale.routing import location
from centrale.routing.snapshot import E164
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import answers, because, said, story
from tests.scenarios.world import Company, World

MAIN = "+31201110800"
SECOND = "+31201110801"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    acme.number(MAIN, "800")
    acme.number(SECOND, "800")
    return await world.carrier("carrier", acme)


@pytest.fixture
async def phones(acme: Company) -> dict[str, SimulatedPhone]:
    """201 to 205, by number."""
    phones = {}
    for n in range(1, 6):
        acme.user(f"20{n}", f"User {n}")
        phones[f"20{n}"] = await acme.phone(f"phone{n}", logged_on=f"20{n}")
    return phones


def routing(acme: Company, by: str, rows: dict[str, str], **settings: Any) -> None:
    listed = [{"match": match, "destination": to, "prefix": match[:20]} for match, to in rows.items()]
    otherwise = {"destination": "205", "prefix": "Other"}
    acme.extension("800", "location_routing", "Where from", by=by, rows=listed, fallback=otherwise, **settings)


async def reaches(phones: dict[str, SimulatedPhone], number: str, call: Any) -> str:
    """`number` rings; gives what its display shows before the caller."""
    shown = (await phones[number].rings(30)).caller_name
    await call.hang_up()
    return str(shown).partition(": ")[0]


@pytest.mark.parametrize(
    ("caller", "withheld", "number", "prefix"),
    [
        ("+31201234567", False, "201", "020"),
        ("+31341234567", False, "202", "034"),
        ("+31346123456", False, "203", "0346"),  # the longest area code wins
        ("+31612345678", False, "204", "Mobile"),
        ("+31201234567", True, "203", "Secret"),
        ("+4930123456", False, "205", "Other"),
    ],
)
async def test_by_area_code(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    phones: dict[str, SimulatedPhone],
    caller: str,
    withheld: bool,
    number: str,
    prefix: str,
) -> None:
    routing(
        acme,
        "area_code",
        {"020": "201", "034": "202", "0346": "203"},
        mobile={"destination": "204", "prefix": "Mobile"},
        withheld={"destination": "203", "prefix": "Secret"},
    )
    call = await carrier.calls(MAIN, caller=caller, withheld=withheld)
    assert await reaches(phones, number, call) == prefix
    await world.over()


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("+4930123456", "201"),  # all Germans to the German-speaking department
        ("+4989555555", "202"),  # but this one customer
        ("+31201234567", "203"),
        ("+3225551234", "205"),
    ],
)
async def test_by_the_callers_number(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    phones: dict[str, SimulatedPhone],
    caller: str,
    number: str,
) -> None:
    routing(acme, "caller", {"0049*": "201", "+4989555555": "202", "020%": "203", "0*": "204", "0032*": "205"})
    call = await carrier.calls(MAIN, caller=caller)
    await reaches(phones, number, call)
    await world.over()


@pytest.mark.parametrize(("withheld", "number", "prefix"), [(True, "203", "Secret"), (False, "205", "Other")])
async def test_withheld_numbers_have_a_way_of_their_own(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    phones: dict[str, SimulatedPhone],
    withheld: bool,
    number: str,
    prefix: str,
) -> None:
    routing(acme, "caller", {"0049*": "201"}, withheld={"destination": "203", "prefix": "Secret"})
    call = await carrier.calls(MAIN, caller="+31201234567", withheld=withheld)
    assert await reaches(phones, number, call) == prefix
    await world.over()


async def test_what_matched_less_well_stands_in_the_record(
    world: World, acme: Company, carrier: SimulatedCarrier, phones: dict[str, SimulatedPhone]
) -> None:
    routing(acme, "caller", {"0049*": "201", "004930*": "202"})
    call = await carrier.calls(MAIN, caller="+4930123456")
    await reaches(phones, "202", call)
    await world.over()
    assert any("location: +4930123456 matches 004930*" in line for line in story(world.last_record))
    assert "0049*: less specific" in because(world.last_record)


@pytest.mark.parametrize(("digits", "number"), [("1012", "201"), ("1099", "202"), ("3012", "203"), ("9999", "205")])
async def test_by_postcode(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    phones: dict[str, SimulatedPhone],
    digits: str,
    number: str,
) -> None:
    routing(acme, "postcode", {"1012": "201", "10*": "202", "3000-3999": "203"}, question={"sound": "postcode.wav"})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await answers(call, "postcode", digits)
    await reaches(phones, number, call)
    await world.over()


async def test_a_caller_who_enters_no_postcode_is_asked_twice_more(
    world: World, acme: Company, carrier: SimulatedCarrier, phones: dict[str, SimulatedPhone]
) -> None:
    routing(acme, "postcode", {"1012": "201"})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await answers(call, "ask_postcode", "10#")
    assert await reaches(phones, "205", call) == "Other"
    assert said(call) == ["ask_postcode", "invalid_input", "ask_postcode", "no_input", "ask_postcode", "no_input"]
    await world.over()


async def test_by_called_number_also_to_the_outside(
    world: World, acme: Company, carrier: SimulatedCarrier, phones: dict[str, SimulatedPhone]
) -> None:
    routing(acme, "called", {MAIN: "201", "020 111 0801".replace(" ", ""): "0687654321"})
    await reaches(phones, "201", await carrier.calls(MAIN, caller="+31612345678"))
    call = await carrier.calls(SECOND, caller="+31612345678")
    assert (await carrier.rings()).dialled == "+31687654321"
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"by": "postcode", "rows": [{"match": "10", "destination": "201"}]}, "fewer than four digits"),
        ({"by": "postcode", "rows": [{"match": "2000-1000", "destination": "201"}]}, "ends before it begins"),
        ({"by": "area_code", "rows": [{"match": "20", "destination": "201"}]}, "write it like 020"),
        ({"by": "area_code", "rows": [{"match": "020", "destination": "0612345678"}]}, "only by called number"),
        ({"by": "caller", "rows": [{"match": "020", "destination": "201"}] * 2}, "twice"),
        ({"by": "caller", "mobile": {"destination": "201"}}, "only when routed by area code"),
    ],
)
def test_tables_that_cannot_be(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        LocationRouting.model_validate({"fallback": {"destination": "205"}} | settings)


@given(
    digits=st.text("0123456789", min_size=8, max_size=11).map(lambda rest: E164("+49" + rest)),
    patterns=st.lists(st.text("0123456789*%", min_size=1, max_size=12), max_size=6, unique=True),
)
def test_the_pattern_that_is_found_matches_and_none_that_matches_names_more_digits(
    digits: E164, patterns: list[str]
) -> None:
    def matches(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] in "*%":
            return any(matches(pattern[1:], text[skip:]) for skip in range(len(text) + 1))
        return bool(text) and text[0] == pattern[0] and matches(pattern[1:], text[1:])

    forms = {digits, "00" + digits[1:]}
    hits = [p for p in patterns if any(matches(p, form) for form in forms)]
    found = location.by_caller(digits, "NL", patterns)
    if found.index is None:
        assert not hits
    else:
        named = [sum(c not in "*%" for c in p) for p in hits]
        assert patterns[found.index] in hits
        assert sum(c not in "*%" for c in patterns[found.index]) == max(named)
