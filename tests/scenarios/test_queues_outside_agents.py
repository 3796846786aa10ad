"""Outside phones as agents of a queue, by way of a forward extension (QUE-14, FWD-1)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.queueing.happenings import What
from centrale.telephony.simulated import SimulatedCall
from centrale.voice.speaker import SpeechUnavailable
from tests.scenarios.hall import ANSWERED, QUEUE, Hall
from tests.scenarios.hearing import now, said, until
from tests.scenarios.test_survival import Life
from tests.scenarios.world import Company, World


@pytest.fixture
async def hall(world: World, acme: Company) -> Hall:
    """201 comes after the outside phone 500."""
    hall = await Hall.open(world, acme, "201", strategy="linear", ring_timeout=10)
    members = [{"agent": "500"}, {"agent": "201"}]
    acme.extension("500", "forward", "Mobile", number="0612345678")
    acme.extension(QUEUE, "queue", "Support", members=members, strategy="linear", ring_timeout=10)
    await world.books.log_on_to_queue(acme.id, QUEUE, "500", world.platform.clock.now())
    return hall


def mobile(hall: Hall, **settings: Any) -> None:
    hall.company.extension("500", "forward", "Mobile", number="0612345678", **settings)


async def over(hall: Hall, *calls: SimulatedCall) -> None:
    for call in calls:
        await call.hang_up()
    await hall.world.over()


async def test_an_outside_switchboard_takes_as_many_calls_as_it_may(hall: Hall) -> None:
    mobile(hall, call_limit=2)
    callers = []
    for _ in range(2):
        callers.append(await hall.caller())
        outside = await hall.carrier.rings()
        assert outside.dialled == "+31612345678"
        await outside.answer()
        await until(now() + 5)
    callers.append(await hall.caller())
    assert (await hall.rings("201")).caller_number[-2:] == "03"
    await over(hall, *callers)


async def test_while_it_rings_it_is_offered_no_second_call(hall: Hall) -> None:
    """However many it takes (QUE-5)."""
    mobile(hall, call_limit=5)
    callers = [await hall.caller(), await hall.caller()]
    await hall.carrier.rings()
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    await over(hall, *callers)


async def test_a_lower_limit_counts_from_the_next_call_on(hall: Hall) -> None:
    mobile(hall, call_limit=2)
    callers = [await hall.caller()]
    await (await hall.carrier.rings()).answer()
    await until(5)
    mobile(hall, call_limit=1)
    callers.append(await hall.caller())
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    await over(hall, *callers)


async def test_who_answers_gets_the_caller_by_pressing_1(hall: Hall) -> None:
    mobile(hall, confirm=True)
    caller = await hall.caller()
    outside = await hall.carrier.rings()
    await until(2)
    await outside.answer()
    await until(3)
    assert said(outside) == ["queue_take_call"]
    await outside.press("5")
    await until(8)
    assert said(outside) == ["queue_take_call"] * 2, "whoever presses another key is asked again"
    assert hall.happened(What.ANSWERED) == []
    assert caller.music is not None
    await outside.press("1")
    await caller.hears_tone(hall.carrier.tone)
    assert [(it.agent, it.seconds) for it in hall.happened(What.ANSWERED)] == [("500", 8)]
    await over(hall, caller)
    assert hall.record_of("01")["outcome"] == ANSWERED


async def test_a_voicemail_gets_no_caller(hall: Hall) -> None:
    mobile(hall, confirm=True)
    caller = await hall.caller()
    outside = await hall.carrier.rings()
    await until(2)
    await outside.answer()
    await outside.ended(20)
    assert now() == 10, "the ring timeout of the queue"
    await (await hall.rings("201")).answer()
    await caller.hears_tone(hall.phones["201"].tone)
    assert [(it.agent, it.detail) for it in hall.happened(What.MISSED)] == [("500", "no_answer")]
    await over(hall, caller)


async def test_who_hangs_up_instead_has_declined(hall: Hall) -> None:
    mobile(hall, confirm=True)
    caller = await hall.caller()
    outside = await hall.carrier.rings()
    await outside.answer()
    await until(4)
    await outside.hang_up()
    await hall.rings("201")
    assert now() == 4
    assert [(it.agent, it.detail) for it in hall.happened(What.MISSED)] == [("500", "declined")]
    await over(hall, caller)


@pytest.mark.parametrize("goes", ["the caller", "the agent, by logging off"])
async def test_what_ends_meanwhile_ends_the_asking(hall: Hall, goes: str) -> None:
    mobile(hall, confirm=True)
    caller = await hall.caller()
    outside = await hall.carrier.rings()
    await outside.answer()
    await until(4)
    if goes == "the caller":
        await caller.hang_up()
    else:
        await hall.world.books.log_off_from_queue(hall.company.id, QUEUE, "500", hall.world.platform.clock.now())
        await hall.rings("201")
    await outside.ended()
    assert now() == 4
    await over(hall, caller)


async def test_without_a_voice_to_ask_with_the_answer_counts(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object, **__: object) -> None:
        raise SpeechUnavailable("no voice")

    mobile(hall, confirm=True)
    monkeypatch.setattr(hall.world.prompts, "sound", silent)
    caller = await hall.caller()
    await (await hall.carrier.rings()).answer()
    await caller.hears_tone(hall.carrier.tone)
    await over(hall, caller)


async def test_killed_while_it_talks_it_has_its_talk_and_its_limit(hall: Hall) -> None:
    life = Life(hall.world)
    caller = await hall.caller()
    await (await hall.carrier.rings()).answer()
    await until(5)
    await life.is_killed()
    await until(6)
    await life.starts_again()
    second = await hall.caller()
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    await caller.hears_tone(hall.carrier.tone)
    await over(hall, caller, second)
