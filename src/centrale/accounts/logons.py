"""Who is logged on to which channel (SYS-2, SYS-3, LNK-1): the storage side of 901 and 902."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import select, update

from centrale.accounts import references, twinning
from centrale.accounts.errors import Conflict, NotFound, Use
from centrale.accounts.models import AccountRow, ChannelRow, LogonRow
from centrale.accounts.rows import remove
from centrale.accounts.unit import LogonChange, QueueLogonChange, Unit
from centrale.accounts.webhooks_events import logon_event
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber


class Logon(BaseModel):
    """A user on a channel."""

    channel: str = Field(title="Channel")
    user: str = Field(title="User")
    since: datetime | None = Field(title="Since", description="Empty for a linked user, who is always logged on.")
    linked: bool = Field(title="Linked by an administrator")


async def log_on(
    unit: Unit,
    account: AccountId,
    user: ExtensionNumber,
    channel: ChannelName,
    *,
    exclusive: bool,
    since: datetime | None = None,
) -> None:
    """Logs `user` on to `channel`; who was there is logged off. `exclusive`: the user is logged off elsewhere.

    Raises `NotFound` for a channel and `Invalid` for a user that the account does not have, `Conflict` when the channel
    is linked to a user (LNK-1), or when the user would be on more phones than twinning allows (TWN-1).
    """
    await lock(unit, account)
    await _refuse_linked(unit, account, channel)
    await references.check_extension(unit, account, "user", user, kind="user")
    moment = since or unit.clock.now()
    changes: list[LogonChange] = []
    if exclusive:
        changes += await _remove(unit, await _of_user(unit, account, user, besides=channel))
    else:
        await _refuse_too_many(unit, account, user, besides=channel)
    row = await unit.session.get(LogonRow, channel)
    if row is None or row.user_number != user:
        if row is not None:
            await _remove(unit, [row])
        unit.session.add(LogonRow(channel=channel, account_id=account, user_number=user, since=moment))
        unit.events.append(logon_event(account, moment, user, channel, on=True))
    await unit.session.flush()
    note(unit, account, [*changes, (channel, user)])


async def log_off(unit: Unit, account: AccountId, user: ExtensionNumber, channel: ChannelName | None) -> None:
    """Logs `user` off `channel`, or off every channel with None; linked channels stay. Nobody there: nothing happens.

    Raises `Conflict` when `channel` is linked.
    """
    await lock(unit, account)
    rows = await _of_user(unit, account, user)
    if channel is not None:
        await _refuse_linked(unit, account, channel)
        rows = [row for row in rows if row.channel == channel]
    note(unit, account, await _remove(unit, rows))


async def clear_channel(unit: Unit, account: AccountId, channel: ChannelName) -> None:
    """Whoever is logged on there is logged off: the channel goes, or gets a linked user."""
    row = await unit.session.get(LogonRow, channel)
    if row is not None and row.account_id == account:
        await lock(unit, account)
        note(unit, account, await _remove(unit, [row]))


async def clear_user(unit: Unit, account: AccountId, user: ExtensionNumber) -> None:
    """The user is logged off everywhere: it goes."""
    rows = await _of_user(unit, account, user)
    if rows:
        await lock(unit, account)
        note(unit, account, await _remove(unit, rows))


async def list_all(unit: Unit, account: AccountId) -> list[Logon]:
    """Linked users first, then by moment of logging on."""
    linked = await unit.session.execute(
        select(ChannelRow.name, ChannelRow.linked_user)
        .where(ChannelRow.account_id == account, ChannelRow.linked_user.is_not(None))
        .order_by(ChannelRow.name)
    )
    found = [Logon(channel=name, user=user or "", since=None, linked=True) for name, user in linked]
    query = select(LogonRow).where(LogonRow.account_id == account).order_by(LogonRow.since, LogonRow.channel)
    return found + [
        Logon(channel=row.channel, user=row.user_number, since=row.since, linked=False)
        for row in await unit.session.scalars(query)
    ]


async def lock(unit: Unit, account: AccountId) -> None:
    """Raises the logons revision once in a unit. Logons change often; they leave the account's own revision alone."""
    if account in unit.logons:
        return
    statement = (
        update(AccountRow)
        .where(AccountRow.id == account)
        .values(logons_revision=AccountRow.logons_revision + 1)
        .returning(AccountRow.logons_revision)
        .execution_options(synchronize_session=False)
    )
    revision = (await unit.session.execute(statement)).scalar_one_or_none()
    if revision is None:
        raise NotFound("account", account)
    unit.logons[account] = (revision, [])


def note(unit: Unit, account: AccountId, changes: Iterable[LogonChange | QueueLogonChange]) -> None:
    """Keeps what this unit changed, for the pictures of the account. Needs `lock` first."""
    unit.logons[account][1].extend(changes)


async def _refuse_linked(unit: Unit, account: AccountId, channel: ChannelName) -> None:
    row = await unit.session.get(ChannelRow, channel)
    if row is None or row.account_id != account:
        raise NotFound("channel", channel)
    if row.linked_user is not None:
        raise Conflict(f"channel {channel} is linked to user {row.linked_user}", field="channel")


async def _refuse_too_many(unit: Unit, account: AccountId, user: ExtensionNumber, *, besides: ChannelName) -> None:
    """Two phones on which a user logs on at the same moment each saw room for one; here they take turns."""
    by_phone = await _of_user(unit, account, user, besides=besides)
    linked = select(ChannelRow.name).where(ChannelRow.account_id == account, ChannelRow.linked_user == user)
    others = [*(row.channel for row in by_phone), *await unit.session.scalars(linked)]
    if len(others) >= await twinning.phones_allowed(unit, account, user):
        uses = [Use("channel", name, "logon") for name in others]
        raise Conflict(f"user {user} is logged on to another phone already", field="user", uses=uses)


async def _of_user(
    unit: Unit, account: AccountId, user: ExtensionNumber, *, besides: ChannelName | None = None
) -> list[LogonRow]:
    query = select(LogonRow).where(LogonRow.account_id == account, LogonRow.user_number == user)
    return [row for row in await unit.session.scalars(query) if row.channel != besides]


async def _remove(unit: Unit, rows: list[LogonRow]) -> list[LogonChange]:
    for row in rows:
        await remove(unit, row)
        gone = logon_event(AccountId(row.account_id), unit.clock.now(), row.user_number, row.channel, on=False)
        unit.events.append(gone)
    return [(ChannelName(row.channel), None) for row in rows]
