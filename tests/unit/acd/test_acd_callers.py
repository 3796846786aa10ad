"""Callers: their order, limits, forwards, and what comes before what (QUE-1..3, QUE-6, QUE-7, QUE-10, QUE-23..25)."""

from __future__ import annotations

from datetime import timedelta

from acd_floor import Company, queue

from centrale.acd import (
    AgentState,
    AnsweredEarlier,
    CallerHeld,
    CallerJoined,
    CallerLeft,
    CallerReleased,
    CallId,
    Connect,
    Forward,
    Forwarding,
    Leaving,
    LoggedOff,
    LoggedOn,
    Member,
    Offer,
    OfferAnswered,
    OtherCalls,
    Overrides,
    PositionsMoved,
    Refusal,
    Refuse,
    Strategy,
    TalkEnded,
    Withdraw,
    Withdrawal,
)


def places(company: Company) -> list[str]:
    return [waiting.call for waiting in company.engine.waiting("300")]


def test_all_behind_move_up_at_once_when_somebody_leaves() -> None:
    company = Company(queue(), logged_on=False)
    callers = [company.join("300") for _ in range(4)]
    company.happens(CallerLeft(callers[1]))
    assert [company.engine.position(call) for call in callers] == [1, None, 2, 3]
    assert company.told(PositionsMoved)[-1] == PositionsMoved("300", 3)


def test_each_available_agent_is_offered_a_caller_in_order() -> None:
    company = Company(queue())
    first, second = company.join("300"), company.join("300")
    assert company.rings(first) == ["201"]
    assert company.rings(second) == ["202"]


def test_full_is_a_busy_tone_or_the_forward_destination() -> None:
    company = Company(
        queue("300", call_limit=2), queue("301", call_limit=1, forward_to=("205", "+3120")), logged_on=False
    )
    for _ in range(2):
        company.join("300")
    third = company.join("300")
    assert company.told(Refuse) == [Refuse(third, "300", Refusal.FULL)]
    company.join("301")
    second = company.join("301")
    assert company.told(Forward) == [Forward(second, "301", ("205", "+3120"), Forwarding.LIMIT, 0.0)]


def test_a_place_is_free_again_the_moment_somebody_is_answered() -> None:
    company = Company(queue("300", "201", call_limit=1))
    company.join("300")
    company.answer("201")
    company.join("300")
    assert not company.told(Refuse)


def test_the_forward_timer_is_exact_and_stops_the_phone_that_rings() -> None:
    company = Company(queue(forward_to=("205", "206"), forward_after=45))
    call = company.join("300")
    company.passes(44.999)
    assert company.rings(call) == ["203"]
    company.passes(0.001)
    assert company.told(Forward) == [Forward(call, "300", ("205", "206"), Forwarding.TIMER, 45.0)]
    assert company.told(Withdraw)[-1].why is Withdrawal.CALLER_GONE
    assert places(company) == []


def test_nobody_logged_on_leads_elsewhere_from_the_start_and_when_the_last_one_leaves() -> None:
    company = Company(queue("300", "201", when_no_agents=("206",)), logged_on=False)
    first = company.join("300")
    company.happens(LoggedOn("201", "300"))
    second, third = company.join("300"), company.join("300")
    company.happens(LoggedOff("201", "300"))
    assert [(told.call, told.why) for told in company.told(Forward)] == [
        (first, Forwarding.NO_AGENTS),
        (second, Forwarding.NO_AGENTS),
        (third, Forwarding.NO_AGENTS),
    ]


def test_the_queue_with_the_highest_weight_goes_first_and_of_equals_the_longest_wait() -> None:
    company = Company(queue("300", "201"), queue("301", "201", weight=10), queue("302", "201", weight=10))
    company.happens(OtherCalls("201", 1))
    light = company.join("300")
    company.passes(1)
    later_made_first = company.join("302")
    company.passes(1)
    last = company.join("301")
    company.happens(OtherCalls("201", 0))
    order = []
    for _ in range(3):
        order.append(company.answer("201"))
        company.happens(TalkEnded(order[-1]))
    assert order == [later_made_first, last, light]


def test_an_agents_own_weight_counts_for_this_agent_only() -> None:
    own = Member("201", Overrides(weight=90))
    company = Company(queue("300", own, "202"), queue("301", "201", "202", weight=50))
    for agent in ("201", "202"):
        company.happens(OtherCalls(agent, 1))
    light, heavy = company.join("300"), company.join("301")
    company.happens(OtherCalls("201", 0))
    assert company.rings(light) == ["201"]
    company.happens(OtherCalls("202", 0))
    assert company.rings(heavy) == ["202"]


def test_an_emergency_queue_goes_first_whatever_the_weight_and_rings_as_such() -> None:
    company = Company(queue("300", "201", weight=100), queue("301", "201", emergency=True))
    company.happens(OtherCalls("201", 1))
    company.join("300")
    company.passes(600)
    emergency = company.join("301")
    company.happens(OtherCalls("201", 0))
    assert company.rings(emergency) == ["201"]
    assert company.told(Offer)[-1].emergency


def test_who_hears_an_introduction_or_infotainment_keeps_their_place_and_is_offered_to_nobody() -> None:
    company = Company(queue("300", "201"))
    first = company.join("300", held=True)
    second = company.join("300")
    assert company.engine.position(first) == 1
    assert company.rings(second) == ["201"]
    company.happens(CallerHeld(second))
    assert company.rings() == []
    company.happens(CallerReleased(first))
    assert company.rings(first) == ["201"]


