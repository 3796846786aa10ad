"""When a delivery is tried again: days in virtual time, with every luck (API-1)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from centrale.webhooks.pauses import FIRST, LONGEST, PATIENCE, next_try

BEGAN = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)  # the night in which clocks go forward


def tries(chances: st.DataObject | float, took: timedelta = timedelta()) -> list[datetime]:
    """Every moment at which a delivery is tried that never arrives."""
    moments = [BEGAN]
    while True:
        chance = chances if isinstance(chances, float) else chances.draw(st.floats(0, 1))
        again = next_try(BEGAN, moments[-1] + took, chance)
        if again is None:
            return moments
        moments.append(again)


@given(st.data(), st.integers(0, 10_000))
def test_pauses_grow_to_hours_and_end_when_patience_does(chances: st.DataObject, ms: int) -> None:
    took = timedelta(milliseconds=ms)
    moments = tries(chances, took)
    assert moments[-1] >= BEGAN + PATIENCE, "the last try is when patience ends"
    assert moments[-1] <= BEGAN + PATIENCE + took
    pauses = [later - earlier - took for earlier, later in pairwise(moments[:-1])]
    assert all(FIRST / 2 <= pause <= LONGEST for pause in pauses)
    for moment, pause in zip(moments, pauses, strict=False):
        failing_for = moment + took - BEGAN
        assert pause <= max(FIRST, failing_for)
        assert pause >= min(max(FIRST, failing_for), LONGEST) / 2
    assert 20 <= len(moments) <= 60


def test_without_luck_it_doubles() -> None:
    moments = tries(1.0)
    pauses = [round((later - earlier) / timedelta(seconds=1)) for earlier, later in pairwise(moments)]
    assert pauses[:8] == [5, 5, 10, 20, 40, 80, 160, 320]
    assert len(moments) == 26


@given(st.integers(0, 10**8), st.integers(0, 80 * 3600), st.floats(0, 1))
def test_a_server_can_ask_for_more_time_but_not_for_ever(asked: int, elapsed: int, chance: float) -> None:
    now = BEGAN + timedelta(seconds=elapsed)
    again = next_try(BEGAN, now, chance, timedelta(seconds=asked))
    if again is not None:
        assert again >= min(now + timedelta(seconds=min(asked, 6 * 3600)), BEGAN + PATIENCE)
        assert again <= min(now + LONGEST, BEGAN + PATIENCE)


@given(st.lists(st.floats(0, 1), min_size=20, max_size=20, unique=True))
def test_what_failed_together_does_not_come_back_together(chances: list[float]) -> None:
    now = BEGAN + timedelta(hours=1)
    assert len({next_try(BEGAN, now, round(chance, 3)) for chance in chances}) == len({round(it, 3) for it in chances})
