"""Trunks: the platform's carriers, and each account's choice of them. For the platform's administrator only."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from centrale.accounts import trunks
from centrale.accounts.fields import Input
from centrale.accounts.trunks import TrunkIn, TrunkName, TrunkOut
from centrale.api.access import OwnAccount, PlatformOnly
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.units import AccountChange, Change, Read

router = APIRouter(prefix="/trunks", tags=["trunks"], dependencies=[PlatformOnly])
choice = APIRouter(prefix="/accounts/{account}/trunks", tags=["trunks"], dependencies=[PlatformOnly])

Name = Annotated[str, Path(pattern="^[a-z0-9-]{1,40}$", title="Trunk's name")]


class ChosenTrunks(Input):
    """The trunks of an account, in the order in which it tries them."""

    trunks: list[TrunkName] = Field(max_length=50, title="Trunks")


@router.get("", summary="List the trunks")
async def list_trunks(unit: Read, paging: Paged) -> Page[TrunkOut]:
    """By name."""
    return paging.cut(await trunks.list_all(unit), lambda trunk: trunk.name)


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a trunk")
async def create_trunk(unit: Change, data: TrunkIn, request: Request, response: Response) -> TrunkOut:
    """No account uses it until it is chosen there."""
    made = await trunks.create(unit, data)
    return created(response, request, made, made.name)


@router.get("/{name}", summary="Show a trunk")
async def get_trunk(unit: Read, name: Name, response: Response) -> TrunkOut:
    """Its password is not shown."""
    return versioned(response, await trunks.get(unit, name))


@router.patch("/{name}", openapi_extra=patch_of(TrunkIn), summary="Change a trunk")
async def change_trunk(unit: Change, name: Name, patch: MergePatch, if_match: IfMatch, response: Response) -> TrunkOut:
    """Its name stays."""
    await unit.lock_platform()  # what an If-Match was compared with still stands when the change is made
    stored = await trunks.get(unit, name)
    if_match.holds_for(stored)
    return versioned(response, await trunks.change(unit, name, merged(TrunkIn, stored, patch)))


@router.delete("/{name}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a trunk")
async def delete_trunk(unit: Change, name: Name, if_match: IfMatch) -> None:
    """409 with `used_by` while accounts use it."""
    await unit.lock_platform()
    if_match.holds_for(await trunks.get(unit, name))
    await trunks.delete(unit, name)


@choice.get("", summary="Which trunks does the account use?")
async def get_chosen_trunks(unit: Read, account: OwnAccount, response: Response) -> ChosenTrunks:
    """In the order in which it tries them."""
    return versioned(response, ChosenTrunks(trunks=await trunks.chosen(unit, account)))


@choice.put("", summary="Choose the account's trunks")
async def choose_trunks(
    unit: AccountChange, account: OwnAccount, data: ChosenTrunks, if_match: IfMatch, response: Response
) -> ChosenTrunks:
    """All of them, in order; an empty list leaves the account without a way to the outside."""
    if_match.holds_for(ChosenTrunks(trunks=await trunks.chosen(unit, account)))
    return versioned(response, ChosenTrunks(trunks=await trunks.choose(unit, account, data.trunks)))
