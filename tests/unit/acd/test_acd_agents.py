"""Agents: when they are available, what ends it, and what goes wrong (QUE-4, QUE-5, QUE-17, QUE-20, QUE-21)."""

from __future__ import annotations

from datetime import timedelta

from acd_floor import Company, queue
from acd_world import MORNING

from centrale.acd import (
    AgentChanged,
    AgentState,
    CallerJoined,
    CallId,
    Configured,
    Connect,
    Counters,
    Engine,
    Forward,
    Forwarding,
    LoggedOff,
    LoggedOn,
    Member,
    Miss,
    Offer,
    OtherCalls,
    Overrides,
    Picture,
    Reachable,
    Refusal,
    Refuse,
    TalkEnded,
    TalkRestored,
    TimePassed,
    Withdraw,
    Withdrawal,
    WrapUpEnded,
    WrapUpRestored,
)


def test_wrap_up_is_exact() -> None:
    company = Company(queue("300", "201", wrap_up=30))
    company.join("300")
    company.talk("201", 60)
    company.join("300")
    company.passes(29.999)
    assert company.rings() == []
    company.passes(0.001)
    assert company.rings() == ["201"]


def test_wrap_up_is_ended_early_by_the_agent() -> None:
    company = Company(queue("300", "201", wrap_up=30))
    company.join("300")
    company.talk("201", 60)
    company.join("300")
    company.passes(5)
    company.happens(WrapUpEnded("201"))
    assert company.rings() == ["201"]


def test_wrap_up_of_one_queue_counts_in_all() -> None:
    company = Company(queue("300", "201", wrap_up=30), queue("301", "201"))
    company.join("300")
    company.talk("201", 60)
    company.join("301")
    company.passes(29)
    assert company.rings() == []


def test_an_agents_own_wrap_up_and_ring_timeout_count() -> None:
    own = Member("201", Overrides(wrap_up=5, ring_timeout=7))
    company = Company(queue("300", own, "202", wrap_up=60, ring_timeout=20))
    company.join("300")
    company.passes(7)
    assert company.rings() == ["202"]
    company.passes(20)
    company.talk("201", 10)
    company.passes(5)
    company.join("300")
    assert company.rings() == ["201"]


def test_a_ring_timeout_is_300_seconds_at_most_and_a_second_at_least() -> None:
    long, short = Engine(), Engine()
    for engine, seconds in ((long, 900.0), (short, 0.0)):
        engine.handle(Configured(Picture({"300": queue("300", "201", ring_timeout=seconds)})), MORNING)
        engine.handle(LoggedOn("201", "300"), MORNING)
        engine.handle(CallerJoined(CallId("c1"), "300"), MORNING)
    assert long.next_timer() == MORNING + timedelta(seconds=300)
    assert short.next_timer() == MORNING + timedelta(seconds=1)


def test_an_agent_in_any_call_is_not_offered_one_unless_second_calls_are_on() -> None:
    company = Company(queue("300", "201"), queue("301", "201", offer_second_call=True))
    company.happens(OtherCalls("201", 1))
    company.join("300")
    assert company.rings() == []
    hotline = company.join("301")
    assert company.rings(hotline) == ["201"]
    assert company.told(Offer)[-1].second_call
    company.answer("201")
    company.join("301")
    assert company.rings() == []


def test_a_forward_extension_takes_as_many_calls_as_its_limit_one_offer_at_a_time() -> None:
    company = Company(queue("300", "204"), a204=3)
    callers = [company.join("300") for _ in range(4)]
    for call in callers[:3]:
        assert company.rings() == ["204"]
        assert company.answer("204") == call
    assert company.rings() == []
    company.happens(TalkEnded(callers[1]))
    assert company.rings(callers[3]) == ["204"]


def test_a_call_limit_that_is_raised_counts_at_once() -> None:
    company = Company(queue("300", "204"))
    company.join("300")
    company.answer("204")
    company.join("300")
    assert company.rings() == []
    company.arrange(queue("300", "204"), a204=2)
    assert company.rings() == ["204"]


def test_an_agent_who_declines_rests_and_the_caller_goes_to_the_next() -> None:
    company = Company(queue("300", "201", "202"))
    call = company.join("300")
    company.miss("201", Miss.DECLINED)
    assert company.rings(call) == ["202"]
    assert company.engine.agent_state("201") is AgentState.RESTING


def test_when_all_decline_for_ever_each_is_asked_again_every_five_seconds_and_no_oftener() -> None:
    company = Company(queue("300", "201", "202", forward_to=("205",), forward_after=60))
    call = company.join("300")
    for _ in range(10_000):
        while company.rings():
            company.miss(company.rings()[0])
        if company.told(Forward):
            break
        due = company.due()
        assert due is not None
        company.happens(TimePassed(), (due - company.now).total_seconds())
    assert len(company.told(Offer)) == 2 * 60 / 5
    assert company.told(Forward) == [Forward(call, "300", ("205",), Forwarding.TIMER, 60.0)]


def test_a_phone_that_dies_while_it_rings_gives_the_caller_back() -> None:
    company = Company(queue("300", "201", "202"))
    call = company.join("300")
    company.happens(Reachable("201", False))
    assert company.told(Withdraw)[-1].why is Withdrawal.UNREACHABLE
    assert company.rings(call) == ["202"]
    assert company.engine.agent_state("201") is AgentState.UNREACHABLE


