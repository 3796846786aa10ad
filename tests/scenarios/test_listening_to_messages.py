"""People listen to messages by phone: 920 and 1233 (SYS-13, SYS-16, VM-5, VM-6, USR-1, USR-4)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from centrale.calls.ports import VoiceMessage
from centrale.routing.snapshot import ExtensionNumber
from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from tests.scenarios.hearing import answers, language, said, story, until, words
from tests.scenarios.voicemail import Left
from tests.scenarios.world import MONDAY_NINE, Company, World

PIN = "7391"
MENU = "voicemail_message_menu"


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    acme.user("201", "Anna Jansen", language="en")
    return await acme.phone("anna", logged_on="201")


class Box:
    """A mailbox, or a user's voicemail, with messages in it."""

    def __init__(self, world: World, acme: Company, number: str) -> None:
        self.world = world
        self.acme = acme
        self.number = ExtensionNumber(number)

    def message(self, name: str, caller: str = "+31301234567", *, ago: float = 0, **how: Any) -> None:
        """One left `ago` seconds before the story began."""
        left_at = MONDAY_NINE - timedelta(seconds=ago)
        message = VoiceMessage(name, left_at, caller, how.get("caller_name", ""), 5, Path(f"/messages/{name}.wav"))
        self.world.boxes.left.append(Left(self.acme.id, self.number, message, how.get("heard", False)))

    @property
    def contents(self) -> dict[str, bool]:
        """Each message, and whether it has been heard."""
        return {left.message.id: left.heard for left in self.world.boxes.of(self.acme.id, self.number)}


@pytest.fixture
async def sales(world: World, acme: Company) -> Box:
    """A mailbox with a PIN that speaks English."""
    acme.extension("500", "mailbox", "Sales", language="en")
    world.boxes.pins[acme.id, "500"] = PIN
    return Box(world, acme, "500")


@pytest.fixture
async def own(world: World, acme: Company, anna: SimulatedPhone) -> Box:
    """Anna's own voicemail."""
    world.boxes.pins[acme.id, "201"] = PIN
    return Box(world, acme, "201")


async def opens(phone: SimulatedPhone) -> SimulatedCall:
    """920, number, PIN."""
    call = await phone.dials("920")
    await answers(call, "voicemail_ask_mailbox", "500")
    await answers(call, "voicemail_ask_pin", f"{PIN}#")
    return call


