"""The engine in virtual time agrees with queueing theory, and theory with itself (issue 4, point 7)."""

from __future__ import annotations

from functools import cache
from math import inf, sqrt
from statistics import mean, stdev

import pytest

from centrale.acd import Strategy
from centrale.acd.erlang import erlang_a, erlang_c
from centrale.acd.simulation import PastCall, PlannedCall, Result, Staff, as_they_came, by_chance, habits, simulate

RATE, TALK, AGENTS, WITHIN = 0.04, 180.0, 9, 20.0
"""Per second, seconds, people, seconds: a load of 7.2."""


def near(seen: list[float], expected: float) -> bool:
    """Within what chance explains: four standard errors of the mean of independent runs."""
    return abs(mean(seen) - expected) <= 4 * stdev(seen) / sqrt(len(seen))


@cache
def independent_runs(patience: float | None) -> list[Result]:
    return [
        simulate(by_chance(RATE, TALK, patience, 24_000, seed), Staff(AGENTS), WITHIN, warm_up=4_000)
        for seed in range(12)
    ]


@pytest.mark.parametrize("patience", [None, 120.0], ids=["Erlang C", "Erlang A"])
def test_the_engine_agrees_with_theory(patience: float | None) -> None:
    theory = erlang_c(RATE, TALK, AGENTS, WITHIN)
    if patience is not None:
        theory = erlang_a(RATE, TALK, AGENTS, patience, WITHIN)
    runs = independent_runs(patience)
    assert near([run.service_level for run in runs], theory.service_level)
    assert near([run.mean_wait for run in runs], theory.mean_wait)
    assert near([run.waited_at_all for run in runs], theory.waits_at_all)
    assert near([run.occupancy for run in runs], theory.occupancy)
    if patience is not None:
        assert near([run.abandoned / run.calls for run in runs], theory.abandoned)


def test_the_check_would_notice_one_agent_more_or_less() -> None:
    runs = independent_runs(None)
    for agents in (AGENTS - 1, AGENTS + 1):
        assert not near([run.service_level for run in runs], erlang_c(RATE, TALK, agents, WITHIN).service_level)


def test_erlang_c_as_tables_have_it() -> None:
    """A load of 8 on 10 agents: 40.9 % wait; the mean wait is that times the talk time over the two free agents."""
    theory = erlang_c(8 / 180, 180, 10, 20)
    assert theory.waits_at_all == pytest.approx(0.4092, abs=1e-4)
    assert theory.mean_wait == pytest.approx(0.4092 * 180 / 2, rel=1e-3)
    assert theory.service_level == pytest.approx(1 - 0.4092 * 2.718281828 ** (-2 * 20 / 180), rel=1e-3)
    assert theory.occupancy == pytest.approx(0.8)


def test_endless_patience_is_erlang_c() -> None:
    patient, endless = erlang_a(RATE, TALK, AGENTS, 1e7, WITHIN), erlang_c(RATE, TALK, AGENTS, WITHIN)
    assert patient.mean_wait == pytest.approx(endless.mean_wait, rel=1e-3)
    assert patient.wait_90 == pytest.approx(endless.wait_90, rel=1e-3)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-3)


def test_too_many_callers_wait_for_ever_or_give_up() -> None:
    assert erlang_c(1.0, 180, 20, 20).mean_wait == inf
    impatient = erlang_a(1.0, 180, 20, 60, 20)
    assert impatient.abandoned == pytest.approx(1 - 20 / 180, rel=1e-6)
    assert impatient.occupancy == pytest.approx(1.0)


@pytest.mark.parametrize("wrong", [(0, 180, 5), (0.1, 0, 5), (0.1, 180, 0)])
def test_theory_of_nothing_is_refused(wrong: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        erlang_c(*wrong, 20)


def test_exact_instants_of_three_callers_and_one_agent() -> None:
    calls = [PlannedCall(0, 60), PlannedCall(10, 30, patience=20), PlannedCall(20, 30)]
    result = simulate(calls, Staff(1, wrap_up=5, answer_after=2), within=30)
    assert result.waits == (2.0, 20.0, 49.0)  # 2 + 60 + 5 + 2 − 20
    assert (result.answered, result.abandoned) == (2, 1)
    assert result.service_level == pytest.approx(1 / 3)
    assert result.longest_wait == 49.0


@pytest.mark.parametrize("strategy", list(Strategy))
def test_with_agents_who_always_answer_the_strategy_does_not_change_the_waits(strategy: Strategy) -> None:
    calls = by_chance(RATE, TALK, 60, 3_000, 5)
    assert simulate(calls, Staff(5, strategy), WITHIN).waits == simulate(calls, Staff(5), WITHIN).waits


def test_yesterdays_callers_come_at_their_moments_with_the_patience_they_showed() -> None:
    past = [PastCall(100, 30, 60.0), PastCall(0, 10, 120.0), PastCall(200, 50, None)]
    assert habits(past).talk == 90
    assert habits(past).patience == 90  # 90 s of waiting for each who gave up
    calls = as_they_came(past, seed=1)
    assert [call.at for call in calls] == [0, 100, 200]
    assert [call.talk for call in calls[:2]] == [120.0, 60.0]
    assert calls[2].patience == 50
    assert calls[0].patience is not None
    assert calls[0].patience > 10
    assert as_they_came(past, seed=1) == calls
