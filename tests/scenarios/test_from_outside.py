"""Calls from outside reach people through number plans.

NP-2 (a number leads to an extension, with a prefix), NP-3 (a manual override), NP-9 (not in use), CID-1 and CID-2 (what
the phone shows), USR-7 (personal numbers), ACC-6 (only active numbers).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from centrale.phones.phone import WaitedInVain
from centrale.routing.snapshot import (
    E164,
    ExtensionNumber,
    NumberPlan,
    NumberUse,
    PlanEntry,
    PlanSchema,
)
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import SENTENCE, because, heard, language, now, said, story
from tests.scenarios.world import Company, World

MAIN = "+31201110200"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    return await world.carrier("carrier", acme)


async def test_a_customer_calls_the_company_and_reaches_anna(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(MAIN, caller="+31612345678", name="Bakkerij Vos")
    rings = await anna.rings()
    assert (rings.caller_number, rings.caller_name) == ("0612345678", "Bakkerij Vos")
    await call.ringing()
    await rings.answer()
    await call.answered()
    await call.hears_tone(anna.tone)
    await rings.hears_tone(carrier.tone)
    await call.hang_up()
    await world.over()
    record = world.last_record
    assert (record["direction"], record["trunk"], record["channel"]) == ("inbound", "carrier", None)
    assert (record["caller"], record["called"], record["answered_by"]) == ("+31612345678", MAIN, "201 Anna Jansen")
    assert story(record)[:2] == ["0.0 caller-id: +31612345678", "0.0 number-plan: extension 201"]


@pytest.mark.parametrize("written", [MAIN, "0031201110200", "31201110200", "0201110200", "201110200"])
async def test_however_the_carrier_writes_our_number(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, written: str
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(written, caller="+31612345678")
    await anna.rings()
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("caller", "shown"),
    [
        ("+31612345678", "0612345678"),
        ("0612345678", "0612345678"),
        ("+4930123456", "004930123456"),
        ("201", "anonymous"),  # no telephone number: an extension cannot be claimed from outside
        ("", "anonymous"),
    ],
)
async def test_annas_phone_shows_a_number_that_can_be_dialled_back(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, caller: str, shown: str
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(MAIN, caller=caller)
    rings = await anna.rings()
    assert rings.caller_number == shown
    await call.hang_up()
    await world.over()


async def test_who_withholds_stays_unknown_everywhere(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(MAIN, caller="+31612345678", name="Vos", withheld=True)
    rings = await anna.rings()
    assert (rings.caller_number, rings.caller_name) == ("anonymous", "Anonymous")
    await call.hang_up()
    await world.over()
    assert "612345678" not in str(world.last_record)
    assert "Vos" not in str(world.last_record)


async def test_the_plans_prefix_stands_before_the_callers_name(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201", prefix="Sales")
    named = await carrier.calls(MAIN, caller="+31612345678", name="Vos")
    assert (await anna.rings()).caller_name == "Sales: Vos"
    nameless = await carrier.calls(MAIN, caller="+31612345678")
    rings = await anna.rings()
    assert (rings.caller_number, rings.caller_name) == ("0612345678", "Sales: 0612345678")
    await named.hang_up()
    await nameless.hang_up()
    await world.over()


async def test_the_prefix_survives_a_forward_inside_the_company(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    """A colleague who dials our own number is forwarded inside, with the plan's prefix on the display (CID-2)."""
    acme.extension("300", "group", "Sales", inside={"always": "202"})
    acme.number(MAIN, "300", prefix="Sales")
    call = await anna.dials("0201110200")
    rings = await ben.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Sales: Anna Jansen")
    await call.hang_up()
    await world.over()


