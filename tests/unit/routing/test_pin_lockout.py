"""Guessing gets slower (USR-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from routing_world import NOW

from centrale.routing.lockout import (
    NO_FAILURES,
    Allowed,
    Failures,
    Guard,
    Locked,
    Scope,
    after_failure,
    after_success,
    verdict,
)

SECOND = timedelta(seconds=1)


def failing(times: int, guard: Guard = Guard(), now: datetime = NOW) -> Guard:  # noqa: B008 (frozen)
    for _ in range(times):
        guard = after_failure(guard, now)
    return guard


def test_three_mistakes_are_human() -> None:
    assert verdict(Guard(), NOW) == Allowed()
    assert verdict(failing(3), NOW) == Allowed()


def test_the_fourth_locks_for_half_a_minute_and_each_one_after_it_for_twice_as_long() -> None:
    locked = verdict(failing(4), NOW)
    assert locked == Locked(NOW + 30 * SECOND, Scope.EXTENSION)
    assert verdict(failing(4), NOW + 30 * SECOND) == Allowed()
    later = NOW + 31 * SECOND
    assert verdict(failing(4), later) == Allowed()
    assert verdict(failing(1, failing(4), later), later) == Locked(later + 60 * SECOND, Scope.EXTENSION)


def test_a_lock_never_lasts_longer_than_an_hour() -> None:
    locked = verdict(Guard(extension=Failures(1_000_000, NOW)), NOW)
    assert locked == Locked(NOW + timedelta(hours=1), Scope.EXTENSION)


def test_mistakes_are_forgotten_a_quarter_of_an_hour_after_the_lock() -> None:
    guard = failing(3)
    assert after_failure(guard, NOW + timedelta(minutes=16)).extension.count == 1
    assert after_failure(guard, NOW + timedelta(minutes=14)).extension.count == 4
    hour_long = Guard(extension=Failures(20, NOW))
    assert after_failure(hour_long, NOW + timedelta(minutes=61)).extension.count == 21


def test_trying_one_pin_on_many_extensions_locks_the_phone() -> None:
    guard = Guard()
    for _extension in range(6):
        guard = after_failure(Guard(NO_FAILURES, guard.channel, guard.account), NOW)
    assert verdict(guard, NOW) == Locked(NOW + 30 * SECOND, Scope.CHANNEL)


def test_trying_many_extensions_from_many_phones_locks_the_account_for_a_short_time() -> None:
    guard = Guard()
    for _attempt in range(31):
        guard = after_failure(Guard(account=guard.account), NOW)
    assert verdict(guard, NOW) == Locked(NOW + 10 * SECOND, Scope.ACCOUNT)
    assert verdict(Guard(account=Failures(10_000, NOW)), NOW) == Locked(NOW + 120 * SECOND, Scope.ACCOUNT)


def test_a_right_pin_clears_the_extension_and_not_the_traces_of_guessing_others() -> None:
    guard = after_success(failing(5))
    assert guard.extension == NO_FAILURES
    assert guard.channel.count == guard.account.count == 5


def _guessing_at_once(start: datetime) -> Iterator[datetime]:
    """The instants at which a tireless guesser, who waits for every lock, gets to try."""
    guard, now = Guard(), start
    for _ in count():
        found = verdict(guard, now)
        now = found.until if isinstance(found, Locked) else now
        yield now
        guard = after_failure(guard, now)


def test_a_tireless_guesser_gets_less_than_fifty_guesses_a_day_on_one_extension() -> None:
    guesses = 0
    for at in _guessing_at_once(NOW):
        if at - NOW > timedelta(days=1):
            break
        guesses += 1
    assert 24 <= guesses < 50


@given(gaps=st.lists(st.timedeltas(timedelta(0), timedelta(hours=2)), max_size=30))
def test_a_lock_always_ends_and_never_comes_before_the_free_mistakes(gaps: list[timedelta]) -> None:
    guard, now = Guard(), NOW
    for n, gap in enumerate(gaps):
        now += gap
        found = verdict(guard, now)
        if isinstance(found, Locked):
            assert n > 3
            assert now < found.until <= now + timedelta(hours=1)
            assert verdict(guard, found.until) == Allowed()
        guard = after_failure(guard, now)
