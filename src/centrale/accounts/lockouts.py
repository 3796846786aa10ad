"""Failures of those who guess, kept in the database: a restart does not give an attacker a fresh start (USR-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select

from centrale.accounts.models import LockoutRow
from centrale.accounts.unit import Unit
from centrale.routing.lockout import NO_FAILURES, REMEMBERED, Failures, Guard, Policy, locked_until, one_more

Subjects = tuple[str, str, str]
"""Whose failures are counted, in the order of `Guard`."""


_LONGEST_SUBJECT = 120
"""Characters that the database has room for."""


@dataclass(frozen=True, slots=True)
class Count:
    """Failures are counted of `subject`, as patiently as `policy` says."""

    subject: str
    policy: Policy

    @property
    def key(self) -> str:
        """The subject as it is kept: long ones by their digest, so that no two of them are mixed up."""
        if len(self.subject) <= _LONGEST_SUBJECT:
            return self.subject
        return f"{self.subject[:40]}#{sha256(self.subject.encode('utf-8', 'replace')).hexdigest()}"


async def locked(unit: Unit, counts: Sequence[Count], now: datetime) -> datetime | None:
    """When it may be tried again, as the longest lock of `counts` has it; None when it may be tried now."""
    kept = await _kept(unit, [count.key for count in counts])
    ends = [locked_until(kept.get(count.key, NO_FAILURES), count.policy) for count in counts]
    return max((end for end in ends if end is not None and now < end), default=None)


async def count_one(unit: Unit, counts: Sequence[Count], now: datetime) -> None:
    """One more failure `now`, of each of `counts`."""
    kept = await _kept(unit, [count.key for count in counts])
    for count in counts:
        await _keep(unit, count.key, one_more(kept.get(count.key, NO_FAILURES), count.policy, now))
    await _tidy(unit, now)


async def forget(unit: Unit, count: Count) -> None:
    """It worked: what failed before counts for nothing."""
    await _keep(unit, count.key, NO_FAILURES)


async def guard_of(unit: Unit, subjects: Subjects) -> Guard:
    """What is kept of `subjects`."""
    found = await _kept(unit, subjects)
    extension, channel, account = (found.get(subject, NO_FAILURES) for subject in subjects)
    return Guard(extension, channel, account)


async def keep(unit: Unit, subjects: Subjects, guard: Guard, now: datetime) -> None:
    """Keeps `guard` of `subjects`; what counts for nothing any more goes."""
    for subject, failures in zip(subjects, (guard.extension, guard.channel, guard.account), strict=True):
        await _keep(unit, subject, failures)
    await _tidy(unit, now)


async def _kept(unit: Unit, subjects: Sequence[str]) -> dict[str, Failures]:
    query = select(LockoutRow).where(LockoutRow.subject.in_(subjects))
    return {row.subject: Failures(row.failures, row.last_failure) for row in await unit.session.scalars(query)}


async def _keep(unit: Unit, subject: str, failures: Failures) -> None:
    row = await unit.session.get(LockoutRow, subject)
    if failures.last is None:
        if row is not None:
            await unit.session.delete(row)
    elif row is None:
        unit.session.add(LockoutRow(subject=subject, failures=failures.count, last_failure=failures.last))
    else:
        row.failures, row.last_failure = failures.count, failures.last


async def _tidy(unit: Unit, now: datetime) -> None:
    await unit.session.execute(delete(LockoutRow).where(LockoutRow.last_failure < now - REMEMBERED))
