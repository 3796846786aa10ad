"""System extensions: a user manages the exchange from outside, and proves who that is (SYX-1)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from centrale.calls.ports import VoiceMessage
from centrale.routing.snapshot import ExtensionNumber, NumberPlan, PlanEntry, PlanSchema
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier
from tests.scenarios.hearing import answers, language, said, story, words
from tests.scenarios.voicemail import Left
from tests.scenarios.world import MONDAY_NINE, Company, World

MAIN, PLANS = "+31201110300", "+31201110915"
MOBILE = "+31612345678"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    """Anna may choose plans, Ben may not; 480 leads to 915 for who dials +31 20 111 09 15."""
    acme.user("201", "Anna Jansen", "2580", rights={"time_configuration": True}, language="de")
    acme.user("202", "Ben Bakker", "7391")
    acme.user("203", "Carla de Vries", "0000", rights={"time_configuration": True})
    acme.extension("480", "system_extension", "Plans from outside", function="time_configuration")
    numbers = acme.number(MAIN), acme.number(PLANS)
    plans = {
        n: NumberPlan(
            n, name, {numbers[0]: PlanEntry(ExtensionNumber(to)), numbers[1]: PlanEntry(ExtensionNumber("480"))}
        )
        for n, name, to in ((1, "Open", "201"), (12, "Closed", "202"))
    }
    acme.change(schemas=(PlanSchema(1, "Acme", plans, standing=1),))
    return await world.carrier("carrier", acme)


def override(acme: Company) -> int | None:
    return acme.account.schemas[0].override


async def says_who(call: SimulatedCall, user: str, pin: str, *, time: int = 1) -> None:
    await answers(call, "ask_extension", f"{user}#", time=time)
    await answers(call, "ask_pin", f"{pin}#", time=time)


async def test_a_user_chooses_the_plan_from_outside_in_the_own_language(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    ben = await acme.phone("ben", logged_on="202")
    call = await carrier.calls(PLANS, caller=MOBILE)
    await answers(call, "ask_extension", "201#")
    assert language(call) == "nl"
    await answers(call, "ask_pin", "2580#")
    await answers(call, "plan_menu", "2#")
    assert language(call) == "de"
    await answers(call, "ask_plan", "12#")
    assert (await call.ended(20)).code == 200
    assert words(world, call)[-1] == "Der Nummernplan Closed ist bis auf Weiteres aktiv."
    assert override(acme) == 12

    outside = await carrier.calls(MAIN, caller=MOBILE)
    await ben.rings()
    await outside.hang_up()
    await world.over()
    assert world.records[0]["outcome"] == "served"


async def test_until_the_caller_is_known_the_extensions_language_is_spoken(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.extension("480", "system_extension", "Plans", function="time_configuration", language="es")
    call = await carrier.calls(PLANS, caller=MOBILE)
    await answers(call, "ask_extension", "202#")
    assert language(call) == "es"
    await answers(call, "ask_pin", "7391#")
    await call.ended(20)
    assert (said(call)[-1], language(call)) == ("no_right", "es")  # Ben has set no language of his own
    await world.over()


async def test_the_rights_are_those_of_who_was_identified_not_of_who_calls(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    anna = await acme.phone("anna", logged_on="201")
    call = await anna.dials("480")
    await says_who(call, "202", "7391")
    await call.ended(20)
    assert said(call)[-1] == "no_right"
    assert override(acme) is None

    ben = await acme.phone("ben", logged_on="202")
    call = await ben.dials("480")
    await says_who(call, "201", "2580")
    await answers(call, "plan_menu", "2#")
    await answers(call, "ask_plan", "12#")
    await call.ended(20)
    assert override(acme) == 12
    await world.over()


@pytest.mark.parametrize(("user", "pin"), [("201", "2581"), ("299", "2580"), ("480", "2580"), ("203", "0000")])
async def test_three_times_wrong_and_nothing_tells_what_was_wrong(
    world: World, acme: Company, carrier: SimulatedCarrier, user: str, pin: str
) -> None:
    """A wrong PIN, nobody's number, an extension that is no user, and the PIN that asks for a new one: all the same."""
    call = await carrier.calls(PLANS, caller=MOBILE)
    for time in (1, 2, 3):
        await says_who(call, user, pin, time=time)
    assert (await call.ended(20)).code == 200
    assert said(call) == ["ask_extension", "ask_pin", "wrong_combination"] * 3 + ["goodbye"]
    assert world.books.pins[acme.id, "203"] == "0000"
    await world.over()
    assert not any(pin in line for line in story(world.last_record))


