"""Reading the audit: who changed what, when, from what to what (ACC-8). Writing it is part of every change."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from centrale.accounts.models import AuditRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


class AuditEntry(NamedTuple):
    """One change of one object. `action`: create, change, delete …"""

    id: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def entry_of(row: AuditRow) -> AuditEntry:
    """What is stored in `row`."""
    return AuditEntry(*(getattr(row, name) for name in AuditEntry._fields))


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
    filters = {
        "account": account,
        "object_type": object_type,
        "object_key": object_key,
        "actor": _escaped(actor) or None,
        "since": since,
        "until": until,
        "behind": behind,
    }
    wanted = {name: value for name, value in filters.items() if value is not None}
    query = _listing(frozenset(wanted), oldest_first=oldest_first)
    rows = await unit.session.execute(query, {**wanted, "fetched": limit})
    return [AuditEntry(*row) for row in rows]


_AUDIT = AuditRow.__table__.c
_ESCAPE = "/"


def _escaped(part: str) -> str:
    """For LIKE: each character means itself."""
    for character in (_ESCAPE, "%", "_"):
        part = part.replace(character, _ESCAPE + character)
    return part


@cache
def _listing(filters: frozenset[str], *, oldest_first: bool) -> Select[Any]:
    """Put together once for each way to ask."""
    conditions = {
        "account": _AUDIT.account_id == bindparam("account"),
        "object_type": _AUDIT.object_type == bindparam("object_type"),
        "object_key": _AUDIT.object_key == bindparam("object_key"),
        "actor": _AUDIT.actor.icontains(bindparam("actor"), escape=_ESCAPE),
        "since": _AUDIT.at >= bindparam("since"),
        "until": _AUDIT.at < bindparam("until"),
        "behind": _AUDIT.id > bindparam("behind") if oldest_first else _AUDIT.id < bindparam("behind"),
    }
    query = select(*(_AUDIT[name] for name in AuditEntry._fields))
    query = query.where(*(conditions[name] for name in sorted(filters)))
    if "account" not in filters:
        query = query.where(_AUDIT.account_id.is_(None))
    # Revisions rise as ids do, since who changes an account locks it; and an index has them in order.
    by = (_AUDIT.revision, _AUDIT.id) if oldest_first else (_AUDIT.revision.desc(), _AUDIT.id.desc())
    return query.order_by(*by).limit(bindparam("fetched"))
