"""901: people log on to a phone, with extension and PIN.

SYS-2 (the menu), TWN-1 (two desk phones at once), USR-2 (PINs: told, retried, locked with back-off; 0000 makes one
choose), LNK-1 (a phone that an administrator linked), SEC-1 (nobody learns which of number and PIN was wrong).
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from centrale.routing.snapshot import ExtensionNumber, Facility
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from tests.scenarios.hearing import SENTENCE, answers, now, said, story, until, words
from tests.scenarios.world import Company, World

GOODBYE_AFTER_NOTHING = ["no_input", "goodbye"]


@pytest.fixture
async def hall(acme: Company) -> SimulatedPhone:
    """A phone in the hall, where nobody is logged on."""
    acme.user("201", "Anna Jansen", pin="2580")
    return await acme.phone("hall")


async def logs_on(call: SimulatedCall, extension: str, pin: str, *, time: int = 1) -> None:
    await answers(call, "ask_extension", extension, time=time)
    await answers(call, "ask_pin", pin, time=time)


async def log_on(phone: SimulatedPhone, extension: str, pin: str) -> list[str]:
    """Dial 901, log on, wait for the end; what was said."""
    call = await phone.dials("901")
    await logs_on(call, f"{extension}#", f"{pin}#")
    await call.ended(timeout=60)
    return said(call)


def twinned(acme: Company, **user: Any) -> None:
    acme.world.books.change(acme.id, facilities=frozenset({Facility.TWINNING}))
    acme.user("201", "Anna Jansen", rights={"twinning": True}, **user)


async def test_anna_logs_on_and_is_called_there(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    await logs_on(call, "201#", "2580#")
    assert (await call.ended()).code == 200
    assert said(call) == ["ask_extension", "ask_pin", "logged_on"]
    assert words(world, call)[2] == "U bent aangemeld als Anna Jansen, met extensie twee nul een."
    assert acme.is_logged_on("201") == ["hall"]

    acme.user("202", "Ben Bakker")
    ben = await acme.phone("ben", logged_on="202")
    to_anna = await ben.dials("201")
    rings = await hall.rings()
    await to_anna.hang_up()
    await rings.ended()
    await world.over()
    assert world.records[0]["outcome"] == "served"
    assert story(world.records[0])[-2:] == [
        "4.8 log-on: 201 logged on to 1000hall",
        "4.8 say: logged_on",
    ]


@pytest.mark.parametrize("keys", ["201#", "201"], ids=["with hash, as asked", "without hash"])
async def test_the_hash_after_a_whole_extension_number_is_no_answer_to_the_next_question(
    world: World, acme: Company, hall: SimulatedPhone, keys: str
) -> None:
    call = await hall.dials("901")
    await logs_on(call, keys, "2580#")
    await call.ended()
    assert said(call) == ["ask_extension", "ask_pin", "logged_on"]
    await world.over()


async def test_a_hash_pressed_long_after_the_number_is_an_empty_answer(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    call = await hall.dials("901")
    await answers(call, "ask_extension", "201")
    await asyncio.sleep(4.5)
    await call.press("#")
    await call.hears("no_input")
    await call.hang_up()
    await world.over()


async def test_who_knows_the_menu_presses_everything_at_once(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    await call.press("201#2580#")
    await call.ended()
    assert said(call)[-1] == "logged_on"
    assert acme.is_logged_on("201") == ["hall"]
    await world.over()


async def test_a_pin_without_hash_is_taken_after_a_pause(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    await logs_on(call, "201", "2580")
    pressed = now()
    await call.hears("logged_on")
    assert now() - pressed == pytest.approx(4, abs=0.2)
    await call.hang_up()
    await world.over()
    assert acme.is_logged_on("201") == ["hall"]


async def test_logging_on_here_logs_off_elsewhere(world: World, acme: Company, hall: SimulatedPhone) -> None:
    acme.user("201", "Anna Jansen")
    await acme.phone("desk", logged_on="201")
    assert await log_on(hall, "201", "2580") == ["ask_extension", "ask_pin", "logged_on_moved"]
    assert acme.is_logged_on("201") == ["hall"]
    await world.over()


async def test_who_was_logged_on_here_before_is_not_any_more(world: World, acme: Company, hall: SimulatedPhone) -> None:
    acme.user("202", "Ben Bakker", pin="7913")
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on"
    assert (await log_on(hall, "202", "7913"))[-1] == "logged_on"
    assert (acme.is_logged_on("201"), acme.is_logged_on("202")) == ([], ["hall"])
    await world.over()


async def test_logging_on_twice_on_the_same_phone_changes_nothing(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    await log_on(hall, "201", "2580")
    assert (await log_on(hall, "201", "2580"))[-1] == "already_logged_on"
    assert acme.is_logged_on("201") == ["hall"]
    await world.over()


# -- wrong input -----------------------------------------------------------------------------------------------------


async def test_a_wrong_pin_is_told_and_may_be_tried_again(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    await logs_on(call, "201#", "2581#")
    await logs_on(call, "201#", "2580#", time=2)
    await call.ended()
    assert said(call) == ["ask_extension", "ask_pin", "wrong_combination", "ask_extension", "ask_pin", "logged_on"]
    await world.over()


async def test_keys_pressed_too_early_are_no_next_attempt(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    for key in "201#2581#29":
        world.switch.pressed(call.leg, key)  # faster than the PIN is judged
    await logs_on(call, "201#", "2580#", time=2)
    await call.ended()
    assert said(call)[-1] == "logged_on"
    await world.over()


async def test_three_wrong_pins_end_with_goodbye(world: World, acme: Company, hall: SimulatedPhone) -> None:
    call = await hall.dials("901")
    for time in (1, 2, 3):
        await logs_on(call, "201#", "2581#", time=time)
    await call.ended()
    assert said(call) == ["ask_extension", "ask_pin", "wrong_combination"] * 3 + ["goodbye"]
    assert acme.is_logged_on("201") == []
    await world.over()
    assert world.last_record["outcome"] == "served"


async def test_an_unknown_extension_sounds_exactly_like_a_wrong_pin(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    async def hears(extension: str) -> list[tuple[float, str]]:
        began = now()
        call = await hall.dials("901")
        for time in (1, 2, 3):
            await logs_on(call, extension, "2581#", time=time)
        await call.ended()
        return [(round(at - began, 3), sound) for at, sound in call.heard]

    assert await hears("201#") == await hears("299#")
    await world.over()


async def test_nor_do_lock_and_back_off_tell_whether_an_extension_exists(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    other = await acme.phone("other")

    async def attempts(phone: SimulatedPhone, extension: str) -> list[str]:
        return [word for _ in range(2) for word in await _three_wrong(phone, extension)]

    assert await attempts(hall, "201#") == await attempts(other, "299#")
    await world.over()


async def _three_wrong(phone: SimulatedPhone, extension: str) -> list[str]:
    call = await phone.dials("901")
    time = 1
    while call.end is None and time < 4:
        await logs_on(call, extension, "2581#", time=time)
        await asyncio.sleep(SENTENCE + 0.1)
        time += 1
        if said(call)[-1] == "too_many_attempts":
            break
    await call.ended(timeout=60)
    return said(call)


async def test_guessing_locks_even_the_right_pin_out_and_the_lock_ends(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    await _three_wrong(hall, "201#")
    call = await hall.dials("901")
    await logs_on(call, "201#", "2581#")  # the fourth: locks for 30 seconds
    locked_at = now()
    await logs_on(call, "201#", "2580#", time=2)
    await call.ended()
    assert said(call)[-1] == "too_many_attempts"
    assert acme.is_logged_on("201") == []

    await until(locked_at + 31)
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on"
    await world.over()


async def test_each_further_wrong_pin_locks_twice_as_long(world: World, acme: Company, hall: SimulatedPhone) -> None:
    await _three_wrong(hall, "201#")
    for lock in (30, 60, 120):
        call = await hall.dials("901")
        await logs_on(call, "201#", "2581#")
        wrong_at = now()
        await call.hang_up()
        await until(wrong_at + lock - 9)
        assert (await log_on(hall, "201", "2580"))[-1] == "too_many_attempts"
        await until(wrong_at + lock + 1)
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on"
    await world.over()


async def test_guessing_from_many_phones_is_guessing(world: World, acme: Company, hall: SimulatedPhone) -> None:
    for name in ("one", "two", "three", "four"):
        phone = await acme.phone(name)
        call = await phone.dials("901")
        await logs_on(call, "201#", "2581#")
        await call.hang_up()
    assert (await log_on(hall, "201", "2580"))[-1] == "too_many_attempts"
    await world.over()


async def test_a_phone_that_tries_many_extensions_is_locked(world: World, acme: Company, hall: SimulatedPhone) -> None:
    for extension in ("299", "298", "297", "296", "295", "294"):
        call = await hall.dials("901")
        await logs_on(call, f"{extension}#", "2581#")
        await call.hang_up()
    assert (await log_on(hall, "201", "2580"))[-1] == "too_many_attempts"
    desk = await acme.phone("desk")
    assert (await log_on(desk, "201", "2580"))[-1] == "logged_on"
    await world.over()


async def test_who_enters_nothing_is_asked_twice_more_and_then_hears_goodbye(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    call = await hall.dials("901")
    await call.ended(timeout=60)
    assert said(call) == ["ask_extension", "no_input"] * 3 + ["goodbye"]
    assert now() == 3 * (SENTENCE + 6 + SENTENCE) + SENTENCE
    await world.over()
    assert not world.books.failures  # an empty answer is no guess


async def test_who_enters_a_number_but_no_pin_is_asked_for_both_again(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    call = await hall.dials("901")
    await answers(call, "ask_extension", "201#")
    await logs_on_second_time(call)
    await call.ended()
    assert said(call) == ["ask_extension", "ask_pin", "no_input", "ask_extension", "ask_pin", "logged_on"]
    await world.over()


async def logs_on_second_time(call: SimulatedCall) -> None:
    await answers(call, "ask_extension", "201#", time=2)
    await answers(call, "ask_pin", "2580#", time=2)


# -- choosing a PIN --------------------------------------------------------------------------------------------------


async def test_with_pin_0000_anna_must_choose_a_new_one_first(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    await answers(call, "enter_new_pin", "7391#")
    await answers(call, "repeat_new_pin", "7391#")
    await call.ended()
    assert said(call) == [
        "ask_extension",
        "ask_pin",
        "must_choose_pin",
        "enter_new_pin",
        "repeat_new_pin",
        "pin_changed",
        "logged_on",
    ]
    assert acme.is_logged_on("201") == ["hall"]
    desk = await acme.phone("desk")
    assert (await log_on(desk, "201", "7391"))[-1] == "logged_on_moved"
    await world.over()


@pytest.mark.parametrize("weak", ["0000", "1111", "1234", "9876", "1212", "12", "201201"])
async def test_a_weak_pin_is_refused_and_another_asked_for(
    world: World, acme: Company, hall: SimulatedPhone, weak: str
) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    await answers(call, "enter_new_pin", f"{weak}#")
    await answers(call, "enter_new_pin", "7391#", time=2)
    await answers(call, "repeat_new_pin", "7391#")
    await call.ended()
    assert said(call)[3:] == [
        "enter_new_pin",
        "pin_too_weak",
        "enter_new_pin",
        "repeat_new_pin",
        "pin_changed",
        "logged_on",
    ]
    await world.over()


async def test_three_weak_pins_and_nobody_is_logged_on(world: World, acme: Company, hall: SimulatedPhone) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    for time, weak in enumerate(("1111", "1234", "4321"), 1):
        await answers(call, "enter_new_pin", f"{weak}#", time=time)
    await call.ended()
    assert said(call)[-2:] == ["pin_too_weak", "goodbye"]
    assert acme.is_logged_on("201") == []
    assert world.books.pins[acme.id, "201"] == "0000"
    await world.over()


async def test_two_different_new_pins_are_asked_for_again(world: World, acme: Company, hall: SimulatedPhone) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    await answers(call, "enter_new_pin", "7391#")
    await answers(call, "repeat_new_pin", "7392#")
    await answers(call, "enter_new_pin", "7391#", time=2)
    await answers(call, "repeat_new_pin", "7391#", time=2)
    await call.ended()
    assert said(call)[5:] == ["pins_differ", "enter_new_pin", "repeat_new_pin", "pin_changed", "logged_on"]
    await world.over()


async def test_who_never_repeats_the_new_pin_keeps_the_old_one(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    for time in (1, 2, 3):
        await answers(call, "enter_new_pin", "7391#", time=time)
        await answers(call, "repeat_new_pin", "7392#", time=time)
    await call.ended()
    assert said(call)[-2:] == ["pins_differ", "pin_not_changed"]
    assert world.books.pins[acme.id, "201"] == "0000"
    assert acme.is_logged_on("201") == []
    await world.over()


async def test_pin_0000_cannot_be_used_without_choosing_another(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    acme.user("201", "Anna Jansen", pin="0000")
    call = await hall.dials("901")
    await logs_on(call, "201#", "0000#")
    await call.hears("enter_new_pin")
    await call.hang_up()
    await world.over()
    assert acme.is_logged_on("201") == []


# -- twinning, linked phones -----------------------------------------------------------------------------------------


async def test_with_twinning_anna_is_logged_on_to_two_phones_and_both_ring(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    twinned(acme)
    desk = await acme.phone("desk", logged_on="201")
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on"
    assert acme.is_logged_on("201") == ["desk", "hall"]

    acme.user("202", "Ben Bakker")
    ben = await acme.phone("ben", logged_on="202")
    call = await ben.dials("201")
    on_desk, in_hall = await desk.rings(), await hall.rings()
    await in_hall.answer()
    await call.answered()
    assert (await on_desk.ended()).answered_elsewhere
    await call.hang_up()
    await world.over()
    assert world.last_record["answered_by"] == "201 Anna Jansen"


async def test_on_a_third_phone_anna_is_told_and_may_log_on_here_only(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    twinned(acme)
    await acme.phone("desk", logged_on="201")
    await acme.phone("lab", logged_on="201")
    call = await hall.dials("901")
    await logs_on(call, "201#", "2580#")
    await answers(call, "twinning_full", "1")
    await call.ended()
    assert said(call)[2:] == ["twinning_full", "logged_on_moved"]
    assert acme.is_logged_on("201") == ["hall"]
    await world.over()


async def test_on_a_third_phone_anna_may_leave_it_at_that(world: World, acme: Company, hall: SimulatedPhone) -> None:
    twinned(acme)
    await acme.phone("desk", logged_on="201")
    await acme.phone("lab", logged_on="201")
    call = await hall.dials("901")
    await logs_on(call, "201#", "2580#")
    await answers(call, "twinning_full", "5")
    await call.ended(timeout=60)
    assert said(call)[2:] == [
        "twinning_full",
        "invalid_choice",
        "twinning_full",
        "no_input",
        "twinning_full",
        "no_input",
        "goodbye",
    ]
    assert acme.is_logged_on("201") == ["desk", "lab"]
    await world.over()


@pytest.mark.parametrize("facility", [True, False])
async def test_twinning_needs_the_account_and_the_user(
    world: World, acme: Company, hall: SimulatedPhone, facility: bool
) -> None:
    if facility:
        acme.world.books.change(acme.id, facilities=frozenset({Facility.TWINNING}))
    else:
        acme.user("201", "Anna Jansen", rights={"twinning": True})
    await acme.phone("desk", logged_on="201")
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on_moved"
    assert acme.is_logged_on("201") == ["hall"]
    await world.over()


async def test_nobody_logs_on_to_a_phone_that_is_linked(world: World, acme: Company, hall: SimulatedPhone) -> None:
    linked = await acme.phone("reception", logged_on="201", linked_to=ExtensionNumber("201"))
    call = await linked.dials("901")
    await call.ended()
    assert said(call) == ["linked_no_logon"]
    await world.over()


async def test_logging_on_elsewhere_leaves_the_linked_phone_and_does_not_claim_otherwise(
    world: World, acme: Company, hall: SimulatedPhone
) -> None:
    await acme.phone("reception", logged_on="201", linked_to=ExtensionNumber("201"))
    assert (await log_on(hall, "201", "2580"))[-1] == "logged_on"
    assert acme.is_logged_on("201") == ["reception", "hall"]
    await world.over()
