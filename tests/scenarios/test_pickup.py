"""Picking up a call that rings in a queue: 908 and *8 (SYS-9, QUE-25)."""

from __future__ import annotations

import asyncio

import pytest

from centrale.queueing.happenings import What
from centrale.telephony.simulated import SimulatedCall
from tests.scenarios.hall import ABANDONED, ANSWERED, QUEUE, Hall
from tests.scenarios.hearing import language, now, said, story, until
from tests.scenarios.test_survival import Life
from tests.scenarios.world import Company, World


@pytest.fixture
async def hall(world: World, acme: Company) -> Hall:
    """One agent rings for long; 205 and 206 are nobody's agents."""
    hall = await Hall.open(world, acme, "201", ring_timeout=30, wrap_up=10)
    for user in ("205", "206"):
        await hall.employ(user)
    return hall


async def picks_up(hall: Hall, user: str, dialled: str = f"*8{QUEUE}") -> SimulatedCall:
    """Dial, and be answered or told why not."""
    return await hall.phones[user].dials(dialled)


async def talk(hall: Hall, caller: SimulatedCall, picker: SimulatedCall) -> None:
    """They hear each other."""
    await caller.hears_tone(picker.phone.tone)
    await picker.hears_tone(hall.carrier.tone)


@pytest.mark.parametrize("dialled", [f"*8{QUEUE}", f"908{QUEUE}", "*8", "908"])
async def test_whoever_dials_it_talks_with_the_caller(hall: Hall, world: World, dialled: str) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(4)
    picker = await picks_up(hall, "205", dialled)
    await picker.shows(at_agent.caller_number, at_agent.caller_name)
    await talk(hall, caller, picker)
    end = await at_agent.ended()
    assert end.answered_elsewhere
    await until(20)
    await picker.hang_up()
    await caller.ended()
    await world.over()

    picked, talked = world.records
    assert (picked["outcome"], picked["called"], picked["caller"]) == ("picked_up", dialled, "205")
    assert (picked["answered"], picked["ended_by"]) == (None, "exchange")
    assert (talked["outcome"], talked["answered_by"], talked["ended_by"]) == (ANSWERED, "205 Agent 205", "called")
    assert talked["answered"][17:19] == "04"
    assert talked["ended"][17:19] == "20"
    assert "4.0 pickup: 205 Agent 205 picks the call up" in story(talked)
    (taken,) = [step for step in talked["trace"] if step["rule"] == "pickup"]
    (took,) = [step for step in picked["trace"] if step["rule"] == "pickup"]
    assert (taken["facts"]["call"], took["facts"]["call"]) == (picked["id"], talked["id"])
    told = hall.happened(What.PICKED_UP, What.WITHDRAWN, What.TALK_ENDED)
    assert [(it.what, it.agent, it.seconds) for it in told] == [
        (What.PICKED_UP, None, 4),
        (What.WITHDRAWN, "201", None),
        (What.TALK_ENDED, None, 16),
    ]


async def test_the_caller_hangs_up_on_who_picked_up(hall: Hall, world: World) -> None:
    caller = await hall.caller()
    await hall.rings("201")
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await caller.hang_up()
    await picker.ended()
    await world.over()
    assert [(it["outcome"], it["ended_by"]) for it in world.records] == [
        ("picked_up", "exchange"),
        (ANSWERED, "caller"),
    ]


async def test_the_agent_who_rang_has_no_wrap_up_and_gets_the_next_caller_at_once(hall: Hall, world: World) -> None:
    first = await hall.caller()
    await hall.rings("201")
    await until(3)
    second = await hall.caller()
    await until(5)
    picker = await picks_up(hall, "205")
    again = await hall.rings("201")
    assert (now(), again.caller_number[-2:]) == (5, "02")
    for call in (first, second, picker):
        await call.hang_up()
    await world.over()


async def test_the_longest_waiting_of_those_who_ring_is_taken(hall: Hall, world: World, acme: Company) -> None:
    await hall.employ("202")
    await acme.queue("301", "Second", "202", ring_timeout=2)
    acme.number("+31201110301", "301")
    older = await hall.caller("+31201110301")
    await hall.rings("202")
    await until(1)
    younger = await hall.caller()
    await hall.rings("201")
    picker = await picks_up(hall, "205", "*8")
    await talk(hall, older, picker)
    next_one = await picks_up(hall, "206", "*8")
    await talk(hall, younger, next_one)
    for call in (older, younger):
        await call.hang_up()
    await world.over()


