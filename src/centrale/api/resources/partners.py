"""Wholesale partners (ACC-1): the platform's administrator makes them and hands accounts over to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from centrale.accounts import partners
from centrale.accounts.partners import PartnerIn, PartnerOut
from centrale.api.access import PlatformOnly
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.units import Change, Read

router = APIRouter(prefix="/partners", tags=["partners"], dependencies=[PlatformOnly])

Id = Annotated[int, Path(ge=1, le=2**31 - 1, title="Partner's id")]


@router.get("", summary="List the partners")
async def list_partners(unit: Read, paging: Paged) -> Page[PartnerOut]:
    """By id."""
    found = await partners.list_all(unit, after=paging.after_number, limit=paging.fetch)
    return paging.page(found, lambda partner: partner.id)


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a partner")
async def create_partner(unit: Change, data: PartnerIn, request: Request, response: Response) -> PartnerOut:
    """Then invite its people as web users with the role `partner`."""
    made = await partners.create(unit, data)
    return created(response, request, made, made.id)


@router.get("/{id}", summary="Show a partner")
async def get_partner(unit: Read, id: Id, response: Response) -> PartnerOut:
    return versioned(response, await partners.get(unit, id))


@router.patch("/{id}", openapi_extra=patch_of(PartnerIn), summary="Change a partner")
async def change_partner(unit: Change, id: Id, patch: MergePatch, if_match: IfMatch, response: Response) -> PartnerOut:
    stored = await partners.get(unit, id)
    if_match.holds_for(stored)
    return versioned(response, await partners.change(unit, id, merged(PartnerIn, stored, patch)))


@router.delete("/{id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a partner")
async def delete_partner(unit: Change, id: Id, if_match: IfMatch) -> None:
    """Not while it has accounts or people."""
    if_match.holds_for(await partners.get(unit, id))
    await partners.delete(unit, id)
