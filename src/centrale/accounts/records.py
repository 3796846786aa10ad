"""Call records (CDRs): stored exactly once, listed by account and time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select
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


class RecordPage(BaseModel):
    """A part of a list. `next`: give it as `cursor` for what comes after; empty at the end."""

    records: list[Record]
    next: str | None


_LISTED = tuple(getattr(CallRow, name) for name in Record.model_fields if name not in ("account", "legs", "trace"))
"""A trace is longer than all the rest of a record together."""


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
    row = await unit.session.get(CallRow, call)
    if row is None or row.account_id != account:
        raise NotFound("call record", call)
    return _record(row)


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
    query = select(*_LISTED).where(CallRow.account_id == account)
    if since is not None:
        query = query.where(CallRow.started >= since)
    if until is not None:
        query = query.where(CallRow.started < until)
    if caller is not None:
        query = query.where(CallRow.caller == caller)
    if called is not None:
        query = query.where(CallRow.called == called)
    if extension is not None:
        took_part = select(CallPartyRow.cdr_id).where(
            CallPartyRow.account_id == account, CallPartyRow.extension == extension
        )
        query = query.where(CallRow.id.in_(took_part))
    if outcome is not None:
        query = query.where(CallRow.outcome == outcome.value)
    if cursor is not None:
        started, call = _place(cursor)
        further, behind = (CallRow.started < started, CallRow.id < call)
        if oldest_first:
            further, behind = (CallRow.started > started, CallRow.id > call)
        query = query.where(further | ((CallRow.started == started) & behind))
    by = (CallRow.started, CallRow.id) if oldest_first else (CallRow.started.desc(), CallRow.id.desc())
    query = query.order_by(*by).limit(limit + 1)
    rows = (await unit.session.execute(query)).mappings().all()
    found = [Record.model_validate({**row, "account": account}) for row in rows[:limit]]
    return RecordPage(records=found, next=_cursor(found[-1]) if len(rows) > limit else None)


def _cursor(last: Record) -> str:
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


def _record(row: CallRow) -> Record:
    values: dict[str, Any] = {name: getattr(row, name) for name in Record.model_fields if name != "account"}
    return Record.model_validate({**values, "account": row.account_id})
