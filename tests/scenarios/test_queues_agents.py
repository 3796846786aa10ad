"""Callers of a queue are offered to its agents (QUE-1..7, QUE-14..21)."""

from __future__ import annotations

import asyncio

import pytest

from centrale.queueing.happenings import What
from tests.scenarios.hall import ANSWERED, MAIN, QUEUE, Hall
from tests.scenarios.hearing import now, story, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def hall(world: World, acme: Company) -> Hall:
    return await Hall.open(world, acme, "201", "202", "203", strategy="linear", ring_timeout=10)


async def over(world: World, *calls: object) -> None:
    for call in calls:
        await call.hang_up()  # type: ignore[attr-defined]
    await world.over()


async def test_a_caller_hears_music_until_an_agent_answers(world: World, hall: Hall) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    assert now() == 0
    assert (caller.is_answered, caller.music) == (True, "queue-1-300")
    assert at_agent.caller_number == "0600000001"
    await until(4)
    await at_agent.answer()
    await caller.hears_tone(hall.phones["201"].tone)
    assert now() == 4

    await over(world, caller)
    record = world.last_record
    assert (record["outcome"], record["answered_by"], record["legs"]) == (
        "answered",
        "201 Agent 201",
        ["201 on 1000p201"],
    )


async def test_who_does_not_answer_is_tried_again_after_the_others(world: World, hall: Hall) -> None:
    caller = await hall.caller()
    rung = []
    for _ in range(5):
        agent, call = await hall.rings_at()
        rung.append((now(), agent))
        assert not (await call.ended(60)).answered_elsewhere
    assert rung == [(0, "201"), (10, "202"), (20, "203"), (30, "201"), (40, "202")]

    await over(world, caller)
    assert world.last_record["outcome"] == "abandoned"
    lines = story(world.last_record)
    assert "0.0 queue-offer: offered to 201" in lines
    assert any(line.startswith("10.0 queue-offer: offered to 202 [not: 201: ") for line in lines)


async def test_first_in_first_out_and_each_agent_one_caller(world: World, hall: Hall) -> None:
    callers = [await hall.caller() for _ in range(5)]
    offered = [(await hall.rings(agent)).caller_number[-2:] for agent in ("201", "202", "203")]
    assert (now(), offered) == (0, ["01", "02", "03"])

    await callers[0].hang_up()  # everybody behind moves up
    assert (await hall.rings("201")).caller_number[-2:] == "04"
    await over(world, *callers[1:])


async def test_the_longest_waiting_gets_the_agent_who_is_ready_first(world: World, hall: Hall) -> None:
    callers = [await hall.caller() for _ in range(4)]
    at = {agent: await hall.rings(agent) for agent in ("201", "202", "203")}
    for call in at.values():
        await call.answer()
    await until(7)
    await at["202"].hang_up()
    again = await hall.rings("202")
    assert (now(), again.caller_number[-2:]) == (7, "04")
    await over(world, callers[0], callers[2], callers[3])


async def test_when_all_ring_the_first_to_answer_has_the_caller(world: World, hall: Hall) -> None:
    hall.arrange(strategy="ring_all", ring_timeout=10)
    caller = await hall.caller()
    first, second, third = [await hall.rings(agent) for agent in ("201", "202", "203")]
    assert now() == 0
    await until(3)
    await second.answer()
    for other in (first, third):
        assert (await other.ended()).answered_elsewhere
    await caller.hears_tone(hall.phones["202"].tone)
    assert now() == 3
    await over(world, caller)


async def test_two_who_answer_in_the_same_instant_are_not_both_connected(world: World, hall: Hall) -> None:
    hall.arrange(strategy="ring_all", ring_timeout=10)
    caller = await hall.caller()
    first, second = await hall.rings("201"), await hall.rings("202")
    await until(3)
    await asyncio.gather(first.answer(), second.answer())
    await caller.hears_tone(hall.phones["201"].tone)
    await second.ended()
    assert [it.agent for it in hall.happened(What.ANSWERED)] == ["201"]
    await over(world, caller)


