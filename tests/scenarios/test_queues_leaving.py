"""Callers who do not get through to an agent: full queues, the way out, forwards (QUE-1, QUE-22..24)."""

from __future__ import annotations

import pytest

from centrale.queueing.happenings import What
from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import heard, now, said, story, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def desk(acme: Company) -> SimulatedPhone:
    """Where callers go instead: user 290."""
    acme.user("290", "Desk")
    return await acme.phone("desk", logged_on="290")


async def over(world: World, *calls: object) -> None:
    for call in calls:
        await call.hang_up()  # type: ignore[attr-defined]
    await world.over()


async def test_a_full_queue_is_busy(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, call_limit=2)
    first, second = await hall.caller(), await hall.caller()
    third = await hall.caller()
    assert (await third.ended()).code == 486
    await first.hang_up()
    fourth = await hall.caller()  # the place is free at once
    await until(1)
    assert fourth.end is None
    await over(world, second, fourth)
    assert hall.record_of("03")["outcome"] == "unanswered"
    assert [it.detail for it in hall.happened(What.REFUSED)] == ["full"]


async def test_a_full_queue_forwards_when_it_is_told_to(world: World, acme: Company, desk: SimulatedPhone) -> None:
    hall = await Hall.open(world, acme, call_limit=1, forward={"to": "290"})
    first = await hall.caller()
    second = await hall.caller()
    at_desk = await desk.rings()
    assert (now(), at_desk.caller_number) == (0, "0600000002")
    await until(5)
    assert first.end is None  # without a timer one waits for as long as it takes
    await over(world, first, second)


