"""Each strategy with the examples of the manuals (QUE-19, QUE-20)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from acd_floor import Company, queue

from centrale.acd import (
    CallerJoined,
    CallerLeft,
    CallId,
    Configured,
    Counters,
    Engine,
    LoggedOff,
    LoggedOn,
    Miss,
    Offer,
    OtherCalls,
    Picture,
    Strategy,
    TalkEnded,
)

BEGAN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def given(strategy: Strategy, *agents: str) -> Company:
    return Company(queue("300", *agents, strategy=strategy))


def offered_only_to(company: Company, agent: str) -> None:
    """A call that only this agent could take, and that is given up."""
    others = {"201", "202", "203"} - {agent}
    for other in others:
        company.happens(OtherCalls(other, 1))
    call = company.join("300")
    assert company.rings() == [agent]
    company.happens(CallerLeft(call))
    for other in others:
        company.happens(OtherCalls(other, 0))


def talked(company: Company, agent: str, minutes: float) -> None:
    others = {"201", "202", "203"} - {agent}
    for other in others:
        company.happens(OtherCalls(other, 1))
    company.join("300")
    company.talk(agent, 60 * minutes)
    for other in others:
        company.happens(OtherCalls(other, 0))


def test_longest_idle_agents_offered_a_call_6_10_and_2_minutes_ago_are_rung_2_1_3() -> None:
    company = given(Strategy.LONGEST_IDLE)
    offered_only_to(company, "202")
    company.passes(4 * 60)
    offered_only_to(company, "201")
    company.passes(4 * 60)
    offered_only_to(company, "203")
    company.passes(2 * 60)

    company.join("300")
    assert company.rung_in_turn(4) == ["202", "201", "203", "202"]


def test_idle_counts_from_the_offer_even_if_somebody_else_answered() -> None:
    company = given(Strategy.LONGEST_IDLE)
    company.passes(1)
    company.join("300")
    company.passes(20)
    assert company.rings() == ["202"]
    company.answer("202")
    company.join("300")
    assert company.rings() == ["203"]
    company.answer("203")
    company.join("300")
    assert company.rings() == ["201"]


def test_who_has_just_logged_on_has_not_been_idle_for_long() -> None:
    company = given(Strategy.LONGEST_IDLE)
    company.passes(60)
    company.happens(LoggedOff("201", "300"))
    company.happens(LoggedOn("201", "300"))
    company.join("300")
    assert company.rung_in_turn(3) == ["202", "203", "201"]


def test_fewest_calls_agents_who_answered_9_22_and_17_are_rung_1_3_2() -> None:
    company = given(Strategy.FEWEST_CALLS)
    for agent, calls in {"201": 9, "202": 22, "203": 17}.items():
        for _ in range(calls):
            talked(company, agent, 0.1)

    company.join("300")
    assert company.rung_in_turn(4) == ["201", "203", "202", "201"]


def test_least_talk_time_agents_who_talked_60_46_and_12_minutes_are_rung_3_2_1() -> None:
    company = given(Strategy.LEAST_TALK_TIME)
    for agent, minutes in {"201": 60, "202": 46, "203": 12}.items():
        talked(company, agent, minutes)

    company.join("300")
    assert company.rung_in_turn(4) == ["203", "202", "201", "203"]


def test_counters_begin_anew_at_logoff_even_for_a_talk_that_goes_on() -> None:
    company = given(Strategy.LEAST_TALK_TIME)
    call = company.join("300")
    company.answer("201")
    company.passes(600)
    company.happens(LoggedOff("201", "300"))
    company.happens(LoggedOn("201", "300"))
    company.passes(60)
    company.happens(TalkEnded(call))

    counted = {view.agent: (view.answered, view.talked) for view in company.engine.agents("300")}
    assert counted["201"] == (0, 0.0)


def test_linear_rings_by_rank_and_begins_again_after_the_last() -> None:
    company = given(Strategy.LINEAR)
    company.join("300")
    assert company.rung_in_turn(7) == ["201", "202", "203", "201", "202", "203", "201"]


def test_linear_passes_over_who_is_not_available_and_keeps_rank_over_logoff() -> None:
    company = given(Strategy.LINEAR)
    company.happens(LoggedOff("201", "300"))
    company.happens(OtherCalls("202", 1))
    company.join("300")
    assert company.rings() == ["203"]
    company.happens(LoggedOn("201", "300"))
    company.join("300")
    assert company.rings() == ["203", "201"]


def test_linear_remembering_starts_with_the_agent_who_was_offered_the_last_call() -> None:
    company = given(Strategy.LINEAR_REMEMBERING)
    company.join("300")
    company.passes(20)
    company.talk("202", 30)

    company.join("300")
    assert company.rung_in_turn(6) == ["202", "203", "201", "202", "203", "201"]


def test_round_robin_after_agent_2_rings_3_1_2() -> None:
    company = given(Strategy.ROUND_ROBIN)
    company.join("300")
    company.passes(20)
    company.talk("202", 30)

    company.join("300")
    assert company.rung_in_turn(4) == ["203", "201", "202", "203"]


@pytest.mark.parametrize(
    ("strategy", "first"),
    [(Strategy.ROUND_ROBIN, "203"), (Strategy.LINEAR_REMEMBERING, "202"), (Strategy.LONGEST_IDLE, "201")],
)
def test_turns_and_idle_times_go_on_after_a_restart(strategy: Strategy, first: str) -> None:
    """201 was offered a call ten minutes ago, 203 six, 202 just now."""
    engine, now = Engine(), BEGAN + timedelta(hours=1)
    settings = queue("300", "201", "202", "203", strategy=strategy)
    offered = {"201": 10, "203": 6, "202": 0}
    told = [
        LoggedOn(agent, settings.queue, BEGAN, Counters(now - timedelta(minutes=minutes)))
        for agent, minutes in offered.items()
    ]
    engine.handle_all([Configured(Picture({settings.queue: settings})), *told], now)
    (offer, *_) = [it for it in engine.handle(CallerJoined(CallId("c"), "300"), now) if isinstance(it, Offer)]
    assert offer.agent == first


def test_round_robin_gives_everybody_their_turn() -> None:
    company = given(Strategy.ROUND_ROBIN)
    answered = []
    for _ in range(6):
        company.join("300")
        answered += company.rings()
        company.talk(company.rings()[0], 30)
    assert answered == ["201", "202", "203"] * 2


def test_a_round_goes_on_behind_an_agent_who_is_no_longer_a_member() -> None:
    company = given(Strategy.ROUND_ROBIN)
    company.join("300")
    company.passes(20)
    company.talk("202", 30)

    company.arrange(queue("300", "201", "203", strategy=Strategy.ROUND_ROBIN))
    company.join("300")
    assert company.rings() == ["203"]


def test_remembering_starts_behind_an_agent_who_is_no_longer_a_member() -> None:
    company = given(Strategy.LINEAR_REMEMBERING)
    company.join("300")
    company.passes(20)
    company.talk("202", 30)

    company.arrange(queue("300", "201", "203", strategy=Strategy.LINEAR_REMEMBERING))
    company.join("300")
    assert company.rings() == ["203"]


def test_a_round_goes_on_behind_an_agent_who_added_themselves_and_left() -> None:
    company = given(Strategy.ROUND_ROBIN)
    for agent in ("208", "209"):
        company.happens(LoggedOn(agent, "300"))
    for _ in range(4):
        company.join("300")
        company.talk(company.rings()[0], 5)
    company.happens(LoggedOff("208", "300"))
    company.join("300")
    assert company.rings() == ["209"]


def test_a_round_goes_on_behind_an_agent_whose_rank_changed() -> None:
    company = given(Strategy.ROUND_ROBIN)
    company.join("300")
    company.talk("201", 30)
    company.arrange(queue("300", "203", "201", "202", strategy=Strategy.ROUND_ROBIN))
    company.join("300")
    assert company.rings() == ["202"]


def test_by_chance_everybody_is_rung_once_per_cycle_and_nobody_twice_in_a_row() -> None:
    company = given(Strategy.RANDOM)
    company.join("300")
    rung = company.rung_in_turn(30)
    for cycle in range(0, 30, 3):
        assert sorted(rung[cycle : cycle + 3]) == ["201", "202", "203"]
    assert all(one != next_one for one, next_one in pairwise(rung))
    assert len({tuple(rung[cycle : cycle + 3]) for cycle in range(0, 30, 3)}) > 1


def test_chance_is_fair() -> None:
    company = given(Strategy.RANDOM)
    rung = []
    for _ in range(600):
        call = company.join("300")
        rung += company.rings()
        company.happens(CallerLeft(call))
    for agent in ("201", "202", "203"):
        assert 160 < rung.count(agent) < 240


def test_ring_all_rings_everybody_for_the_first_caller_and_the_others_stop_when_one_answers() -> None:
    company = given(Strategy.RING_ALL)
    first, second = company.join("300"), company.join("300")
    assert company.rings(first) == ["201", "202", "203"]
    assert company.rings(second) == []

    assert company.answer("202") == first
    assert company.rings(second) == ["201", "203"]


def test_ring_all_rings_all_again_when_nobody_answered() -> None:
    company = given(Strategy.RING_ALL)
    company.join("300")
    assert company.rung_in_turn(2) == ["201", "202", "203"] * 2


def test_ring_all_rings_who_becomes_free_too_but_not_who_has_just_declined() -> None:
    company = given(Strategy.RING_ALL)
    company.happens(OtherCalls("203", 1))
    call = company.join("300")
    company.miss("201", Miss.DECLINED)
    company.happens(OtherCalls("203", 0))
    assert company.rings(call) == ["202", "203"]
    company.passes(10)  # 201 has rested, and had the call
    assert company.rings(call) == ["202", "203"]


def test_ring_all_rings_15_at_most_and_the_others_in_the_next_cycle() -> None:
    agents = [str(number) for number in range(201, 221)]
    company = given(Strategy.RING_ALL, *agents)
    company.join("300")
    assert company.rings() == agents[:15]
    company.passes(20)
    assert company.rings() == agents[15:]
    company.passes(20)
    assert company.rings() == agents[:15]
