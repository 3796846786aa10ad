"""Messages that callers left (VM-2, VM-6): the rows. The sound of each lies in a file beside the database.

How a message gets here, whatever dies on the way, is told in `messages_store`. Whoever changes something notes the
mailbox in the unit, and `MessageChanges` tells the lamps when it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, Field
from sqlalchemy import func, select

from centrale.accounts.errors import Invalid, NotFound
from centrale.accounts.models import ExtensionRow, MessageRow
from centrale.accounts.rows import remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber

BOXES = ("mailbox", "user")
"""The kinds of extensions for which messages can be left."""

_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Message(BaseModel):
    """One message, without its sound."""

    id: str = Field(title="Id")
    mailbox: str = Field(title="Mailbox", description="A mailbox, or a user with personal voicemail (VM-6).")
    left_at: datetime = Field(title="Left at")
    seconds: float = Field(title="Length (seconds)")
    caller: str = Field(title="Caller", description="An extension, or E.164; empty when withheld.")
    caller_name: str = Field(title="Caller's name")
    call_id: str = Field(title="Call", description="The id of its call record.")
    heard_at: datetime | None = Field(title="Heard at", description="Empty: it is new.")


class MessagePage(BaseModel):
    """A part of a list. `next`: give it as `cursor` for what comes after; empty at the end."""

    messages: list[Message]
    next: str | None


def file_of(home: Path, account: AccountId, id: str) -> Path:
    """Where the sound of a message lies, a WAV of 8 kHz, mono, 16 bits; it may be gone. Raises `NotFound`."""
    if not _ID.fullmatch(id):
        raise NotFound("message", id)
    return folder_of(home, account) / f"{id}.wav"


def folder_of(home: Path, account: AccountId) -> Path:
    """Where the sounds of an account's messages lie."""
    return home / "voicemail" / str(account)


async def add(unit: Unit, account: AccountId, message: Message) -> bool:
    """Keeps a message that is not there yet; False when its mailbox is not there any more.

    Adding one that is there already changes nothing. Notices are the caller's to add, in the same unit.
    """
    if await unit.session.get(MessageRow, message.id) is not None:
        return True
    box = await unit.session.get(ExtensionRow, (account, message.mailbox))
    if box is None or box.kind not in BOXES:
        return False
    values = message.model_dump()
    unit.session.add(MessageRow(account_id=account, **values))
    await unit.session.flush()
    unit.mailboxes.add((account, ExtensionNumber(message.mailbox)))
    return True


async def is_there(unit: Unit, account: AccountId, id: str) -> bool:
    """Has it been added?"""
    row = await unit.session.get(MessageRow, id)
    return row is not None and row.account_id == account


async def ids(unit: Unit, account: AccountId) -> set[str]:
    """Of every message of the account."""
    return set(await unit.session.scalars(select(MessageRow.id).where(MessageRow.account_id == account)))


async def left_since(unit: Unit, moment: datetime) -> list[tuple[str, str, float]]:
    """Id, call and seconds of every account's messages since then."""
    query = select(MessageRow.id, MessageRow.call_id, MessageRow.seconds).where(MessageRow.left_at >= moment)
    return [(id, call, seconds) for id, call, seconds in await unit.session.execute(query)]


async def get(unit: Unit, account: AccountId, id: str) -> Message:
    """Raises `NotFound`, also for a message of another account."""
    return _out(await _load(unit, account, id))


async def in_box(unit: Unit, account: AccountId, mailbox: ExtensionNumber, *, new: bool) -> list[Message]:
    """The new messages of a box, or the old ones, as they are listened to: the oldest first."""
    query = select(MessageRow).where(MessageRow.account_id == account, MessageRow.mailbox == mailbox)
    query = query.where(MessageRow.heard_at.is_(None) if new else MessageRow.heard_at.is_not(None))
    return [_out(row) for row in await unit.session.scalars(query.order_by(MessageRow.left_at, MessageRow.id))]


async def list_all(
    unit: Unit,
    account: AccountId,
    mailbox: ExtensionNumber,
    *,
    new: bool | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> MessagePage:
    """Newest first; only new or only heard ones, if `new` says so. Raises `Invalid` for a cursor of another list."""
    query = select(MessageRow).where(MessageRow.account_id == account, MessageRow.mailbox == mailbox)
    if new is not None:
        query = query.where(MessageRow.heard_at.is_(None) if new else MessageRow.heard_at.is_not(None))
    if cursor is not None:
        left_at, id = _place(cursor)
        query = query.where((MessageRow.left_at < left_at) | ((MessageRow.left_at == left_at) & (MessageRow.id < id)))
    query = query.order_by(MessageRow.left_at.desc(), MessageRow.id.desc()).limit(limit + 1)
    rows: Sequence[MessageRow] = (await unit.session.scalars(query)).all()
    more, rows = len(rows) > limit, rows[:limit]
    following = f"{rows[-1].left_at.isoformat()}~{rows[-1].id}" if more else None
    return MessagePage(messages=[_out(row) for row in rows], next=following)


async def new_count(unit: Unit, account: AccountId, mailbox: str) -> int:
    """How many messages nobody has heard yet (VM-4)."""
    return await _count(unit, account, mailbox, new=True)


async def old_count(unit: Unit, account: AccountId, mailbox: str) -> int:
    """How many messages have been heard and not deleted."""
    return await _count(unit, account, mailbox, new=False)


async def set_heard(unit: Unit, account: AccountId, id: str, heard_at: datetime | None) -> Message:
    """Marks a message heard at this instant, or new again with None. Raises `NotFound`."""
    row = await _load(unit, account, id)
    if (row.heard_at is None) != (heard_at is None):
        row.heard_at = heard_at
        await unit.session.flush()
        unit.mailboxes.add((account, row.mailbox))
    return _out(row)


async def delete(unit: Unit, account: AccountId, id: str) -> Message:
    """Deletes a message; its file goes with the commit. Gives what it was. Raises `NotFound`."""
    row = await _load(unit, account, id)
    gone = _out(row)
    await remove(unit, row)
    unit.mailboxes.add((account, ExtensionNumber(gone.mailbox)))
    unit.gone_messages.add((account, id))
    return gone


async def _count(unit: Unit, account: AccountId, mailbox: str, *, new: bool) -> int:
    query = select(func.count()).where(MessageRow.account_id == account, MessageRow.mailbox == mailbox)
    query = query.where(MessageRow.heard_at.is_(None) if new else MessageRow.heard_at.is_not(None))
    return (await unit.session.execute(query)).scalar_one()


async def _load(unit: Unit, account: AccountId, id: str) -> MessageRow:
    row = await unit.session.get(MessageRow, id)
    if row is None or row.account_id != account:
        raise NotFound("message", id)
    return row


def _out(row: MessageRow) -> Message:
    return Message(**{name: getattr(row, name) for name in Message.model_fields})


def _place(cursor: str) -> tuple[datetime, str]:
    left_at, _, id = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(left_at)
        if moment.tzinfo is None or not id:
            raise ValueError("no instant, or no message")
        return moment.astimezone(UTC), id
    except (ValueError, OverflowError) as error:
        raise Invalid.field("cursor", "is not one that this list gave") from error