async def test_who_has_waited_long_enough_is_forwarded_to_several_at_once(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    hall = await Hall.open(world, acme, "201", forward={"to": "290;0612345678", "after": 45})
    caller = await hall.caller()
    at_desk, outside = await desk.rings(60), await hall.carrier.rings(60)
    assert (now(), outside.dialled) == (45, "+31612345678")
    await until(50)
    await outside.answer()
    assert (await at_desk.ended()).answered_elsewhere
    await caller.hears_tone(hall.carrier.tone)
    assert caller.music is None
    assert [(it.seconds, it.detail) for it in hall.happened(What.FORWARDED)] == [(45, "timer")]
    await over(world, caller)


async def test_the_agents_phone_stops_ringing_when_the_caller_is_forwarded(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    hall = await Hall.open(world, acme, "201", ring_timeout=30, forward={"to": "290", "after": 5})
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.ended(30)
    assert now() == 5
    await desk.rings()
    await over(world, caller)


async def test_individual_forwards_are_not_followed_and_the_target_rings_on(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    acme.user("290", "Desk", ring_for=10, forwards={"no_answer": "0612345678", "no_answer_after": 5})
    hall = await Hall.open(world, acme, forward={"to": "290", "after": 10})
    caller = await hall.caller()
    at_desk = await desk.rings(60)
    await until(1000)
    assert at_desk.end is None
    await at_desk.answer()
    await caller.hears_tone(desk.tone)
    await over(world, caller)


async def test_individual_forwards_are_followed_where_that_is_allowed(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    acme.user("290", "Desk", forwards={"no_answer": "0612345678", "no_answer_after": 5})
    hall = await Hall.open(world, acme, forward={"to": "290", "after": 10, "individual_forwards": True})
    caller = await hall.caller()
    await desk.rings(60)
    outside = await hall.carrier.rings(60)
    assert (now(), outside.dialled) == (15, "+31612345678")
    await over(world, caller)


async def test_a_forward_to_what_answers_by_itself_goes_there(world: World, acme: Company) -> None:
    acme.extension("400", "announcement", "Sorry", sound="sorry.wav")
    hall = await Hall.open(world, acme, forward={"to": "400", "after": 10})
    caller = await hall.caller()
    await caller.ended(60)
    assert heard(caller) == [(10, "sorry")]
    await world.over()


async def test_nobody_logged_on_leads_elsewhere_at_once(world: World, acme: Company, desk: SimulatedPhone) -> None:
    hall = await Hall.open(world, acme, no_agents="290;0612345678")
    caller = await hall.caller()
    await desk.rings()
    await hall.carrier.rings()
    assert now() == 0
    await over(world, caller)


async def test_where_nobody_is_logged_on_individual_forwards_are_followed(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    """They are forbidden for the queue's own forward only (QUE-23, QUE-24)."""
    acme.user("290", "Desk", forwards={"no_answer": "0612345678", "no_answer_after": 5})
    hall = await Hall.open(world, acme, no_agents="290", forward={"to": "291", "after": 10})
    caller = await hall.caller()
    await desk.rings()
    assert (await hall.carrier.rings(60)).dialled == "+31612345678"
    assert now() == 5
    await over(world, caller)


async def test_who_leaves_an_emergency_queue_rings_as_usual(world: World, acme: Company, desk: SimulatedPhone) -> None:
    """The ring of an emergency belongs to the queue (QUE-3)."""
    hall = await Hall.open(world, acme, "201", emergency=True, breakout="290")
    caller = await hall.caller()
    assert "alert-emergency" in (await hall.rings("201")).headers.get("Alert-Info")
    await until(3)
    await caller.press("1")
    assert (await desk.rings()).headers.get("Alert-Info") == ""
    await over(world, caller)


async def test_the_last_agent_who_logs_off_sends_everybody_on(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    hall = await Hall.open(world, acme, "201", no_agents="290")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    await world.books.log_off_from_queue(acme.id, QUEUE, "201", world.platform.clock.now())
    await at_agent.ended()
    await desk.rings()
    assert now() == 3
    await over(world, caller)


async def test_one_leads_out_but_not_during_the_introduction(world: World, acme: Company, desk: SimulatedPhone) -> None:
    hall = await Hall.open(world, acme, breakout="290", introduction={"sound": "hello.wav"})
    caller = await hall.caller()
    await until(1)
    await caller.press("1")
    await until(6)
    assert caller.music is not None
    await caller.press("290#")
    await until(8)
    assert hall.happened(What.BROKE_OUT) == [], "no other key does"
    await caller.press("21")
    await desk.rings()
    assert 8 < now() < 9
    assert caller.music is None
    assert [it.what for it in hall.happened(What.BROKE_OUT, What.ABANDONED)] == [What.BROKE_OUT]
    await over(world, caller)
    assert any(line.endswith("queue: 1 was pressed") for line in story(world.last_record))


async def test_one_leads_out_in_the_middle_of_an_announcement(
    world: World, acme: Company, desk: SimulatedPhone
) -> None:
    hall = await Hall.open(world, acme, "201", breakout="290", announce_position=True, announce_every=10)
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(11)
    await caller.press("1")
    await at_agent.ended()
    await desk.rings()
    assert now() < 11.2
    assert said(caller) == ["queue_first_in_line"]
    await over(world, caller)


async def test_keys_mean_nothing_where_no_way_leads_out(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller()
    await caller.press("1")
    await until(5)
    await (await hall.rings("201")).answer()
    await caller.hears_tone(hall.phones["201"].tone)
    await over(world, caller)


async def test_a_queue_that_is_deleted_under_its_callers_says_so(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, "201")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    acme.remove(QUEUE)
    await at_agent.ended()
    await caller.ended(30)
    assert heard(caller) == [(3, "number_not_in_use")]
    await world.over()


async def test_a_queue_reached_by_a_menu_tells_its_busy_tone_in_words(world: World, acme: Company) -> None:
    option = {"digits": "1", "destination": QUEUE}
    hall = await Hall.open(world, acme, call_limit=1)
    acme.extension("700", "menu", "Menu", question={"text": "Press 1."}, options=[option])
    acme.number("+31201110700", "700")
    first = await hall.caller()
    second = await hall.caller("+31201110700")
    await until(3)
    await second.press("1")
    await second.ended(30)
    assert said(second)[-1] == "busy"
    await over(world, first)


async def test_queues_that_lead_to_each_other_end(world: World, acme: Company) -> None:
    hall = await Hall.open(world, acme, no_agents="301")
    await acme.queue("301", "Other", no_agents=QUEUE)
    caller = await hall.caller()
    await caller.ended(30)
    assert said(caller) == ["too_many_forwards"]
    await world.over()