async def test_who_only_waits_is_not_taken(hall: Hall, world: World) -> None:
    first, second = await hall.caller(), await hall.caller()
    await hall.rings("201")
    picker = await picks_up(hall, "205")
    await talk(hall, first, picker)
    await hall.rings("201")  # the second, who waited until now
    await second.hang_up()
    too_late = await picks_up(hall, "206")
    await too_late.ended(20)
    assert said(too_late) == ["pickup_nothing"]
    await first.hang_up()
    await world.over()


# -- who may -----------------------------------------------------------------------------------------------------------


async def test_a_closed_queue_is_for_members_only_logged_on_or_not(hall: Hall, world: World, acme: Company) -> None:
    members = [{"agent": "201"}, {"agent": "205"}]
    acme.extension(QUEUE, "queue", "Support", members=members, access="closed", ring_timeout=30)
    caller = await hall.caller()
    await hall.rings("201")
    for dialled, told in ((f"*8{QUEUE}", "pickup_not_allowed"), ("*8", "pickup_nothing")):
        stranger = await picks_up(hall, "206", dialled)
        assert (await stranger.ended(20)).code in (403, 480)
        assert said(stranger) == [told]
    member = await picks_up(hall, "205")
    await talk(hall, caller, member)
    await caller.hang_up()
    await world.over()
    assert [it["outcome"] for it in world.records] == ["refused", "unanswered", "picked_up", "answered"]


async def test_who_made_themselves_a_member_is_one_in_a_queue_that_was_closed_since(
    hall: Hall, world: World, acme: Company
) -> None:
    await world.books.log_on_to_queue(acme.id, QUEUE, "205", world.platform.clock.now())
    members = [{"agent": "201"}]
    acme.extension(QUEUE, "queue", "Support", members=members, access="closed", ring_timeout=30, strategy="linear")
    caller = await hall.caller()
    await hall.rings("201")
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await caller.hang_up()
    await world.over()


@pytest.mark.parametrize(("dialled", "told"), [("*8399", "queue_unknown"), ("*8206", "pickup_not_allowed")])
async def test_where_there_is_nothing_to_pick_up(hall: Hall, world: World, dialled: str, told: str) -> None:
    call = await picks_up(hall, "205", dialled)
    await call.ended(20)
    assert said(call) == [told]
    await world.over()
    assert world.last_record["outcome"] == "refused"
    assert world.last_record["trace"][-1]["rule"] != "fault"


@pytest.mark.parametrize("dialled", ["*8", f"*8{QUEUE}"])
async def test_nothing_rings(hall: Hall, world: World, dialled: str) -> None:
    call = await picks_up(hall, "205", dialled)
    await call.ended(20)
    assert said(call) == ["pickup_nothing"]
    await world.over()
    assert "pickup: nothing rings" in " ".join(story(world.last_record))


@pytest.mark.parametrize("spoken", ["nl", "en", "de", "es", "lv"])
async def test_refusals_in_the_callers_language(hall: Hall, world: World, acme: Company, spoken: str) -> None:
    acme.user("205", "Agent 205", language=spoken)
    call = await picks_up(hall, "205")
    await call.ended(20)
    assert language(call) == spoken
    await world.over()


async def test_a_phone_without_a_user_picks_nothing_up(hall: Hall, world: World, acme: Company) -> None:
    nobody = await acme.phone("nobody")
    caller = await hall.caller()
    await hall.rings("201")
    call = await nobody.dials(f"*8{QUEUE}")
    await call.ended(20)
    assert said(call) == ["log_on_first"]
    await caller.hang_up()
    await world.over()


async def test_another_customers_calls_are_out_of_reach(hall: Hall, world: World) -> None:
    other = world.company("2000", "Other")
    other.user("205", "Eve")
    await other.queue(QUEUE, "Theirs")
    eve = await other.phone("eve", logged_on="205")
    caller = await hall.caller()
    await hall.rings("201")
    for dialled in ("*8", f"*8{QUEUE}"):
        call = await eve.dials(dialled)
        await call.ended(20)
        assert said(call) == ["pickup_nothing"]
    await caller.hang_up()
    await world.over()


# -- what plays --------------------------------------------------------------------------------------------------------


