"""Queues with as many people as the issue names; queues that go while people talk (issue 4, point 4, bad input)."""

from __future__ import annotations

from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import now, until
from tests.scenarios.test_survival import Life
from tests.scenarios.world import Company, World


async def test_fifty_wait_and_twenty_talk_while_the_exchange_is_killed(world: World, acme: Company) -> None:
    """Nobody is dropped; agents who talk are offered nobody; everybody comes in the order in which they called."""
    agents = [str(number) for number in range(201, 221)]
    life, hall = Life(world), await Hall.open(world, acme, *agents, strategy="linear", call_limit=100)
    talks = []
    for agent in agents:
        caller = await hall.caller()
        at_agent = await hall.rings(agent)
        await at_agent.answer()
        talks.append((caller, at_agent))
    waiting = [await hall.caller() for _ in range(50)]
    await until(30)
    await life.is_killed()
    await until(33)
    found = await life.starts_again()
    assert (found.begun_anew, found.talking, found.over) == (50, 20, 0)
    await hall.nobody_rings(10)
    for agent, (caller, _) in zip(agents, talks, strict=True):
        await caller.hears_tone(hall.phones[agent].tone)

    for number, caller in enumerate(waiting, 21):  # one agent after the other hangs up, and gets the next caller
        turn = (number - 21) % len(agents)
        await talks[turn][1].hang_up()
        at_agent = await hall.rings(agents[turn])
        assert at_agent.caller_number[-2:] == f"{number:02}"
        await at_agent.answer()
        await caller.hears_tone(hall.phones[agents[turn]].tone)
        talks[turn] = caller, at_agent
    for caller, _ in talks:
        await caller.hang_up()
    await world.over()
    assert {record["outcome"] for record in world.records} == {"answered"}
    assert len(world.records) == 70


async def test_talks_go_on_when_their_queue_is_deleted(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    await until(5)
    acme.remove(QUEUE)
    await until(60)
    await caller.hears_tone(hall.phones["201"].tone)
    await caller.hang_up()
    await world.over()
    assert now() == 60
    assert world.last_record["outcome"] == "answered"


async def test_who_left_the_line_has_no_place_in_it_after_a_restart(world: World, acme: Company) -> None:
    """They come back as a newcomer, behind those who waited all the time (QUE-2)."""
    acme.user("290", "Desk")
    desk = await acme.phone("desk", logged_on="290")
    life, hall = Life(world), await Hall.open(world, acme, breakout="290")
    await hall.employ("201")
    left, waits = await hall.caller(), await hall.caller()
    await until(10)
    await left.press("1")
    await desk.rings()
    await life.is_killed()
    await until(12)
    await life.starts_again()
    await world.books.log_on_to_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    for caller in (left, waits):
        await caller.hang_up()
    await world.over()
