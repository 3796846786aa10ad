"""Telephone numbers of an account (ACC-6)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from centrale.accounts import numbers
from centrale.accounts.errors import Use
from centrale.accounts.numbers import Listed, NumberIn, NumberOut
from centrale.accounts.roles import Role
from centrale.api.access import Asking, OwnAccount, at_least, refuse_what_only_the_platform_may
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.naming import in_words
from centrale.api.pages import Page, Paged
from centrale.api.speaking import Spoken
from centrale.api.units import AccountChange, Read

router = APIRouter(prefix="/accounts/{account}/numbers", tags=["numbers"])

E164 = Annotated[str, Path(pattern=r"^\+[1-9][0-9]{5,14}$", title="Number", description="Such as +31201234567.")]


@router.get("", response_model=Page[NumberOut], summary="List the numbers")
async def list_numbers(unit: Read, account: OwnAccount, paging: Paged) -> Response:
    """In order."""
    found = await numbers.listed(unit, account, after=paging.after, limit=paging.fetch)
    return paging.answer(found, lambda number: number.e164, Listed._asdict)


@router.post(
    "", status_code=HTTPStatus.CREATED, openapi_extra=at_least(Role.PARTNER), summary="Give a number to the account"
)
async def create_number(
    unit: AccountChange, account: OwnAccount, data: NumberIn, request: Request, response: Response
) -> NumberOut:
    """The platform's to do: who could take any number could take other people's calls, and call in their name."""
    made = await numbers.create(unit, account, data)
    return created(response, request, made, made.e164)


@router.get("/{e164}", summary="Show a number")
async def get_number(unit: Read, account: OwnAccount, e164: E164, response: Response) -> NumberOut:
    return versioned(response, await numbers.get(unit, account, e164))


@router.patch("/{e164}", openapi_extra=patch_of(NumberIn), summary="Change a number")
async def change_number(
    unit: AccountChange,
    account: OwnAccount,
    e164: E164,
    patch: MergePatch,
    if_match: IfMatch,
    principal: Asking,
    response: Response,
) -> NumberOut:
    """Its use and its user; the order status is the platform's to change."""
    stored = await numbers.get(unit, account, e164)
    if_match.holds_for(stored)
    data = merged(NumberIn, stored, patch)
    refuse_what_only_the_platform_may(principal, ("status",), stored, data)
    return versioned(response, await numbers.change(unit, account, e164, data))


@router.delete(
    "/{e164}", status_code=HTTPStatus.NO_CONTENT, openapi_extra=at_least(Role.PARTNER), summary="Take a number away"
)
async def delete_number(unit: AccountChange, account: OwnAccount, e164: E164, if_match: IfMatch) -> None:
    """409 with `used_by` while plans or caller ids use it."""
    if_match.holds_for(await numbers.get(unit, account, e164))
    await numbers.delete(unit, account, e164)


@router.get("/{e164}/uses", summary="Where a number is used")
async def uses_of_number(unit: Read, account: OwnAccount, e164: E164, language: Spoken, paging: Paged) -> Page[Use]:
    """In which plans, and as whose caller id."""
    return paging.cut(in_words(await numbers.uses(unit, account, e164), language), str)
