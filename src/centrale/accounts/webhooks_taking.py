"""What is due to webhooks, taken for an attempt; and what came of attempts (API-1).

A webhook that gets nothing through for three days, or whose server says that it is gone (410), is paused; its
administrators hear of it by e-mail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select, update

from centrale.accounts import webhooks, webhooks_trouble
from centrale.accounts.models import WebhookAttemptRow, WebhookDeliveryRow, WebhookEventRow, WebhookRow
from centrale.accounts.unit import Unit
from centrale.accounts.vault import VaultError
from centrale.accounts.webhooks import Trouble
from centrale.accounts.webhooks_events import TEST
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.routing.snapshot import AccountId

FAILS_FOR = timedelta(days=3)
"""A webhook that gets nothing through for so long is paused."""

_WAITS = WebhookDeliveryRow.state == DeliveryState.WAITING.value


class Failure(StrEnum):
    """Why an attempt counts as failed."""

    STATUS = "status"
    """The answer's status is none of 200 to 299."""
    REDIRECT = "redirect"
    TOO_SLOW = "too_slow"
    NO_NAME = "no_name"
    NO_CONNECTION = "no_connection"
    NOT_ALLOWED = "not_allowed"
    """The address is not one of the internet."""
    CERTIFICATE = "certificate"
    UNREADABLE = "unreadable"
    """The answer is no HTTP."""
    UNSIGNED = "unsigned"
    """Its secret cannot be read with the key of this exchange."""
    FAULT = "fault"
    """A fault of ours; the log says more."""


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook for which something is due."""

    webhook: int
    account: int
    failures: int
    """In a row."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery with all that an attempt needs."""

    id: int
    account: int
    webhook: int
    event: str
    type: str
    url: str
    body: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    """Secrets to sign with; none when the vault cannot be read."""
    started: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt. `again`: when to try once more, if that is to be; after a success it does not matter."""

    taken: Taken
    at: datetime
    ms: int
    status: int | None
    answer: str
    problem: Failure | None
    again: datetime | None

    @property
    def gone(self) -> bool:
        """Did the server say that there is nothing any more?"""
        return self.status == 410


async def due(unit: Unit, now: datetime) -> list[Due]:
    """The webhooks for which something is due, longest due first."""
    waiting = (
        select(WebhookDeliveryRow.webhook_id, func.min(WebhookDeliveryRow.next_try).label("first"))
        .where(_WAITS, WebhookDeliveryRow.next_try <= now)
        .group_by(WebhookDeliveryRow.webhook_id)
        .subquery()
    )
    query = select(WebhookRow.id, WebhookRow.account_id, WebhookRow.failures)
    query = query.join(waiting, waiting.c.webhook_id == WebhookRow.id).order_by(waiting.c.first)
    return [Due(*row) for row in (await unit.session.execute(query)).tuples()]


async def next_due(unit: Unit) -> datetime | None:
    """When the next attempt is due; None when nothing waits."""
    return await unit.session.scalar(select(func.min(WebhookDeliveryRow.next_try)).where(_WAITS))


async def waiting(unit: Unit) -> int:
    """How many deliveries wait on the whole platform."""
    return await unit.session.scalar(select(func.count()).select_from(WebhookDeliveryRow).where(_WAITS)) or 0


async def take(unit: Unit, wanted: Mapping[int, int], *, now: datetime, until: datetime) -> list[Taken]:
    """Deliveries that are due, for each webhook at most so many, put off to `until`."""
    return [taken for webhook, count in wanted.items() for taken in await _take(unit, webhook, count, now, until)]


async def _take(unit: Unit, webhook: int, count: int, now: datetime, until: datetime) -> list[Taken]:
    query = (
        select(WebhookDeliveryRow, WebhookEventRow, WebhookRow)
        .join(WebhookEventRow, WebhookEventRow.id == WebhookDeliveryRow.event_id)
        .join(WebhookRow, WebhookRow.id == WebhookDeliveryRow.webhook_id)
        .where(_WAITS, WebhookDeliveryRow.webhook_id == webhook, WebhookDeliveryRow.next_try <= now)
        .order_by(WebhookDeliveryRow.next_try, WebhookDeliveryRow.id)
        .limit(count)
        .with_for_update(of=WebhookDeliveryRow, skip_locked=True)
    )
    taken = []
    for row, event, hook in (await unit.session.execute(query)).tuples():
        row.next_try = until
        row.tries += 1
        taken.append(
            Taken(
                id=row.id,
                account=row.account_id,
                webhook=hook.id,
                event=event.id,
                type=event.type,
                url=hook.url,
                body=event.body,
                keys=_keys(unit, hook, now),
                started=row.started,
                number=row.tries,
            )
        )
    return taken


def _keys(unit: Unit, hook: WebhookRow, now: datetime) -> tuple[str, ...]:
    sealed = [hook.secret]
    if hook.old_secret is not None and hook.old_secret_until is not None and hook.old_secret_until > now:
        sealed.append(hook.old_secret)
    try:
        return tuple(unit.vault.unseal(secret) for secret in sealed)
    except VaultError:
        return ()


async def settle(unit: Unit, results: Sequence[Result]) -> None:
    """Notes what came of attempts; those of webhooks that were deleted meanwhile are forgotten."""
    ids = [result.taken.id for result in results]
    query = select(WebhookDeliveryRow).where(WebhookDeliveryRow.id.in_(ids)).with_for_update()
    rows = {row.id: row for row in await unit.session.scalars(query)}
    hooks: dict[int, WebhookRow | None] = {}
    for result in results:
        row = rows.get(result.taken.id)
        if row is None:
            continue
        unit.session.add(_attempt(result))
        _note(row, result)
        if result.taken.type != TEST:
            if row.webhook_id not in hooks:
                hooks[row.webhook_id] = await unit.session.get(WebhookRow, row.webhook_id)
            if (hook := hooks[row.webhook_id]) is not None:
                await _judge(unit, hook, result)
    await unit.session.flush()


def _attempt(result: Result) -> WebhookAttemptRow:
    return WebhookAttemptRow(
        delivery_id=result.taken.id,
        number=result.taken.number,
        account_id=result.taken.account,
        at=result.at,
        ms=result.ms,
        status=result.status,
        answer=result.answer,
        problem=None if result.problem is None else result.problem.value,
    )


def _note(row: WebhookDeliveryRow, result: Result) -> None:
    if result.problem is None:
        row.state, row.next_try, row.delivered = DeliveryState.DELIVERED.value, None, result.at
    elif row.state == DeliveryState.WAITING.value and row.tries == result.taken.number:
        if result.again is None or result.taken.type == TEST:
            row.state, row.next_try = DeliveryState.GIVEN_UP.value, None
        elif row.started <= result.taken.started:  # else somebody has it sent again, now
            row.next_try = result.again


async def _judge(unit: Unit, hook: WebhookRow, result: Result) -> None:
    if result.problem is None:
        hook.failing_since, hook.failures = None, 0
        return
    hook.failures += 1
    hook.failing_since = hook.failing_since or result.at
    if hook.active and (result.gone or result.at - hook.failing_since >= FAILS_FOR):
        await _pause(unit, hook, Trouble.GONE if result.gone else Trouble.FAILING, result)


async def _pause(unit: Unit, hook: WebhookRow, trouble: Trouble, result: Result) -> None:
    account = AccountId(hook.account_id)
    await unit.lock(account)
    hook.active, hook.trouble = False, trouble.value
    await unit.session.flush()
    await webhooks.hold(unit, hook.id)
    before, after = {"active": True}, {"active": False, "trouble": trouble.value}
    await unit.audit(account, "change", "webhook", hook.id, before=before, after=after)
    await webhooks_trouble.tell_administrators(unit, account, hook.name, trouble)


async def forget(unit: Unit, before: datetime) -> None:
    """Removes events from before then, with their deliveries; and those that nobody is told of any more."""
    now = unit.clock.now()
    still = select(WebhookDeliveryRow.event_id)
    await unit.session.execute(delete(WebhookEventRow).where(WebhookEventRow.created < before))
    old_enough = WebhookEventRow.created < now - timedelta(hours=1)
    await unit.session.execute(delete(WebhookEventRow).where(old_enough, WebhookEventRow.id.not_in(still)))
    over = WebhookRow.old_secret_until < now
    await unit.session.execute(update(WebhookRow).where(over).values(old_secret=None, old_secret_until=None))
