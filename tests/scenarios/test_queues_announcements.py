"""What callers of a queue hear, at exact instants (QUE-8..13)."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

import pytest

from centrale.acd.events import AnsweredEarlier
from centrale.routing.snapshot import ExtensionNumber
from centrale.telephony.simulated import SimulatedCall
from centrale.voice.speaker import SpeechUnavailable
from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import heard, now, said, until, words
from tests.scenarios.world import Company, World

HELLO = {"sound": "hello.wav"}


async def hall_of(world: World, acme: Company, *agents: str, **settings: Any) -> Hall:
    return await Hall.open(world, acme, *agents, **settings)


async def give_up_at(world: World, instant: float, *callers: SimulatedCall) -> None:
    await until(instant)
    for caller in callers:
        await caller.hang_up()
    await world.over()


async def test_the_introduction_comes_before_any_phone_rings(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", introduction=HELLO)
    caller = await hall.caller()
    await hall.rings("201")
    assert now() == 2
    assert heard(caller) == [(0, "hello")]
    await give_up_at(world, 3, caller)


async def test_the_introduction_is_skipped_when_an_agent_is_free(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", introduction=HELLO, skip_introduction=True)
    first = await hall.caller()
    await hall.rings("201")
    assert now() == 0
    second = await hall.caller()  # the only agent is taken
    await until(5)
    assert (said(first), said(second)) == ([], ["hello"])
    await give_up_at(world, 6, first, second)


async def test_ringback_once_comes_first_and_nobody_is_called_meanwhile(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", ring_first=True, introduction=HELLO)
    caller = await hall.caller()
    await until(4.9)
    assert (caller.is_ringing, caller.is_answered) == (True, False)
    await hall.rings("201")
    assert now() == 7
    assert heard(caller) == [(5, "hello")]
    await give_up_at(world, 8, caller)


async def test_an_introduction_may_be_a_text_in_the_queues_language(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", introduction={"text": "Buenos días."}, language="es")
    caller = await hall.caller()
    await hall.rings("201")
    assert words(world, caller) == ["Buenos días."]
    assert PurePath(caller.heard[0][1]).parent.name == "es"
    await give_up_at(world, 8, caller)


async def test_an_introduction_that_is_missing_keeps_nobody_waiting(acme: Company) -> None:
    world = World(duration=lambda sound: None if "hello" in sound else 2.0)
    company = world.company()
    hall = await hall_of(world, company, "201", introduction=HELLO)
    caller = await hall.caller()
    await hall.rings("201")
    assert now() == 0
    await give_up_at(world, 1, caller)
    assert "there is no such file" in str(world.last_record["trace"])


async def test_position_and_wait_are_told_every_so_many_seconds(world: World, acme: Company) -> None:
    hall = await hall_of(
        world, acme, introduction=HELLO, announce_position=True, announce_wait=True, announce_every=30, language="en"
    )
    first, second = await hall.caller(), await hall.caller()
    await until(40)
    assert heard(first) == [(0, "hello"), (32, "queue_first_in_line"), (34, "queue_wait")]
    assert [world.prompts.spoken(Path(sound)) for _, sound in second.heard[1:]] == [
        "You are number 2 in line.",
        "The expected waiting time is about 2 minutes.",
    ]
    await first.hang_up()
    await until(67)
    assert heard(second)[3:] == [(62, "queue_first_in_line"), (64, "queue_wait")]
    assert second.music == "queue-1-300"  # again
    await give_up_at(world, 68, second)


async def test_the_expected_wait_is_the_average_of_the_last_half_hour(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", announce_wait=True, announce_every=60, language="en")
    for _ in range(4):
        caller = await hall.caller()
        at_agent = await hall.rings("201")
        await until(now() + 19)
        await at_agent.answer()
        await caller.hears_tone(hall.phones["201"].tone)
        await caller.hang_up()
    waiting = await hall.caller()
    await until(now() + 61)
    assert words(world, waiting)[-1] == "The expected waiting time is about one minute."
    await give_up_at(world, now() + 5, waiting)


async def test_the_expected_wait_is_told_in_whole_minutes_and_never_as_none(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, announce_wait=True, announce_every=60, language="en")
    told = []
    for waited in (5.0, 100.0, 149.0, 151.0):
        queue = world.queues.of(acme.id).engine
        asked = [AnsweredEarlier(ExtensionNumber(QUEUE), world.platform.clock.now(), waited)] * 3
        queue.handle_all(asked, world.platform.clock.now())
        caller = await hall.caller()
        await until(now() + 61)
        told.append(words(world, caller)[-1])
        await caller.hang_up()
        await until(now() + 1900)  # the half hour is over
    assert [sentence.split("about ")[1] for sentence in told] == [
        "one minute.",
        "2 minutes.",
        "2 minutes.",
        "3 minutes.",
    ]
    await world.over()


async def test_a_queue_without_a_language_speaks_the_accounts(world: World, acme: Company) -> None:
    acme.change(language="es")
    hall = await hall_of(world, acme, announce_position=True, announce_every=10)
    caller = await hall.caller()
    await until(15)
    assert {PurePath(sound).parent.name for _, sound in caller.heard} == {"es"}
    await give_up_at(world, 16, caller)


@pytest.mark.parametrize("introduced", ["a text", "a text, and the key leads out"])
async def test_without_a_voice_the_queue_goes_on_in_silence(
    world: World, acme: Company, monkeypatch: pytest.MonkeyPatch, introduced: str
) -> None:
    async def silent(*_: object, **__: object) -> None:
        raise SpeechUnavailable("no voice")

    for what in ("sound", "speech"):
        monkeypatch.setattr(world.prompts, what, silent)
    way_out = {"breakout": "201"} if "key" in introduced else {}
    hall = await hall_of(
        world,
        acme,
        "201",
        introduction={"text": "Hello."},
        announce_position=True,
        announce_every=10,
        ring_timeout=60,
        **way_out,
    )
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(35)
    assert caller.end is None
    await at_agent.answer()
    await caller.hears_tone(hall.phones["201"].tone)
    await give_up_at(world, 40, caller)


async def test_without_a_ring_tone_to_play_the_caller_waits_in_silence(
    world: World, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent() -> None:
        raise SpeechUnavailable("no voice")

    monkeypatch.setattr(world.prompts, "ring_tone", silent)
    hall = await hall_of(world, acme, "201", music=False, breakout="201", ring_timeout=60)
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(35)
    assert caller.end is None
    await at_agent.answer()
    await caller.hears_tone(hall.phones["201"].tone)
    await give_up_at(world, 40, caller)
    assert any("no ring tone" in step["outcome"] for step in world.last_record["trace"])


@pytest.mark.parametrize("language", ["nl", "en", "de", "es", "lv"])
async def test_announcements_speak_the_queues_language(world: World, acme: Company, language: str) -> None:
    hall = await hall_of(world, acme, announce_position=True, announce_wait=True, announce_every=10, language=language)
    first, second = await hall.caller(), await hall.caller()
    await until(15)
    for caller, prompts in ((first, ["queue_first_in_line", "queue_wait"]), (second, ["queue_position", "queue_wait"])):
        assert said(caller) == prompts
        assert {PurePath(sound).parent.name for _, sound in caller.heard} == {language}
    await give_up_at(world, 16, first, second)


NEWS = {"infotainment": ["news.wav", "weather.wav", "sports.wav"]}


async def test_infotainment_is_played_once_each_at_its_time_after_the_introduction(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, introduction=HELLO, **NEWS)
    caller = await hall.caller()
    await until(400)
    assert heard(caller) == [(0, "hello"), (62, "news"), (122, "weather"), (182, "sports")]
    await give_up_at(world, 401, caller)


async def test_the_interval_of_infotainment_is_the_accounts(world: World, acme: Company) -> None:
    acme.change(infotainment_every=40)
    hall = await hall_of(world, acme, **NEWS)
    caller = await hall.caller()
    await until(130)
    assert heard(caller) == [(40, "news"), (80, "weather"), (120, "sports")]
    await give_up_at(world, 131, caller)


async def test_infotainment_is_never_cut_and_the_agent_gets_the_caller_when_it_ends() -> None:
    world = World(duration=lambda sound: 25.0)
    acme = world.company()
    acme.user("299", "Zoë")
    zoe = await acme.phone("zoe", logged_on="299")
    hall = await hall_of(world, acme, "201", **NEWS)
    busy = await hall.phones["201"].dials("299")
    await (await zoe.rings()).answer()
    caller = await hall.caller()
    await until(61)
    await busy.hang_up()  # free again while the news is read
    await hall.rings("201")
    assert now() == 85
    assert heard(caller) == [(60, "news")]
    await give_up_at(world, 90, caller)


async def test_infotainment_waits_for_a_phone_that_rings(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", ring_timeout=50, **NEWS)
    caller = await hall.caller()
    await until(45)
    await (await hall.rings("201")).decline()
    at_agent = await hall.rings("201")
    await until(90)
    assert heard(caller) == []
    await at_agent.decline()
    await until(95)
    assert heard(caller) == [(90, "news")]
    await give_up_at(world, 96, caller)


async def test_no_infotainment_where_the_position_is_told(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, announce_position=True, announce_every=70, **NEWS)
    caller = await hall.caller()
    await until(150)
    assert heard(caller) == [(70, "queue_first_in_line"), (140, "queue_first_in_line")]
    await give_up_at(world, 151, caller)


async def test_without_music_it_rings_and_nobody_pays_for_waiting(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", music=False)
    caller = await hall.caller()
    await until(5)
    assert (caller.is_ringing, caller.is_answered, caller.music) == (True, False, None)
    await (await hall.rings("201")).answer()
    await caller.hears_tone(hall.phones["201"].tone)
    await give_up_at(world, 8, caller)


async def test_who_has_been_answered_hears_a_ring_tone_instead_of_music(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", music=False, introduction=HELLO)
    caller = await hall.caller()
    await until(5)
    assert said(caller)[:2] == ["hello", "ring_tone"]
    assert caller.leg.playbacks
    await (await hall.rings("201")).answer()
    await caller.hears_tone(hall.phones["201"].tone)
    assert not caller.leg.playbacks
    await give_up_at(world, 8, caller)


async def test_a_queue_says_nothing_to_a_caller_whose_turn_has_come(world: World, acme: Company) -> None:
    hall = await hall_of(world, acme, "201", announce_position=True, announce_every=10)
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(11)  # in the middle of a sentence
    await at_agent.answer()
    await caller.hears_tone(hall.phones["201"].tone)
    assert not caller.leg.playbacks
    await give_up_at(world, 40, caller)
    assert heard(caller) == [(10, "queue_first_in_line")]
    assert acme.account.extensions[QUEUE].name == "Support"
