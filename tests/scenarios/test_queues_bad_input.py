"""What goes wrong around a queue: phones that die, agents who go, everybody declines, trunks down (issue 4)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from centrale.queueing.happenings import What
from centrale.routing.snapshot import ExtensionNumber
from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import heard, now, said, until
from tests.scenarios.world import Company, World


async def over(world: World, *calls: object) -> None:
    for call in calls:
        await call.hang_up()  # type: ignore[attr-defined]
    await world.over()


async def test_an_agents_phone_dies_while_it_rings(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202", strategy="linear")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    await at_agent.hang_up()
    await (await hall.rings("202")).answer()
    assert now() == 3
    await over(world, caller)


async def test_an_agents_phone_dies_while_talking(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", wrap_up=5)
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    await until(10)
    await at_agent.hang_up()
    await caller.ended()
    second = await hall.caller()
    await hall.rings("201")
    assert now() == 15
    await over(world, second)


async def test_an_agent_is_deleted_while_being_offered_a_call(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202", strategy="linear")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(2)
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "202"}], strategy="linear")
    await world.books.log_off_from_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    acme.remove("201")
    await at_agent.ended()
    await (await hall.rings("202")).answer()
    assert now() == 2
    await over(world, caller)


async def test_an_agent_is_deleted_while_talking(world: World, acme: Company) -> None:
    """The talk goes on, and nothing is left of the agent after it."""
    hall = await Hall.open(world, acme, "201", "202", strategy="linear", wrap_up=10)
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    await until(5)
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "202"}], strategy="linear", wrap_up=10)
    await world.books.log_off_from_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    acme.remove("201")
    await until(20)
    await caller.hears_tone(hall.phones["201"].tone)
    second = await hall.caller()
    await hall.rings("202")
    await at_agent.hang_up()
    await caller.ended()
    assert [(it.agent, it.seconds) for it in hall.happened(What.TALK_ENDED)] == [("201", 20)]
    await until(60)
    assert world.queues.of(acme.id).engine.agent_state(ExtensionNumber("201")) == "logged_off"
    await over(world, second)


def jumps(world: World, monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    """Somebody puts the machine's clock right."""
    clock = type(world.platform.clock)
    wrong = clock.now
    monkeypatch.setattr(clock, "now", lambda self: wrong(self) + timedelta(hours=hours))


