"""902: people log off from a phone, or from all of theirs (SYS-3, LNK-1, USR-2)."""

from __future__ import annotations

import pytest

from centrale.routing.snapshot import ExtensionNumber, Facility
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from tests.scenarios.hearing import answers, now, said, story, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    """Anna's phone; she may be twinned."""
    acme.world.books.change(acme.id, facilities=frozenset({Facility.TWINNING}))
    acme.user("201", "Anna Jansen", pin="2580", rights={"twinning": True})
    return await acme.phone("anna", logged_on="201")


async def log_off(phone: SimulatedPhone, pin: str, choice: str = "") -> SimulatedCall:
    call = await phone.dials("902")
    await answers(call, "ask_pin", f"{pin}#")
    if choice:
        await answers(call, "logoff_choice", choice)
    await call.ended(timeout=60)
    return call


async def test_anna_logs_off(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await log_off(anna, "2580")
    assert said(call) == ["ask_pin", "logged_off"]
    assert acme.is_logged_on("201") == []
    await world.over()
    assert "log-off: 201 logged off from 1000anna" in story(world.last_record)[-2]
    assert world.last_record["outcome"] == "served"


@pytest.mark.parametrize(
    ("choice", "told", "left"), [("1", "logged_off", ["desk"]), ("2", "logged_off_everywhere", [])]
)
async def test_on_two_phones_anna_chooses_only_here_or_everywhere(
    world: World, acme: Company, anna: SimulatedPhone, choice: str, told: str, left: list[str]
) -> None:
    await acme.phone("desk", logged_on="201")
    call = await log_off(anna, "2580", choice)
    assert said(call) == ["ask_pin", "logoff_choice", told]
    assert acme.is_logged_on("201") == left
    await world.over()


async def test_a_wrong_choice_is_told_and_asked_again(world: World, acme: Company, anna: SimulatedPhone) -> None:
    await acme.phone("desk", logged_on="201")
    call = await anna.dials("902")
    await answers(call, "ask_pin", "2580#")
    await answers(call, "logoff_choice", "7")
    await answers(call, "logoff_choice", "2", time=2)
    await call.ended()
    assert said(call) == ["ask_pin", "logoff_choice", "invalid_choice", "logoff_choice", "logged_off_everywhere"]
    await world.over()


async def test_who_makes_no_choice_stays_logged_on(world: World, acme: Company, anna: SimulatedPhone) -> None:
    await acme.phone("desk", logged_on="201")
    call = await anna.dials("902")
    await answers(call, "ask_pin", "2580#")
    await call.ended(timeout=60)
    assert said(call) == ["ask_pin", *["logoff_choice", "no_input"] * 3, "goodbye"]
    assert acme.is_logged_on("201") == ["anna", "desk"]
    await world.over()


async def test_a_wrong_pin_is_told_and_asked_again(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("902")
    await answers(call, "ask_pin", "2581#")
    await answers(call, "ask_pin", "2580#", time=2)
    await call.ended()
    assert said(call) == ["ask_pin", "wrong_pin", "ask_pin", "logged_off"]
    await world.over()


async def test_three_wrong_pins_and_anna_stays_logged_on(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("902")
    for time in (1, 2, 3):
        await answers(call, "ask_pin", "2581#", time=time)
    await call.ended()
    assert said(call) == ["ask_pin", "wrong_pin"] * 3 + ["goodbye"]
    assert acme.is_logged_on("201") == ["anna"]
    await world.over()


async def test_guessing_the_pin_locks_it(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("902")
    for time in (1, 2, 3):
        await answers(call, "ask_pin", "2581#", time=time)
    await call.ended()
    call = await anna.dials("902")
    await answers(call, "ask_pin", "2581#")
    locked_at = now()
    await answers(call, "ask_pin", "2580#", time=2)
    await call.ended()
    assert said(call) == ["ask_pin", "wrong_pin", "ask_pin", "too_many_attempts"]
    await until(locked_at + 31)
    assert said(await log_off(anna, "2580")) == ["ask_pin", "logged_off"]
    await world.over()


async def test_who_has_still_to_choose_a_pin_may_log_off(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    assert said(await log_off(anna, "0000")) == ["ask_pin", "logged_off"]
    assert acme.is_logged_on("201") == []
    await world.over()


async def test_on_a_phone_where_nobody_is_logged_on_one_must_log_on_first(world: World, acme: Company) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials("902")
    assert (await call.ended()).code == 403
    assert said(call) == ["log_on_first"]
    await world.over()


async def test_a_linked_user_cannot_log_off(world: World, acme: Company) -> None:
    acme.user("201", "Anna Jansen")
    linked = await acme.phone("reception", logged_on="201", linked_to=ExtensionNumber("201"))
    call = await linked.dials("902")
    await call.ended()
    assert said(call) == ["linked_no_logoff"]
    assert acme.is_logged_on("201") == ["reception"]
    await world.over()


async def test_a_linked_phone_elsewhere_is_no_choice(world: World, acme: Company, anna: SimulatedPhone) -> None:
    await acme.phone("reception", logged_on="201", linked_to=ExtensionNumber("201"))
    assert said(await log_off(anna, "2580")) == ["ask_pin", "logged_off"]
    assert acme.is_logged_on("201") == ["reception"]
    await world.over()


async def test_anna_is_logged_off_by_another_phone_while_she_talks_and_talks_on(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("202", "Ben Bakker")
    ben = await acme.phone("ben", logged_on="202")
    desk = await acme.phone("desk", logged_on="201")
    call = await anna.dials("202")
    await (await ben.rings()).answer()
    await call.answered()
    await log_off(desk, "2580", "2")
    assert acme.is_logged_on("201") == []
    await call.hears_tone(ben.tone)
    await call.hang_up()
    await world.over()
    assert world.last_record["outcome"] == "answered"
