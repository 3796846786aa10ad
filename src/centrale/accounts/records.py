"""Call records (CDRs): stored exactly once, listed by account and time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.errors import Invalid, NotFound
from centrale.accounts.models import CallPartyRow, CallRow
from centrale.accounts.unit import Unit
from centrale.calls.record import Direction, Outcome
from centrale.routing.snapshot import AccountId


def _cut(length: int) -> BeforeValidator:
    """What phones and carriers send can be longer than anyone reads; it must not keep a record from being stored."""
    return BeforeValidator(lambda text: text[:length] if isinstance(text, str) else text)


Party = Annotated[str, _cut(80)]
Word = Annotated[str, _cut(40)]


class Record(BaseModel):
    """A call that has ended, as `calls.record.CallRecord.as_json` writes it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(title="Call id", max_length=64)
    account: int = Field(title="Account", ge=1, le=2**31 - 1)
    started: AwareDatetime = Field(title="Started")
    ringing: AwareDatetime | None = Field(default=None, title="First rang")
    answered: AwareDatetime | None = Field(default=None, title="Answered")
    ended: AwareDatetime = Field(title="Ended")
    direction: Direction = Field(title="Direction")
    caller: Party = Field(title="Caller")
    caller_name: Annotated[str, _cut(255)] = Field(default="", title="Caller's name")
    called: Party = Field(title="Called")
    channel: Word | None = Field(default=None, title="From channel")
    trunk: Party | None = Field(default=None, title="Through trunk")
    answered_by: Party | None = Field(default=None, title="Answered by")
    outcome: Outcome = Field(title="Outcome")
    cause: Word | None = Field(default=None, title="Cause")
    ended_by: Annotated[str, _cut(20)] | None = Field(
        default=None, title="Ended by", description="caller, called or exchange."
    )
    legs: list[Any] = Field(default_factory=list, title="Legs")
    trace: list[Any] = Field(default_factory=list, title="What was decided, and why")

    @property
    def extensions(self) -> set[str]:
        """The extensions that took part."""
        people = (self.caller, self.called, self.answered_by)
        # Who answered stands there with the name: “202 Bakker”.
        found = (re.match(r"[0-9]{2,5}(?= |$)", who) for who in people if who is not None)
        return {match.group() for match in found if match}


class ListedRecord(NamedTuple):
    """A call record in a list, as it is stored: without legs and trace, which are longer than all the rest together."""

    id: str
    account: int
    started: datetime
    ringing: datetime | None
    answered: datetime | None
    ended: datetime
    direction: str
    caller: str
    caller_name: str
    called: str
    channel: str | None
    trunk: str | None
    answered_by: str | None
    outcome: str
    cause: str | None
    ended_by: str | None


class RecordPage(NamedTuple):
    """A part of a list. `next`: give it as `cursor` for what comes after; empty at the end."""

    records: list[ListedRecord]
    next: str | None


_CALLS, _PARTIES = CallRow.__table__.c, CallPartyRow.__table__.c


def _columns(fields: Iterable[str]) -> list[ColumnElement[Any]]:
    """Where fields of records are stored. Columns of the table: what is made of a mapped class takes longer to read."""
    return [_CALLS["account_id" if field == "account" else field] for field in fields]


_ONE = select(*_columns(Record.model_fields)).where(
    _CALLS.account_id == bindparam("account"), _CALLS.id == bindparam("call")
)