def test_a_forward_that_is_due_waits_for_what_may_not_be_interrupted() -> None:
    company = Company(queue("300", "201", forward_to=("205",), forward_after=10))
    call = company.join("300", held=True)
    company.passes(25)
    assert company.told(Forward) == []
    company.happens(CallerReleased(call))
    assert company.told(Forward) == [Forward(call, "300", ("205",), Forwarding.TIMER, 25.0)]


def test_an_introduction_may_be_skipped_when_somebody_is_free_beyond_those_who_came_before() -> None:
    company = Company(queue("300", "201", "202"))
    assert company.engine.free_for_another("300")
    company.join("300", held=True)
    assert company.engine.free_for_another("300")
    company.join("300", held=True)
    assert not company.engine.free_for_another("300")


def test_a_pickup_gets_the_longest_waiting_of_those_who_ring() -> None:
    company = Company(queue("300", "201", "202"))
    first, second, third = company.join("300", held=True), company.join("300"), company.join("300")
    assert company.engine.longest_ringing(["300"]) == second
    company.happens(CallerLeft(second, Leaving.PICKED_UP, "207"))
    assert company.told(Withdraw)[-1].why is Withdrawal.ANSWERED_ELSEWHERE
    assert company.engine.longest_ringing(["300"]) == third
    assert places(company) == [first, third]


def test_an_agent_of_the_queue_who_picks_up_answered_the_call() -> None:
    company = Company(queue("300", "201", wrap_up=10))
    call = company.join("300")
    company.happens(LoggedOn("202", "300"))
    company.happens(CallerLeft(call, Leaving.PICKED_UP, "202"))
    assert company.engine.agent_state("202") is AgentState.TALKING
    company.happens(TalkEnded(call), after=5)
    assert company.engine.agent_state("202") is AgentState.WRAP_UP
    (counted,) = [it for it in company.engine.agents("300") if it.agent == "202"]
    assert (counted.answered, counted.talked) == (1, 5)


def test_a_pickup_passes_over_who_has_gone_and_looks_into_all_queues() -> None:
    company = Company(queue("300", "201"), queue("301", "202"))
    second, first = company.join("301"), company.join("300")
    assert company.engine.longest_ringing(["300", "301", "399"]) == second
    assert company.engine.longest_ringing(["300", "301"], {second}) == first
    assert company.engine.longest_ringing(["301"], {second}) is None


def test_breaking_out_while_a_phone_rings_stops_it() -> None:
    company = Company(queue("300", "201"))
    call = company.join("300")
    company.happens(CallerLeft(call, Leaving.BROKE_OUT))
    assert company.rings() == []
    assert company.engine.history_of_caller(call)[-1].outcome == "left by pressing 1"


def test_expected_wait_is_the_mean_of_half_an_hour_and_two_minutes_with_too_few_calls() -> None:
    company = Company(queue("300", "201"))
    for wait in (10, 20):
        company.happens(AnsweredEarlier("300", company.now, wait))
    assert company.engine.expected_wait("300") == 120
    company.happens(AnsweredEarlier("300", company.now, 60))
    assert company.engine.expected_wait("300") == 30
    company.passes(29 * 60)
    company.join("300")
    company.passes(2)
    company.answer("201")
    assert company.engine.expected_wait("300") == (10 + 20 + 60 + 2) / 4
    company.passes(60)
    assert company.engine.expected_wait("300") == 120


def test_after_a_restart_everybody_stands_where_they_stood_with_the_time_they_waited() -> None:
    company = Company(queue("300", "201", call_limit=3, forward_to=("205",), forward_after=300))
    company.happens(OtherCalls("201", 1))
    for call, ago in (("late", 5.0), ("first", 100.0), ("second", 60.0), ("too many", 1.0)):
        since = company.now - timedelta(seconds=ago)
        company.happens(CallerJoined(CallId(call), "300", since))
    assert places(company) == ["first", "second", "late", "too many"]
    company.passes(10)
    company.happens(OtherCalls("201", 0))
    company.answer("201")
    assert company.told(Connect)[-1].waited == 110.0
    company.passes(229.9)
    assert not company.told(Forward)
    company.passes(0.1)
    assert [told.call for told in company.told(Forward)] == ["second"]


def test_two_phones_lifted_in_the_same_moment_and_one_caller() -> None:
    company = Company(queue("300", "201", "202", strategy=Strategy.RING_ALL))
    call = company.join("300")
    offers = list(company.watch.ringing)
    company.happens(OfferAnswered(offers[1]))
    told = company.happens(OfferAnswered(offers[0]))
    assert [(act.agent, act.why) for act in told if isinstance(act, Withdraw)] == [("201", Withdrawal.TOO_LATE)]
    assert [connect.call for connect in company.told(Connect)] == [call]


def test_an_answer_at_the_very_end_of_the_ring_timeout_counts() -> None:
    company = Company(queue("300", "201", ring_timeout=20))
    call = company.join("300")
    offer = company.offer_at("201")
    assert offer is not None
    company.happens(OfferAnswered(offer.offer), 20.0)
    assert [connect.call for connect in company.told(Connect)] == [call]
