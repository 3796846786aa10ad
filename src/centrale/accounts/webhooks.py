"""Webhooks of an account: addresses that are told of chosen events (API-1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select, update

from centrale.accounts import webhooks_outbox
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.fields import Input, Name
from centrale.accounts.models import WebhookDeliveryRow, WebhookRow, WebhookToldRow
from centrale.accounts.rows import insert, remove
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks_addresses import LONGEST, well_formed
from centrale.accounts.webhooks_events import TEST, Event, EventType, TrialData
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.accounts.webhooks_secrets import BOTH_FOR, new_secret
from centrale.kinds.kind import semantic
from centrale.routing.snapshot import AccountId

TOLD: Mapping[str, frozenset[str]] = {
    "plan:": frozenset({EventType.PLAN_CHANGED}),
    "channel:": frozenset({EventType.CHANNEL_REGISTERED, EventType.CHANNEL_UNREGISTERED}),
}
"""What `WebhookToldRow` is kept for, by the beginning of its subject."""


class Trouble(StrEnum):
    """Why the exchange pauses a webhook by itself."""

    GONE = "gone"
    FAILING = "failing"


AT_MOST = 50
"""Webhooks of one account."""


class WebhookIn(Input):
    """What is set for a webhook."""

    name: Name = Field(title="Name", description="What it is for. Each webhook has another one.")
    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST), AfterValidator(well_formed)] = Field(
        title="Address",
        description="Where events are posted: https://, and a machine that the internet can reach.",
        json_schema_extra=semantic("web-address"),
    )
    events: frozenset[EventType] = Field(min_length=1, title="Events", description="What it is told of.")
    active: bool = Field(
        default=True, title="Active", description="While it is not, events are held; they can be sent again later."
    )


class WebhookOut(WebhookIn):
    """A webhook as stored, without its secret."""

    not_audited: ClassVar[frozenset[str]] = frozenset(
        {"id", "created", "failing_since", "trouble", "old_secret_until"},
    )

    id: int = Field(title="Id")
    created: datetime = Field(title="Created")
    failing_since: datetime | None = Field(
        title="Failing since", description="Of the first attempt that failed after the last that did not."
    )
    trouble: Trouble | None = Field(
        title="Why the exchange has paused it",
        description="gone: it answered 410; failing: it failed for three days. Empty when people did.",
    )
    old_secret_until: datetime | None = Field(
        title="Signed with the secret of before, too, until", description="After a new secret was made."
    )


async def create(unit: Unit, account: AccountId, data: WebhookIn) -> tuple[WebhookOut, str]:
    """A new webhook and its secret, which cannot be had again. Raises `Conflict` when the name is taken, or there are
    too many."""
    await unit.lock(account)
    count = await unit.session.scalar(
        select(func.count()).select_from(WebhookRow).where(WebhookRow.account_id == account)
    )
    if (count or 0) >= AT_MOST:
        raise Conflict(f"an account has {AT_MOST} webhooks at most; delete one first")
    await _free(unit, account, data.name)
    secret = new_secret()
    row = WebhookRow(
        account_id=account,
        created=_to_the_millisecond(unit.clock.now()),
        secret=unit.vault.seal(secret),
        old_secret=None,
        old_secret_until=None,
        failing_since=None,
        failures=0,
        trouble=None,
        **_columns(data),
    )
    await insert(unit, row, taken=f"there is a webhook “{data.name}” already", field="name")
    await _forget_told(unit, account)
    made = _out(row, unit.clock.now())
    await unit.audit(account, "create", "webhook", row.id, after=made.as_audit())
    return made, secret


async def get(unit: Unit, account: AccountId, id: int) -> WebhookOut:
    """Raises `NotFound`."""
    return _out(await load(unit, account, id), unit.clock.now())


async def find(unit: Unit, account: AccountId, name: str) -> WebhookOut:
    """By name. Raises `NotFound`."""
    query = select(WebhookRow).where(WebhookRow.account_id == account, WebhookRow.name == name)
    row = await unit.session.scalar(query)
    if row is None:
        raise NotFound("webhook", name)
    return _out(row, unit.clock.now())


async def list_all(unit: Unit, account: AccountId) -> list[WebhookOut]:
    """In the order in which they were made."""
    rows = await unit.session.scalars(
        select(WebhookRow).where(WebhookRow.account_id == account).order_by(WebhookRow.id)
    )
    return [_out(row, unit.clock.now()) for row in rows]


async def change(unit: Unit, account: AccountId, id: int, data: WebhookIn) -> WebhookOut:
    """Sets it anew. Going on after a pause forgets the trouble; what is held stays so until somebody has it sent.
    Raises `NotFound`, and `Conflict` when the name is taken."""
    await unit.lock(account)
    row = await load(unit, account, id)
    before = _out(row, unit.clock.now())
    if data.name != row.name:
        await _free(unit, account, data.name)
    if data.active and not row.active:
        row.trouble, row.failing_since, row.failures = None, None, 0
    if row.active and not data.active:
        await hold(unit, id)
    if data.url != row.url:
        row.failing_since, row.failures = None, 0
    for column, value in _columns(data).items():
        setattr(row, column, value)
    await unit.session.flush()
    await _forget_told(unit, account)
    after = _out(row, unit.clock.now())
    await unit.audit(account, "change", "webhook", id, before=before.as_audit(), after=after.as_audit())
    return after


async def delete(unit: Unit, account: AccountId, id: int) -> None:
    """With its log. Raises `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, id)
    before = _out(row, unit.clock.now())
    await remove(unit, row)
    await _forget_told(unit, account)
    await unit.audit(account, "delete", "webhook", id, before=before.as_audit())


async def renew_secret(unit: Unit, account: AccountId, id: int) -> tuple[WebhookOut, str]:
    """A new secret; for a day deliveries are signed with the one of before, too. Raises `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, id)
    secret = new_secret()
    row.old_secret, row.old_secret_until = row.secret, unit.clock.now() + BOTH_FOR
    row.secret = unit.vault.seal(secret)
    await unit.session.flush()
    await unit.audit(account, "change", "webhook", id, after={"secret": "changed"})
    return _out(row, unit.clock.now()), secret


