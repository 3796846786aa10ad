"""Tells webhooks of what changes by itself: which plan is active, and which phones are there.

What was told last is kept in the database and changed in the transaction that stores the event. So a change that comes
while nobody looks is told when somebody does, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Set
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select

from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.models import AccountRow, WebhookToldRow
from centrale.accounts.webhooks_events import ChannelData, Event, EventType, PlanData
from centrale.routing.plans import active_plan, next_change
from centrale.routing.snapshot import AccountId, AccountSnapshot, PlatformSnapshot
from centrale.webhooks.subscribed import Subscribed

log = structlog.get_logger(__name__)

LOOK_AT_PHONES = 2.0
LOOK_AT_PLANS = 60.0
"""Seconds between looks; at a plan's change, and at somebody's, at once."""
NONE = "-"
HERE, AWAY = "here", "away"

There = Callable[[], Awaitable[Set[str] | None]]
"""The channels on which a phone is registered; None when that cannot be told now."""

State = tuple[str, Callable[[], Event]]
"""How it is, for comparing, and the event that tells so."""


class Watching:
    """One per process; `watch_plans` and `watch_phones` in tasks."""

    def __init__(self, database: Database, directory: Directory, subscribed: Subscribed, there: There) -> None:
        self._database = database
        self._directory = directory
        self._subscribed = subscribed
        self._there = there
        self._told: dict[AccountId, dict[str, str]] = {}
        """What was told last, as far as it was read."""
        self._look = asyncio.Event()
        directory.on_change(self._changed)

    async def watch_plans(self) -> None:
        """Until cancelled."""
        while True:
            self._look.clear()
            pause = LOOK_AT_PLANS
            try:
                now = self._database.clock.now()
                await self.look_at_plans(now)
                pause = self._until_next(now)
            except StorageUnavailable as problem:
                log.warning("webhooks.plans_not_told", problem=str(problem))
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._look.wait()

    async def watch_phones(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.look_at_phones(self._database.clock.now())
            except StorageUnavailable as problem:
                log.warning("webhooks.phones_not_told", problem=str(problem))
            await asyncio.sleep(LOOK_AT_PHONES)

    async def look_at_plans(self, now: datetime) -> None:
        """Tells of plans that are others than those told last. Raises StorageUnavailable."""
        wanting = self._subscribed.wanting(EventType.PLAN_CHANGED)
        states = {account.id: dict(_plans(account, now)) for account in self._accounts(wanting)}
        await self._compare("plan:", states)

    async def look_at_phones(self, now: datetime) -> None:
        """Tells of phones that came or went. Raises StorageUnavailable."""
        wanting = self._subscribed.wanting(EventType.CHANNEL_REGISTERED, EventType.CHANNEL_UNREGISTERED)
        there = await self._there() if wanting else set()
        if there is not None:
            states = {account.id: dict(_phones(account, there, now)) for account in self._accounts(wanting)}
            await self._compare("channel:", states)

    async def _compare(self, about: str, states: Mapping[AccountId, Mapping[str, State]]) -> None:
        for account in self._told.keys() - states.keys():
            # Nobody wants to be told any more, and `accounts.webhooks` has forgotten what was told.
            kept = {subject: it for subject, it in self._told[account].items() if not subject.startswith(about)}
            self._told[account] = kept
        for account, subjects in states.items():
            told = await self._known(account)
            gone = {subject for subject in told if subject.startswith(about)} - subjects.keys()
            if gone or any(told.get(subject) != state for subject, (state, _) in subjects.items()):
                await self._write(account, about, subjects)

    async def _known(self, account: AccountId) -> dict[str, str]:
        if account not in self._told:
            async with self._database.read() as unit:
                query = select(WebhookToldRow).where(WebhookToldRow.account_id == account)
                self._told[account] = {row.subject: row.state for row in await unit.session.scalars(query)}
        return self._told[account]

    async def _write(self, account: AccountId, about: str, subjects: Mapping[str, State]) -> None:
        """Compares once more, in the transaction that tells: another process may have been quicker."""
        async with self._database.change("webhooks") as unit:
            if await unit.session.get(AccountRow, account, with_for_update=True) is None:
                return
            query = select(WebhookToldRow).where(
                WebhookToldRow.account_id == account, WebhookToldRow.subject.startswith(about)
            )
            rows = {row.subject: row for row in await unit.session.scalars(query)}
            for subject in rows.keys() - subjects.keys():
                await unit.session.delete(rows[subject])
            for subject, (state, event) in subjects.items():
                row = rows.get(subject)
                if row is None:  # the first look: nothing has changed yet
                    unit.session.add(WebhookToldRow(account_id=account, subject=subject, state=state))
                elif row.state != state:
                    row.state = state
                    unit.events.append(event())
        others = {subject: state for subject, state in self._told[account].items() if not subject.startswith(about)}
        self._told[account] = others | {subject: state for subject, (state, _) in subjects.items()}

    def _accounts(self, wanting: Set[AccountId]) -> list[AccountSnapshot]:
        accounts = self._directory.current.accounts
        return [accounts[account] for account in wanting if account in accounts]

    def _until_next(self, now: datetime) -> float:
        pause = LOOK_AT_PLANS
        for account in self._accounts(self._subscribed.wanting(EventType.PLAN_CHANGED)):
            for schema in account.schemas:
                if (change := next_change(schema, now)) is not None:
                    pause = min(pause, (change.at - now) / timedelta(seconds=1))
        return max(pause, 0.0)

    def _changed(self, _: PlatformSnapshot, changed: Set[AccountId]) -> None:
        if changed & self._subscribed.wanting(EventType.PLAN_CHANGED):
            self._look.set()


def _plans(account: AccountSnapshot, now: datetime) -> Any:
    for schema in account.schemas:
        active = active_plan(schema, now)
        number = None if active.plan is None else active.plan.number
        data = PlanData(
            schema_number=schema.number,
            schema_name=schema.name,
            plan=number,
            plan_name=None if active.plan is None else active.plan.name,
            chosen_by=str(active.decision.facts["by"]),
        )
        yield f"plan:{schema.number}", (str(number or NONE), _event(account.id, EventType.PLAN_CHANGED, now, data))


def _phones(account: AccountSnapshot, there: Set[str], now: datetime) -> Any:
    for channel in account.channels:
        here = channel in there
        type = EventType.CHANNEL_REGISTERED if here else EventType.CHANNEL_UNREGISTERED
        state = HERE if here else AWAY
        yield f"channel:{channel}", (state, _event(account.id, type, now, ChannelData(channel=channel)))


def _event(account: AccountId, type: EventType, now: datetime, data: Any) -> Callable[[], Event]:
    return lambda: Event(account, type, now, lambda: data)
