"""Dial by extension (DBE-1) and authentication (AUT-1)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from centrale.kinds.authentication import Authentication
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import SENTENCE, answers, heard, now, said, story
from tests.scenarios.world import Company, World

MAIN = "+31201110600"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    acme.number(MAIN, "600")
    return await world.carrier("carrier", acme)


# -- dial by extension -----------------------------------------------------------------------------------------------


async def test_a_caller_reaches_a_user_by_extension(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.extension("600", "dial_by_extension", "Direct")
    call = await carrier.calls(MAIN)
    await answers(call, "dial_extension", "201")
    await (await anna.rings()).answer()
    await call.hears_tone(anna.tone)
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize("entered", ["", "999", "600", "400", "20#"])
async def test_nothing_or_nobody_leads_to_the_fallback(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone, entered: str
) -> None:
    acme.extension("400", "announcement", "Not a person", text="Closed.")
    acme.extension("600", "dial_by_extension", "Direct", fallback="202", question={"sound": "who.wav"}, timeout=3)
    call = await carrier.calls(MAIN)
    await answers(call, "who", entered)
    await ben.rings(30)
    assert said(call) == ["who"]
    await call.hang_up()
    await world.over()


async def test_two_rings_first_and_the_fallback_after_its_time(
    world: World, acme: Company, carrier: SimulatedCarrier, ben: SimulatedPhone
) -> None:
    acme.extension("600", "dial_by_extension", "Direct", fallback="202", ring_first=True, timeout=3)
    call = await carrier.calls(MAIN)
    await call.ringing()
    await ben.rings(30)
    assert heard(call) == [(10.0, "dial_extension")]
    assert now() == 10 + SENTENCE + 3
    await call.hang_up()
    await world.over()


async def test_without_a_fallback_the_question_is_put_again(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.extension("600", "dial_by_extension", "Direct")
    call = await carrier.calls(MAIN)
    await answers(call, "dial_extension", "999")
    await answers(call, "dial_extension", "201", time=2)
    await anna.rings()
    assert said(call) == ["dial_extension", "extension_not_reachable_here", "dial_extension"]
    await call.hang_up()
    await world.over()


async def test_another_companys_extension_is_nobody(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    other = world.company("2000", "Other")
    other.user("777", "Stranger")
    await other.phone("stranger", logged_on="777")
    acme.extension("600", "dial_by_extension", "Direct", fallback="201")
    call = await carrier.calls(MAIN)
    await answers(call, "dial_extension", "777")
    await anna.rings(30)
    await call.hang_up()
    await world.over()


# -- authentication --------------------------------------------------------------------------------------------------


def by_pin(acme: Company, **settings: Any) -> None:
    allowed = [{"value": "2468", "prefix": "VIP"}, {"value": "13579", "destination": "202"}]
    acme.extension(
        "600", "authentication", "Door", by="pin", allowed=allowed, destination="201", prefix="Known", **settings
    )


async def test_a_right_pin_leads_to_its_destination_with_its_prefix(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    by_pin(acme, welcome={"sound": "welcome.wav"})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await answers(call, "ask_caller_pin", "2468#")
    assert (await anna.rings()).caller_name == "VIP: 0612345678"
    assert said(call) == ["welcome", "ask_caller_pin"]
    await call.hang_up()
    other = await carrier.calls(MAIN, caller="+31612345678")
    await answers(other, "ask_caller_pin", "13579#")
    assert (await ben.rings()).caller_name == "Known: 0612345678"
    await other.hang_up()
    await world.over()
    assert not [record for record in world.records if "2468" in str(record["trace"])]


async def test_three_wrong_pins_end_the_call(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    by_pin(acme, refused={"sound": "sorry.wav"})
    call = await carrier.calls(MAIN, caller="+31612345678")
    for attempt in (1, 2, 3):
        await answers(call, "ask_caller_pin", "1111#", time=attempt)
    await call.ended(20)
    assert said(call) == ["ask_caller_pin", "wrong_pin", "ask_caller_pin", "wrong_pin", "ask_caller_pin", "sorry"]
    await world.over()
    assert world.last_record["outcome"] == "refused"


async def test_guessing_goes_slower_and_slower_also_over_several_calls(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    by_pin(acme)
    for _ in range(2):
        call = await carrier.calls(MAIN, caller="+31612345678")
        for attempt in (1, 2, 3):
            await answers(call, "ask_caller_pin", "1111#", time=attempt)
            if call.end or "too_many_attempts" in said(call):
                break
        await call.ended(30)
    locked = await carrier.calls(MAIN, caller="+31612345678")
    await answers(locked, "ask_caller_pin", "2468#")
    await locked.ended(30)
    assert "too_many_attempts" in said(locked)
    other = await carrier.calls(MAIN, caller="+31687654321")
    await answers(other, "ask_caller_pin", "2468#")
    await anna.rings()
    await other.hang_up()
    await asyncio.sleep(3600)
    again = await carrier.calls(MAIN, caller="+31612345678")
    await answers(again, "ask_caller_pin", "2468#")
    await anna.rings()
    await again.hang_up()
    await world.over()


@pytest.mark.parametrize(
    ("caller", "withheld", "passes"),
    [
        ("+31612345678", False, True),
        ("+4930123456", False, True),  # 0049* lets all of Germany in
        ("+31687654321", False, False),
        ("+31612345678", True, False),
        ("", False, False),
    ],
)
async def test_callers_are_known_by_their_number(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    anna: SimulatedPhone,
    caller: str,
    withheld: bool,
    passes: bool,
) -> None:
    allowed = [{"value": "0612345678"}, {"value": "0049*"}]
    acme.extension("600", "authentication", "Door", by="caller", allowed=allowed, destination="201")
    call = await carrier.calls(MAIN, caller=caller, withheld=withheld)
    if passes:
        await anna.rings()
        await call.hang_up()
    else:
        await call.ended(20)
        assert said(call) == ["not_authorised"]
    await world.over()
    assert any("authentication: " in line for line in story(world.last_record))


@pytest.mark.parametrize(
    ("allowed", "problem"),
    [([{"value": "12"}], "4 to 10 digits"), ([{"value": "2468"}, {"value": "2468"}], "twice")],
)
def test_lists_that_let_nobody_in_safely(allowed: list[dict[str, str]], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem) as told:
        Authentication.model_validate({"by": "pin", "allowed": allowed, "destination": "201"})
    assert "2468" not in str(told.value.errors(include_input=False)[0]["msg"])