async def test_a_hostile_name_from_outside_is_cleaned(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(MAIN, caller="+31612345678", name='Vos"\r\nX-Evil: <sip:x>' + "a" * 500)
    name = (await anna.rings()).caller_name
    assert name.startswith("VosX-Evil: sip:xaaa")
    assert len(name) == 64
    await call.hang_up()
    await world.over()


async def test_a_group_behind_a_number_rings_its_members(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.extension("300", "group", "Sales", members=["201", "202"])
    acme.number(MAIN, "300", prefix="Sales")
    call = await carrier.calls(MAIN, caller="+31612345678")
    at_anna, at_ben = await anna.rings(), await ben.rings()
    assert at_anna.caller_name == at_ben.caller_name == "Sales: 0612345678"
    await at_ben.answer()
    assert (await at_anna.ended()).answered_elsewhere
    await call.hang_up()
    await world.over()


async def test_the_manual_override_decides_which_plan_counts(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    number = acme.number(MAIN)
    day = NumberPlan(1, "Day", {number: PlanEntry(ExtensionNumber("201"))})
    night = NumberPlan(2, "Night", {number: PlanEntry(ExtensionNumber("202"), "Night")})
    schema = PlanSchema(1, "Acme", {1: day, 2: night}, standing=1)
    acme.change(schemas=(schema,))
    by_day = await carrier.calls(MAIN, caller="+31612345678")
    await anna.rings()
    acme.change(schemas=(replace(schema, override=2),))
    by_night = await carrier.calls(MAIN, caller="+31612345678")
    assert (await ben.rings()).caller_name == "Night: 0612345678"
    acme.change(schemas=(schema,))
    again = await carrier.calls(MAIN, caller="+31612345678")
    await anna.rings()
    for call in (by_day, by_night, again):
        await call.hang_up()
    await world.over()
    facts = [
        step["facts"]["active_by"]
        for record in world.records
        for step in record["trace"]
        if step["rule"] == "number-plan"
    ]
    assert facts == ["standing plan", "manual override", "standing plan"]


async def test_a_change_of_plan_does_not_touch_the_call_that_rings(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201")
    call = await carrier.calls(MAIN, caller="+31612345678")
    rings = await anna.rings()
    acme.change(schemas=())
    await rings.answer()
    await call.answered()
    await call.hang_up()
    await world.over()


async def test_a_number_in_no_plan_is_not_in_use(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    acme.number(MAIN)
    call = await carrier.calls(MAIN, caller="+31612345678")
    assert (await call.ended()).code == 404
    assert heard(call) == [(0, "number_not_in_use")]
    assert not call.is_answered  # told free of charge
    assert now() == SENTENCE
    await world.over()
    record = world.last_record
    assert (record["direction"], record["outcome"], record["caller"]) == ("inbound", "refused", "+31612345678")


async def test_a_number_that_only_another_plan_has_is_not_in_use(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    number = acme.number(MAIN)
    plans = {1: NumberPlan(1, "Day"), 2: NumberPlan(2, "Night", {number: PlanEntry(ExtensionNumber("201"))})}
    acme.change(schemas=(PlanSchema(1, "Acme", plans, standing=1),))
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended()
    assert said(call) == ["number_not_in_use"]
    await world.over()
    assert "schema Acme: not in plan Day" in because(world.last_record)


async def test_an_inactive_number_is_not_in_use(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201", active=False)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended()
    assert said(call) == ["number_not_in_use"]
    await world.over()
    assert "the number is not active" in because(world.last_record)


@pytest.mark.parametrize("called", ["+31209999999", "201", "anonymous", "900", "", "+" + "9" * 40, "x" * 5000])
async def test_what_is_no_number_of_ours_is_not_in_use(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, called: str
) -> None:
    """Not even an extension or a service can be reached by dialling it from outside."""
    call = await carrier.calls(called, caller="+31612345678")
    assert (await call.ended()).code == 404
    assert said(call) == ["number_not_in_use"]
    assert language(call) == "nl"  # the carrier's country
    await world.over()
    assert world.records == []  # nobody's call


async def test_who_hangs_up_while_being_turned_away_leaves_nothing(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    call = await carrier.calls("+31209999999", caller="+31612345678")
    await call.hears("number_not_in_use")
    await call.hang_up()
    await world.over()


async def test_a_call_from_a_trunk_that_is_not_ours_is_turned_away(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.number(MAIN, "201")
    stranger = SimulatedCarrier(world.switch, "stranger", "trunk-stranger", 480)
    call = await stranger.calls(MAIN, caller="+31612345678")
    assert (await call.ended()).code == 403
    assert said(call) == ["not_allowed"]
    with pytest.raises(WaitedInVain):
        await anna.rings(timeout=1)
    await world.over()


async def test_a_personal_number_reaches_its_person(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number("+31612345201", use=NumberUse.PERSONAL, user=ExtensionNumber("201"))
    call = await carrier.calls("+31612345201", caller="+31687654321")
    assert (await anna.rings()).caller_number == "0687654321"
    await call.hang_up()
    await world.over()
    assert "personal-number: extension 201" in story(world.last_record)[1]


async def test_a_personal_number_whose_person_is_not_there_is_told(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.user("201", "Anna Jansen")
    acme.number("+31612345201", use=NumberUse.PERSONAL, user=ExtensionNumber("201"))
    call = await carrier.calls("+31612345201", caller="+31687654321")
    assert (await call.ended()).code == 480
    assert said(call) == ["user_unreachable"]
    await world.over()


async def test_a_colleague_who_dials_a_number_of_the_company_stays_inside(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.number(MAIN, "202")
    call = await anna.dials("0201110200")
    rings = await ben.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Anna Jansen")
    with pytest.raises(WaitedInVain):
        await carrier.rings(timeout=1)
    await call.hang_up()
    await world.over()
    assert world.last_record["direction"] == "inside"


async def test_a_colleague_who_dials_our_number_that_is_in_no_plan_is_told(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number(MAIN)
    call = await anna.dials("0201110200")
    await call.ended()
    assert said(call) == ["number_not_in_use"]
    await world.over()


async def test_the_caller_hears_the_accounts_language(world: World, carrier: SimulatedCarrier) -> None:
    german = world.company("2000", "Schmidt", language="de")
    german.user("201", "Hans")
    german.number("+31201119999", "201")
    call = await carrier.calls("+31201119999", caller="+31612345678")
    await call.ended()
    assert language(call) == "de"
    await world.over()
    assert E164("+31201119999") == world.last_record["called"]
