"""Reading the audit: who changed what, when, from what to what (ACC-8). Writing it is part of every change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from centrale.accounts.models import AuditRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


class AuditEntry(BaseModel):
    """One change of one object."""

    id: int = Field(title="Id")
    at: datetime = Field(title="When")
    actor: str = Field(title="Who")
    action: str = Field(
        title="What was done",
        description="create, change, delete …; undo: a change was taken back; break: a saved expectation holds no "
        "longer (NP-10).",
    )
    object_type: str = Field(title="To what")
    object_key: str = Field(title="Which one")
    before: dict[str, Any] | None = Field(title="Before")
    after: dict[str, Any] | None = Field(title="After")


async def list_all(
    unit: Unit,
    account: AccountId | None,
    *,
    object_type: str | None = None,
    object_key: str | None = None,
    actor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    oldest_first: bool = False,
    behind: int | None = None,
    limit: int = 100,
) -> list[AuditEntry]:
    """Newest first unless `oldest_first`, those that come behind entry `behind`; of one object, if named. `actor`: part
    of who did it. `since` ≤ at < `until`. `account` None: the platform's own."""
    query = select(AuditRow).where(AuditRow.account_id.is_(None) if account is None else AuditRow.account_id == account)
    if object_type is not None:
        query = query.where(AuditRow.object_type == object_type)
    if object_key is not None:
        query = query.where(AuditRow.object_key == object_key)
    if actor:
        query = query.where(AuditRow.actor.icontains(actor, autoescape=True))
    if since is not None:
        query = query.where(AuditRow.at >= since)
    if until is not None:
        query = query.where(AuditRow.at < until)
    if behind is not None:
        query = query.where(AuditRow.id > behind if oldest_first else AuditRow.id < behind)
    by = AuditRow.id if oldest_first else AuditRow.id.desc()
    rows = await unit.session.scalars(query.order_by(by).limit(limit))
    return [AuditEntry.model_validate(row, from_attributes=True) for row in rows]