async def test_who_declines_is_left_alone_for_a_moment(world: World, hall: Hall) -> None:
    caller = await hall.caller()
    for agent in ("201", "202", "203"):
        await (await hall.rings(agent)).decline(486)
    assert now() == 0
    await hall.nobody_rings(4.9)
    agent, call = await hall.rings_at()
    assert (now(), agent) == (5, "201")
    await call.answer()
    await over(world, caller)


async def test_who_did_not_answer_declined_or_could_not_be_rung_is_told_apart(world: World, hall: Hall) -> None:
    """In the trace and in what statistics are made of; to the caller it is the same: the next agent rings (QUE-4)."""
    await hall.phones["203"].unregister()
    caller = await hall.caller()
    await (await hall.rings("201")).ended(60)
    await (await hall.rings("202")).decline(486)
    await hall.rings("201")
    assert now() == 10
    missed = [(it.agent, it.detail) for it in hall.happened(What.MISSED)]
    assert missed == [("201", "no_answer"), ("202", "declined"), ("203", "failed")]
    await over(world, caller)
    histories = [str(hall.world.queues.of(hall.company.id).engine.history_of_agent(it)) for it in ("201", "202", "203")]
    for history, told in zip(histories, ("did not answer", "declined", "could not be rung"), strict=True):
        assert told in history


async def test_a_phone_that_rings_for_a_queue_takes_a_line_of_it(world: World, hall: Hall, acme: Company) -> None:
    """CHN-1; and only for as long as it rings."""
    acme.user("209", "Carla")
    carla = hall.phones["209"] = await acme.phone("carla", logged_on="209", call_limit=1)
    await acme.queue("301", "Sales", "209", "202", strategy="linear", ring_timeout=5)
    acme.number("+31201110301", "301")
    caller = await hall.caller("+31201110301")
    await carla.rings()
    colleague = await hall.phones["201"].dials("209")
    await until(3)
    await colleague.ended(60)
    assert world.records[0]["outcome"] != ANSWERED, "its only line is taken"
    await hall.rings("202")
    await until(6)
    again = await hall.phones["201"].dials("209")
    await (await carla.rings()).answer()
    await over(world, caller, again)


async def test_the_record_and_whoever_watches_know_when_a_phone_rings(world: World, hall: Hall) -> None:
    hall.arrange(introduction={"sound": "hello.wav"}, strategy="linear")
    seen: list[set[str]] = []
    world.platform.live.watch(lambda what, call: seen.append(set(call.channels)))
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(5)
    assert seen[-1] == {hall.phones["201"].channel}
    await at_agent.answer()
    await over(world, caller)
    assert hall.record_of("01")["ringing"][17:19] == "02", "after the introduction"


@pytest.mark.parametrize("turns", range(6))
async def test_who_answers_in_the_instant_of_logging_off_has_the_caller_or_is_hung_up_on(
    world: World, hall: Hall, acme: Company, turns: int
) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    answering = asyncio.create_task(at_agent.answer())
    for _ in range(turns):
        await asyncio.sleep(0)
    await world.books.log_off_from_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    await asyncio.gather(answering, return_exceptions=True)
    await until(4)
    if hall.happened(What.ANSWERED):
        await caller.hears_tone(hall.phones["201"].tone)
    else:
        assert at_agent.end is not None
        await hall.rings("202")
        assert now() == 4
    await over(world, caller)


async def test_nobody_is_there_and_somebody_logs_on(world: World, hall: Hall, acme: Company) -> None:
    for agent in ("201", "202", "203"):
        await world.books.log_off_from_queue(acme.id, QUEUE, agent, world.platform.clock.now())
    caller = await hall.caller()
    await hall.nobody_rings(20)
    await world.books.log_on_to_queue(acme.id, QUEUE, "203", world.platform.clock.now())
    await (await hall.rings("203")).answer()
    assert now() == 20
    await over(world, caller)


async def test_logging_off_stops_the_ringing(world: World, hall: Hall, acme: Company) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    await world.books.log_off_from_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    await at_agent.ended()
    await hall.rings("202")
    assert now() == 3
    await over(world, caller)


