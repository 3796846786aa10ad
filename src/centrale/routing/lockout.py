"""Guessing PINs gets slower and slower (USR-2).

Failures are counted three times: per extension, so that one PIN cannot be guessed from many phones; per channel, so
that one phone cannot try many extensions; and per account, so that many phones cannot try many extensions together.
Callers from outside have three counts of their own, their number in the channel's place (SYX-1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum


@dataclass(frozen=True, slots=True)
class Policy:
    """`free` failures cost nothing. The next one locks for `first`, each after it twice as long, up to `longest`.
    All is forgotten when nothing failed for `memory` after the last lock ended."""

    free: int
    first: timedelta
    longest: timedelta
    memory: timedelta


class Scope(Enum):
    """What failures are counted for. The value is its policy.

    An account forgives more and locks for a shorter time: a guesser must not be able to keep everybody out.
    """

    EXTENSION = Policy(3, timedelta(seconds=30), timedelta(hours=1), timedelta(minutes=15))
    CHANNEL = Policy(5, timedelta(seconds=30), timedelta(hours=1), timedelta(minutes=15))
    ACCOUNT = Policy(30, timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=15))


REMEMBERED = max(scope.value.longest + scope.value.memory for scope in Scope)
"""After so long without a failure, those before count for nothing, whatever they locked."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row it went wrong, and when last."""

    count: int = 0
    last: datetime | None = None


NO_FAILURES = Failures()


@dataclass(frozen=True, slots=True)
class Guard:
    """The three records that guard one attempt. Whoever keeps them stores each under its own extension, channel and
    account."""

    extension: Failures = NO_FAILURES
    channel: Failures = NO_FAILURES
    account: Failures = NO_FAILURES


@dataclass(frozen=True, slots=True)
class Allowed:
    """The PIN may be tried."""


@dataclass(frozen=True, slots=True)
class Locked:
    """No PIN is looked at before `until`, not even the right one."""

    until: datetime
    scope: Scope


def verdict(guard: Guard, now: datetime) -> Allowed | Locked:
    """May a PIN be tried `now`? Names the lock that lasts longest."""
    locks = [
        Locked(until, scope)
        for scope, failures in _scopes(guard)
        if (until := locked_until(failures, scope.value)) and now < until
    ]
    return max(locks, key=lambda lock: lock.until) if locks else Allowed()


def after_failure(guard: Guard, now: datetime) -> Guard:
    """The records after one more wrong PIN `now`."""
    extension, channel, account = (one_more(failures, scope.value, now) for scope, failures in _scopes(guard))
    return Guard(extension, channel, account)


def after_success(guard: Guard) -> Guard:
    """The records after a right PIN. Only the extension is cleared: who knows one PIN could otherwise wipe out the
    failures of guessing others in between."""
    return replace(guard, extension=NO_FAILURES)


def _scopes(guard: Guard) -> tuple[tuple[Scope, Failures], ...]:
    return ((Scope.EXTENSION, guard.extension), (Scope.CHANNEL, guard.channel), (Scope.ACCOUNT, guard.account))


def locked_until(failures: Failures, policy: Policy) -> datetime | None:
    """When what is counted may be tried again; None when it is not locked."""
    too_many = failures.count - policy.free
    if failures.last is None or too_many <= 0:
        return None
    doublings = min(too_many - 1, 32)  # far beyond every `longest`; more would overflow a timedelta
    return failures.last + min(policy.first * (1 << doublings), policy.longest)


def one_more(failures: Failures, policy: Policy, now: datetime) -> Failures:
    """The record after one more failure `now`."""
    quiet_since = locked_until(failures, policy) or failures.last
    forgotten = quiet_since is None or now - quiet_since > policy.memory
    return Failures(1 if forgotten else failures.count + 1, now)
