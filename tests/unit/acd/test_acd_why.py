"""Why was this agent rung? (issue 4, point 5)"""

from __future__ import annotations

from acd_floor import Company, queue

from centrale.acd import LoggedOff, Offer, OtherCalls, Strategy


def test_an_offer_tells_the_candidates_in_order_and_who_was_passed_over() -> None:
    company = Company(queue("300", "201", "202", "203", "204"))
    company.happens(OtherCalls("202", 1))
    company.join("300")
    company.passes(20)
    decision = company.told(Offer)[-1].decision
    assert decision.rule == "queue-offer"
    assert decision.outcome == "offered to 203"
    assert decision.facts["candidates"] == ["201 (rank 1)", "203 (rank 3)", "204 (rank 4)"]
    assert decision.facts["waited"] == 20.0
    assert decision.rejected == (
        "201: was offered this call already, and is tried again after the others",
        "202: is in another call",
    )


def test_the_words_are_those_of_the_moment_of_the_decision() -> None:
    company = Company(queue("300", "201", "202"))
    company.join("300")
    company.answer("201")
    company.join("300")
    offer = company.told(Offer)[-1]
    company.passes(5)
    company.happens(LoggedOff("201"))
    assert offer.decision.rejected == ("201: is talking with a caller",)


def test_each_strategy_tells_what_it_went_by() -> None:
    told = {}
    for strategy in Strategy:
        company = Company(queue("300", "201", strategy=strategy))
        company.join("300")
        told[strategy.value] = company.told(Offer)[0].decision.facts["candidates"]
    assert told == {
        "longest_idle": ["201 (idle since 09:00:00)"],
        "fewest_calls": ["201 (0 answered)"],
        "random": ["201"],
        "linear": ["201 (rank 1)"],
        "linear_remembering": ["201 (rank 1)"],
        "round_robin": ["201 (rank 1)"],
        "least_talk_time": ["201 (0 s talked)"],
        "ring_all": ["201 (rank 1)"],
    }


def test_another_queue_that_goes_first_is_named() -> None:
    company = Company(queue("300", "201", "202"), queue("301", "201", weight=50))
    for agent in ("201", "202"):
        company.happens(OtherCalls(agent, 1))
    company.join("300")
    company.join("301")
    company.engine.handle_all([OtherCalls("201", 0), OtherCalls("202", 0)], company.now)
    rejected = company.engine.history_of_caller("c1")[-1].rejected
    assert rejected == ("201: queue 301 goes first",) or "201: is being offered another call" in rejected


def test_histories_of_a_caller_and_an_agent() -> None:
    company = Company(queue("300", "201", "202"))
    call = company.join("300")
    company.passes(20)
    company.talk("202", 30)
    assert [step.outcome for step in company.engine.history_of_caller(call)] == [
        "waits in queue 300 at position 1",
        "offered to 201",
        "201 did not answer",
        "offered to 202",
        "connected with 202",
    ]
    assert [step.outcome for step in company.engine.history_of_agent("202")] == [
        "logged on to queue 300",
        "offered c1 of queue 300",
        "connected with c1",
        "talk with c1 ended",
    ]


def test_histories_are_bounded() -> None:
    company = Company(queue("300", "201", ring_timeout=1))
    call = company.join("300")
    company.passes(500)
    assert len(company.engine.history_of_caller(call)) == 100
    assert len(company.engine.history_of_agent("201")) == 60


def test_what_a_queue_would_do_now_can_be_asked() -> None:
    company = Company(queue("300", "201", "202"))
    company.happens(OtherCalls("201", 1))
    decision = company.engine.explain("300")
    assert decision.outcome == "offered to 202"
    assert decision.rejected == ("201: is in another call",)
    company.happens(OtherCalls("202", 1))
    assert company.engine.explain("300").outcome == "nobody is available"