async def send_test(unit: Unit, account: AccountId, id: int) -> int:
    """Has an event delivered that tells of nothing, once; gives the delivery's id. Raises `NotFound`."""
    await unit.lock(account)
    row = await load(unit, account, id)
    now, actor = unit.clock.now(), unit.actor
    event = Event(account, TEST, now, lambda: TrialData(actor=actor))
    delivery = await webhooks_outbox.tell_one(await unit.session.connection(), row, event, now)
    unit.deliveries_due = True
    return delivery


async def hold(unit: Unit, id: int) -> None:
    """What waits for the webhook is not tried by itself any more."""
    waiting = (WebhookDeliveryRow.webhook_id == id, WebhookDeliveryRow.state == DeliveryState.WAITING.value)
    await unit.session.execute(
        update(WebhookDeliveryRow).where(*waiting).values(state=DeliveryState.HELD.value, next_try=None)
    )


async def load(unit: Unit, account: AccountId, id: int) -> WebhookRow:
    """The row; raises `NotFound`, also for one of another account."""
    row = await unit.session.get(WebhookRow, id)
    if row is None or row.account_id != account:
        raise NotFound("webhook", id)
    return row


def _to_the_millisecond(moment: datetime) -> datetime:
    """As records and queue events tell it: what happens in the same one is not from before."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


async def _forget_told(unit: Unit, account: AccountId) -> None:
    """Of what nobody is told of any more: who wants to be later hears only of what changes from then on."""
    wanted: set[str] = set()
    for events in await unit.session.scalars(select(WebhookRow.events).where(WebhookRow.account_id == account)):
        wanted.update(events)
    for about, types in TOLD.items():
        if not wanted & types:
            old = (WebhookToldRow.account_id == account, WebhookToldRow.subject.startswith(about))
            await unit.session.execute(sql_delete(WebhookToldRow).where(*old))


async def _free(unit: Unit, account: AccountId, name: str) -> None:
    query = select(WebhookRow.id).where(WebhookRow.account_id == account, WebhookRow.name == name)
    if await unit.session.scalar(query) is not None:
        raise Conflict(f"there is a webhook “{name}” already", field="name")


def _columns(data: WebhookIn) -> dict[str, object]:
    return {"name": data.name, "url": data.url, "events": sorted(data.events), "active": data.active}


def _out(row: WebhookRow, now: datetime) -> WebhookOut:
    both = row.old_secret_until is not None and row.old_secret_until > now
    return WebhookOut(
        id=row.id,
        name=row.name,
        url=row.url,
        events=frozenset(EventType(event) for event in row.events),
        active=row.active,
        created=row.created,
        failing_since=row.failing_since,
        trouble=None if row.trouble is None else Trouble(row.trouble),
        old_secret_until=row.old_secret_until if both else None,
    )
