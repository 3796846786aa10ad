"""The logon desk: what 901, 902 and 907 ask of storage (SYS-2, SYS-3, USR-2). Implements `calls.ports.LogonDesk`."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Select, select

from centrale.accounts import extensions, lockouts, logons, pins, plans_override
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import ExtensionRow
from centrale.calls.ports import ChosenPlan, PinVerdict, PlanChange, Situation, Whence
from centrale.routing.lockout import Locked, after_failure, after_success, verdict
from centrale.routing.pins import must_choose
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber


class Desk:
    """Checks PINs, logs on and off."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns: WeakValueDictionary[AccountId, asyncio.Lock] = WeakValueDictionary()

    async def try_pin(
        self, account: AccountId, whence: Whence, user: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        """Checks a PIN and counts failures against user, channel or caller, and account, also those of users that do
        not exist. What fails from outside is counted apart.

        Attempts in one account take turns, so that many at the same time cannot slip past the count. (An account's
        calls are all on one node, design §2.) Who hangs up before the verdict is not counted, and has learnt nothing.
        """
        stored = select(ExtensionRow.pin_hash).where(
            ExtensionRow.account_id == account, ExtensionRow.number == user, ExtensionRow.kind == "user"
        )
        return await self.attempt(account, whence, subjects_of(account, whence, user), pin, stored, now)

    async def attempt(
        self,
        account: AccountId,
        whence: Whence,
        subjects: tuple[str, str, str],
        pin: str,
        stored: Select[Any],
        now: datetime,
    ) -> PinVerdict:
        """The same for any PIN of an account: `stored` selects its hash, `subjects` name whose failures are counted."""
        async with self._turns.setdefault(account, asyncio.Lock()):
            async with self._database.read() as unit:
                guard = await lockouts.guard_of(unit, subjects)
                hash = await unit.session.scalar(stored)
            if isinstance(verdict(guard, now), Locked):
                return PinVerdict.LOCKED
            right = await pins.matches(pin, hash)
            after = after_success(guard) if right else after_failure(guard, now)
            if after != guard:
                actor = f"caller {whence.name or 'withheld'}" if whence.outside else f"phone {whence.name}"
                async with self._database.change(actor) as unit:
                    await lockouts.keep(unit, subjects, after, now)
        if not right:
            return PinVerdict.WRONG
        return PinVerdict.MUST_CHOOSE if must_choose(pin) else PinVerdict.RIGHT

    async def choose_pin(self, account: AccountId, user: ExtensionNumber, pin: str) -> None:
        """Sets a new PIN; raises `Invalid` when it is weak (USR-2)."""
        async with self._database.change(f"user {user}") as unit:
            await extensions.set_pin(unit, account, user, pin)

    async def set_forward(
        self, account: AccountId, user: ExtensionNumber, situation: Situation, number: str | None
    ) -> None:
        """Sets one of the user's own forwards; None switches it off. Raises `Invalid` for what is no number."""
        async with self._database.change(f"user {user}", despite_expectations=True) as unit:
            await unit.lock(account)
            stored = await extensions.get(unit, account, user)
            forwards = {**stored.settings.get("forwards", {}), situation.value: number}
            wanted = {**stored.settings, "forwards": forwards}
            data = ExtensionIn(number=stored.number, kind=stored.kind, name=stored.name, settings=wanted)
            await extensions.change(unit, account, user, data)

    async def choose_plan(
        self,
        account: AccountId,
        user: ExtensionNumber,
        schema: int,
        change: PlanChange,
        plan: int | None,
        now: datetime,
    ) -> ChosenPlan:
        """Chooses the active plan of a schema (NP-8). Raises `NotFound` and `Invalid` for one that is not there."""
        # Whoever stands at the phone decides; the audit tells what was expected otherwise (docs/decisions/0010).
        async with self._database.change(f"user {user}", despite_expectations=True) as unit:
            if change is PlanChange.SCHEDULE or plan is None:
                chosen = await plans_override.back_to_schedule(unit, account, schema, now)
            elif change is PlanChange.TEMPORARY:
                chosen = await plans_override.override_temporarily(unit, account, schema, plan, now)
            else:
                chosen = await plans_override.override_permanently(unit, account, schema, plan, now)
        return ChosenPlan(chosen.plan_name, chosen.until)

    async def log_on(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, alone: bool, now: datetime
    ) -> None:
        """Logs the user on here; `alone`: and off everywhere else. Raises `Conflict` on a linked channel (LNK-1)."""
        async with self._database.change(f"user {user}") as unit:
            await logons.log_on(unit, account, user, channel, exclusive=alone, since=now)

    async def log_off(
        self, account: AccountId, user: ExtensionNumber, channel: ChannelName, *, everywhere: bool, now: datetime
    ) -> None:
        """Logs the user off here, or off all phones. Raises `Conflict` on a linked channel (LNK-1)."""
        async with self._database.change(f"user {user}") as unit:
            await logons.log_off(unit, account, user, None if everywhere else channel)


def subjects_of(
    account: AccountId, whence: Whence, user: ExtensionNumber, *, what: str = "extension"
) -> tuple[str, str, str]:
    """Whose failures are counted, in the order of `Guard`. `what`: which of the extension's PINs is tried."""
    if whence.outside:
        caller = f"caller:{account}:{whence.name or 'withheld'}"
        return f"{what}:{account}:{user}:outside", caller, f"account:{account}:outside"
    return f"{what}:{account}:{user}", f"channel:{account}:{whence.name}", f"account:{account}"
