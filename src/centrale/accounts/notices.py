"""The outbox: e-mails and text messages (SMS) that have to be sent (VM-3).

A notice is written in the transaction of its cause, so that neither is without the other. Whoever sends one *takes* it
first: it is put off for as long as sending may take, so that no two processes send it, and one that died while sending
is followed by another try. So a notice is sent at least once; twice only when the exchange died between the moment at
which the server accepted it and the commit that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import ColumnElement, Select, case, func, select, update

from centrale.accounts.models import AccountRow, NoticeRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

KEPT = timedelta(days=30)
"""So long the outbox shows what has been sent, cancelled or given up."""

_WAKE = "centrale.notices"


class Way(StrEnum):
    """How a notice travels."""

    MAIL = "mail"
    SMS = "sms"


class State(StrEnum):
    """Where a notice is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Taken:
    """A notice with everything that sending it needs. `language`: the account's, for words of our own."""

    id: str
    account: AccountId | None
    way: Way
    recipient: str
    subject: str
    body: str
    message_id: str | None
    attach: bool
    delete_after: bool
    created: datetime
    tries: int
    """This one included."""
    language: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, of one way."""

    count: int
    oldest: datetime | None


def add(
    unit: Unit,
    account: AccountId | None,
    *,
    way: Way,
    recipient: str,
    subject: str,
    body: str,
    message_id: str | None = None,
    attach: bool = False,
    delete_after: bool = False,
    private: bool = False,
    now: datetime,
) -> None:
    """Puts a notice into the outbox, in the caller's transaction: it is sent soon after the commit, from then on until
    it arrives.

    `subject` may be empty for SMS. Line ends in `recipient` and `subject` become spaces, so that no name of a caller
    can add headers. `message_id`: the voice message that it tells of; `attach`: send it along; `delete_after`: delete
    it once the server has accepted this. `private`: the body is for the recipient only. Without an account it is told
    to one of the platform's or a partner's people.
    """
    unit.session.add(
        NoticeRow(
            id=uuid4().hex,
            account_id=account,
            way=way.value,
            recipient=_one_line(recipient),
            subject=_one_line(subject),
            body=body,
            message_id=message_id,
            private=private,
            attach=attach,
            delete_after=delete_after,
            created=now,
            state=State.WAITING.value,
            tries=0,
            next_try=now,
            sent=None,
            problem=None,
        )
    )
    wake(unit)


def wake(unit: Unit) -> None:
    """This unit makes something due now: who sends looks for it after the commit (`wakes`)."""
    unit.session.info[_WAKE] = True


def wakes(unit: Unit) -> bool:
    """Is something due now that was not before this unit?"""
    return bool(unit.session.info.get(_WAKE))


async def next_due(unit: Unit, way: Way) -> datetime | None:
    """When the next try of that way is due; None when nothing waits."""
    query = select(func.min(NoticeRow.next_try)).where(*_waiting(way))
    return await unit.session.scalar(query)


async def take(unit: Unit, way: Way, *, now: datetime, until: datetime, limit: int) -> list[Taken]:
    """The notices that are due, longest due first, put off to `until`: by then each is settled, or tried again."""
    due = (
        select(NoticeRow, AccountRow.language)
        .outerjoin(AccountRow, AccountRow.id == NoticeRow.account_id)
        .where(*_waiting(way), NoticeRow.next_try <= now)
        .order_by(NoticeRow.next_try, NoticeRow.created)
        .limit(limit)
        .with_for_update(of=NoticeRow, skip_locked=True)
    )
    taken: list[Taken] = []
    for row, language in (await unit.session.execute(due)).all():
        row.next_try = until
        row.tries += 1
        taken.append(
            Taken(
                id=row.id,
                account=None if row.account_id is None else AccountId(row.account_id),
                way=Way(row.way),
                recipient=row.recipient,
                subject=row.subject,
                body=row.body,
                message_id=row.message_id,
                attach=row.attach,
                delete_after=row.delete_after,
                created=row.created,
                tries=row.tries,
                language=language or "en",
            )
        )
    return taken


async def note_sent(unit: Unit, id: str, now: datetime) -> None:
    """The server has accepted it, whatever somebody decided about it meanwhile."""
    values = {"state": State.SENT.value, "sent": now, "next_try": None, "problem": None}
    kept = case((NoticeRow.private, ""), else_=NoticeRow.body)
    await unit.session.execute(update(NoticeRow).where(NoticeRow.id == id).values(body=kept, **values))


async def note_failed(unit: Unit, id: str, problem: str, next_try: datetime) -> None:
    """It is tried again at `next_try`."""
    await _settle(unit, id, {"problem": problem, "next_try": next_try})


async def note_given_up(unit: Unit, id: str, problem: str) -> None:
    """It is not tried again, unless somebody asks for it (`retry`)."""
    await _settle(unit, id, {"problem": problem, "next_try": None, "state": State.GIVEN_UP.value})


async def takes_along(unit: Unit, account: AccountId, message_id: str) -> bool:
    """Is the voice message to be deleted now? When one notice that was sent says so, and no other still needs it."""
    of_message = (NoticeRow.account_id == account, NoticeRow.message_id == message_id)
    sent = select(NoticeRow.id).where(*of_message, NoticeRow.state == State.SENT.value, NoticeRow.delete_after)
    needed = select(NoticeRow.id).where(*of_message, NoticeRow.state == State.WAITING.value, NoticeRow.attach)
    return await _any(unit, sent) and not await _any(unit, needed)


async def _any(unit: Unit, query: Select[str]) -> bool:
    return (await unit.session.scalars(query.limit(1))).first() is not None


async def forget(unit: Unit, before: datetime) -> None:
    """Removes what was settled and written before then."""
    settled = select(NoticeRow).where(NoticeRow.state != State.WAITING.value, NoticeRow.created < before)
    for row in (await unit.session.scalars(settled.limit(1000))).all():
        await unit.session.delete(row)


async def _settle(unit: Unit, id: str, values: dict[str, object]) -> None:
    waiting = (NoticeRow.id == id, NoticeRow.state == State.WAITING.value)
    await unit.session.execute(update(NoticeRow).where(*waiting).values(values))


def _waiting(way: Way) -> tuple[ColumnElement[bool], ...]:
    return NoticeRow.state == State.WAITING.value, NoticeRow.way == way.value


async def waiting(unit: Unit, way: Way) -> Waiting:
    """How many wait on the whole platform, and since when."""
    query = select(func.count(), func.min(NoticeRow.created)).where(*_waiting(way))
    count, oldest = (await unit.session.execute(query)).one()
    return Waiting(count, oldest)


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:255]
