"""Accounts: the customers of the platform (ACC-1..5)."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from centrale.accounts import accounts
from centrale.accounts.accounts import AccountIn, AccountOut
from centrale.api.access import Asking, OwnAccount, PlatformOnly, refuse_what_only_the_platform_may
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.units import AccountChange, Change, Read

router = APIRouter(prefix="/accounts", tags=["accounts"])

PLATFORMS_FIELDS = ("number", "facilities")
"""What the account's own administrator sees but cannot change: the platform sells it (ACC-3)."""


@router.get("", summary="List the accounts")
async def list_accounts(unit: Read, paging: Paged, principal: Asking) -> Page[AccountOut]:
    """All of the platform by customer number; for an account's token, that account."""
    if principal.account is not None:
        return paging.cut([await accounts.get(unit, principal.account)], lambda account: account.number)
    found = await accounts.list_all(unit, after=paging.after, limit=paging.fetch)
    return paging.page(found, lambda account: account.number)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[PlatformOnly], summary="Create an account")
async def create_account(unit: Change, data: AccountIn, request: Request, response: Response) -> AccountOut:
    """With its main plan schema. Caller ids come later, when it has numbers (ACC-4)."""
    made = await accounts.create(unit, data)
    return created(response, request, made, made.id)


@router.get("/{account}", summary="Show an account")
async def get_account(unit: Read, account: OwnAccount, response: Response) -> AccountOut:
    return versioned(response, await accounts.get(unit, account))


@router.patch("/{account}", openapi_extra=patch_of(AccountIn), summary="Change an account")
async def change_account(
    unit: AccountChange,
    account: OwnAccount,
    patch: MergePatch,
    if_match: IfMatch,
    principal: Asking,
    response: Response,
) -> AccountOut:
    """Needs an emergency caller id (ACC-4). Customer number and facilities are the platform's to change."""
    stored = await accounts.get(unit, account)
    if_match.holds_for(stored)
    data = merged(AccountIn, stored, patch)
    refuse_what_only_the_platform_may(principal, PLATFORMS_FIELDS, stored, data)
    return versioned(response, await accounts.change(unit, account, data))


@router.delete(
    "/{account}", status_code=HTTPStatus.NO_CONTENT, dependencies=[PlatformOnly], summary="Delete an account"
)
async def delete_account(unit: AccountChange, account: OwnAccount, if_match: IfMatch) -> None:
    """With everything in it, at once. Call records and the audit stay in the database."""
    if_match.holds_for(await accounts.get(unit, account))
    await accounts.delete(unit, account)
