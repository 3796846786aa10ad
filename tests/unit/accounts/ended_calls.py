"""Calls that have ended, as the exchange hands them to the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from centrale.accounts.records import Record
from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.telephony.switch import Cause

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def ended(id: str, *, account: int = 1, minute: float = 0, **fields: Any) -> dict[str, Any]:
    """Jansen called Bakker, who answered."""
    start = NINE + timedelta(minutes=minute)
    record = CallRecord(
        id=id,
        account=account,
        started=start,
        direction=Direction.INSIDE,
        caller="201",
        caller_name="Jansen",
        called="202",
        channel="desk",
        answered=start + timedelta(seconds=5),
        ended=start + timedelta(seconds=65),
        answered_by="202",
        outcome=Outcome.ANSWERED,
        cause=Cause.NORMAL,
        ended_by="caller",
        legs=[f"{id}-in", f"{id}-out"],
    )
    return record.as_json() | fields


def call(id: str, **fields: Any) -> Record:
    return Record.model_validate(ended(id, **fields))
