"""The audit: who changed what, when, from what to what (ACC-8)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from centrale.accounts import audit
from centrale.accounts.audit import AuditEntry
from centrale.accounts.unit import Unit
from centrale.api.access import OwnAccount, PlatformOnly
from centrale.api.pages import Page, Paged, Paging
from centrale.api.units import Read
from centrale.routing.snapshot import AccountId

router = APIRouter(tags=["audit"])

ObjectType = Annotated[str | None, Query(max_length=40, title="Of this type only", examples=["channel"])]
ObjectKey = Annotated[str | None, Query(max_length=80, title="Of this one only", examples=["1000EC01"])]


@router.get("/accounts/{account}/audit", summary="Changes in an account")
async def list_account_changes(
    unit: Read, account: OwnAccount, paging: Paged, object_type: ObjectType = None, object_key: ObjectKey = None
) -> Page[AuditEntry]:
    """Newest first."""
    return await _list(unit, account, paging, object_type, object_key)


@router.get("/audit", dependencies=[PlatformOnly], summary="Changes of the platform")
async def list_platform_changes(
    unit: Read, paging: Paged, object_type: ObjectType = None, object_key: ObjectKey = None
) -> Page[AuditEntry]:
    """What belongs to no account: trunks, tokens of the platform, accounts that come and go. Newest first."""
    return await _list(unit, None, paging, object_type, object_key)


async def _list(
    unit: Unit, account: AccountId | None, paging: Paging, object_type: str | None, object_key: str | None
) -> Page[AuditEntry]:
    found = await audit.list_all(
        unit,
        account,
        object_type=object_type,
        object_key=object_key,
        before_id=paging.after_number,
        limit=paging.fetch,
    )
    return paging.page(found, lambda entry: entry.id)
