"""The exchange is killed with people in its queues, and another process takes them up (design §7, issue 4 point 4)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from centrale.acd.events import AnsweredEarlier, Counters, LoggedOn, WrapUpRestored
from centrale.calls import Call
from centrale.calls.live import LiveCalls
from centrale.exchange import conducting
from centrale.queueing.happenings import What
from centrale.queueing.queues import Queues
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.telephony.switch import Cause
from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import heard, now, said, story, until
from tests.scenarios.test_survival import Life
from tests.scenarios.world import Company, World


@pytest.fixture
async def life(world: World) -> Life:
    return Life(world)


async def test_everybody_stands_where_they_stood_and_has_waited_as_long(
    world: World, acme: Company, life: Life
) -> None:
    hall = await Hall.open(world, acme, call_limit=20, forward={"to": "0612345678", "after": 100})
    await hall.employ("201")
    callers = []
    for _ in range(10):
        callers.append(await hall.caller())
        await until(now() + 3)
    await until(40)
    await life.is_killed()
    await until(43)
    found = await life.starts_again()
    assert (found.begun_anew, found.talking, found.over) == (10, 0, 0)
    newcomer = await hall.caller()

    # One agent logs on: they come one by one in the order in which they called, the newcomer last.
    await world.books.log_on_to_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    for number in range(1, 11):
        at_agent = await hall.rings("201")
        assert at_agent.caller_number[-2:] == f"{number:02}"
        if number == 6:
            break
        await at_agent.answer()
        await callers[number - 1].hang_up()
    await at_agent.decline()
    # The timer of the sixth runs since they came, at second 15.
    outside = await hall.carrier.rings(100)
    assert (now(), outside.dialled) == (115, "+31612345678")
    assert [round(it.seconds or 0, 3) for it in hall.happened(What.FORWARDED)] == [100]
    for caller in [*callers[5:], newcomer]:
        await caller.hang_up()
    await world.over()
    assert len(world.records) == 11
    assert "the caller stands in line again" in " ".join(story(hall.record_of("07")))


async def test_nobody_is_offered_before_all_are_back_in_line(world: World, acme: Company, life: Life) -> None:
    hall = await Hall.open(world, acme, "201", "202", strategy="linear")
    callers = [await hall.caller() for _ in range(4)]
    for agent in ("201", "202"):
        await hall.rings(agent)
    await until(5)
    await life.is_killed()
    await until(6)
    await life.starts_again()
    offered = [(await hall.rings(agent)).caller_number[-2:] for agent in ("201", "202")]
    assert offered == ["01", "02"]
    for caller in callers:
        await caller.hang_up()
    await world.over()


async def test_whoever_is_slow_to_come_back_loses_no_place(
    world: World, acme: Company, life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the restart and the line there may be something to wait for: a phone book, asked for a name, say."""
    hall = await Hall.open(world, acme, "201")
    callers = []
    for _ in range(3):
        callers.append(await hall.caller())
        await until(now() + 1)
    await hall.rings("201")
    await until(5)
    await life.is_killed()
    await until(6)
    slow, visit = iter([0.6, 0.2, 0.4]), conducting.visit

    async def visits_later(call: Call, first: Extension) -> Cause:
        await asyncio.sleep(next(slow, 0))
        return await visit(call, first)

    monkeypatch.setattr(conducting, "visit", visits_later)
    await life.starts_again()
    for number, caller in enumerate(callers, 1):
        assert (await hall.rings("201")).caller_number[-2:] == f"{number:02}"
        await caller.hang_up()
    await world.over()


@pytest.mark.parametrize(("gives_up", "decided"), [(True, 5.5), (False, 7)])
async def test_who_does_not_come_back_keeps_nobody_waiting(
    world: World, acme: Company, life: Life, monkeypatch: pytest.MonkeyPatch, gives_up: bool, decided: float
) -> None:
    """Who gives up no moment longer, and who is held up for two seconds at most."""
    hall = await Hall.open(world, acme, "201")
    callers = [await hall.caller() for _ in range(2)]
    await hall.rings("201")
    await until(5)
    await life.is_killed()
    first, visit = iter([True]), conducting.visit

    async def never_visits(call: Call, extension: Extension) -> Cause:
        if next(first, False):
            await asyncio.sleep(3600)
        return await visit(call, extension)

    monkeypatch.setattr(conducting, "visit", never_visits)
    starting = asyncio.create_task(life.starts_again())
    await until(5.5)
    if gives_up:
        await callers[0].hang_up()
    await starting
    assert ((await hall.rings("201")).caller_number[-2:], now()) == ("02", decided)
    for caller in callers:
        await caller.hang_up()
    await world.over()


async def test_a_talking_agent_is_taken_and_has_wrap_up_after_the_talk(world: World, acme: Company, life: Life) -> None:
    hall = await Hall.open(world, acme, "201", wrap_up=10)
    talking = await hall.caller()
    at_agent = await hall.rings("201")
    await until(2)
    await at_agent.answer()
    await talking.hears_tone(hall.phones["201"].tone)
    waiting = await hall.caller()
    await until(20)
    await life.is_killed()
    await until(22)
    await life.starts_again()
    await hall.nobody_rings(8)
    await at_agent.hang_up()
    again = await hall.rings("201")
    assert (now(), again.caller_number[-2:]) == (40, "02")
    assert [(it.agent, it.seconds) for it in hall.happened(What.TALK_ENDED)] == [("201", 28)]
    await waiting.hang_up()
    await world.over()
    assert world.records[0]["answered_by"] == "201 Agent 201"


