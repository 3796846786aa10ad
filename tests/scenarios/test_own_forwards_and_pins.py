"""A user's own forwards, set by phone with 910 (SYS-11) or in the portal; 907 changes the PIN (SYS-8)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import answers, now, said, story, words
from tests.scenarios.world import Company, World


@pytest.fixture
async def carl(acme: Company) -> SimulatedPhone:
    acme.user("203", "Carl")
    return await acme.phone("carl", logged_on="203")


def forwards_of(acme: Company, user: str) -> dict[str, Any]:
    settings: Any = next(e.settings for number, e in acme.account.extensions.items() if number == user)
    return {name: value for name, value in settings.forwards.model_dump().items() if name in SITUATIONS and value}


SITUATIONS = ("always", "busy", "no_answer")


@pytest.mark.parametrize(("key", "situation"), [("1", "always"), ("2", "busy"), ("3", "no_answer")])
async def test_a_forward_is_set_and_switched_off_by_phone(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone, key: str, situation: str
) -> None:
    call = await anna.dials("910")
    await answers(call, "forwards_menu", key)
    await answers(call, "forward_choice", "1")
    await answers(call, "ask_forward_number", "202#")
    await call.hears("forward_set")
    assert forwards_of(acme, "201") == {situation: "202"}
    await answers(call, "forwards_menu", key, time=2)
    await call.hears("forward_is_set")
    assert words(world, call)[-1] == "Oproepen worden doorgeschakeld naar twee nul twee."
    await answers(call, "forward_choice", "2", time=2)
    await call.hears("forward_removed")
    assert forwards_of(acme, "201") == {}
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize("number", ["112", "999", "201", "901"])
async def test_a_number_that_no_call_can_be_forwarded_to_is_refused(
    world: World, acme: Company, anna: SimulatedPhone, number: str
) -> None:
    call = await anna.dials("910")
    await answers(call, "forwards_menu", "1")
    await answers(call, "forward_choice", "1")
    await answers(call, "ask_forward_number", f"{number}#")
    await call.hears("forward_number_wrong")
    await call.hang_up()
    await world.over()
    assert forwards_of(acme, "201") == {}


async def test_who_says_nothing_leaves_the_menu(world: World, anna: SimulatedPhone) -> None:
    call = await anna.dials("910")
    assert (await call.ended(60)).code == 200
    assert said(call)[-1] == "goodbye"
    await world.over()


async def test_always_rings_the_other_at_once(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"always": "202"})
    call = await carl.dials("201")
    await ben.rings()
    assert now() == 0
    await call.hang_up()
    await world.over()


async def test_busy_goes_elsewhere(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"busy": "202"}, offer_second_call=False)
    own = await anna.dials("910")
    await own.answered()
    call = await carl.dials("201")
    await ben.rings()
    await call.hang_up()
    await own.hang_up()
    await world.over()


async def test_no_answer_goes_elsewhere_after_its_time(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"no_answer": "202", "no_answer_after": 12})
    call = await carl.dials("201")
    rings = await anna.rings()
    await ben.rings(30)
    assert now() == 12
    assert rings.end is not None
    await call.hang_up()
    await world.over()


async def test_a_user_who_is_logged_on_nowhere_is_forwarded_too(
    world: World, acme: Company, ben: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"no_answer": "202"})
    call = await carl.dials("201")
    await ben.rings()
    assert now() == 0
    await call.hang_up()
    await world.over()


async def test_an_outside_caller_may_be_forwarded_inside_and_outside(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.number("+31201110201", "201")
    carrier = await world.carrier("carrier", acme)
    acme.user("201", "Anna Jansen", forwards={"always": "202"})
    inside = await carrier.calls("+31201110201", caller="+31612345678")
    await ben.rings()
    await inside.hang_up()
    acme.user("201", "Anna Jansen", forwards={"always": "0687654321", "caller_id": "called"})
    outside = await carrier.calls("+31201110201", caller="+31612345678")
    rings = await carrier.rings()
    assert (rings.dialled, rings.caller_number) == ("+31687654321", "+31201110201")
    assert "+31201110201" in str(rings.headers["Diversion"])
    await outside.hang_up()
    await world.over()


async def test_forwards_in_a_circle_end_with_words(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"always": "202"})
    acme.user("202", "Ben Bakker", forwards={"always": "201"})
    call = await carl.dials("201")
    await call.ended(20)
    assert said(call) == ["too_many_forwards"]
    await world.over()


async def test_a_forward_to_an_extension_that_has_gone_is_told(
    world: World, acme: Company, anna: SimulatedPhone, carl: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", forwards={"always": "299"})
    call = await carl.dials("201")
    await call.ended(20)
    assert said(call) == ["call_failed"]
    await world.over()
    assert "There is no extension 299." in str(world.last_record["trace"])


async def test_907_changes_the_pin(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("907")
    await answers(call, "ask_pin", "2580#")
    await answers(call, "enter_new_pin", "8642#")
    await answers(call, "repeat_new_pin", "8642#")
    assert (await call.ended(20)).code == 200
    assert said(call)[-1] == "pin_changed"
    await world.over()
    assert world.books.pins[acme.id, "201"] == "8642"
    assert "8642" not in str(world.records)


async def test_907_wants_the_old_pin_first(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("907")
    for time in (1, 2, 3):
        await answers(call, "ask_pin", "1111#", time=time)
    await call.ended(30)
    assert "enter_new_pin" not in said(call)
    await world.over()
    assert world.books.pins[acme.id, "201"] == "2580"
    await asyncio.sleep(0)
    assert any("pin: not changed" in line for line in story(world.last_record))