async def test_920_asks_number_and_pin_then_tells_the_new_messages_one_by_one(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    acme.user("202", "Ben Bakker")
    sales.message("first", "+31301234567", ago=600)
    sales.message("second", "202", caller_name="Ben Bakker", ago=26 * 3600)
    sales.message("third", "", ago=40 * 24 * 3600)
    call = await opens(anna)
    await answers(call, MENU, "6")
    await answers(call, MENU, "7", time=2)
    await answers(call, MENU, "6", time=3)
    await call.hears("voicemail_menu")
    assert said(call)[2:] == [
        "voicemail_new_count",
        "voicemail_from_number",
        "voicemail_today",
        "first",
        MENU,
        "voicemail_from_name",
        "voicemail_yesterday",
        "second",
        MENU,
        "voicemail_deleted",
        "voicemail_from_withheld",
        "voicemail_on_date",
        "third",
        MENU,
        "voicemail_no_more",
        "voicemail_menu",
    ]
    spoken = [words_of for words_of in _words(world, call) if words_of]
    assert "You have 3 new messages." in spoken
    assert "From zero zero three, one three zero, one two three, four five six, seven." in spoken
    assert "Today at 8 50 a m." in spoken
    assert "From Ben Bakker, extension two zero two." in spoken
    assert "Yesterday at 7 a m." in spoken
    assert "On October 14 at 10 a m." in spoken, "summer time counted then"
    assert sales.contents == {"first": True, "third": True}
    await call.hang_up()
    await world.over()


def _words(world: World, call: SimulatedCall) -> list[str]:
    """What was said in words."""
    return [world.prompts.spoken(Path(path)) for _, path in call.heard if path.startswith("/silent")]


async def test_a_message_is_heard_again_with_5_and_keys_need_not_wait_for_its_end(
    world: World, anna: SimulatedPhone, sales: Box
) -> None:
    sales.message("first")
    call = await opens(anna)
    await call.hears("first")
    await call.press("5")
    await answers(call, MENU, "5")
    await answers(call, MENU, "7", time=2)
    await call.hears("voicemail_no_more")
    assert said(call).count("first") == 3
    assert "voicemail_new_one" in said(call)
    assert sales.contents == {}
    await call.hang_up()
    await world.over()


async def test_whoever_hangs_up_in_the_middle_of_a_message_has_not_heard_it(
    world: World, anna: SimulatedPhone, sales: Box
) -> None:
    sales.message("first")
    call = await opens(anna)
    await call.hears("first")
    await until(call.heard[-1][0] + 1)
    await call.hang_up()
    await world.over()
    assert sales.contents == {"first": False}


async def test_whoever_hears_a_message_out_and_hangs_up_has_heard_it(
    world: World, anna: SimulatedPhone, sales: Box
) -> None:
    sales.message("first")
    call = await opens(anna)
    await call.hears(MENU)
    await call.hang_up()
    await world.over()
    assert sales.contents == {"first": True}


async def test_without_new_messages_old_ones_and_options_are_offered(
    world: World, anna: SimulatedPhone, sales: Box
) -> None:
    sales.message("before", heard=True)
    call = await opens(anna)
    await answers(call, "voicemail_menu", "1")
    await answers(call, MENU, "7")
    await answers(call, "voicemail_menu", "1", time=2)
    await answers(call, "voicemail_menu", "0", time=3)
    await call.hears("voicemail_options")
    assert said(call)[2:4] == ["voicemail_no_new", "voicemail_menu"]
    assert "voicemail_no_old" in said(call)
    assert sales.contents == {}
    await call.hang_up()
    await world.over()


async def test_a_message_that_comes_meanwhile_is_told(world: World, anna: SimulatedPhone, sales: Box) -> None:
    call = await opens(anna)
    await call.hears("voicemail_menu")
    sales.message("late")
    await call.press("1")
    await call.hears("late")
    await call.hang_up()
    await world.over()


async def test_silence_is_asked_three_times_then_goodbye(world: World, anna: SimulatedPhone, sales: Box) -> None:
    call = await opens(anna)
    await call.ended(120)
    assert said(call)[-7:] == [
        "voicemail_menu",
        "no_input",
        "voicemail_menu",
        "no_input",
        "voicemail_menu",
        "no_input",
        "goodbye",
    ]
    await world.over()


async def test_which_of_number_and_pin_is_wrong_is_not_told_and_guessing_is_stopped(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    call = await anna.dials("920")
    for time, (number, pin) in enumerate([("500", "1111#"), ("599", f"{PIN}#"), ("201", "2580#")], 1):
        await answers(call, "voicemail_ask_mailbox", number, time=time)
        await answers(call, "voicemail_ask_pin", pin, time=time)
    await call.ended(60)
    assert said(call).count("voicemail_wrong") == 3
    assert said(call)[-1] == "goodbye"
    for _ in range(3):
        call = await anna.dials("920")
        await answers(call, "voicemail_ask_mailbox", "500")
        await answers(call, "voicemail_ask_pin", "1111#")
        await call.hears("voicemail_wrong")
        await call.hang_up()
    call = await opens(anna)
    await call.ended(60)
    assert said(call)[-1] == "too_many_attempts", "even with the right one"
    await world.over()


async def test_the_linked_user_need_not_give_the_number(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    acme.extension("500", "mailbox", "Sales", language="en", linked_user="201")
    call = await anna.dials("920")
    await answers(call, "voicemail_ask_pin_linked", f"{PIN}#")
    await call.hears("voicemail_no_new")
    await call.hang_up()
    await world.over()


async def test_the_linked_user_may_want_another_mailbox(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    acme.extension("510", "mailbox", "Mine", linked_user="201")
    call = await anna.dials("920")
    await answers(call, "voicemail_ask_pin_linked", "*#")
    await answers(call, "voicemail_ask_mailbox", "500")
    await answers(call, "voicemail_ask_pin", f"{PIN}#")
    await call.hears("voicemail_no_new")
    assert ("voicemail", "opens 500 Sales") in [
        (step.rule, step.outcome) for live in world.platform.live.of() for step in live.record.trace
    ]
    await call.hang_up()
    await world.over()


async def test_with_two_linked_mailboxes_the_number_is_asked(world: World, acme: Company, anna: SimulatedPhone) -> None:
    for number in ("500", "510"):
        acme.extension(number, "mailbox", "Mine", linked_user="201")
    call = await anna.dials("920")
    await call.hears("voicemail_ask_mailbox")
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize(("ask_pin", "asked"), [("untrusted", True), ("always", True), ("never", False)])
async def test_1233_asks_the_pin_as_the_user_has_set_it_and_no_sip_phone_is_trusted(
    world: World, acme: Company, own: Box, anna: SimulatedPhone, ask_pin: str, asked: bool
) -> None:
    acme.user("201", "Anna Jansen", voicemail={"ask_pin": ask_pin})
    own.message("mine")
    call = await anna.dials("1233")
    if asked:
        await answers(call, "voicemail_ask_pin", f"{PIN}#")
    await call.hears("mine")
    assert ("voicemail_ask_pin" in said(call)) is asked
    await call.hang_up()
    await world.over()


async def test_a_linked_mailbox_opens_without_pin_for_a_user_who_is_never_asked(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    acme.user("201", "Anna Jansen", voicemail={"ask_pin": "never"})
    acme.extension("500", "mailbox", "Sales", linked_user="201")
    call = await anna.dials("920")
    await call.hears("voicemail_no_new")
    assert said(call)[0] == "voicemail_no_new"
    await call.hang_up()
    await world.over()


async def test_1233_without_a_pin_for_voicemail_takes_the_one_for_logging_on(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    call = await anna.dials("1233")
    await answers(call, "voicemail_ask_pin", "1111#")
    await answers(call, "voicemail_ask_pin", "2580#", time=2)
    await call.hears("voicemail_no_new")
    assert "wrong_pin" in said(call)
    await call.hang_up()
    await world.over()


async def test_where_only_0000_is_set_a_pin_is_chosen_first(world: World, acme: Company, anna: SimulatedPhone) -> None:
    world.books.pins[acme.id, "201"] = "0000"
    call = await anna.dials("1233")
    await answers(call, "voicemail_ask_pin", "0000#")
    await answers(call, "enter_new_pin", f"{PIN}#")
    await answers(call, "repeat_new_pin", f"{PIN}#")
    await call.hears("voicemail_no_new")
    assert world.boxes.pins[acme.id, "201"] == PIN
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize("number", ["920", "1233"])
async def test_where_nobody_is_logged_on_there_is_nothing_to_hear(world: World, acme: Company, number: str) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials(number)
    await call.ended()
    assert said(call)[0] in ("nobody_logged_on", "log_on_first")
    await world.over()


async def test_the_greeting_is_recorded_heard_and_kept_and_callers_hear_it(
    world: World, acme: Company, anna: SimulatedPhone, own: Box
) -> None:
    acme.user("202", "Ben")
    ben = await acme.phone("ben", logged_on="202")
    acme.user("201", "Anna Jansen", voicemail={"ask_pin": "never", "unreachable": True, "busy": True})
    call = await anna.dials("1233")
    await answers(call, "voicemail_menu", "0")
    await answers(call, "voicemail_options", "1")
    await answers(call, "voicemail_greeting_menu", "1")
    await call.hears("beep")
    call.speaks(20)
    await until(call.heard[-1][0] + 10)
    await call.press("#")
    await answers(call, "sound_choice", "2")
    await answers(call, "beep", "#", time=2)
    await answers(call, "sound_choice", "1", time=2)
    await call.hears("voicemail_greeting_kept")
    await answers(call, "voicemail_options", "*", time=2)
    await answers(call, "voicemail_menu", "0", time=2)
    greeting = acme.account.extensions[own.number].settings.voicemail.welcome.sound
    assert greeting.startswith("greeting-")
    await call.hears("voicemail_options")

    await anna.unregister()
    caller = await ben.dials("201")
    await caller.hears("beep")
    assert said(caller)[0] == greeting.removesuffix(".wav")
    await caller.hang_up()

    await answers(call, "voicemail_options", "1", time=3)
    await answers(call, "voicemail_greeting_menu", "2", time=2)
    await call.hears("voicemail_greeting_standard")
    assert acme.account.extensions[own.number].settings.voicemail.welcome is None
    await call.hang_up()
    await world.over()


async def test_the_pin_is_changed_and_must_have_four_digits_that_are_no_sequence(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    call = await opens(anna)
    await answers(call, "voicemail_menu", "0")
    await answers(call, "voicemail_options", "2")
    await answers(call, "enter_new_pin", "1234#")
    await answers(call, "enter_new_pin", "85274#", time=2)
    await answers(call, "enter_new_pin", "8527#", time=3)
    await answers(call, "repeat_new_pin", "8527#")
    await call.hears("pin_changed")
    assert said(call).count("voicemail_pin_weak") == 2
    assert world.boxes.pins[acme.id, "500"] == "8527"
    await call.hang_up()
    await world.over()
    assert "8527" not in str(world.last_record), "no PIN stands in a record"


async def test_the_language_is_chosen_from_lines_in_their_own_languages(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    call = await opens(anna)
    await answers(call, "voicemail_menu", "0")
    await answers(call, "voicemail_options", "3")
    await answers(call, "voicemail_language_key", "3", time=5)
    await call.hears("voicemail_language_set")
    offered = [Path(path).parent.name for _, path in call.heard if "voicemail_language_key" in path]
    assert offered == ["nl", "en", "de", "es", "lv"]
    assert language(call) == "de"
    assert acme.account.extensions[sales.number].settings.language == "de"
    await call.hang_up()
    await world.over()


@pytest.mark.parametrize("spoken", ["nl", "en", "de", "es", "lv"])
async def test_every_language_takes_a_listener_through(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box, spoken: str
) -> None:
    acme.extension("500", "mailbox", "Sales", language=spoken)
    sales.message("first", ago=26 * 3600)
    call = await opens(anna)
    await answers(call, MENU, "7")
    await call.hears("voicemail_menu")
    inside = [path for _, path in call.heard if path.startswith("/silent") and "ask" not in path]
    assert {Path(path).parent.name for path in inside} == {spoken}
    await call.hang_up()
    await world.over()
    assert any("message first was deleted" in line for line in story(world.last_record))


async def test_two_people_in_one_mailbox_do_not_disturb_each_other(
    world: World, acme: Company, anna: SimulatedPhone, sales: Box
) -> None:
    acme.user("202", "Ben")
    ben = await acme.phone("ben", logged_on="202")
    sales.message("first")
    hers, his = await opens(anna), await opens(ben)
    await answers(hers, MENU, "7")
    await answers(his, MENU, "7")
    await his.hears("voicemail_no_more")
    assert sales.contents == {}
    await hers.hang_up()
    await his.hang_up()
    await world.over()


async def test_another_account_has_other_mailboxes(world: World, acme: Company, sales: Box) -> None:
    rival = world.company("2000", "Rival")
    rival.user("201", "Eve")
    eve = await rival.phone("eve", logged_on="201")
    sales.message("secret")
    call = await eve.dials("920")
    await answers(call, "voicemail_ask_mailbox", "500")
    await answers(call, "voicemail_ask_pin", f"{PIN}#")
    await call.hears("voicemail_wrong")
    assert "secret" not in said(call)
    await call.hang_up()
    await world.over()
    assert words(world, call)
