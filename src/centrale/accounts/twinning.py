"""On how many phones a user may be (TWN-1, LNK-1): one, or two with twinning, which account and user must both have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from centrale.accounts.errors import Conflict, Use
from centrale.accounts.models import AccountRow, ChannelRow, ExtensionRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, Facility


def is_allowed(settings: Mapping[str, Any]) -> bool:
    """Has the extension with these settings the right to it?"""
    return bool(settings.get("rights", {}).get("twinning", False))


async def phones_allowed(unit: Unit, account: AccountId, user: str) -> int:
    """1 or 2; also 1 for a user who does not exist."""
    owner = await unit.session.get_one(AccountRow, account)
    person = await unit.session.get(ExtensionRow, (account, user))
    right = person is not None and is_allowed(person.settings)
    return 2 if right and Facility.TWINNING in owner.facilities else 1


async def check_links(unit: Unit, account: AccountId) -> None:
    """Raises `Conflict` when somebody is linked to more phones than they may be; asked when a right goes (LNK-1)."""
    if unit.defer_references:
        unit.at_the_end(account, _check_links)
    else:
        await _check_links(unit, account)


async def _check_links(unit: Unit, account: AccountId) -> None:
    twice = (
        select(ChannelRow.linked_user)
        .where(ChannelRow.account_id == account, ChannelRow.linked_user.is_not(None))
        .group_by(ChannelRow.linked_user)
        .having(func.count() > 1)
        .order_by(ChannelRow.linked_user)
    )
    for user in (await unit.session.scalars(twice)).all():
        linked = await _linked(unit, account, str(user))
        if len(linked) > await phones_allowed(unit, account, str(user)):
            uses = [Use("channel", name, "linked_user") for name in linked]
            raise Conflict(f"user {user} needs twinning while linked to {len(linked)} channels", uses=uses)


async def _linked(unit: Unit, account: AccountId, user: str) -> list[str]:
    query = select(ChannelRow.name).where(ChannelRow.account_id == account, ChannelRow.linked_user == user)
    return list(await unit.session.scalars(query.order_by(ChannelRow.name)))
