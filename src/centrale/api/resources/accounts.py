"""Accounts: the customers of the platform (ACC-1..5)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from centrale.accounts import accounts
from centrale.accounts.accounts import AccountIn, AccountOut, Order
from centrale.accounts.fields import Input
from centrale.accounts.roles import Role
from centrale.api.access import Asking, OwnAccount, PlatformOnly, at_least, refuse_what_only_the_platform_may
from centrale.api.answers import answer
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, version_of_contents, versioned
from centrale.api.pages import Page, Paged
from centrale.api.units import AccountChange, Change, Read
from centrale.routing.snapshot import AccountId

router = APIRouter(prefix="/accounts", tags=["accounts"])

PLATFORMS_FIELDS = ("number", "facilities")
"""What the account's own administrator sees but cannot change: the platform sells it (ACC-3)."""


@router.get("", openapi_extra=at_least(Role.END_USER), summary="List the accounts")
async def list_accounts(
    unit: Read,
    paging: Paged,
    principal: Asking,
    search: Annotated[str, Query(max_length=80, title="Part of the number or the name")] = "",
    sort: Annotated[Order, Query(title="Sorted by")] = Order.NUMBER,
) -> Page[AccountOut]:
    """All that are seen, of the platform, of a partner, or the one account; by customer number unless asked
    otherwise."""
    if principal.account is not None:
        return paging.cut([await accounts.get(unit, principal.account)], lambda account: account.number)
    found = await accounts.list_all(
        unit, partner=principal.partner, search=search, order=sort, after=paging.after, limit=paging.fetch
    )
    return paging.page(found, lambda account: accounts.place_in(sort, account))


@router.post("", status_code=HTTPStatus.CREATED, openapi_extra=at_least(Role.PARTNER), summary="Create an account")
async def create_account(
    unit: Change, data: AccountIn, principal: Asking, request: Request, response: Response
) -> AccountOut:
    """With its main plan schema. Caller ids come later, when it has numbers (ACC-4). A partner's is the partner's."""
    made = await accounts.create(unit, data)
    if principal.partner is not None:
        made = await accounts.hand_over(unit, AccountId(made.id), principal.partner)
    return created(response, request, made, made.id)


@router.get("/{account}", openapi_extra=at_least(Role.END_USER), response_model=AccountOut, summary="Show an account")
async def get_account(unit: Read, account: OwnAccount, response: Response) -> Response:
    found = await accounts.shown(unit, account)
    arranged = {name: value for name, value in found.items() if name not in AccountOut.not_audited}
    response.headers["ETag"] = version_of_contents(arranged)
    return answer(found, response)


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


class Handover(Input):
    """To whom an account is handed over."""

    partner: int | None = Field(ge=1, le=2**31 - 1, title="Partner", description="Null: the platform's own customer.")


@router.put("/{account}/partner", dependencies=[PlatformOnly], summary="Hand an account over to a partner")
async def hand_account_over(unit: AccountChange, account: OwnAccount, data: Handover) -> AccountOut:
    """From now on the partner sees and manages it, and no other partner (ACC-1)."""
    return await accounts.hand_over(unit, account, data.partner)


@router.delete(
    "/{account}", status_code=HTTPStatus.NO_CONTENT, dependencies=[PlatformOnly], summary="Delete an account"
)
async def delete_account(unit: AccountChange, account: OwnAccount, if_match: IfMatch) -> None:
    """With everything in it, at once. Call records and the audit stay in the database."""
    if_match.holds_for(await accounts.get(unit, account))
    await accounts.delete(unit, account)
