"""Failures of those who guess, kept in the database: a restart does not give an attacker a fresh start (USR-2)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from centrale.accounts.models import LockoutRow
from centrale.accounts.unit import Unit
from centrale.routing.lockout import NO_FAILURES, REMEMBERED, Failures, Guard

Subjects = tuple[str, str, str]
"""Whose failures are counted, in the order of `Guard`."""


async def guard_of(unit: Unit, subjects: Subjects) -> Guard:
    """What is kept of `subjects`."""
    query = select(LockoutRow).where(LockoutRow.subject.in_(subjects))
    found = {row.subject: Failures(row.failures, row.last_failure) for row in await unit.session.scalars(query)}
    extension, channel, account = (found.get(subject, NO_FAILURES) for subject in subjects)
    return Guard(extension, channel, account)


async def keep(unit: Unit, subjects: Subjects, guard: Guard, now: datetime) -> None:
    """Keeps `guard` of `subjects`; what counts for nothing any more goes."""
    for subject, failures in zip(subjects, (guard.extension, guard.channel, guard.account), strict=True):
        row = await unit.session.get(LockoutRow, subject)
        if failures.last is None:
            if row is not None:
                await unit.session.delete(row)
        elif row is None:
            unit.session.add(LockoutRow(subject=subject, failures=failures.count, last_failure=failures.last))
        else:
            row.failures, row.last_failure = failures.count, failures.last
    await unit.session.execute(delete(LockoutRow).where(LockoutRow.last_failure < now - REMEMBERED))