async def test_an_agent_in_another_call_is_passed_over(world: World, hall: Hall, acme: Company) -> None:
    acme.user("299", "Zoë")
    zoe = await acme.phone("zoe", logged_on="299")
    private = await hall.phones["201"].dials("299")
    await (await zoe.rings()).answer()
    caller = await hall.caller()
    agent, _ = await hall.rings_at()
    assert agent == "202"
    await over(world, private, caller)
    assert "201: is in another call" in str(hall.record_of("01")["trace"])


async def test_an_agent_who_talked_before_there_was_a_queue_is_busy_in_it(world: World, acme: Company) -> None:
    acme.user("201", "Anna")
    acme.user("299", "Zoë")
    anna, zoe = await acme.phone("anna", logged_on="201"), await acme.phone("zoe", logged_on="299")
    private = await anna.dials("299")
    await (await zoe.rings()).answer()
    await until(10)
    hall = await Hall.open(world, acme)
    hall.phones["201"] = anna
    await acme.queue(QUEUE, "Support", "201")
    caller = await hall.caller()
    await hall.nobody_rings(20)
    await private.hang_up()
    await hall.rings("201")
    assert now() == 30
    await over(world, caller)


async def test_a_queue_may_offer_a_second_call(world: World, hall: Hall, acme: Company) -> None:
    hall.arrange(strategy="linear", offer_second_call=True)
    first, second = await hall.caller(), await hall.caller()
    at_agents = [await hall.rings("201"), await hall.rings("202")]
    for call in at_agents:
        await call.answer()
    await until(5)
    third = await hall.caller()
    at_third = await hall.rings("201")
    assert (now(), at_third.caller_number[-2:]) == (5, "03"), "their own talk counts once, and not as another call, too"
    await at_third.answer()
    await until(10)
    fourth = await hall.caller()
    assert (await hall.rings("202")).caller_number[-2:] == "04", "who has two is offered no third"
    await over(world, first, second, third, fourth)


async def test_an_agent_without_a_phone_is_passed_over_and_offered_calls_once_there_is_one(
    world: World, hall: Hall, acme: Company
) -> None:
    desk = world.books
    phone = hall.phones["201"].channel
    await desk.log_off(acme.id, "201", phone, everywhere=True, now=world.platform.clock.now())
    first = await hall.caller()
    agent, at_agent = await hall.rings_at()
    assert agent == "202"
    await at_agent.answer()
    assert [it.agent for it in hall.happened(What.OFFERED)] == ["202"], "and no missed call is told of 201"
    await desk.log_on(acme.id, "201", phone, alone=True, now=world.platform.clock.now())
    second = await hall.caller()
    await hall.rings("201")
    await over(world, first, second)


async def test_a_twinned_agents_two_phones_ring_and_one_is_answered(world: World, hall: Hall, acme: Company) -> None:
    mobile = await acme.phone("mobile", logged_on="201")
    caller = await hall.caller()
    at_desk, at_mobile = await hall.rings("201"), await mobile.rings()
    await at_mobile.answer()
    assert (await at_desk.ended()).answered_elsewhere
    await caller.hears_tone(mobile.tone)
    await over(world, caller)


async def test_a_phone_that_is_gone_costs_no_time(world: World, hall: Hall) -> None:
    await hall.phones["201"].unregister()
    caller = await hall.caller()
    agent, _ = await hall.rings_at()
    assert (now(), agent) == (0, "202")
    await over(world, caller)


async def test_wrap_up_ends_to_the_second(world: World, hall: Hall) -> None:
    hall.arrange(strategy="linear", wrap_up=15)
    first = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    for agent in ("202", "203"):
        await world.books.log_off_from_queue(hall.company.id, QUEUE, agent, world.platform.clock.now())
    await until(20)
    await at_agent.hang_up()
    second = await hall.caller()
    await hall.nobody_rings(14.99)
    await hall.rings("201")
    assert now() == 35
    await over(world, first, second)


async def test_members_have_times_and_weights_of_their_own(world: World, hall: Hall, acme: Company) -> None:
    own = [{"agent": "201", "ring_timeout": 4, "wrap_up": 30}, {"agent": "202"}]
    acme.extension(QUEUE, "queue", "Support", members=own, strategy="linear", ring_timeout=10, wrap_up=5)
    caller = await hall.caller()
    await (await hall.rings("201")).ended(60)
    assert now() == 4
    await (await hall.rings("202")).ended(60)
    assert now() == 14
    await over(world, caller)


