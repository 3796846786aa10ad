"""Calls to the outside.

CID-1 (the number shown), CID-4 (numbers as people dial them), CID-5 (withheld), CID-6 (further numbers), trunks in
turn, and what the caller hears when no trunk brings the call there.
"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from centrale.kinds.user import User
from centrale.phones.phone import WaitedInVain
from centrale.routing.snapshot import E164, ExtensionNumber, NumberUse
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from centrale.telephony.switch import Presentation
from tests.scenarios.hearing import because, heard, now, said, story, until
from tests.scenarios.world import Company, World, forged

MAIN, SECOND, SALES = E164("+31201110200"), E164("+31201110202"), E164("+31201110300")
OUTSIDE = "+31612345678"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    for number in (MAIN, SECOND, SALES):
        acme.number(number)
    acme.change(default_caller_id=MAIN)
    return await world.carrier("carrier", acme)


@pytest.fixture
async def anna(acme: Company, carrier: SimulatedCarrier) -> SimulatedPhone:
    acme.user("201", "Anna Jansen")
    return await acme.phone("anna", logged_on="201")


async def shown(phone: SimulatedPhone, carrier: SimulatedCarrier, dialled: str) -> SimulatedCall:
    """Call and hang up; what the carrier was told."""
    call = await phone.dials(dialled)
    rings = await carrier.rings()
    await call.hang_up()
    await rings.ended()
    return rings


async def test_anna_calls_a_customer_and_they_talk(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    call = await anna.dials("0612345678")
    rings = await carrier.rings()
    assert rings.dialled == OUTSIDE
    assert rings.caller_number == MAIN
    await call.ringing()
    await until(6)
    await rings.answer()
    await call.answered()
    await call.hears_tone(carrier.tone)
    await rings.hears_tone(anna.tone)
    await rings.hang_up()
    assert (await call.ended()).code == 200
    await world.over()
    record = world.last_record
    assert (record["direction"], record["outcome"], record["answered_by"]) == ("outbound", "answered", OUTSIDE)
    assert record["legs"] == [f"{OUTSIDE} by carrier"]
    assert (record["caller"], record["called"]) == ("201", "0612345678")


@pytest.mark.parametrize(
    ("dialled", "sent"),
    [
        ("0612345678", OUTSIDE),
        ("0031612345678", OUTSIDE),
        ("+31612345678", OUTSIDE),
        ("0201234567", "+31201234567"),
        ("6234567", "+31206234567"),  # the own area code is added
        ("004930123456", "+4930123456"),
        ("0612345678#", OUTSIDE),  # the key that many phones use to dial at once
        ("116123", "116123"),  # a short number stays as it was dialled
        ("144", "144"),
        ("#31#+31612345678", OUTSIDE),
    ],
)
async def test_numbers_are_dialled_as_people_do(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, dialled: str, sent: str
) -> None:
    assert (await shown(anna, carrier, dialled)).dialled == sent
    await world.over()


async def test_the_users_area_code_goes_before_the_phones_and_that_before_the_accounts(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.user("202", "Ben Bakker")
    here = await acme.phone("here", logged_on="202")
    there = await acme.phone("there", logged_on="202", area_code="010")
    assert (await shown(here, carrier, "6234567")).dialled == "+31206234567"
    assert (await shown(there, carrier, "4234567")).dialled == "+31104234567"
    acme.user("202", "Ben Bakker", area_code="030")
    assert (await shown(there, carrier, "2234567")).dialled == "+31302234567"
    await world.over()


@pytest.mark.parametrize("dialled", ["*99", "#31#", "0", "99999999999999999999999999999999999", "01", "1" * 500])
async def test_what_is_no_number_is_told(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, dialled: str
) -> None:
    call = await anna.dials(dialled)
    assert (await call.ended()).code == 404
    assert said(call) == ["number_unknown"]
    with pytest.raises(WaitedInVain):
        await carrier.rings(timeout=1)
    await world.over()


# -- the number shown (CID-1, CID-5, CID-6) ---------------------------------------------------------------------------


async def test_the_users_own_number_is_shown_before_the_accounts(
    world: World, acme: Company, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == MAIN
    acme.user("201", "Anna Jansen", default_caller_id=SECOND)
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == SECOND
    await world.over()


async def test_a_number_that_is_not_ours_or_not_active_is_never_shown(
    world: World, acme: Company, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    acme.user("201", "Anna Jansen", default_caller_id="+31207654321")
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == MAIN
    await world.over()
    assert "+31207654321 is not a number of this account" in because(world.last_record)

    acme.number("+31201110299", active=False)
    acme.user("201", "Anna Jansen", default_caller_id="+31201110299")
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == MAIN
    await world.over()
    assert "+31201110299 is not active" in because(world.last_record)


async def test_the_personal_number_of_a_colleague_is_not_shown(
    world: World, acme: Company, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    acme.number("+31612345202", use=NumberUse.PERSONAL, user=ExtensionNumber("202"))
    acme.user("201", "Anna Jansen", default_caller_id="+31612345202")
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == MAIN
    await world.over()
    assert "+31612345202 is the personal number of someone else" in because(world.last_record)


async def test_without_any_number_nothing_is_claimed(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    acme.change(default_caller_id=None)
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201")
    assert (await shown(anna, carrier, OUTSIDE)).caller_number == ""
    await world.over()


async def test_a_withheld_number_is_asserted_to_the_carrier_and_shown_to_nobody(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    rings = await shown(anna, carrier, f"#31#{OUTSIDE}")
    assert (rings.dialled, rings.presentation.withheld, rings.presentation.number) == (OUTSIDE, True, MAIN)
    assert rings.caller_number == "anonymous"
    await world.over()
    assert f"caller-id: {MAIN}, withheld" in "".join(story(world.last_record))


async def test_a_colleague_is_shown_even_when_withheld_was_asked(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("202", "Ben Bakker")
    ben = await acme.phone("ben", logged_on="202")
    call = await anna.dials("#31#202")
    assert (await ben.rings()).caller_number == "201"
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(("code", "number"), [("#30#", SECOND), ("#32#", SALES), ("#39#", SECOND)])
async def test_a_code_before_the_number_chooses_what_is_shown(
    world: World, acme: Company, anna: SimulatedPhone, carrier: SimulatedCarrier, code: str, number: str
) -> None:
    chosen = [{"code": code, "number": n} for code, n in (("30", SECOND), ("32", SALES), ("39", SECOND))]
    acme.user("201", "Anna Jansen", further_caller_ids=chosen)
    rings = await shown(anna, carrier, f"{code}{OUTSIDE}")
    assert (rings.dialled, rings.caller_number) == (OUTSIDE, number)
    await world.over()


async def test_a_code_that_stands_for_nothing_shows_the_usual_number(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    assert (await shown(anna, carrier, f"#34#{OUTSIDE}")).caller_number == MAIN
    await world.over()
    assert "code #34#: not set" in because(world.last_record)


@pytest.mark.parametrize("code", ["31", "29", "40", "3", ""])
def test_only_nine_codes_can_be_given_a_number(code: str) -> None:
    with pytest.raises(ValidationError):
        User.model_validate({"further_caller_ids": [{"code": code, "number": MAIN}]})


def test_a_code_stands_for_one_number() -> None:
    twice = [{"code": "32", "number": MAIN}, {"code": "32", "number": SECOND}]
    with pytest.raises(ValidationError, match="#32# stands for two numbers"):
        User.model_validate({"further_caller_ids": twice})


@pytest.mark.parametrize(
    "claim",
    [
        Presentation("202", "Ben Bakker"),
        Presentation("+31201110999", "The bank"),
        Presentation("", "", withheld=True),
        Presentation("112", "Police", diverted_from="+31201110999"),
    ],
)
async def test_what_a_phone_claims_of_itself_changes_nothing(
    world: World, acme: Company, anna: SimulatedPhone, carrier: SimulatedCarrier, claim: Presentation
) -> None:
    acme.user("202", "Ben Bakker")
    ben = await acme.phone("ben", logged_on="202")
    inside = forged(world, anna, "202", claim)
    rings = await ben.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Anna Jansen")
    await inside.hang_up()

    outside = forged(world, anna, OUTSIDE, claim)
    told = await carrier.rings()
    assert told.presentation == Presentation(MAIN)
    await outside.hang_up()
    await world.over()
    assert {record["caller"] for record in world.records} == {"201"}


# -- trunks ----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def second(world: World, acme: Company, carrier: SimulatedCarrier) -> SimulatedCarrier:
    return await world.carrier("second", acme)


@pytest.mark.parametrize("code", [500, 503, 408, 488])
async def test_when_the_first_trunk_cannot_the_next_one_does(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, second: SimulatedCarrier, code: int
) -> None:
    call = await anna.dials(OUTSIDE)
    await (await carrier.rings()).decline(code)
    rings = await second.rings()
    assert (rings.dialled, rings.caller_number) == (OUTSIDE, MAIN)
    await rings.answer()
    await call.answered()
    await call.hang_up()
    await world.over()
    assert world.last_record["legs"] == [f"{OUTSIDE} by carrier", f"{OUTSIDE} by second"]


async def test_a_trunk_that_is_down_is_passed_over_at_once(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, second: SimulatedCarrier
) -> None:
    await carrier.unregister()
    call = await anna.dials(OUTSIDE)
    await second.rings()
    assert now() == 0
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(("code", "told"), [(486, "busy"), (404, "number_not_in_use"), (603, "user_unavailable")])
async def test_what_the_called_side_says_is_final(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, second: SimulatedCarrier, code: int, told: str
) -> None:
    call = await anna.dials(OUTSIDE)
    await (await carrier.rings()).decline(code)
    await call.ended()
    assert said(call) == [told]
    with pytest.raises(WaitedInVain):
        await second.rings(timeout=1)
    await world.over()


async def test_when_no_trunk_is_up_the_caller_is_told(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, second: SimulatedCarrier
) -> None:
    await carrier.unregister()
    await second.unregister()
    call = await anna.dials(OUTSIDE)
    await call.ended()
    assert heard(call) == [(0, "lines_unavailable")]
    assert not call.is_answered
    await world.over()
    ring = next(step for step in reversed(world.last_record["trace"]) if step["rule"] == "ring")
    assert ring["facts"] == {f"{OUTSIDE} by carrier": "unreachable", f"{OUTSIDE} by second": "unreachable"}


async def test_an_account_without_a_trunk_is_told(world: World, acme: Company) -> None:
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials(OUTSIDE)
    assert (await call.ended()).code == 503
    assert said(call) == ["lines_unavailable"]
    await world.over()
    assert world.last_record["direction"] == "outbound"


@pytest.mark.parametrize(
    ("code", "told", "outcome"),
    [
        (486, "busy", "unanswered"),
        (603, "user_unavailable", "unanswered"),
        (404, "number_not_in_use", "refused"),
        (484, "number_not_in_use", "refused"),
        (403, "not_allowed", "refused"),
        (480, "lines_unavailable", "unanswered"),
        (503, "lines_unavailable", "refused"),
        (488, "call_failed", "refused"),
    ],
    ids=["busy", "declined", "unknown", "incomplete", "forbidden", "unavailable", "congested", "no codec in common"],
)
async def test_why_an_outside_call_failed_is_told(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, code: int, told: str, outcome: str
) -> None:
    call = await anna.dials(OUTSIDE)
    await (await carrier.rings()).decline(code)
    await call.ended()
    assert said(call) == [told]
    await world.over()
    assert world.last_record["outcome"] == outcome


async def test_nobody_answers_outside_and_after_three_minutes_we_give_up(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    call = await anna.dials(OUTSIDE)
    rings = await carrier.rings()
    await call.ended(timeout=300)
    assert heard(call) == [(180, "no_answer")]
    assert rings.end is not None
    await world.over()


async def test_the_carriers_own_announcement_is_heard_before_the_answer(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    call = await anna.dials(OUTSIDE)
    rings = await carrier.rings()
    await rings.early()
    await call.hears_tone(carrier.tone)
    assert not call.is_answered
    await rings.answer()
    await call.answered()
    await call.hears_tone(carrier.tone)
    await call.hang_up()
    await world.over()


async def test_an_announcement_of_a_trunk_that_then_fails_gives_way_to_the_next(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier, second: SimulatedCarrier
) -> None:
    call = await anna.dials(OUTSIDE)
    rings = await carrier.rings()
    await rings.early()
    await call.hears_tone(carrier.tone)
    await rings.decline(503)
    rings = await second.rings()
    await rings.answer()
    await call.answered()
    await call.hears_tone(second.tone)
    await call.hang_up()
    await world.over()


async def test_the_digits_that_anna_presses_reach_the_other_side(
    world: World, anna: SimulatedPhone, carrier: SimulatedCarrier
) -> None:
    call = await anna.dials(OUTSIDE)
    rings = await carrier.rings()
    await rings.answer()
    await call.answered()
    await call.press("2#")
    await rings.hears_digits("2#")
    await call.hang_up()
    await world.over()


async def test_an_account_uses_its_own_trunks_only(
    world: World, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    other: Any = world.company("2000", "Umbrella")
    theirs = await world.carrier("theirs", other)
    await carrier.unregister()
    call = await anna.dials(OUTSIDE)
    await call.ended()
    assert said(call) == ["lines_unavailable"]
    with pytest.raises(WaitedInVain):
        await theirs.rings(timeout=1)
    await world.over()
