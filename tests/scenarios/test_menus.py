"""Callers choose by keys (IVR-1..3), in the manual's own example among others."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from centrale.kinds.menu import Menu
from centrale.telephony.simulated import SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import SENTENCE, answers, because, heard, now, said, story, until
from tests.scenarios.world import Company, World

MAIN = "+31201110700"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    acme.number(MAIN, "700")
    return await world.carrier("carrier", acme)


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    acme.user("201", "Anna Jansen")
    acme.extension("300", "group", "Management", members=["201"])
    return await acme.phone("anna", logged_on="201")


def menu(acme: Company, number: str, options: dict[str, tuple[str, str]], **settings: Any) -> None:
    listed = [{"digits": d, "destination": to, "prefix": prefix} for d, (to, prefix) in options.items()]
    acme.extension(
        number, "menu", f"Menu {number}", question={"sound": f"menu-{number}.wav"}, options=listed, **settings
    )


def main_menu(acme: Company) -> None:
    """The example of the manual: 700 leads to 300 and to the menu 701."""
    menu(acme, "700", {"1": ("300", "Management"), "2": ("701", "Submenu")})
    menu(acme, "701", {"1": ("202", "Service")})


async def test_the_first_option_leads_to_the_group(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await answers(call, "menu-700", "1")
    rings = await anna.rings()
    assert rings.caller_name == "Management: 0612345678"
    await rings.answer()
    await call.hears_tone(anna.tone)
    await call.hang_up()
    await world.over()
    assert "2.0 menu: option 1" in story(world.last_record)


async def test_menus_nest_and_their_prefixes_stack(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await answers(call, "menu-700", "2")
    await answers(call, "menu-701", "1")
    assert (await ben.rings()).caller_name == "Submenu: Service: 0612345678"
    await call.hang_up()
    await world.over()


async def test_keys_may_be_pressed_while_the_menu_still_speaks(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN, caller="+31612345678")
    await call.press("21")
    await ben.rings()
    assert now() < SENTENCE
    await call.hang_up()
    await world.over()


async def test_a_wrong_choice_is_told_and_asked_again(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN)
    await answers(call, "menu-700", "9")
    await answers(call, "menu-700", "1", time=2)
    await anna.rings()
    assert said(call) == ["menu-700", "invalid_choice", "menu-700"]
    await call.hang_up()
    await world.over()


async def test_who_never_chooses_hears_goodbye(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN)
    assert (await call.ended(60)).code == 200
    assert said(call) == ["menu-700", "no_input"] * 3 + ["goodbye"]
    await world.over()
    assert world.last_record["outcome"] == "served"


async def test_who_never_chooses_goes_on_to_the_failover(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    menu(acme, "700", {"1": ("300", "")}, failover="201")
    call = await carrier.calls(MAIN)
    await anna.rings(60)
    assert said(call) == ["menu-700", "no_input"] * 3
    await call.hang_up()
    await world.over()


async def test_the_failover_comes_at_its_time_even_in_the_middle_of_keys(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    menu(acme, "700", {"123": ("300", "")}, max_digits=3, failover="201", failover_after=5)
    call = await carrier.calls(MAIN)
    await until(4)
    await call.press("1")
    await anna.rings(60)
    assert now() == 5
    await call.hang_up()
    await world.over()
    assert "5.0 menu: nothing was chosen within 5 s" in story(world.last_record)


@pytest.mark.parametrize(
    ("keys", "reaches", "after"),
    [
        ("1", "anna", 4.0),  # 12 might follow: the pause decides
        ("1#", "anna", 0.2),  # the hash decides at once
        ("12", "ben", 0.1),  # nothing longer begins so
        ("5", "ben", 0.0),
    ],
)
async def test_options_of_mixed_length(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    anna: SimulatedPhone,
    ben: SimulatedPhone,
    keys: str,
    reaches: str,
    after: float,
) -> None:
    menu(acme, "700", {"1": ("201", ""), "12": ("202", ""), "5": ("202", "")}, max_digits=2)
    call = await carrier.calls(MAIN)
    await until(3)
    began = now()
    await call.press(keys)
    rung = anna if reaches == "anna" else ben
    await rung.rings(30)
    assert now() - began == pytest.approx(max(after, 0.1 * len(keys)), abs=0.11)
    await call.hang_up()
    await world.over()


async def test_two_rings_first(world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone) -> None:
    menu(acme, "700", {"1": ("201", "")}, ring_first=True)
    call = await carrier.calls(MAIN)
    await call.ringing()
    assert not call.is_answered
    await call.hears("menu-700")
    assert heard(call) == [(10.0, "menu-700")]
    await call.hang_up()
    await world.over()


async def test_menus_that_point_at_each_other_end_after_a_while(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    menu(acme, "700", {"1": ("701", "")})
    menu(acme, "701", {"1": ("700", "")})
    call = await carrier.calls(MAIN)
    await call.press("1111111111")
    await call.ended(60)
    assert said(call)[-1] == "too_many_forwards"
    await world.over()
    assert "700 has already forwarded this call" in because(world.last_record)


async def test_an_option_whose_destination_has_just_been_deleted(
    world: World, acme: Company, carrier: SimulatedCarrier, anna: SimulatedPhone
) -> None:
    main_menu(acme)
    call = await carrier.calls(MAIN)
    await call.hears("menu-700")
    acme.remove("300")
    await call.press("1")
    await call.ended(30)
    assert said(call)[-1] == "number_not_in_use"
    await world.over()


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"options": [{"digits": "1", "destination": "201"}, {"digits": "1", "destination": "202"}]}, "twice"),
        ({"options": [{"digits": "12", "destination": "201"}]}, "more than 1 keys"),
        ({"failover_after": 10}, "choose where callers go"),
        ({"question": {}}, "either a sound or a text"),
        ({"question": {"sound": "../secret.wav"}}, "pattern"),
        ({"options": [{"digits": "#", "destination": "201"}]}, "pattern"),
    ],
)
def test_settings_that_make_no_menu(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Menu.model_validate({"question": {"text": "Welcome"}} | settings)
