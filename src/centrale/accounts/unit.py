"""A unit of work: one transaction, who does it, and what it leaves in the audit (ACC-8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from centrale.accounts.errors import NotFound
from centrale.accounts.models import AccountRow, AuditRow, SettingRow
from centrale.accounts.vault import Vault
from centrale.accounts.webhooks_events import ChangeData, Event, EventType, small_enough
from centrale.clock import Clock
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber

PLATFORM_REVISION = "platform_revision"

LogonChange = tuple[ChannelName, ExtensionNumber | None]
"""A channel and who is logged on to it now."""


@dataclass(frozen=True, slots=True)
class QueueLogonChange:
    """An agent is logged on to a queue since then, or no longer."""

    queue: ExtensionNumber
    agent: ExtensionNumber
    since: datetime | None


Check = Callable[["Unit", AccountId], Awaitable[None]]

Examiner = Callable[["Unit"], Awaitable[None]]


class Unit:
    """One transaction. Made by `Database.change` and `Database.read`, handed to the functions of the aggregates."""

    def __init__(
        self,
        session: AsyncSession,
        actor: str,
        clock: Clock,
        vault: Vault,
        *,
        defer_references: bool = False,
        despite_expectations: bool = False,
        examiners: Sequence[Examiner] = (),
    ) -> None:
        self.session = session
        self.actor = actor
        self.clock = clock
        self.vault = vault
        self.defer_references = defer_references
        self.despite_expectations = despite_expectations
        """Go on when saved expectations break, and leave that in the audit (NP-10)."""
        self.touched: dict[AccountId, set[str]] = {}
        """The types of what was changed, by account, as the audit calls them."""
        self.revisions: dict[AccountId, int] = {}
        """The revision that each changed account has after this unit."""
        self.platform_revision: int | None = None
        self.logons: dict[AccountId, tuple[int, list[LogonChange | QueueLogonChange]]] = {}
        """Per account whose logons changed: its logons revision after this unit, and the changes."""
        self.mailboxes: set[tuple[AccountId, ExtensionNumber]] = set()
        """Whose messages this unit changed (VM-4)."""
        self.gone_messages: set[tuple[AccountId, str]] = set()
        """The messages that this unit deleted, by id: their files go when it is committed."""
        self.turned_away: list[str] = []
        """Whose session this unit ended, or which token it revoked: `web user 5`, `token 7`."""
        self.events: list[Event] = []
        """What webhooks are told of when this is committed, in this transaction."""
        self.deliveries_due = False
        """Does this unit make a delivery to a webhook due?"""
        self._checks: dict[tuple[AccountId, Check], None] = {}
        self._examiners = examiners
        self._afterwards: list[Callable[[], Awaitable[object]]] = []

    @property
    def changed_accounts(self) -> frozenset[AccountId]:
        """The accounts that this unit changed in any way."""
        return frozenset(self.revisions) | frozenset(self.logons)

    async def lock(self, account: AccountId) -> int:
        """Raises the account's revision, once in a unit, and returns it.

        The row stays locked until the end of the unit: changes of one account follow one another, so that a rule that
        was checked (`still in use?`) still holds when the change is committed. Raises `NotFound`.
        """
        if account not in self.revisions:
            statement = (
                update(AccountRow)
                .where(AccountRow.id == account)
                .values(revision=AccountRow.revision + 1)
                .returning(AccountRow.revision)
                .execution_options(synchronize_session=False)
            )
            revision = (await self.session.execute(statement)).scalar_one_or_none()
            if revision is None:
                raise NotFound("account", account)
            self.revisions[account] = revision
        return self.revisions[account]

    async def lock_platform(self) -> int:
        """The same for what belongs to no account: trunks, the set of accounts."""
        if self.platform_revision is None:
            query = select(SettingRow).where(SettingRow.key == PLATFORM_REVISION).with_for_update()
            row = (await self.session.execute(query)).scalar_one()
            row.value = str(int(row.value) + 1)
            self.platform_revision = int(row.value)
        return self.platform_revision

    async def audit(
        self,
        account: AccountId | None,
        action: str,
        object_type: str,
        key: object,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Keeps who changed what. `before` and `after` must hold no secrets: they are what the API shows."""
        revision = await self.lock_platform() if account is None else await self.lock(account)
        if account is not None:
            self.touched.setdefault(account, set()).add(object_type)
        row = AuditRow(
            account_id=account,
            revision=revision,
            at=self.clock.now(),
            actor=self.actor,
            action=action,
            object_type=object_type,
            object_key=str(key),
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
        self.session.add(row)
        await self.session.flush()
        if account is not None:
            self.events.append(_change_event(account, row))

    def at_the_end(self, account: AccountId, check: Check) -> None:
        """Run `check` on the account before the commit, once however often it is asked for."""
        self._checks[account, check] = None

    def once_committed(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do `act` after the commit, and not at all when there is none: a file goes after the row that names it."""
        self._afterwards.append(act)

    async def after_commit(self) -> None:
        """Does what was put off until then."""
        for act in self._afterwards:
            await act()

    async def settle(self) -> None:
        """Runs what was put off to the end."""
        await self.session.flush()
        for account, check in self._checks:
            await check(self, account)

    async def examine(self) -> None:
        """Has those look at the whole of it who may refuse a change before it goes live."""
        for examiner in self._examiners:
            await examiner(self)


def _change_event(account: AccountId, row: AuditRow) -> Event:
    def data() -> ChangeData:
        return ChangeData(
            id=row.id,
            actor=row.actor,
            action=row.action,
            object_type=row.object_type,
            object_key=row.object_key,
            before=small_enough(row.before),
            after=small_enough(row.after),
        )

    return Event(account, EventType.CONFIGURATION_CHANGED, row.at, data)
