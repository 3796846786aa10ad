"""Plan schemas: which number plan is active, and why (NP-1, NP-3)."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from centrale.accounts import plans, plans_override
from centrale.accounts.fields import Input
from centrale.accounts.plans import SchemaIn, SchemaOut
from centrale.accounts.plans_fields import WallDateTime
from centrale.api.access import OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.moments import MomentQuery
from centrale.api.pages import Page, Paged
from centrale.api.problems import not_found
from centrale.api.speaking import Spoken
from centrale.api.units import AccountChange, Read, Services
from centrale.routing.plans import active_plan
from centrale.wording.traces import told

router = APIRouter(prefix="/accounts/{account}/schemas", tags=["plans"])

SchemaNumber = Annotated[int, Path(ge=1, le=2**31 - 1, title="Schema's number")]


class OverrideIn(Input):
    """The choice by hand."""

    plan: int | None = Field(ge=1, le=99, title="Plan", description="Null: back to the schedule.")
    until: Literal["change"] | WallDateTime | None = Field(
        default=None,
        title="Until",
        description="Where the account is, such as 2026-12-25 17:30; or change: the next scheduled change. "
        "Null: until it is taken away.",
    )


class ActivePlanOut(BaseModel):
    """The plan that counts at a moment, and why."""

    at: datetime = Field(title="At")
    plan: int | None = Field(title="Plan", description="Empty: none, so its numbers are not in use (NP-9).")
    name: str | None = Field(title="Its name")
    chosen_by: str = Field(
        title="Chosen by",
        description="Manual override, temporary override, holiday, weekly schedule, standing plan, or nothing.",
    )
    rejected: list[str] = Field(title="What was passed over, and why", description="In English.")
    passed_over: list[str] = Field(
        title="What was passed over, and why, in words", description="In the language that was asked for."
    )


@router.get("", summary="List the schemas")
async def list_schemas(unit: Read, account: OwnAccount, paging: Paged) -> Page[SchemaOut]:
    """By number, with their plans."""
    return paging.cut(await plans.list_schemas(unit, account), lambda schema: f"{schema.number:010}")


@router.post("", status_code=HTTPStatus.CREATED, summary="Create a schema")
async def create_schema(
    unit: AccountChange, account: OwnAccount, data: SchemaIn, request: Request, response: Response
) -> SchemaOut:
    """It gets the next number. It has no plans yet, so none can be chosen."""
    made = await plans.create_schema(unit, account, data)
    return created(response, request, made, made.number)


@router.get("/{schema}", summary="Show a schema")
async def get_schema(unit: Read, account: OwnAccount, schema: SchemaNumber, response: Response) -> SchemaOut:
    """With its plans."""
    return versioned(response, await plans.get_schema(unit, account, schema))


@router.patch("/{schema}", openapi_extra=patch_of(SchemaIn), summary="Change a schema")
async def change_schema(
    unit: AccountChange,
    account: OwnAccount,
    schema: SchemaNumber,
    patch: MergePatch,
    if_match: IfMatch,
    response: Response,
) -> SchemaOut:
    """Its name, the standing plan, the manual override."""
    stored = await plans.get_schema(unit, account, schema)
    if_match.holds_for(stored)
    return versioned(response, await plans.change_schema(unit, account, schema, merged(SchemaIn, stored, patch)))


@router.delete("/{schema}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a schema")
async def delete_schema(unit: AccountChange, account: OwnAccount, schema: SchemaNumber, if_match: IfMatch) -> None:
    """With its plans, schedule and holidays. The main schema stays (NP-1)."""
    if_match.holds_for(await plans.get_schema(unit, account, schema))
    await plans.delete_schema(unit, account, schema)


@router.put("/{schema}/override", summary="Choose the plan by hand")
async def set_override(
    unit: AccountChange, account: OwnAccount, schema: SchemaNumber, data: OverrideIn, response: Response
) -> SchemaOut:
    """Active from now until it is taken away, or for a while, after which it goes by itself (NP-3, NP-8). It takes the
    place of what was chosen by hand before. `change` where nothing is scheduled: until it is taken away."""
    now = unit.clock.now()
    if data.plan is None:
        await plans_override.back_to_schedule(unit, account, schema, now)
    elif data.until is None:
        await plans_override.override_permanently(unit, account, schema, data.plan, now)
    elif data.until == "change":
        await plans_override.override_temporarily(unit, account, schema, data.plan, now)
    else:
        await plans_override.override_until(unit, account, schema, data.plan, now, data.until)
    return versioned(response, await plans.get_schema(unit, account, schema))


@router.get("/{schema}/active", summary="Which plan is active, and why?")
async def get_active_plan(
    services: Services, account: OwnAccount, schema: SchemaNumber, language: Spoken, at: MomentQuery = None
) -> ActivePlanOut:
    """Now, or at another moment: the very decision that calls make."""
    moment = at or services.clock.now()
    picture = services.directory.current.accounts.get(account)
    schemas = {} if picture is None else {known.number: known for known in picture.schemas}
    if schema not in schemas:
        raise not_found(f"schema {schema}")
    active = active_plan(schemas[schema], moment)
    return ActivePlanOut(
        at=moment,
        plan=active.plan and active.plan.number,
        name=active.plan and active.plan.name,
        chosen_by=active.decision.facts["by"],
        rejected=list(active.decision.rejected),
        passed_over=[told(why, language) for why in active.decision.rejected],
    )
