"""Callers leave messages in a mailbox (VM-1, VM-2)."""

from __future__ import annotations

import pytest

from centrale.telephony.simulated import SimulatedCall, SimulatedPhone
from centrale.telephony.simulated.leg import two_seconds
from centrale.voice.prompts import Prompt
from centrale.voice.silent import SilentPrompts
from centrale.voice.speaker import SpeechUnavailable
from tests.scenarios.hearing import heard, language, now, said, story, until, words
from tests.scenarios.test_survival import Life
from tests.scenarios.world import MONDAY_NINE, Company, World

SALES = "+31201110300"


@pytest.fixture
async def box(acme: Company) -> str:
    return acme.extension("500", "mailbox", "Sales")


def messages(world: World, acme: Company, box: str = "500") -> list[tuple[str, float]]:
    """Who left a message, and its seconds."""
    return [(left.message.caller, left.message.seconds) for left in world.boxes.of(acme.id, box)]


async def speaks_after_the_tone(call: SimulatedCall, seconds: float) -> None:
    await call.hears("beep")
    await until(call.heard[-1][0] + 2)
    call.speaks(seconds)


async def test_welcome_and_tone_then_the_message_until_the_hash_key_and_thanks(
    world: World, acme: Company, anna: SimulatedPhone, box: str
) -> None:
    call = await anna.dials(box)
    await call.answered()
    await speaks_after_the_tone(call, 10)
    await until(11)
    await call.press("#")
    assert (await call.ended()).code == 200
    assert now() == 13
    assert heard(call) == [(0, "voicemail_welcome"), (2, "beep"), (11, "voicemail_thanks")]
    assert words(world, call)[0].startswith("U bent verbonden met de voicemail van Sales.")
    [left] = world.boxes.of(acme.id, box)
    assert (left.message.caller, left.message.caller_name, left.message.seconds) == ("201", "Anna Jansen", 7)
    assert (left.message.left_at - MONDAY_NINE).total_seconds() == 4
    assert not left.heard
    await world.over()
    assert world.last_record["outcome"] == "served"
    assert story(world.last_record) == [
        "0.0 dialled: extension 500",
        "0.0 mailbox: 500 Sales: takes a message of at most 180 s",
        "0.0 answer: the exchange answered the caller",
        "0.0 say: voicemail_welcome",
        "11.0 record: 7 s",
        "11.0 voicemail: 500 Sales: a message of 7 s is kept",
        "11.0 say: voicemail_thanks",
    ]


async def test_hanging_up_ends_the_message_and_it_is_kept(
    world: World, acme: Company, anna: SimulatedPhone, box: str
) -> None:
    call = await anna.dials(box)
    await speaks_after_the_tone(call, 5)
    await until(9)
    await call.hang_up()
    await world.over()
    assert messages(world, acme) == [("201", 5)]
    assert (world.last_record["outcome"], world.last_record["ended_by"]) == ("served", "caller")
    assert story(world.last_record)[-3:] == [
        "9.0 record: 5 s",
        "9.0 voicemail: 500 Sales: a message of 5 s is kept",
        "9.0 end: the caller hung up",
    ]


async def test_silence_ends_the_message(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("500", "mailbox", "Sales", silence=8)
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 6)
    await call.ended(60)
    assert heard(call)[-1] == (18, "voicemail_thanks"), "4 + 6 of speech + 8 of silence"
    assert messages(world, acme) == [("201", 14)]
    await world.over()


async def test_who_talks_on_is_cut_off_at_the_longest(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("500", "mailbox", "Sales", longest=20)
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 500)
    await call.ended(60)
    assert heard(call)[-1] == (24, "voicemail_thanks")
    assert messages(world, acme) == [("201", 20)]
    await world.over()


@pytest.mark.parametrize("hangs_up", [False, True])
async def test_where_nothing_is_said_there_is_no_message(
    world: World, acme: Company, anna: SimulatedPhone, box: str, hangs_up: bool
) -> None:
    call = await anna.dials(box)
    await until(6)
    if hangs_up:
        await call.hang_up()
    else:
        await call.ended(60)
        assert heard(call)[-1] == (9, "voicemail_empty")
    await world.over()
    assert messages(world, acme) == []
    assert any("nothing was said, so there is no message" in line for line in story(world.last_record))
    assert world.last_record["outcome"] == ("abandoned" if hangs_up else "served")


async def test_a_caller_who_hangs_up_during_the_welcome_leaves_nothing(
    world: World, acme: Company, anna: SimulatedPhone, box: str
) -> None:
    call = await anna.dials(box)
    await until(1)
    await call.hang_up()
    await world.over()
    assert not world.boxes.expecting
    assert messages(world, acme) == []


async def test_the_box_speaks_its_own_language(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.extension("500", "mailbox", "Vertrieb", language="de")
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 3)
    await call.ended(60)
    assert language(call) == "de"
    assert words(world, call)[0].startswith("Sie sind mit der Mailbox von Vertrieb verbunden.")
    await world.over()