async def test_the_heavier_queue_goes_first(world: World, hall: Hall, acme: Company) -> None:
    """Of two queues with the same agent (QUE-7)."""
    await acme.queue("301", "Gold", "201", weight=50)
    acme.number("+31201110301", "301")
    light = await hall.caller()
    for agent in ("201", "202", "203"):
        await (await hall.rings(agent)).decline(486)
    gold = await hall.caller("+31201110301")
    assert (await hall.rings("201")).caller_number[-2:] == "02"
    assert now() == 5
    await over(world, light, gold)


async def test_an_emergency_queue_goes_before_any_weight_and_rings_differently(
    world: World, hall: Hall, acme: Company
) -> None:
    hall.arrange(strategy="linear", weight=100)
    await acme.queue("301", "Alarm", "201", emergency=True)
    acme.number("+31201110301", "301")
    waiting = await hall.caller()
    for agent in ("201", "202", "203"):
        await (await hall.rings(agent)).decline(486)
    alarm = await hall.caller("+31201110301")
    at_agent = await hall.rings("201")
    assert (now(), at_agent.caller_number[-2:]) == (5, "02")
    assert at_agent.headers.get("Alert-Info") == "<http://127.0.0.1>;info=alert-emergency"
    assert (await hall.rings("202")).headers.get("Alert-Info") == ""
    await over(world, waiting, alarm)


async def test_a_forward_extension_is_an_agent_at_an_outside_phone(world: World, hall: Hall, acme: Company) -> None:
    acme.extension("500", "forward", "Mobile", number="0612345678")
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "500"}, {"agent": "201"}], strategy="linear")
    await world.books.log_on_to_queue(acme.id, QUEUE, "500", world.platform.clock.now())
    caller = await hall.caller()
    outside = await hall.carrier.rings()
    assert outside.dialled == "+31612345678"
    await until(2)
    await outside.answer()
    await caller.hears_tone(hall.carrier.tone)
    second = await hall.caller()  # the outside phone takes one call at a time
    await hall.rings("201")
    await over(world, caller, second)
    assert hall.record_of("01")["answered_by"] == "+31612345678"


async def test_the_prefix_of_the_number_plan_is_shown_to_agents(world: World, hall: Hall, acme: Company) -> None:
    acme.number(MAIN, QUEUE, prefix="Support")
    caller = await hall.caller()
    assert (await hall.rings("201")).caller_name == "Support: 0600000001"
    await over(world, caller)


async def test_round_robin_takes_turns(world: World, hall: Hall) -> None:
    hall.arrange(strategy="round_robin")
    rung = []
    for _ in range(4):
        caller = await hall.caller()
        agent, call = await hall.rings_at()
        rung.append(agent)
        await call.answer()
        await caller.hang_up()
        await asyncio.sleep(1)
    assert rung == ["201", "202", "203", "201"]
    await world.over()


async def test_what_happened_is_told_once_and_exactly(world: World, hall: Hall) -> None:
    hall.arrange(strategy="linear", ring_timeout=10, wrap_up=3)
    caller = await hall.caller()
    await (await hall.rings("201")).ended(60)
    at_agent = await hall.rings("202")
    await until(15)
    await at_agent.answer()
    await until(35)
    await caller.hang_up()
    lost = await hall.caller()
    await until(36)
    await lost.hang_up()
    await world.over()

    told = [
        (hall.seconds(it), it.what, it.agent, it.seconds, it.detail)
        for it in hall.happened()
        if it.what not in (What.AGENT_STATE, What.WAITING, What.LOGGED_ON)
    ]
    assert told == [
        (0, What.JOINED, None, None, ""),
        (0, What.OFFERED, "201", None, ""),
        (10, What.MISSED, "201", None, "no_answer"),
        (10, What.OFFERED, "202", None, ""),
        (15, What.ANSWERED, "202", 15, ""),
        (35, What.TALK_ENDED, "202", 20, ""),
        (35, What.JOINED, None, None, ""),
        (35, What.OFFERED, "201", None, ""),
        (36, What.ABANDONED, None, 1, ""),
        (36, What.WITHDRAWN, "201", None, "caller_gone"),
    ]
