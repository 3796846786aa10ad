"""Keeps changes from breaking what was expected (NP-10): looks at each before it is committed.

An expectation breaks when it holds before the change and not after it. One that did not hold anyway stops nobody: while
915 has closed the shop, its week can be mended all the same. Why it is so: docs/decisions/0010-expectations.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts import expectations, snapshots
from centrale.accounts.database import Database
from centrale.accounts.errors import BreaksExpectations, Broken
from centrale.accounts.expectations import ExpectationOut
from centrale.accounts.unit import Unit
from centrale.explain.expecting import Verdict, judge_all
from centrale.routing.snapshot import AccountId, AccountSnapshot, PlatformSnapshot

LEADS_CALLS = frozenset(
    {"account", "channel", "extension", "holiday", "number", "plan", "schedule", "schema", "trunks"}
)
"""What decides where a call goes, by its type in the audit."""

Look = Callable[[AsyncSession, AccountId], Awaitable[AccountSnapshot | None]]


class Guard:
    """Watches the changes of `database`. `sounds`: the folder of uploaded sounds, to see which are missing. `look`: how
    an account is looked at inside a change; who has a `Directory` need not read all of it."""

    def __init__(self, database: Database, sounds: Path | None = None, look: Look = snapshots.as_seen_in) -> None:
        self._database = database
        self._sounds = sounds
        self._look = look
        database.before_commit(self.examine)

    async def examine(self, unit: Unit) -> None:
        """Raises `BreaksExpectations`; a unit that goes on in spite of it leaves each one in the audit instead."""
        broken = {account: await self._broken(unit, account) for account in _led_differently(unit)}
        found = [verdict for verdicts in broken.values() for verdict in verdicts]
        if found and not unit.despite_expectations:
            raise BreaksExpectations(map(_told, found))
        for account, verdicts in broken.items():
            for verdict in verdicts:
                after = {"name": verdict.expectation.name, "expected": str(verdict.expectation), "found": verdict.found}
                await unit.audit(account, "break", "expectation", verdict.expectation.id, after=after)

    async def judge(self, unit: Unit, account: AccountId) -> list[Verdict]:
        """All expectations of the account as it is in `unit`."""
        return await self._judge(unit, account, await expectations.list_all(unit, account))

    async def _broken(self, unit: Unit, account: AccountId) -> list[Verdict]:
        expected = await expectations.list_all(unit, account)
        failing = [verdict for verdict in await self._judge(unit, account, expected) if not verdict.holds]
        if not failing:
            return []
        async with self._database.read() as before:
            earlier = await self._judge(before, account, [verdict.expectation for verdict in failing])
        held = {verdict.expectation.id for verdict in earlier if verdict.holds}
        return [verdict for verdict in failing if verdict.expectation.id in held]

    async def _judge(self, unit: Unit, account: AccountId, expected: Sequence[ExpectationOut]) -> list[Verdict]:
        if not expected:
            return []
        seen = await self._look(unit.session, account)
        if seen is None:
            return []  # it was deleted, or is being made
        platform = PlatformSnapshot(
            accounts={account: seen},
            account_of_channel=dict.fromkeys(seen.channels, account),
            account_of_number=dict.fromkeys(seen.numbers, account),
            trunks=await snapshots.platform_trunks(unit.session),
        )
        return await asyncio.to_thread(judge_all, platform, account, expected, unit.clock.now(), self._sounds)


def _led_differently(unit: Unit) -> list[AccountId]:
    return [account for account, touched in unit.touched.items() if touched & LEADS_CALLS]


def _told(verdict: Verdict) -> Broken:
    expected = verdict.expectation
    return Broken(expected.id, expected.name, str(expected), verdict.found, verdict.trace)