async def test_introduction_and_infotainment_are_not_cut(world: World, acme: Company) -> None:
    """QUE-9, QUE-11: an agent is connected only when they end; so nothing rings meanwhile, and nothing is there to be
    taken."""
    sounds = {"introduction": {"text": "Welcome."}, "infotainment": ["news.wav"]}
    hall = await Hall.open(world, acme, "201", ring_timeout=200, **sounds)
    await hall.employ("205")
    caller = await hall.caller()
    await until(1)
    early = await picks_up(hall, "205")
    await early.ended()
    assert said(early) == ["pickup_nothing"]
    await hall.rings("201")
    assert now() >= 2
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await caller.hang_up()
    await world.over()


# -- at once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turns", range(8))
async def test_two_pick_up_at_once_and_one_gets_the_caller(hall: Hall, world: World, turns: int) -> None:
    caller = await hall.caller()
    await hall.rings("201")
    await until(3)

    async def pick_up(user: str, wait: int) -> SimulatedCall:
        for _ in range(wait):
            await asyncio.sleep(0)
        return await picks_up(hall, user)

    one, other = await asyncio.gather(pick_up("205", 0), pick_up("206", turns))
    await until(30)
    (winner,) = [call for call in (one, other) if call.end is None]
    (loser,) = [call for call in (one, other) if call is not winner]
    assert said(loser) == ["pickup_nothing"]
    await talk(hall, caller, winner)
    await caller.hang_up()
    await world.over()
    assert sorted(it["outcome"] for it in world.records) == ["answered", "picked_up", "unanswered"]


@pytest.mark.parametrize("turns", range(10))
async def test_the_agent_answers_in_the_same_instant(hall: Hall, world: World, turns: int) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    dialling = asyncio.create_task(picks_up(hall, "205"))
    for _ in range(turns):
        await asyncio.sleep(0)
    if at_agent.end is None:
        await at_agent.answer()
    picker = await dialling
    await until(30)
    talking = [call for call in (at_agent, picker) if call.end is None]
    assert len(talking) == 1
    await talk(hall, caller, talking[0])
    if talking[0] is at_agent:
        assert said(picker) == ["pickup_nothing"]
    await caller.hang_up()
    await world.over()
    outcomes = sorted(it["outcome"] for it in world.records)
    assert outcomes == (["answered", "unanswered"] if talking[0] is at_agent else ["answered", "picked_up"])
    assert len(hall.happened(What.ANSWERED, What.PICKED_UP)) == 1


async def test_a_caller_who_has_hung_up_is_not_there_to_be_taken(hall: Hall, world: World) -> None:
    """Also before the call's own task has noticed."""
    caller = await hall.caller()
    await hall.rings("201")
    await until(3)
    assert world.queues.rings(hall.company.id, [QUEUE])
    await caller.hang_up()
    assert not world.queues.rings(hall.company.id, [QUEUE])
    await world.over()


@pytest.mark.parametrize("turns", range(10))
async def test_the_caller_hangs_up_in_the_same_instant(hall: Hall, world: World, turns: int) -> None:
    caller = await hall.caller()
    await hall.rings("201")
    await until(3)
    dialling = asyncio.create_task(picks_up(hall, "205"))
    for _ in range(turns):
        await asyncio.sleep(0)
    await caller.hang_up()
    picker = await dialling
    await picker.ended(20)
    await world.over()
    outcomes = sorted(it["outcome"] for it in world.records)
    assert outcomes in ([ABANDONED, "unanswered"], ["answered", "picked_up"], [ABANDONED, "picked_up"])
    assert len(hall.happened(What.ABANDONED, What.PICKED_UP)) == 1


@pytest.mark.parametrize("turns", range(12))
async def test_the_key_that_leads_out_is_pressed_in_the_same_instant(hall: Hall, world: World, turns: int) -> None:
    hall.company.extension("400", "announcement", "Hours", sound="hours.wav")
    hall.arrange(ring_timeout=30, breakout="400")
    caller = await hall.caller()
    await hall.rings("201")
    await until(3)
    dialling = asyncio.create_task(picks_up(hall, "205"))
    for _ in range(turns):
        await asyncio.sleep(0)
    await caller.press("1")
    picker = await dialling
    await until(3.5)
    if picker.end is None and not said(picker):
        await talk(hall, caller, picker)
        assert "hours.wav" not in said(caller)
        await picker.hang_up()
    await world.over()
    assert len(hall.happened(What.BROKE_OUT, What.PICKED_UP)) == 1


