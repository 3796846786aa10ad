"""Emergency calls always work, and the centre sees a number that it can call back.

EMG-1 (always), EMG-2 (the area is known), EMG-3 (which number), CHN-1 (above the limit).
"""

from __future__ import annotations

from typing import Any

import pytest

from centrale.routing.snapshot import E164, ExtensionNumber, NumberUse
from centrale.telephony.simulated import SimulatedCall, SimulatedCarrier, SimulatedPhone
from tests.scenarios.hearing import heard, said
from tests.scenarios.world import Company, World

ACCOUNT, CHANNEL, USER, PERSONAL = (
    E164("+31201110200"),
    E164("+31201110201"),
    E164("+31201110202"),
    E164("+31612345203"),
)


@pytest.fixture
async def carrier(world: World, acme: Company) -> SimulatedCarrier:
    for number in (ACCOUNT, CHANNEL, USER):
        acme.number(number)
    acme.change(emergency_caller_id=ACCOUNT)
    return await world.carrier("carrier", acme)


async def help_is_called(phone: SimulatedPhone, carrier: SimulatedCarrier, dialled: str = "112") -> SimulatedCall:
    """Call, be answered, talk, hang up; what the centre was told."""
    call = await phone.dials(dialled)
    centre = await carrier.rings()
    await centre.answer()
    await call.answered()
    await call.hears_tone(carrier.tone)
    await call.hang_up()
    await centre.ended()
    return centre


async def test_from_a_phone_where_nobody_is_logged_on(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    hall = await acme.phone("hall")
    centre = await help_is_called(hall, carrier)
    assert (centre.dialled, centre.caller_number) == ("112", ACCOUNT)
    await world.over()
    assert (world.last_record["direction"], world.last_record["outcome"]) == ("outbound", "answered")


@pytest.mark.parametrize("dialled", ["112", "+31112", "0031112", "#31#112", "112#"])
async def test_however_it_is_dialled(world: World, acme: Company, carrier: SimulatedCarrier, dialled: str) -> None:
    hall = await acme.phone("hall")
    assert (await help_is_called(hall, carrier, dialled)).dialled == "112"
    await world.over()


@pytest.mark.parametrize(
    ("user", "channel", "personal", "seen"),
    [
        ({"default_caller_id": USER}, {"emergency_caller_id": CHANNEL}, False, USER),
        ({}, {"emergency_caller_id": CHANNEL}, True, PERSONAL),
        ({"emergency_caller_id": USER}, {"emergency_caller_id": CHANNEL}, False, USER),
        ({}, {"emergency_caller_id": CHANNEL}, False, ACCOUNT),
        (None, {"emergency_caller_id": CHANNEL}, False, CHANNEL),
        (None, {}, False, ACCOUNT),
    ],
    ids=[
        "the user's own number",
        "the user's personal number",
        "the user's fallback",
        "the account's fallback",
        "nobody logged on: the channel's fallback",
        "nobody logged on: the account's fallback",
    ],
)
async def test_the_number_that_the_centre_sees(
    world: World,
    acme: Company,
    carrier: SimulatedCarrier,
    user: dict[str, Any] | None,
    channel: dict[str, Any],
    personal: bool,
    seen: str,
) -> None:
    if user is not None:
        acme.user("201", "Anna Jansen", **user)
    if personal:
        acme.number(PERSONAL, use=NumberUse.PERSONAL, user=ExtensionNumber("201"))
    phone = await acme.phone("anna", logged_on="201" if user is not None else None, **channel)
    assert (await help_is_called(phone, carrier)).caller_number == seen
    await world.over()


async def test_any_number_of_the_account_is_better_than_none(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.change(emergency_caller_id=None)
    hall = await acme.phone("hall")
    assert (await help_is_called(hall, carrier)).caller_number == ACCOUNT
    await world.over()


async def test_an_account_without_any_number_calls_all_the_same(world: World, acme: Company) -> None:
    carrier = await world.carrier("carrier", acme)
    hall = await acme.phone("hall")
    assert (await help_is_called(hall, carrier)).caller_number == ""
    await world.over()


async def test_the_own_number_is_shown_even_when_withheld_was_asked(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.user("201", "Anna Jansen", default_caller_id=USER)
    anna = await acme.phone("anna", logged_on="201")
    centre = await help_is_called(anna, carrier, "#31#112")
    assert (centre.presentation.withheld, centre.caller_number) == (False, USER)
    await world.over()


@pytest.mark.parametrize(
    ("user", "channel", "area"),
    [({"area_code": "030"}, {"area_code": "010"}, "030"), ({}, {"area_code": "010"}, "010"), ({}, {}, "020")],
)
async def test_the_record_names_the_area_of_the_user_else_of_the_phone(
    world: World, acme: Company, carrier: SimulatedCarrier, user: dict[str, Any], channel: dict[str, Any], area: str
) -> None:
    acme.user("201", "Anna Jansen", **user)
    anna = await acme.phone("anna", logged_on="201", **channel)
    await help_is_called(anna, carrier)
    await world.over()
    assert world.last_record["trace"][0]["facts"]["area_code"] == area


async def test_above_the_phones_call_limit(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    acme.user("201", "Anna Jansen")
    anna = await acme.phone("anna", logged_on="201", call_limit=1)
    first = await anna.dials("0612345678")
    await carrier.rings()
    second = await anna.dials("0612345678")
    assert (await second.ended()).code == 503
    await help_is_called(anna, carrier)
    await first.hang_up()
    await world.over()


@pytest.mark.parametrize("code", [503, 404, 403, 486, 500, 603])
async def test_whatever_the_first_carrier_says_the_next_one_is_tried(
    world: World, acme: Company, carrier: SimulatedCarrier, code: int
) -> None:
    second = await world.carrier("second", acme)
    hall = await acme.phone("hall")
    call = await hall.dials("112")
    await (await carrier.rings()).decline(code)
    centre = await second.rings()
    assert (centre.dialled, centre.caller_number) == ("112", ACCOUNT)
    await centre.answer()
    await call.answered()
    await call.hang_up()
    await world.over()


async def test_when_the_own_trunks_are_down_any_trunk_of_the_platform_helps(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    umbrella = world.company("2000", "Umbrella")
    theirs = await world.carrier("theirs", umbrella)
    await carrier.unregister()
    hall = await acme.phone("hall")
    centre = await help_is_called(hall, theirs)
    assert centre.caller_number == ACCOUNT
    await world.over()
    assert world.last_record["account"] == acme.id


async def test_when_nothing_works_the_caller_is_told_to_take_another_phone(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    await carrier.unregister()
    hall = await acme.phone("hall")
    call = await hall.dials("112")
    await call.ended()
    assert heard(call) == [(0, "emergency_failed")]
    await world.over()


async def test_an_extension_cannot_hide_an_emergency_number(
    world: World, acme: Company, carrier: SimulatedCarrier
) -> None:
    acme.user("112", "Trap")
    trap = await acme.phone("trap", logged_on="112")
    assert (await help_is_called(trap, carrier)).dialled == "112"
    await world.over()


async def test_a_phone_abroad_reaches_help_there(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    london = await acme.phone("london", country="GB")
    assert (await help_is_called(london, carrier, "999")).dialled == "999"
    await world.over()


async def test_112_from_outside_is_not_in_use(world: World, acme: Company, carrier: SimulatedCarrier) -> None:
    call = await carrier.calls("112", caller="+31612345678")
    await call.ended()
    assert said(call) == ["number_not_in_use"]
    await world.over()
