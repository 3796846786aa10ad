"""The worked examples of the manuals, in their own numbers (issue 3.7).

Menu 700 (Enreach Contact 4.1 §12.1, Managed Voice §4.6): 1 → 300 Directie, 2 → 701; there 1 → 200 Bas. Call limit
(§18, §4.10): three at once, the fourth elsewhere, and a place that is freed is taken again. All calls from Germany to
those who speak German (§16.4): `0049*`.
"""

from __future__ import annotations

import asyncio

import pytest

from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import answers, said, story
from tests.scenarios.world import Company, World

MENU, LIMITED, ABROAD = "+31201110700", "+31201110710", "+31201110750"
OLD_SITE, CALL_CENTRE = "+31301234500", "+31887654321"


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    for number, destination in ((MENU, "700"), (LIMITED, "710"), (ABROAD, "750")):
        acme.number(number, destination)
    return await world.carrier("carrier", acme)


@pytest.fixture
async def bas(acme: Company) -> SimulatedPhone:
    acme.user("200", "Bas")
    return await acme.phone("bas", logged_on="200")


@pytest.fixture
async def director(acme: Company) -> SimulatedPhone:
    acme.user("201", "Anna")
    acme.extension("300", "group", "Directie", members=["201"])
    return await acme.phone("anna", logged_on="201")


@pytest.fixture
def menus(acme: Company) -> None:
    """The two layers of the picture."""
    options = [
        {"digits": "1", "destination": "300", "prefix": "Directie"},
        {"digits": "2", "destination": "701", "prefix": "Submenu 1"},
    ]
    acme.extension("700", "menu", "Hoofdmenu", question={"sound": "hoofdmenu.wav"}, options=options, max_digits=1)
    acme.extension(
        "701",
        "menu",
        "Submenu 1",
        question={"sound": "submenu.wav"},
        options=[{"digits": "1", "destination": "200", "prefix": "Bas"}],
    )


@pytest.mark.usefixtures("menus")
async def test_menu_700_option_1_is_the_management(
    world: World, carrier: SimulatedCarrier, director: SimulatedPhone, bas: SimulatedPhone
) -> None:
    call = await carrier.calls(MENU, caller="+31612345678")
    await answers(call, "hoofdmenu", "1")
    rings = await director.rings()
    assert rings.caller_name == "Directie: 0612345678"
    await rings.answer()
    await call.hears_tone(director.tone)
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "201 Anna"


@pytest.mark.usefixtures("menus")
async def test_menu_700_option_2_then_1_is_bas(
    world: World, carrier: SimulatedCarrier, director: SimulatedPhone, bas: SimulatedPhone
) -> None:
    call = await carrier.calls(MENU, caller="+31612345678")
    await answers(call, "hoofdmenu", "2")
    await answers(call, "submenu", "1")
    rings = await bas.rings()
    assert rings.caller_name == "Submenu 1: Bas: 0612345678"
    await rings.answer()
    await call.hears_tone(bas.tone)
    await call.hang_up()
    await world.over()
    path = [line.split(" ", 2)[2] for line in story(world.last_record) if " menu: 7" in line or " user: " in line]
    assert [place[:3] for place in path] == ["700", "701", "200"]


@pytest.mark.usefixtures("menus")
async def test_in_the_submenu_2_is_no_choice(
    world: World, carrier: SimulatedCarrier, director: SimulatedPhone, bas: SimulatedPhone
) -> None:
    call = await carrier.calls(MENU, caller="+31612345678")
    await answers(call, "hoofdmenu", "2")
    await answers(call, "submenu", "2")
    await answers(call, "submenu", "1", time=2)
    await bas.rings()
    assert said(call) == ["hoofdmenu", "submenu", "invalid_choice", "submenu"]
    await call.hang_up()
    await world.over()


async def arrives(carrier: SimulatedCarrier, number: str) -> SimulatedCall:
    """A customer calls, and is put through to `number` outside."""
    call = await carrier.calls(LIMITED, caller="+31612345678")
    rings = await carrier.rings()
    assert rings.dialled == number
    await rings.answer()
    await call.hears_tone(carrier.tone)
    return call


async def test_call_limit_three_the_fourth_elsewhere_and_the_place_freed(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.extension("710", "call_limit", "Oude centrale", limit=3, within=OLD_SITE, above=CALL_CENTRE)
    first, second, third = [await arrives(carrier, OLD_SITE) for _ in range(3)]
    fourth = await arrives(carrier, CALL_CENTRE)
    await second.hang_up()
    await asyncio.sleep(0.001)
    again = await arrives(carrier, OLD_SITE)
    sixth = await arrives(carrier, CALL_CENTRE)
    await fourth.hang_up()  # it was above the limit: its end frees nothing
    await asyncio.sleep(0.001)
    seventh = await arrives(carrier, CALL_CENTRE)
    for call in (first, third, again, sixth, seventh):
        await call.hang_up()
    await world.over()
    assert sum("all 3 places are taken" in line for record in world.records for line in story(record)) == 3


@pytest.mark.parametrize(
    ("caller", "withheld", "german"),
    [
        ("+4930123456", False, True),
        ("+491701234567", False, True),
        ("+43123456789", False, False),
        ("+31201234567", False, False),
        ("+4930123456", True, False),
    ],
)
async def test_all_of_germany_reaches_those_who_speak_german(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    director: SimulatedPhone,
    bas: SimulatedPhone,
    caller: str,
    withheld: bool,
    german: bool,
) -> None:
    acme.extension("310", "group", "Deutsche Abteilung", members=["200"])
    rows = [{"match": "0049*", "destination": "310", "prefix": "DE"}]
    acme.extension("750", "location_routing", "Land", by="caller", rows=rows, fallback={"destination": "300"})
    call = await carrier.calls(ABROAD, caller=caller, withheld=withheld)
    rings = await (bas if german else director).rings()
    assert rings.caller_name.startswith("DE: ") is german
    await call.hang_up()
    await world.over()
    outcome = [line for line in story(world.last_record) if "location:" in line]
    assert ("matches 0049*" in outcome[0]) is german