# -- what follows ------------------------------------------------------------------------------------------------------


async def test_an_agent_who_picks_up_answered_and_has_wrap_up(hall: Hall, world: World) -> None:
    """QUE-21: after each answered call; for who is logged on to the queue it is one."""
    await hall.employ("202")
    hall.arrange(ring_timeout=300, wrap_up=10, strategy="linear")
    caller = await hall.caller()
    await hall.rings("201")
    await until(2)
    await world.books.log_on_to_queue(hall.company.id, QUEUE, "202", world.platform.clock.now())
    picker = await picks_up(hall, "202")
    await talk(hall, caller, picker)
    assert hall.world.queues.of(hall.company.id).engine.agent_state("202") == "talking"
    await until(10)
    await caller.hang_up()
    await picker.ended()
    ended_at = now()
    await world.books.log_off_from_queue(hall.company.id, QUEUE, "201", world.platform.clock.now())
    waiting = await hall.caller()
    await hall.rings("202")
    assert now() - ended_at == pytest.approx(10, abs=0.01)
    view = {it.agent: it for it in world.queues.of(hall.company.id).engine.agents(QUEUE)}["202"]
    assert (view.answered, view.talked) == (1, 8)
    told = hall.happened(What.PICKED_UP, What.TALK_ENDED)
    assert [(it.agent, it.seconds) for it in told] == [("202", 2), ("202", 8)]
    await waiting.hang_up()
    await world.over()


async def test_who_picked_up_is_busy_for_other_queues_and_has_no_wrap_up_there(
    hall: Hall, world: World, acme: Company
) -> None:
    await acme.queue("301", "Second", "205", wrap_up=10)
    acme.number("+31201110301", "301")
    caller = await hall.caller()
    await hall.rings("201")
    await until(2)
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    other = await hall.caller("+31201110301")
    await hall.nobody_rings(10)
    await picker.hang_up()
    at_205 = await hall.rings("205")
    assert now() == pytest.approx(12, abs=0.01)
    await other.hang_up()
    await at_205.ended()
    await world.over()


@pytest.fixture
async def life(world: World) -> Life:
    return Life(world)


async def test_a_picked_up_talk_outlives_us(life: Life, hall: Hall, world: World) -> None:
    caller = await hall.caller()
    await hall.rings("201")
    await until(2)
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await until(5)
    await life.is_killed()
    await until(8)
    found = await life.starts_again()
    assert (found.talking, found.begun_anew, found.over) == (1, 0, 0)
    await talk(hall, caller, picker)
    await until(12)
    await picker.hang_up()
    await caller.ended()
    await world.over()
    assert [it["outcome"] for it in world.records] == ["picked_up", "answered"]
    assert [(it.what, it.agent, it.seconds) for it in hall.happened(What.TALK_ENDED)] == [(What.TALK_ENDED, None, 10)]
    assert hall.happened(What.ABANDONED) == []


async def test_killed_before_the_pickers_record_was_closed(life: Life, hall: Hall, world: World) -> None:
    """The leg talks in the other call: the picker's own call is over, and does not begin anew."""
    caller = await hall.caller()
    await hall.rings("201")
    await until(2)
    opened: dict[str, dict[str, object]] = {}
    take_down = world.notebook.opened
    world.notebook.opened = lambda call, fields: (opened.update({call: dict(fields)}), take_down(call, fields))[1]  # type: ignore[method-assign, func-returns-value]
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await life.is_killed()
    (closed,) = world.notebook.records
    world.notebook.records.clear()
    world.notebook.running[closed["id"]] = opened[closed["id"]]
    found = await life.starts_again()
    assert (found.talking, found.begun_anew, found.over) == (1, 0, 1)
    await talk(hall, caller, picker)
    await caller.hang_up()
    await world.over()
    assert [it["outcome"] for it in world.records] == ["picked_up", "answered"]


async def test_the_talk_ends_while_we_are_away(life: Life, hall: Hall, world: World) -> None:
    caller = await hall.caller()
    await hall.rings("201")
    picker = await picks_up(hall, "205")
    await talk(hall, caller, picker)
    await life.is_killed()
    await caller.hang_up()
    await life.starts_again()
    await picker.ended(10)
    await world.over()
    assert [it["outcome"] for it in world.records] == ["picked_up", "answered"]
    assert hall.happened(What.ABANDONED) == []
