"""The outbox of webhooks: an event is written in the transaction of what it tells of, with a delivery for each webhook
that wants it, so that neither is without the other (API-1).

Whoever delivers *takes* a delivery first: it is put off for as long as an attempt may take, so that no two processes
make it, and one that died is followed by another try. So each arrives at least once, with the same id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

import orjson
import structlog
from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from centrale.accounts.models import WebhookDeliveryRow, WebhookEventRow, WebhookRow
from centrale.accounts.webhooks_events import DATA, TEST, VERSION, Event

log = structlog.get_logger(__name__)

KEPT = timedelta(days=30)
"""So long the log shows what was delivered, given up or held."""

AT_ONCE = 100
"""Events in one statement."""


class DeliveryState(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    HELD = "held"
    """Its webhook is paused."""
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


async def tell(connection: AsyncConnection, events: Iterable[Event], now: datetime) -> int:
    """Stores what somebody wants to be told of, and says how many deliveries that makes.

    It must not spoil the transaction that it is part of: what cannot be made is logged and left out. An event that is
    there already (by account and key) is not stored again. A webhook hears of nothing from before its own time.
    """
    happened = list(events)
    wanting = await _wanting(connection, {event.account for event in happened}) if happened else {}
    wanted = [event for event in happened if any(_wants(hook, event) for hook in wanting.get(event.account, ()))]
    count = 0
    for start in range(0, len(wanted), AT_ONCE):
        count += await _store(connection, wanted[start : start + AT_ONCE], wanting, now)
    return count


async def tell_one(connection: AsyncConnection, hook: WebhookRow, event: Event, now: datetime) -> int:
    """Has one webhook told of `event`, whatever it wants and even when it is paused; gives the delivery's id."""
    id, body = _body(event)
    await connection.execute(insert(WebhookEventRow).values(_event_row(event, id, body, now)))
    delivery = _delivery(event, id, hook.id, DeliveryState.WAITING, now)
    made = await connection.execute(insert(WebhookDeliveryRow).values(delivery).returning(WebhookDeliveryRow.id))
    return int(made.scalar_one())


Hook = Row[tuple[int, int, list[str], bool, datetime]]

_HOOKS = (
    select(WebhookRow.id, WebhookRow.account_id, WebhookRow.events, WebhookRow.active, WebhookRow.created)
    .where(WebhookRow.account_id.in_(bindparam("accounts", expanding=True)))
    .with_for_update(read=True, key_share=True)
)
"""Put together once: every change asks it."""


async def _wanting(connection: AsyncConnection, accounts: set[int]) -> dict[int, list[Hook]]:
    """The webhooks of these accounts. They stay until the end of the transaction: on PostgreSQL somebody might delete
    one at this moment."""
    found: dict[int, list[Hook]] = {}
    for hook in (await connection.execute(_HOOKS, {"accounts": list(accounts)})).all():
        found.setdefault(hook.account_id, []).append(hook)
    return found


def _wants(hook: Hook, event: Event) -> bool:
    return event.type in hook.events and event.at >= hook.created


async def _store(
    connection: AsyncConnection, events: Sequence[Event], wanting: dict[int, list[Hook]], now: datetime
) -> int:
    made: dict[str, Event] = {}
    rows = []
    for event in events:
        try:
            id, body = _body(event)
        except Exception:  # a mistake in what is told must not undo what happened
            log.exception("webhooks.event_not_made", type=event.type, account=event.account)
            continue
        made[id] = event
        rows.append(_event_row(event, id, body, now))
    if not rows:
        return 0
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = upsert(WebhookEventRow).values(rows).on_conflict_do_nothing(index_elements=["account_id", "key"])
    stored = set((await connection.execute(statement.returning(WebhookEventRow.id))).scalars())
    deliveries = [
        _delivery(event, id, hook.id, DeliveryState.WAITING if hook.active else DeliveryState.HELD, now)
        for id, event in made.items()
        if id in stored
        for hook in wanting[event.account]
        if _wants(hook, event)
    ]
    if deliveries:
        await connection.execute(insert(WebhookDeliveryRow), deliveries)
    return len(deliveries)


def _body(event: Event) -> tuple[str, str]:
    """A new id, and the text that is sent: its signature is of these very bytes."""
    id = f"msg_{uuid4().hex}"
    data = event.data()
    assert isinstance(data, DATA[event.type])
    content = {
        "id": id,
        "type": str(event.type),
        "version": VERSION,
        "timestamp": event.at.isoformat(timespec="milliseconds"),
        "account": event.account,
        "data": data.model_dump(mode="json"),
    }
    return id, orjson.dumps(content).decode()


def _event_row(event: Event, id: str, body: str, now: datetime) -> dict[str, object]:
    return {
        "id": id,
        "account_id": event.account,
        "key": event.key,
        "type": str(event.type),
        "at": event.at,
        "created": now,
        "body": body,
    }


def _delivery(event: Event, id: str, hook: int, state: DeliveryState, now: datetime) -> dict[str, object]:
    return {
        "account_id": event.account,
        "webhook_id": hook,
        "event_id": id,
        "state": state.value,
        "started": now,
        "tries": 0,
        "next_try": now if state is DeliveryState.WAITING else None,
        "delivered": None,
    }


__all__ = ["KEPT", "TEST", "DeliveryState", "tell", "tell_one"]
