"""Webhooks: addresses that are told of what happens in the account, and what became of it (API-1)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, Field

from centrale.accounts import webhooks, webhooks_log
from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.accounts.webhooks import WebhookIn, WebhookOut
from centrale.accounts.webhooks_addresses import leads_outside
from centrale.accounts.webhooks_log import Delivery, DeliveryWhole, Replayed
from centrale.accounts.webhooks_outbox import DeliveryState
from centrale.api.access import OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.services import ApiServices
from centrale.api.units import AccountChange, Read, Services

router = APIRouter(prefix="/accounts/{account}/webhooks", tags=["webhooks"])

WebhookId = Annotated[int, Path(ge=1, le=2**31 - 1, title="Webhook's id")]
DeliveryId = Annotated[int, Path(ge=1, le=2**53, title="Delivery's id")]


class WebhookCreated(WebhookOut):
    """A webhook with a new secret."""

    secret: str = Field(
        title="Secret", description="Shown now and never again; deliveries are signed with it (Standard Webhooks)."
    )


class ReplayIn(Input):
    """What is sent again."""

    since: AwareDatetime = Field(title="Since", description="What happened from then on.")


@router.get("", summary="List the webhooks")
async def list_webhooks(unit: Read, account: OwnAccount, paging: Paged) -> Page[WebhookOut]:
    """In the order in which they were made."""
    return paging.cut(await webhooks.list_all(unit, account), lambda it: f"{it.id:010}")


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a webhook")
async def create_webhook(
    unit: AccountChange, account: OwnAccount, data: WebhookIn, services: Services, request: Request, response: Response
) -> WebhookCreated:
    """From now on it is told of what happens. Its secret is shown this once."""
    _may_lead_there(data, services)
    made, secret = await webhooks.create(unit, account, data)
    created(response, request, made, made.id)
    return WebhookCreated(**made.model_dump(), secret=secret)


@router.get("/{webhook}", summary="Show a webhook")
async def get_webhook(unit: Read, account: OwnAccount, webhook: WebhookId, response: Response) -> WebhookOut:
    """Without its secret."""
    return versioned(response, await webhooks.get(unit, account, webhook))


@router.patch("/{webhook}", openapi_extra=patch_of(WebhookIn), summary="Change a webhook")
async def change_webhook(
    unit: AccountChange,
    account: OwnAccount,
    webhook: WebhookId,
    patch: MergePatch,
    if_match: IfMatch,
    services: Services,
    response: Response,
) -> WebhookOut:
    """While it is not active, what happens is held for it; see `replay`."""
    stored = await webhooks.get(unit, account, webhook)
    if_match.holds_for(stored)
    wanted = merged(WebhookIn, stored, patch)
    if wanted.url != stored.url:
        _may_lead_there(wanted, services)
    return versioned(response, await webhooks.change(unit, account, webhook, wanted))


@router.delete("/{webhook}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a webhook")
async def delete_webhook(unit: AccountChange, account: OwnAccount, webhook: WebhookId, if_match: IfMatch) -> None:
    """With its log."""
    if_match.holds_for(await webhooks.get(unit, account, webhook))
    await webhooks.delete(unit, account, webhook)


@router.post("/{webhook}/secret", summary="Make a new secret")
async def renew_webhook_secret(
    unit: AccountChange, account: OwnAccount, webhook: WebhookId, response: Response
) -> WebhookCreated:
    """It is shown this once. For 24 hours deliveries are signed with the one of before, too."""
    changed, secret = await webhooks.renew_secret(unit, account, webhook)
    versioned(response, changed)
    return WebhookCreated(**changed.model_dump(), secret=secret)


@router.post("/{webhook}/test", status_code=HTTPStatus.ACCEPTED, summary="Send a test event")
async def test_webhook(unit: AccountChange, account: OwnAccount, webhook: WebhookId) -> DeliveryWhole:
    """`webhook.test`, once, also while the webhook is not active. Show the delivery to see what came of it."""
    id = await webhooks.send_test(unit, account, webhook)
    return await webhooks_log.get(unit, account, webhook, id)


@router.post("/{webhook}/replay", status_code=HTTPStatus.ACCEPTED, summary="Send again what did not arrive")
async def replay_webhook(unit: AccountChange, account: OwnAccount, webhook: WebhookId, data: ReplayIn) -> Replayed:
    """All that happened since then and was given up or held; 409 while the webhook is not active."""
    return await webhooks_log.replay_failed(unit, account, webhook, data.since)


@router.get("/{webhook}/deliveries", summary="What became of deliveries?")
async def list_webhook_deliveries(
    unit: Read,
    account: OwnAccount,
    webhook: WebhookId,
    paging: Paged,
    state: Annotated[DeliveryState | None, Query(title="Only in this state")] = None,
    type: Annotated[str | None, Query(max_length=40, title="Only of this type")] = None,
    since: Annotated[AwareDatetime | None, Query(title="Happened at or after")] = None,
    until: Annotated[AwareDatetime | None, Query(title="Happened before")] = None,
) -> Page[Delivery]:
    """Newest first, of the last 30 days."""
    found = await webhooks_log.list_all(
        unit,
        account,
        webhook,
        state=state,
        type=type,
        since=since,
        until=until,
        before_id=paging.after_number,
        limit=paging.fetch,
    )
    return paging.page(found, lambda it: it.id)


@router.get("/{webhook}/deliveries/{delivery}", summary="Show a delivery")
async def get_webhook_delivery(
    unit: Read, account: OwnAccount, webhook: WebhookId, delivery: DeliveryId
) -> DeliveryWhole:
    """With what is sent, and every attempt."""
    return await webhooks_log.get(unit, account, webhook, delivery)


@router.post("/{webhook}/deliveries/{delivery}/replay", status_code=HTTPStatus.ACCEPTED, summary="Send it again")
async def replay_webhook_delivery(
    unit: AccountChange, account: OwnAccount, webhook: WebhookId, delivery: DeliveryId
) -> DeliveryWhole:
    """With the same id, whatever became of it before; 409 while the webhook is not active."""
    return await webhooks_log.replay(unit, account, webhook, delivery)


def _may_lead_there(data: WebhookIn, services: ApiServices) -> None:
    """Raises `Invalid` for an address in a private network, unless the operator allows those."""
    if services.settings.webhooks_private:
        return
    try:
        leads_outside(data.url)
    except ValueError as problem:
        raise Invalid.field("url", str(problem)) from problem