async def store(connection: AsyncConnection, records: Sequence[Record]) -> None:
    """Writes records in bulk. One that is there already stays as it is: storing twice is storing once."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    calls = [
        {
            **record.model_dump(exclude={"account"}),
            "account_id": record.account,
            "direction": record.direction.value,
            "outcome": record.outcome.value,
        }
        for record in records
    ]
    parties = [
        {"cdr_id": record.id, "extension": extension, "account_id": record.account, "started": record.started}
        for record in records
        for extension in sorted(record.extensions)
    ]
    await connection.execute(insert(CallRow).on_conflict_do_nothing(), calls)
    if parties:
        await connection.execute(insert(CallPartyRow).on_conflict_do_nothing(), parties)


async def get(unit: Unit, account: AccountId, call: str) -> Record:
    """With its trace. Raises `NotFound`, also for a call of another account."""
    row = (await unit.session.execute(_ONE, {"account": account, "call": call})).one_or_none()
    if row is None:
        raise NotFound("call record", call)
    return Record(**dict(zip(Record.model_fields, row, strict=True)))


async def list_all(
    unit: Unit,
    account: AccountId,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    caller: str | None = None,
    called: str | None = None,
    extension: str | None = None,
    outcome: Outcome | None = None,
    oldest_first: bool = False,
    cursor: str | None = None,
    limit: int = 100,
) -> RecordPage:
    """Newest first unless `oldest_first`, without legs and traces. `since` ≤ started < `until`; `extension`: it called,
    was called, or answered."""
    filters = {
        "since": since,
        "until": until,
        "caller": caller,
        "called": called,
        "extension": extension,
        "outcome": outcome,
    }
    wanted = {name: value for name, value in filters.items() if value is not None}
    query = _listing(frozenset(wanted), oldest_first=oldest_first, from_the_beginning=cursor is None)
    values = {**wanted, "account": account, "fetched": limit + 1}
    if cursor is not None:
        values["last_started"], values["last_id"] = _place(cursor)
    rows = (await unit.session.execute(query, values)).all()
    found = list(map(ListedRecord._make, rows[:limit]))
    return RecordPage(found, _cursor(found[-1]) if len(rows) > limit else None)


@cache
def _listing(filters: frozenset[str], *, oldest_first: bool, from_the_beginning: bool) -> Select[Any]:
    """Put together once for each way to ask: that takes as long as finding the records. For each of them, except by the
    outcome, an index has them in order, so that nobody looks through years of other calls."""
    account = _CALLS.account_id == bindparam("account")
    query = select(*_columns(ListedRecord._fields)).where(account)
    started: ColumnElement[datetime] = _CALLS.started
    id_: ColumnElement[str] = _CALLS.id
    if "extension" in filters:
        started, id_ = _PARTIES.started, _PARTIES.cdr_id
        query = query.join(CallPartyRow.__table__, _PARTIES.cdr_id == _CALLS.id).where(
            _PARTIES.account_id == bindparam("account"), _PARTIES.extension == bindparam("extension")
        )
    elif filters & {"caller", "called"}:
        # Else SQLite would take the index that has the ids in order, too, and look through all of the account's calls.
        id_ = _CALLS.id + ""
    for name in ("caller", "called", "outcome"):
        if name in filters:
            query = query.where(_CALLS[name] == bindparam(name))
    if "since" in filters:
        query = query.where(started >= bindparam("since"))
    if "until" in filters:
        query = query.where(started < bindparam("until"))
    if not from_the_beginning:
        last = bindparam("last_started", type_=_CALLS.started.type)
        last_id = bindparam("last_id", type_=_CALLS.id.type)
        query = query.where(
            # The first part alone has the index begin there.
            started >= last if oldest_first else started <= last,
            (started != last) | (id_ > last_id if oldest_first else id_ < last_id),
        )
    by = (started, id_) if oldest_first else (started.desc(), id_.desc())
    return query.order_by(*by).limit(bindparam("fetched"))


def _cursor(last: ListedRecord) -> str:
    return f"{last.started.isoformat()}~{last.id}"


def _place(cursor: str) -> tuple[datetime, str]:
    started, _, call = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(started)
        if moment.tzinfo is None or not call:
            raise ValueError("no instant, or no call")
        return moment.astimezone(UTC), call
    except (ValueError, OverflowError) as error:
        raise Invalid.field("cursor", "is not one that this list gave") from error
