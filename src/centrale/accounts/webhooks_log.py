"""What became of deliveries to a webhook: the log, and sending again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from pydantic import BaseModel, Field
from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from centrale.accounts import webhooks
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookEventRow
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.accounts.webhooks_taking import Failure
from centrale.routing.snapshot import AccountId

NOT_ARRIVED = (DeliveryState.GIVEN_UP.value, DeliveryState.HELD.value)


class Attempt(BaseModel):
    """One try."""

    number: int = Field(title="Number")
    at: datetime = Field(title="When")
    ms: int = Field(title="Took (ms)")
    status: int | None = Field(title="HTTP status", description="Empty when there was no answer.")
    answer: str = Field(title="Beginning of the answer")
    problem: Failure | None = Field(title="Why it counts as failed")


class Delivery(BaseModel):
    """An event for one webhook, and how far it came."""

    id: int = Field(title="Id")
    event: str = Field(title="Event's id", description="Sent as webhook-id; the same at each try and each replay.")
    type: str = Field(title="Type", description="webhook.test: somebody asked for it.")
    at: datetime = Field(title="Happened at")
    state: DeliveryState = Field(
        title="State", description="held: the webhook is paused. Neither held nor given up is tried."
    )
    tries: int = Field(title="Tries so far")
    next_try: datetime | None = Field(title="Next try", description="While waiting.")
    delivered: datetime | None = Field(title="Delivered")
    last: Attempt | None = Field(title="Last attempt")


class DeliveryWhole(Delivery):
    """With what is sent, and every attempt."""

    body: dict[str, Any] = Field(title="What is sent")
    attempts: list[Attempt] = Field(title="Attempts")


class Replayed(BaseModel):
    """What is sent again."""

    deliveries: int = Field(title="Deliveries that are sent again")


async def list_all(
    unit: Unit,
    account: AccountId,
    webhook: int,
    *,
    state: DeliveryState | None = None,
    type: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Newest first, older than delivery `before_id`. `since` ≤ happened at < `until`. Raises `NotFound`."""
    await webhooks.load(unit, account, webhook)
    query = _query().where(WebhookDeliveryRow.webhook_id == webhook)
    if state is not None:
        query = query.where(WebhookDeliveryRow.state == state.value)
    if type is not None:
        query = query.where(WebhookEventRow.type == type)
    if since is not None:
        query = query.where(WebhookEventRow.at >= since)
    if until is not None:
        query = query.where(WebhookEventRow.at < until)
    if before_id is not None:
        query = query.where(WebhookDeliveryRow.id < before_id)
    rows = await unit.session.execute(query.order_by(WebhookDeliveryRow.id.desc()).limit(limit))
    return [Delivery(**_fields(*row)) for row in rows.tuples()]


async def get(unit: Unit, account: AccountId, webhook: int, id: int) -> DeliveryWhole:
    """Raises `NotFound`, also for one of another webhook."""
    await webhooks.load(unit, account, webhook)
    query = _query().where(WebhookDeliveryRow.webhook_id == webhook, WebhookDeliveryRow.id == id)
    row = (await unit.session.execute(query)).tuples().one_or_none()
    if row is None:
        raise NotFound("delivery", id)
    attempts = await unit.session.scalars(
        select(WebhookAttemptRow).where(WebhookAttemptRow.delivery_id == id).order_by(WebhookAttemptRow.number)
    )
    body = orjson.loads(row[1].body)
    return DeliveryWhole(**_fields(*row), body=body, attempts=[_attempt(attempt) for attempt in attempts])


async def replay(unit: Unit, account: AccountId, webhook: int, id: int) -> DeliveryWhole:
    """Has it sent now, with the same id, whatever became of it before, and patience counted anew. Raises `NotFound`,
    and `Conflict` while the webhook is paused."""
    await unit.lock(account)
    await _not_paused(unit, account, webhook)
    await get(unit, account, webhook, id)
    await unit.session.execute(_again(unit).where(WebhookDeliveryRow.id == id))
    unit.deliveries_due = True
    await unit.audit(account, "replay", "webhook", webhook, after={"delivery": id})
    return await get(unit, account, webhook, id)


async def replay_failed(unit: Unit, account: AccountId, webhook: int, since: datetime) -> Replayed:
    """Has all sent that happened since then and was given up or held. Raises as `replay`."""
    await unit.lock(account)
    await _not_paused(unit, account, webhook)
    happened = select(WebhookEventRow.id).where(WebhookEventRow.account_id == account, WebhookEventRow.at >= since)
    statement = _again(unit).where(
        WebhookDeliveryRow.webhook_id == webhook,
        WebhookDeliveryRow.state.in_(NOT_ARRIVED),
        WebhookDeliveryRow.event_id.in_(happened),
    )
    ids = (await unit.session.execute(statement.returning(WebhookDeliveryRow.id))).scalars().all()
    unit.deliveries_due = True
    after = {"since": since.isoformat(), "deliveries": len(ids)}
    await unit.audit(account, "replay", "webhook", webhook, after=after)
    return Replayed(deliveries=len(ids))


async def _not_paused(unit: Unit, account: AccountId, webhook: int) -> None:
    if not (await webhooks.load(unit, account, webhook)).active:
        raise Conflict("this webhook is paused; make it active first")


def _again(unit: Unit) -> Any:
    now = unit.clock.now()
    again = update(WebhookDeliveryRow).execution_options(synchronize_session=False)
    return again.values(state=DeliveryState.WAITING.value, started=now, next_try=now, delivered=None)


def _query() -> Any:
    other = aliased(WebhookAttemptRow)
    number = select(func.max(other.number)).where(other.delivery_id == WebhookDeliveryRow.id).scalar_subquery()
    last = (WebhookAttemptRow.delivery_id == WebhookDeliveryRow.id) & (WebhookAttemptRow.number == number)
    return (
        select(WebhookDeliveryRow, WebhookEventRow, WebhookAttemptRow)
        .join(WebhookEventRow, WebhookEventRow.id == WebhookDeliveryRow.event_id)
        .outerjoin(WebhookAttemptRow, last)
        .execution_options(populate_existing=True)
    )


def _fields(row: WebhookDeliveryRow, event: WebhookEventRow, last: WebhookAttemptRow | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "event": event.id,
        "type": event.type,
        "at": event.at,
        "state": DeliveryState(row.state),
        "tries": row.tries,
        "next_try": row.next_try,
        "delivered": row.delivered,
        "last": None if last is None else _attempt(last),
    }


def _attempt(row: WebhookAttemptRow) -> Attempt:
    problem = None if row.problem is None else Failure(row.problem)
    return Attempt(number=row.number, at=row.at, ms=row.ms, status=row.status, answer=row.answer, problem=problem)