def test_a_phone_that_dies_in_a_talk_ends_it_and_wrap_up_begins() -> None:
    company = Company(queue("300", "201", wrap_up=10))
    call = company.join("300")
    company.answer("201")
    company.happens(Reachable("201", False))
    company.happens(TalkEnded(call))
    assert company.engine.agent_state("201") is AgentState.WRAP_UP
    company.passes(10)
    assert company.engine.agent_state("201") is AgentState.UNREACHABLE


def test_an_agent_who_logs_off_while_offered_stops_ringing() -> None:
    company = Company(queue("300", "201", "202"), queue("301", "201"))
    call = company.join("300")
    company.happens(LoggedOff("201", "301"))
    assert company.rings(call) == ["201"]
    company.happens(LoggedOff("201", "300"))
    assert company.told(Withdraw)[-1].why is Withdrawal.LOGGED_OFF
    assert company.rings(call) == ["202"]


def test_a_queue_deleted_with_callers_in_it_sends_them_on_and_lets_talks_go_on() -> None:
    company = Company(queue("300", "201", "202", forward_to=("205",)), queue("301", "203"))
    talking, ringing, waiting = company.join("300"), company.join("300"), company.join("300")
    company.answer("201")
    alone = company.join("301")
    company.arrange()
    assert [told.call for told in company.told(Forward)] == [ringing, waiting]
    assert company.told(Refuse) == [Refuse(alone, "301", Refusal.QUEUE_GONE)]
    assert company.engine.agent_state("201") is AgentState.TALKING
    company.happens(TalkEnded(talking))
    assert company.engine.agent_state("201") is AgentState.LOGGED_OFF


def test_an_agent_deleted_while_ringing_and_one_while_talking() -> None:
    company = Company(queue("300", "201", "202", "203"))
    talking, ringing = company.join("300"), company.join("300")
    company.answer("201")
    company.arrange(queue("300", "203"))
    assert company.rings(ringing) == ["203"]
    company.happens(TalkEnded(talking))
    assert company.engine.agent_state("201") is AgentState.LOGGED_OFF


def test_a_new_strategy_and_new_timers_count_for_those_who_wait() -> None:
    company = Company(queue("300", "201"))
    company.happens(OtherCalls("201", 1))
    call = company.join("300")
    company.passes(30)
    company.arrange(queue("300", "201", forward_to=("205",), forward_after=20))
    assert [told.call for told in company.told(Forward)] == [call]


def test_a_clock_put_back_an_hour_changes_nothing_but_the_time_of_day() -> None:
    company = Company(queue("300", "201", wrap_up=30))
    company.join("300")
    company.talk("201", 60)
    company.passes(10)
    company.set_back = timedelta(hours=1)
    call = company.join("300")
    company.passes(19.999)
    assert company.rings() == []
    company.passes(0.001)
    assert company.rings(call) == ["201"]
    assert company.told(AgentChanged)[-1].since == company.now - timedelta(hours=1)
    assert company.engine.waiting("300")[0].since == company.now - timedelta(hours=1, seconds=20)


def test_a_clock_that_jumps_forth_and_back_breaks_nothing() -> None:
    company = Company(queue("300", "201", "202", wrap_up=30))
    call = company.join("300")
    company.happens(TimePassed(), 86_400)
    company.set_back = timedelta(days=1)
    company.happens(TimePassed())
    assert company.rings(call) == ["202"]
    company.answer("202")
    assert [connect.call for connect in company.told(Connect)] == [call]


def test_talks_wrap_up_and_counters_from_before_a_restart() -> None:
    engine = Engine()
    earlier = MORNING - timedelta(minutes=10)
    counters = Counters(last_offered=earlier, answered=4, talked=100.0)
    engine.handle_all(
        [
            Configured(Picture({"300": queue("300", "201", "202", wrap_up=10)})),
            LoggedOn("201", "300", MORNING - timedelta(hours=1), counters),
            LoggedOn("202", "300"),
            TalkRestored(CallId("old"), "300", "201", earlier),
            WrapUpRestored("202", MORNING + timedelta(seconds=5)),
            CallerJoined(CallId("c1"), "300", earlier),
        ],
        MORNING,
    )
    states = [engine.agent_state(agent) for agent in ("201", "202")]
    assert states == [AgentState.TALKING, AgentState.WRAP_UP]
    engine.handle(TalkEnded(CallId("old")), MORNING)
    view = engine.agents("300")[0]
    assert (view.answered, view.talked) == (4, 700.0)
    told = engine.handle(TimePassed(), MORNING + timedelta(seconds=5))
    assert [act.agent for act in told if isinstance(act, Offer)] == ["202"]


def test_what_comes_too_late_or_is_about_nobody_does_nothing() -> None:
    engine = Engine()
    for event in (
        LoggedOn("201", "300"),
        LoggedOff("201"),
        WrapUpEnded("201"),
        TalkEnded(CallId("c9")),
        TimePassed(),
        Reachable("201", True),
        OtherCalls("201", 0),
    ):
        assert engine.handle(event, MORNING) == []
    assert not engine._floor.agents
