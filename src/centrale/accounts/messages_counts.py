"""How many messages lie in each box: what lamps show (VM-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, select

from centrale.accounts.models import MessageRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber

Counts = tuple[int, int]
"""New messages, and those that have been heard."""


async def counts(unit: Unit, accounts: Collection[AccountId] | None) -> dict[AccountId, dict[ExtensionNumber, Counts]]:
    """Of each box that has any; `accounts` None: of the whole platform."""
    query = select(
        MessageRow.account_id,
        MessageRow.mailbox,
        func.count().filter(MessageRow.heard_at.is_(None)),
        func.count().filter(MessageRow.heard_at.is_not(None)),
    ).group_by(MessageRow.account_id, MessageRow.mailbox)
    if accounts is not None:
        query = query.where(MessageRow.account_id.in_(accounts))
    found: defaultdict[AccountId, dict[ExtensionNumber, Counts]] = defaultdict(dict)
    for account, mailbox, new, old in await unit.session.execute(query):
        found[AccountId(account)][ExtensionNumber(mailbox)] = (new, old)
    return dict(found)
