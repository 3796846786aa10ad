"""Number plans: where each telephone number leads (NP-2, NP-7)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from centrale.accounts import plans
from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.accounts.plans import PlanIn, PlanOut
from centrale.api.access import OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.resources.schemas import SchemaNumber
from centrale.api.units import AccountChange, Read

router = APIRouter(prefix="/accounts/{account}/schemas/{schema}/plans", tags=["plans"])

PlanNumber = Annotated[int, Path(ge=1, le=99, title="Plan's number")]


class CopyIn(Input):
    """Where the numbers come from."""

    plan: int = Field(ge=1, le=99, title="Plan", description="Of the same schema.")


@router.get("", summary="List the plans")
async def list_plans(unit: Read, account: OwnAccount, schema: SchemaNumber, paging: Paged) -> Page[PlanOut]:
    """By number."""
    return paging.cut((await plans.get_schema(unit, account, schema)).plans, lambda plan: f"{plan.number:02}")


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a plan")
async def create_plan(
    unit: AccountChange,
    account: OwnAccount,
    schema: SchemaNumber,
    data: PlanIn,
    request: Request,
    response: Response,
) -> PlanOut:
    """A schema holds 99 at most (NP-1)."""
    made = await plans.create_plan(unit, account, schema, data)
    return created(response, request, made, made.number)


@router.get("/{plan}", summary="Show a plan")
async def get_plan(
    unit: Read, account: OwnAccount, schema: SchemaNumber, plan: PlanNumber, response: Response
) -> PlanOut:
    return versioned(response, await plans.get_plan(unit, account, schema, plan))


@router.patch("/{plan}", openapi_extra=patch_of(PlanIn), summary="Change a plan")
async def change_plan(
    unit: AccountChange,
    account: OwnAccount,
    schema: SchemaNumber,
    plan: PlanNumber,
    patch: MergePatch,
    if_match: IfMatch,
    response: Response,
) -> PlanOut:
    """Its name, or its `entries` as a whole. A number leads to one place only (NP-2)."""
    stored = await plans.get_plan(unit, account, schema, plan)
    if_match.holds_for(stored)
    data = merged(PlanIn, stored, patch)
    return versioned(response, await plans.change_plan(unit, account, schema, plan, data))


@router.delete("/{plan}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a plan")
async def delete_plan(
    unit: AccountChange, account: OwnAccount, schema: SchemaNumber, plan: PlanNumber, if_match: IfMatch
) -> None:
    """409 with `used_by` while it is the standing plan or chosen by hand."""
    if_match.holds_for(await plans.get_plan(unit, account, schema, plan))
    await plans.delete_plan(unit, account, schema, plan)


@router.post("/{plan}/copy", summary="Copy the numbers of another plan")
async def copy_plan(
    unit: AccountChange,
    account: OwnAccount,
    schema: SchemaNumber,
    plan: PlanNumber,
    data: CopyIn,
    if_match: IfMatch,
    response: Response,
) -> PlanOut:
    """Overwrites the entries of this plan with those of the other; its name stays (NP-7)."""
    stored = await plans.get_schema(unit, account, schema)
    if_match.holds_for(await plans.get_plan(unit, account, schema, plan))
    if data.plan not in {known.number for known in stored.plans}:
        raise Invalid.field("plan", f"schema {schema} has no plan {data.plan}", "unknown_plan")
    return versioned(response, await plans.copy_plan(unit, account, schema, data.plan, plan))
