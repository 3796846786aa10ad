"""The outbox as people see it (VM-3): what waits, what was sent, and what a try failed of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, Field
from sqlalchemy import select

from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.models import NoticeRow
from centrale.accounts.notices import State, Way, wake
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


class Notice(BaseModel):
    """A line of the outbox. What it says is not shown: it is the recipient's."""

    id: str = Field(title="Id")
    account: int = Field(title="Account")
    way: Way = Field(title="Way")
    recipient: str = Field(title="To", description="An address for mail, a number for sms.")
    subject: str = Field(title="Subject")
    message: str | None = Field(title="Voice message", description="The one that it tells of, if any.")
    attach: bool = Field(title="With the voice message attached")
    delete_after: bool = Field(title="The voice message is deleted once this has been sent")
    created: datetime = Field(title="Written")
    state: State = Field(title="State", description="A notice that is given up or cancelled is not tried by itself.")
    tries: int = Field(title="Tries so far")
    next_try: datetime | None = Field(title="Next try", description="While waiting.")
    sent: datetime | None = Field(title="Accepted by the server")
    problem: str | None = Field(title="What the last try failed of")


class OutboxPage(BaseModel):
    """A part of the outbox. `next`: give it as `cursor` for what comes after; empty at the end."""

    notices: list[Notice]
    next: str | None


async def list_all(
    unit: Unit,
    account: AccountId,
    *,
    state: State | None = None,
    way: Way | None = None,
    message: str | None = None,
    cursor: str | None = None,
    limit: int = 100,
) -> OutboxPage:
    """Newest first. `message`: only those that tell of this voice message."""
    query = select(NoticeRow).where(NoticeRow.account_id == account)
    if state is not None:
        query = query.where(NoticeRow.state == state.value)
    if way is not None:
        query = query.where(NoticeRow.way == way.value)
    if message is not None:
        query = query.where(NoticeRow.message_id == message)
    if cursor is not None:
        created, id = _place(cursor)
        query = query.where((NoticeRow.created < created) | ((NoticeRow.created == created) & (NoticeRow.id < id)))
    query = query.order_by(NoticeRow.created.desc(), NoticeRow.id.desc()).limit(limit + 1)
    rows: Sequence[NoticeRow] = (await unit.session.scalars(query)).all()
    more, rows = len(rows) > limit, rows[:limit]
    next = f"{rows[-1].created.isoformat()}~{rows[-1].id}" if more else None
    return OutboxPage(notices=[_notice(row) for row in rows], next=next)


async def get(unit: Unit, account: AccountId, id: str) -> Notice:
    """Raises `NotFound`, also for a notice of another account."""
    return _notice(await _row(unit, account, id))


async def retry(unit: Unit, account: AccountId, id: str) -> Notice:
    """Has it tried now, also when it was given up or cancelled. Raises `NotFound`, `Conflict` when it has been sent."""
    await unit.lock(account)
    row = await _row(unit, account, id)
    if row.state == State.SENT.value:
        raise Conflict("this notice has been sent already")
    row.state, row.next_try = State.WAITING.value, unit.clock.now()
    wake(unit)
    await unit.audit(account, "change", "notice", id, after={"state": row.state})
    return _notice(row)


async def cancel(unit: Unit, account: AccountId, id: str) -> Notice:
    """It is not sent. Raises `NotFound`, `Conflict` when it has been sent."""
    await unit.lock(account)
    row = await _row(unit, account, id)
    if row.state == State.SENT.value:
        raise Conflict("this notice has been sent already")
    before = row.state
    row.state, row.next_try = State.CANCELLED.value, None
    await unit.audit(account, "change", "notice", id, before={"state": before}, after={"state": row.state})
    return _notice(row)


async def _row(unit: Unit, account: AccountId, id: str) -> NoticeRow:
    row = await unit.session.get(NoticeRow, id)
    if row is None or row.account_id != account:
        raise NotFound("notice", id)
    return row


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        id=row.id,
        account=row.account_id,
        way=Way(row.way),
        recipient=row.recipient,
        subject=row.subject,
        message=row.message_id,
        attach=row.attach,
        delete_after=row.delete_after,
        created=row.created,
        state=State(row.state),
        tries=row.tries,
        next_try=row.next_try,
        sent=row.sent,
        problem=row.problem,
    )


def _place(cursor: str) -> tuple[datetime, str]:
    created, _, id = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(created)
        if moment.tzinfo is None or not id:
            raise ValueError("no instant, or no id")
        return moment.astimezone(UTC), id
    except (ValueError, OverflowError) as error:
        raise Invalid.field("cursor", "is not one that this list gave") from error
