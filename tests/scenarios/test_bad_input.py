"""Bad input of issue 3, kind by kind: silence, wrong digits, `#` too early, what has just been deleted, missing sounds,
calls that would go round for ever. Each ends, with words for the caller and a trace that says why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import SENTENCE, because, said, story
from tests.scenarios.world import Company, World

MAIN = "+31201110600"

ASKING: dict[str, tuple[str, dict[str, Any]]] = {
    "menu": ("menu", {"question": {"text": "Choose."}, "options": [{"digits": "1", "destination": "201"}]}),
    "postcode": ("location_routing", {"by": "postcode", "fallback": {"destination": "400"}}),
    "extension": ("dial_by_extension", {}),
    "pin": ("authentication", {"by": "pin", "allowed": [{"value": "2468"}], "destination": "201"}),
}
"""Every kind that puts a question."""

LAST_WORDS = {"menu": "goodbye", "postcode": "closed", "extension": "goodbye", "pin": "not_authorised"}


@pytest.fixture
async def carrier(world: World, acme: Company, anna: SimulatedPhone) -> SimulatedCarrier:
    acme.extension("400", "announcement", "Closed", sound="closed.wav")
    acme.number(MAIN, "600")
    return await world.carrier("carrier", acme)


async def keeps_pressing(call: SimulatedCall, keys: str) -> None:
    """Press `keys` after each sentence, for as long as the call lasts."""
    while call.end is None:
        await asyncio.sleep(SENTENCE + 0.5)
        if call.end is None:
            await call.press(keys)


@pytest.mark.parametrize("keys", ["", "9", "99999#", "#", "*", "*#"])
@pytest.mark.parametrize("kind", ASKING)
async def test_whatever_is_pressed_the_questions_end_with_a_word(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, kind: str, keys: str
) -> None:
    name, settings = ASKING[kind]
    acme.extension("600", name, "Asks", **settings)
    call = await carrier.calls(MAIN, caller="+31612345678")
    pressing = asyncio.create_task(keeps_pressing(call, keys))
    await call.ended(120)
    pressing.cancel()
    await asyncio.gather(pressing, return_exceptions=True)
    assert said(call)[-1] == LAST_WORDS[kind]
    assert len(said(call)) <= 8
    await world.over()
    assert 1 <= sum(line.split(" ")[1] == "ask:" for line in story(world.last_record)) <= 3  # 9999 is a postcode


@pytest.mark.parametrize("kind", ASKING)
async def test_a_hash_too_early_is_told_and_asked_again(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, kind: str
) -> None:
    name, settings = ASKING[kind]
    acme.extension("600", name, "Asks", **settings)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await asyncio.sleep(SENTENCE)
    await call.press("#")
    await asyncio.sleep(2 * SENTENCE)
    heard = said(call)
    assert heard[1] == "no_input"
    assert heard[2] == heard[0]
    await call.hang_up()
    await world.over()


SENDING: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "time routing": ("time_routing", lambda to: {"failover": to}),
    "location routing": ("location_routing", lambda to: {"by": "caller", "fallback": {"destination": to}}),
    "call limit": ("call_limit", lambda to: {"limit": 1, "within": to}),
    "call limit, above": ("call_limit", lambda to: {"limit": 0, "within": "201", "above": to}),
    "authentication": (
        "authentication",
        lambda to: {"by": "caller", "allowed": [{"value": "0*"}], "destination": to},
    ),
    "user": ("user", lambda to: {"forwards": {"always": to}}),
}
"""Every kind that sends callers on without a question."""


@pytest.mark.parametrize("kind", SENDING)
async def test_a_destination_that_has_just_been_deleted_is_told(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, kind: str
) -> None:
    """The database refuses it while it is used; a call may still hold the picture of a moment ago."""
    name, settings = SENDING[kind]
    acme.extension("600", name, "Sends on", **settings("299"))
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(30)
    assert said(call)[-1] in ("number_not_in_use", "call_failed")
    await world.over()
    assert world.last_record["cause"] == "unknown_number"


@pytest.mark.parametrize(("keys", "kind"), [("1", "menu"), ("", "extension"), ("2468#", "pin"), ("1012", "postcode")])
async def test_it_is_deleted_while_the_caller_is_being_asked(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, kind: str, keys: str
) -> None:
    acme.extension("250", "announcement", "Soon gone", text="Hello.")
    name, settings = ASKING[kind]
    leading = {
        "menu": {"options": [{"digits": "1", "destination": "250"}]},
        "extension": {"fallback": "250"},
        "pin": {"destination": "250"},
        "postcode": {"fallback": {"destination": "250"}},
    }[kind]
    acme.extension("600", name, "Asks", **{**settings, **leading})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await asyncio.sleep(SENTENCE)
    acme.remove("250")
    await call.press(keys)
    await call.ended(60)
    assert said(call)[-1] in ("number_not_in_use", "call_failed")
    await world.over()


async def test_a_caller_on_the_way_to_an_extension_that_goes(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    """NP-9: the plan still names it, and there is nothing behind it."""
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(30)
    assert said(call) == ["number_not_in_use"]
    await world.over()
    assert "extension 600 does not exist" in because(world.last_record)


@pytest.mark.parametrize("kind", ["menu", "postcode", "extension"])
async def test_a_question_whose_sound_is_missing_stands_in_the_record(kind: str) -> None:
    world = World(duration=lambda sound: None if sound.endswith("/gone") else SENTENCE)
    acme = world.company()
    acme.extension("400", "announcement", "Closed", sound="closed.wav")
    acme.number(MAIN, "600")
    carrier = await world.carrier("carrier", acme)
    name, settings = ASKING[kind]
    acme.extension("600", name, "Asks", **{**settings, "question": {"sound": "gone.wav"}})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(120)
    assert said(call)[-1] == LAST_WORDS[kind]
    assert "no_input" in said(call)
    await world.over()
    assert "0.0 play: gone.wav could not be played: there is no such file" in story(world.last_record)


# -- going round -----------------------------------------------------------------------------------------------------


async def test_menu_forward_menu_ends_with_words_and_a_trace_that_says_so(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    """The forward names a number of the account itself: the call does not leave by a carrier and come in again."""
    options = [{"digits": "1", "destination": "720"}]
    acme.extension("600", "menu", "Main", question={"text": "Choose."}, options=options)
    acme.extension("720", "forward", "Back to the start", number=MAIN)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await asyncio.sleep(SENTENCE)
    await call.press("1")
    await call.ended(60)
    assert said(call)[-1] == "too_many_forwards"
    assert world.switch.legs == {}
    await world.over()
    assert "600 has already forwarded this call" in because(world.last_record)
    assert world.last_record["legs"] == []


async def test_a_user_who_forwards_to_the_number_that_leads_to_them(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.user("600", "Round", forwards={"always": "0201110600"})
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(60)
    assert said(call) == ["too_many_forwards"]
    await world.over()
    assert len(world.records) == 1


async def test_a_number_of_the_account_is_reached_inside_with_its_prefix(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    acme.number("+31201110201", "201", prefix="Direct")
    acme.extension("600", "forward", "To Anna", number="0201110201")
    call = await carrier.calls(MAIN, caller="+31612345678")
    rings = await anna.rings()
    assert rings.caller_name == "Direct: 0612345678"
    await call.hang_up()
    await world.over()


async def test_a_long_chain_ends_after_ten(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    for n in range(20):
        acme.extension(str(600 + n), "time_routing", f"Hop {n}", failover=str(601 + n))
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.ended(30)
    assert said(call) == ["too_many_forwards"]
    await world.over()
    assert "the call was forwarded 10 times" in because(world.last_record)