@pytest.mark.parametrize("hangs_up", ["the caller", "the agent"])
async def test_whose_talk_ended_meanwhile_has_the_whole_wrap_up(
    world: World, acme: Company, life: Life, hangs_up: str
) -> None:
    """From the moment on in which we are back (QUE-21)."""
    hall = await Hall.open(world, acme, "201", wrap_up=10)
    talking = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    await talking.hears_tone(hall.phones["201"].tone)
    waiting = await hall.caller()
    await until(20)
    await life.is_killed()
    await until(22)
    await (talking if hangs_up == "the caller" else at_agent).hang_up()
    await until(23)
    await life.starts_again()
    again = await hall.rings("201")
    assert (now(), again.caller_number[-2:]) == (33, "02")
    assert [(it.agent, it.seconds) for it in hall.happened(What.TALK_ENDED)] == [("201", 20)]
    assert [it.seconds for it in hall.happened(What.AGENT_STATE) if it.detail == "wrap_up"] == [10]
    await waiting.hang_up()
    await world.over()


async def test_what_was_played_once_is_not_played_again(world: World, acme: Company, life: Life) -> None:
    news = ["news.wav", "weather.wav"]
    hall = await Hall.open(world, acme, introduction={"sound": "hello.wav"}, infotainment=news, ring_first=True)
    caller = await hall.caller()
    await until(80)
    assert said(caller) == ["hello", "news"]
    await life.is_killed()
    await until(81)
    await life.starts_again()
    await until(200)
    assert said(caller) == ["hello", "news", "weather"]
    assert 120 <= heard(caller)[-1][0] <= 130
    await caller.hang_up()
    await world.over()


async def test_the_way_to_the_queue_is_not_gone_again(world: World, acme: Company, life: Life) -> None:
    option = {"digits": "1", "destination": QUEUE, "prefix": "Menu"}
    acme.extension("700", "menu", "Menu", question={"text": "Press 1."}, options=[option])
    acme.number("+31201110700", "700", prefix="Line")
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller("+31201110700")
    await until(3)
    await caller.press("1")
    before = (await hall.rings("201")).caller_name
    await until(5)
    await life.is_killed()
    await until(6)
    await life.starts_again()
    assert (await hall.rings("201")).caller_name == before
    assert said(caller) == ["speech"]
    await caller.hang_up()
    await world.over()


async def test_a_queue_that_went_meanwhile_begins_the_call_anew(world: World, acme: Company, life: Life) -> None:
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller()
    await until(3)
    await life.is_killed()
    acme.remove(QUEUE)
    await until(5)
    await life.starts_again()
    await caller.ended(30)
    assert said(caller) == ["number_not_in_use"]
    await world.over()


async def test_stopping_is_no_abandoning(world: World, acme: Company, life: Life) -> None:
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller()
    await until(3)
    await life.is_killed()
    await life.starts_again()
    await until(10)
    assert hall.happened(What.ABANDONED) == []
    await caller.hang_up()
    await world.over()
    assert [it.seconds for it in hall.happened(What.ABANDONED)] == [10]


async def test_killed_again_and_again(world: World, acme: Company, life: Life) -> None:
    hall = await Hall.open(world, acme)
    await hall.employ("201")
    first, second = await hall.caller(), await hall.caller()
    for _ in range(3):
        await until(now() + 5)
        await life.is_killed()
        await until(now() + 1)
        await life.starts_again()
    await world.books.log_on_to_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    assert (await hall.rings("201")).caller_number[-2:] == "01"
    await first.hang_up()
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    assert [it.seconds for it in hall.happened(What.ABANDONED)] == [18]
    await second.hang_up()
    await world.over()


async def test_what_was_counted_before_is_counted_on(world: World, acme: Company) -> None:
    """Counters since logon, waits and wrap-ups, told by whoever kept them (QUE-10, QUE-19, QUE-21)."""
    await Hall.open(world, acme, "201", "202", strategy="fewest_calls")
    began = world.platform.clock.now()
    world.queues.stop()
    queues = Queues(world.platform.clock, world.books, LiveCalls(), opened=False)
    queue, first, second = [ExtensionNumber(number) for number in (QUEUE, "201", "202")]
    counted = LoggedOn(first, queue, began, Counters(last_offered=began, answered=7, talked=90.0))
    waits = [AnsweredEarlier(queue, began, waited) for waited in (20.0, 30.0, 40.0)]
    queues.remember(acme.id, [counted, *waits, WrapUpRestored(second, began + timedelta(seconds=30))])
    queues.open()

    engine = queues.of(acme.id).engine
    assert [(it.agent, it.answered, it.talked) for it in engine.agents(queue)] == [("201", 7, 90.0), ("202", 0, 0.0)]
    assert engine.expected_wait(queue) == 30
    assert engine.agent_state(second) == "wrap_up"
    await until(31)
    assert engine.agent_state(second) == "free"
    queues.stop()