@pytest.mark.parametrize(
    ("welcome", "first"),
    [
        ({"sound": "sales.wav"}, "sales"),
        ({"text": "Hello, this is Sales.", "language": "en"}, "speech"),
    ],
)
async def test_a_welcome_of_ones_own(
    world: World, acme: Company, anna: SimulatedPhone, welcome: dict[str, str], first: str
) -> None:
    acme.extension("500", "mailbox", "Sales", welcome=welcome)
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 3)
    await call.ended(60)
    assert said(call) == [first, "beep", "voicemail_thanks"]
    await world.over()


async def test_a_welcome_whose_file_is_missing_gives_way_to_the_standard_one() -> None:
    world = World(duration=lambda sound: None if "sales" in sound else two_seconds(sound))
    acme = world.company()
    acme.user("201", "Anna")
    anna = await acme.phone("anna", logged_on="201")
    acme.extension("500", "mailbox", "Sales", welcome={"sound": "sales.wav"})
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 3)
    await call.ended(60)
    assert said(call) == ["voicemail_welcome", "beep", "voicemail_thanks"]
    assert len(world.boxes.left) == 1
    await world.over()
    assert any("sales.wav could not be played: there is no such file" in line for line in story(world.last_record))


class Mute(SilentPrompts):
    """A voice that is gone; the tone is there."""

    async def sound(self, prompt: Prompt, language: str, /, **values: object) -> object:  # type: ignore[override]
        raise SpeechUnavailable("no voice")

    async def speech(self, text: str, language: str, /) -> object:  # type: ignore[override]
        raise SpeechUnavailable("no voice")


@pytest.mark.parametrize("welcome", [None, {"text": "Hello"}])
async def test_without_a_voice_a_message_can_be_left_all_the_same(welcome: dict[str, str] | None) -> None:
    world = World(prompts=Mute())
    acme = world.company()
    acme.user("201", "Anna")
    anna = await acme.phone("anna", logged_on="201")
    acme.extension("500", "mailbox", "Sales", welcome=welcome)
    call = await anna.dials("500")
    await speaks_after_the_tone(call, 3)
    await call.ended(60)
    assert said(call) == ["beep"]
    assert messages(world, acme) == [("201", 8)]
    await world.over()


async def test_nobody_is_thanked_for_a_message_that_is_not_safe(
    world: World, acme: Company, anna: SimulatedPhone, box: str
) -> None:
    world.boxes.disk_is_full = True
    call = await anna.dials(box)
    await speaks_after_the_tone(call, 3)
    await call.ended(60)
    assert said(call)[-1] == "try_later"
    await world.over()
    assert any("could not be kept, and is tried again later" in line for line in story(world.last_record))


async def test_from_outside_the_number_is_kept_and_a_withheld_one_is_not(world: World, acme: Company, box: str) -> None:
    carrier = await world.carrier("carrier", acme)
    acme.number(SALES, box)
    for withheld in (False, True):
        call = await carrier.calls(SALES, caller="+31301234567", name="De Jong", withheld=withheld)
        await speaks_after_the_tone(call, 3)
        await call.ended(60)
    assert [left.message.caller for left in world.boxes.of(acme.id, box)] == ["+31301234567", ""]
    assert world.boxes.left[1].message.caller_name == ""
    await world.over()


@pytest.mark.parametrize("orderly", [False, True])
async def test_neither_our_dying_nor_our_stopping_interrupts_anybody_who_leaves_a_message(
    world: World, acme: Company, anna: SimulatedPhone, box: str, orderly: bool
) -> None:
    life = Life(world)
    call = await anna.dials(box)
    await speaks_after_the_tone(call, 30)
    await until(10)
    if orderly:
        await world.exchange.stop()
    await life.is_killed()
    await until(13)
    await life.starts_again()
    await until(20)
    assert said(call) == ["voicemail_welcome", "beep"], "the caller speaks on and hears nothing of it"
    await call.press("#")
    await call.ended()
    assert said(call)[2:] == ["voicemail_thanks"]
    assert messages(world, acme) == [("201", 16)], "one message, with all that was said"
    await world.over()
    assert any("goes on with the message that was being left" in line for line in story(world.last_record))


async def test_a_message_that_was_complete_while_we_were_away_is_kept_and_its_caller_thanked(
    world: World, acme: Company, anna: SimulatedPhone, box: str
) -> None:
    life = Life(world)
    call = await anna.dials(box)
    await speaks_after_the_tone(call, 5)
    await until(8)
    await life.is_killed()
    await until(9)
    await call.press("#")
    await until(11)
    await life.starts_again()
    await call.ended()
    assert said(call)[2:] == ["voicemail_thanks"]
    assert messages(world, acme) == [("201", 5)]
    await world.over()