@pytest.mark.parametrize("hours", [-1, 1])
async def test_the_clock_jumps_while_phones_ring_and_people_talk(
    world: World, acme: Company, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    """Nobody is dropped, nobody waits for an hour, and no phone rings at once for two: all lasts as long as it was
    to."""
    hall = await Hall.open(world, acme, "201", "202", strategy="linear", ring_timeout=10, wrap_up=15)
    talking, waiting = await hall.caller(), await hall.caller()
    at_first = await hall.rings("201")
    await at_first.answer()
    at_second = await hall.rings("202")
    await until(4)
    jumps(world, monkeypatch, hours)
    await until(8)
    assert at_second.end is None
    await talking.hears_tone(hall.phones["201"].tone)
    await at_second.ended(10)
    assert now() == 10
    await (await hall.rings("202")).answer()
    await at_first.hang_up()
    ended, third = now(), await hall.caller()
    await hall.rings("201")
    assert round(now() - ended, 3) == 15, "wrap-up is as long as it should be"
    await waiting.hears_tone(hall.phones["202"].tone)
    await over(world, waiting, third)


@pytest.mark.parametrize("jump", [[-1], [1], [1, -2], [-0.5, 0.5]], ids=str)
async def test_the_clock_jumps_and_nobody_has_waited_or_talked_longer_for_that(
    world: World, acme: Company, monkeypatch: pytest.MonkeyPatch, jump: list[float]
) -> None:
    """Statistics are told what passed, the timer of the forward and announcements keep to it, and waits of the last
    half hour stay known (QUE-8, QUE-10, QUE-11, QUE-23, QUE-27)."""
    forward = {"to": "0612345678", "after": 95}
    hall = await Hall.open(
        world, acme, "201", forward=forward, ring_timeout=60, announce_wait=True, announce_every=60, infotainment=[]
    )
    talking = await hall.caller()
    at_agent = await hall.rings("201")
    await until(5)
    await at_agent.answer()
    waiting, gives_up = await hall.caller(), await hall.caller()
    for number, hours in enumerate(jump):
        await until(20 + 10 * number)
        jumps(world, monkeypatch, hours)
    await until(45)
    await gives_up.hang_up()
    await until(50)
    await at_agent.hang_up()
    await hall.rings("201")
    again = await hall.caller()
    await until(55)
    outside = await hall.carrier.rings(100)
    assert (now(), outside.dialled) == (100, "+31612345678")
    assert [at for at, sound in heard(waiting) if "queue_wait" in str(sound)] == [65]
    told = {it.what: round(it.seconds or 0, 3) for it in world.happened if it.seconds is not None and it.call}
    assert told[What.ANSWERED] == 5
    assert told[What.TALK_ENDED] == 45
    assert told[What.ABANDONED] == 40
    assert told[What.FORWARDED] == 95
    await over(world, talking, waiting, again)


async def test_infotainment_that_is_missing_delays_nobody(acme: Company) -> None:
    world = World(duration=lambda sound: None if "gone" in sound else 2.0)
    hall = await Hall.open(world, world.company(), infotainment=["gone.wav", "news.wav"])
    await hall.employ("201")
    caller = await hall.caller()
    await until(70)
    assert caller.music is not None
    await until(125)
    assert said(caller) == ["news"]
    await world.books.log_on_to_queue(hall.company.id, QUEUE, "201", world.platform.clock.now())
    await (await hall.rings("201")).answer()
    await caller.hears_tone(hall.phones["201"].tone)
    await over(world, caller)
    assert "gone.wav could not be played" in str(world.last_record["trace"])


@contextlib.asynccontextmanager
async def everybody_declines(hall: Hall, *agents: str) -> AsyncIterator[None]:
    """Each call, at once, for as long as the block lasts."""

    async def declines(agent: str) -> None:
        while True:
            await (await hall.rings(agent, timeout=1e6)).decline(486)

    declining = [asyncio.create_task(declines(agent)) for agent in agents]
    yield
    for task in declining:
        task.cancel()
    await asyncio.gather(*declining, return_exceptions=True)


async def test_everybody_declines_for_an_hour(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202", announce_position=True, announce_every=30)
    caller = await hall.caller()
    async with everybody_declines(hall, "201", "202"):
        await until(3600)
    offers = len(hall.happened(What.OFFERED))
    assert 1400 < offers < 1450, "a phone that refuses at once rings every five seconds"
    await over(world, caller)
    told = [step for step in world.last_record["trace"] if step["rule"] == "queue-offer"]
    assert len(told) < 110
    assert told[-1]["outcome"] == "more offers follow that are not told"


async def test_while_everybody_declines_the_ways_out_stay_open(world: World, acme: Company) -> None:
    """The key that leads out, and the timer of the forward (QUE-22, QUE-23)."""
    acme.user("290", "Desk")
    desk = await acme.phone("desk", logged_on="290")
    hall = await Hall.open(
        world, acme, "201", "202", strategy="ring_all", breakout="290", forward={"to": "0612345678", "after": 120}
    )
    presses, waits = await hall.caller(), await hall.caller()
    async with everybody_declines(hall, "201", "202"):
        await until(61)
        await presses.press("1")
        at_desk = await desk.rings(1)
        outside = await hall.carrier.rings(200)
        assert (now(), outside.dialled) == (120, "+31612345678")
    await over(world, presses, waits)
    assert at_desk.end is not None


async def test_the_trunk_of_the_forwards_target_is_down(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, forward={"to": "0612345678", "after": 10})
    caller = await hall.caller()
    await hall.carrier.unregister()
    await caller.ended(60)
    assert said(caller) == ["group_unreachable"]
    await world.over()


async def test_a_queue_that_was_deleted_has_no_expected_wait(world: World, acme: Company) -> None:
    """It may be asked for in the moment in which the queue goes."""
    hall = await Hall.open(world, acme, announce_wait=True, announce_every=10)
    caller = await hall.caller()
    queues = world.queues.of(acme.id)
    assert queues.expected_wait(ExtensionNumber(QUEUE)) == 120
    acme.remove(QUEUE)
    assert queues.expected_wait(ExtensionNumber(QUEUE)) == 0
    await caller.ended(30)
    await world.over()


async def test_another_strategy_under_callers_who_wait(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202", "203", strategy="linear")
    first, second = await hall.caller(), await hall.caller()
    at_agents = [await hall.rings(agent) for agent in ("201", "202")]
    await until(2)
    hall.arrange(strategy="ring_all", ring_timeout=10)
    assert (await hall.rings("203")).caller_number[-2:] == "01", "the one who is free rings for the first caller, too"
    for call in at_agents:
        await call.ended(60)
    assert now() == 20, "what rang before rings as long as it was to"
    for agent in ("201", "202"):
        assert (await hall.rings(agent)).caller_number[-2:] == "01"
    await over(world, first, second)


async def test_the_caller_leaves_in_the_instant_in_which_an_agent_answers(world: World, acme: Company) -> None:
    acme.user("290", "Desk")
    desk = await acme.phone("desk", logged_on="290")
    hall = await Hall.open(world, acme, "201", breakout="290")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    pressing = asyncio.create_task(caller.press("1"))
    await at_agent.answer()
    await pressing
    await asyncio.sleep(1)
    at_desk = asyncio.create_task(desk.rings(0.5))
    await asyncio.gather(at_desk, return_exceptions=True)
    reached = [at_agent.end is None, at_desk.exception() is None]
    assert sum(reached) == 1, "with one of both, and not with both"
    await over(world, caller)


async def test_an_account_is_deleted_under_its_callers(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202")
    talking = await hall.caller()
    await (await hall.rings("201")).answer()
    waiting = await hall.caller()
    at_agent = await hall.rings("202")
    await until(2)
    del world.books.accounts[acme.id]
    world.queues.refresh(world.books.current, frozenset({acme.id}))
    await at_agent.ended()
    await waiting.ended(30)
    assert said(waiting) == ["number_not_in_use"]
    assert talking.end is None
    await over(world, talking)


async def test_an_outside_agent_is_tried_for_hours(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme)
    acme.extension("500", "forward", "Mobile", number="0612345678")
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "500"}], ring_timeout=10)
    await world.books.log_on_to_queue(acme.id, QUEUE, "500", world.platform.clock.now())
    caller = await hall.caller()
    await until(7200)
    assert len(hall.happened(What.OFFERED)) == 721
    (running,) = world.platform.live.of()
    assert len(running.open_legs) <= 2, "nothing is kept of phones that rang in vain"
    await over(world, caller)
    assert len(world.last_record["trace"]) < 300
    assert world.last_record["legs"] == ["+31612345678 by carrier"]


async def test_an_agent_calls_the_own_queue(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201", "202", strategy="linear")
    call = await hall.phones["201"].dials(QUEUE)
    agent, at_agent = await hall.rings_at()
    assert agent == "202"
    await at_agent.answer()
    await over(world, call)


async def test_an_outside_agent_whose_trunk_is_down_costs_no_time(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201")
    acme.extension("500", "forward", "Mobile", number="0612345678")
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "500"}, {"agent": "201"}], strategy="linear")
    await world.books.log_on_to_queue(acme.id, QUEUE, "500", world.platform.clock.now())
    await hall.carrier.unregister()
    inside = await acme.phone("hall")
    acme.user("280", "Zoë")
    await world.books.log_on(acme.id, "280", inside.channel, alone=True, now=world.platform.clock.now())
    call = await inside.dials(QUEUE)
    agent, at_agent = await hall.rings_at()
    assert (now(), agent) == (0, "201")
    await at_agent.answer()
    await over(world, call)