@pytest.mark.parametrize("caller", [MOBILE, None])
async def test_guessing_from_outside_is_stopped_and_keeps_nobody_from_logging_on(
    world: World, acme: Company, carrier: SimulatedCarrier, caller: str | None
) -> None:
    for pins in (("1111", "2222", "3333"), ("4444", "2580")):
        call = await carrier.calls(PLANS, caller=caller or "", withheld=caller is None)
        for time, pin in enumerate(pins, 1):
            await says_who(call, "201", pin, time=time)
        await call.ended(20)
    assert said(call)[-1] == "too_many_attempts"  # also for the right one
    assert override(acme) is None

    hall = await acme.phone("hall")
    call = await hall.dials("901")
    await says_who(call, "201", "2580")
    await call.ended(20)
    assert said(call)[-1] == "logged_on"
    await world.over()


async def test_who_says_nothing_hears_goodbye(world: World, carrier: SimulatedCarrier) -> None:
    call = await carrier.calls(PLANS, caller=MOBILE)
    assert (await call.ended(60)).code == 200
    assert said(call) == ["ask_extension", "no_input"] * 3 + ["goodbye"]
    await world.over()
    assert world.last_record["outcome"] == "served"


async def test_a_user_deleted_in_the_moment_of_the_right_pin_is_wrong(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    call = await carrier.calls(PLANS, caller=MOBILE)
    acme.remove("201")
    for time in (1, 2, 3):
        await says_who(call, "201", "2580", time=time)
    await call.ended(20)
    assert said(call)[-1] == "goodbye"
    await world.over()


async def test_a_user_records_a_sound_from_outside_under_the_own_name(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.extension("480", "system_extension", "Sounds from outside", function="sound_recording")
    call = await carrier.calls(PLANS, caller=MOBILE)
    await says_who(call, "202", "7391")
    await call.happenings.until(lambda: "beep" in said(call) or None, 20, lambda: f"no beep: {said(call)}")
    await asyncio.sleep(3)
    call.speaks(1)
    await asyncio.sleep(3)
    await call.press("#")
    await answers(call, "sound_choice", "1")
    await call.ended(20)
    assert said(call)[-1] == "sound_kept"
    await world.over()
    [(account, _, maker)] = world.books.sounds
    assert (account, maker) == (acme.id, "user 202")


async def test_a_mailbox_is_listened_to_from_outside_with_its_number_and_pin(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.extension("480", "system_extension", "Messages from outside", function="voicemail")
    acme.extension("780", "mailbox", "Messages")
    world.boxes.pins[acme.id, "780"] = "7391"
    message = VoiceMessage("message", MONDAY_NINE, "+31301234567", "", 5, Path("/messages/message.wav"))
    world.boxes.left.append(Left(acme.id, ExtensionNumber("780"), message))
    call = await carrier.calls(PLANS, caller=MOBILE)
    await answers(call, "voicemail_ask_mailbox", "780#")
    await answers(call, "voicemail_ask_pin", "7391#")
    await answers(call, "voicemail_message_menu", "7")
    await answers(call, "voicemail_menu", "*")
    await call.hang_up()
    await world.over()
    assert "message" in said(call)
    assert world.boxes.left == []


@pytest.mark.parametrize(("mailbox", "pin"), [("780", "7392"), ("781", "7391"), ("201", "2580")])
async def test_of_a_mailbox_too_nothing_tells_what_was_wrong(
    world: World, acme: Company, carrier: SimulatedCarrier, mailbox: str, pin: str
) -> None:
    """Also a user's own number and PIN open no mailbox from outside."""
    acme.extension("480", "system_extension", "Messages from outside", function="voicemail")
    acme.extension("780", "mailbox", "Messages")
    world.boxes.pins[acme.id, "780"] = "7391"
    call = await carrier.calls(PLANS, caller=MOBILE)
    for time in (1, 2, 3):
        await answers(call, "voicemail_ask_mailbox", f"{mailbox}#", time=time)
        await answers(call, "voicemail_ask_pin", f"{pin}#", time=time)
    assert (await call.ended(20)).code == 200
    assert said(call) == ["voicemail_ask_mailbox", "voicemail_ask_pin", "voicemail_wrong"] * 3 + ["goodbye"]
    await world.over()
