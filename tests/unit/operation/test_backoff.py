"""A program that keeps dying is left alone ever longer."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from centrale.operation.backoff import FIRST, LONGEST, STEADY, Backoff


def test_pauses_double_up_to_half_a_minute() -> None:
    backoff = Backoff(chance=lambda: 1.0)
    pauses = [backoff.after_living(0.0) for _ in range(12)]
    assert pauses[0] == FIRST
    assert all(later == min(2 * earlier, LONGEST) for earlier, later in pairwise(pauses))
    assert pauses[-1] == LONGEST


def test_one_that_was_well_for_long_enough_starts_from_the_first_pause_again() -> None:
    backoff = Backoff(chance=lambda: 1.0)
    for _ in range(5):
        backoff.after_living(STEADY - 1)
    assert backoff.after_living(STEADY) == FIRST
    assert backoff.after_living(0.0) == 2 * FIRST


@given(st.lists(st.floats(0, 0.999), min_size=1, max_size=20))
def test_chance_takes_at_most_half_of_a_pause_away(chances: list[float]) -> None:
    drawn = iter(chances)
    backoff, whole = Backoff(chance=lambda: next(drawn)), Backoff(chance=lambda: 1.0)
    for _ in chances:
        longest = whole.after_living(0.0)
        assert longest / 2 <= backoff.after_living(0.0) < longest
