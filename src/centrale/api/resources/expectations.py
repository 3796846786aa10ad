"""Saved expectations: what calls must come to, checked before a change goes live (NP-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from centrale.accounts import expectations, plans_roll_back
from centrale.accounts.account_file import FileSchema
from centrale.accounts.called import names_in
from centrale.accounts.expectations import ExpectationIn, ExpectationOut
from centrale.accounts.fields import Input
from centrale.accounts.plans_fields import SchemaOut
from centrale.accounts.plans_items import numbered
from centrale.accounts.unit import Unit
from centrale.api.access import READS, Asking, OwnAccount
from centrale.api.changing import IfMatch, MergePatch, created, merged, patch_of, versioned
from centrale.api.pages import Page, Paged
from centrale.api.problems import ProblemError
from centrale.api.services import Judge
from centrale.api.speaking import Spoken
from centrale.api.steps import StepOut, trace_in_words
from centrale.api.units import AccountChange, Read, Services
from centrale.explain.expecting import Verdict
from centrale.routing.snapshot import AccountId
from centrale.wording import Language
from centrale.wording.traces import told

router = APIRouter(prefix="/accounts/{account}/expectations", tags=["expectations"])

ExpectationId = Annotated[int, Path(ge=1, le=2**31 - 1, title="Expectation's id")]


class CheckIn(Input):
    """What is checked: the account as it is, or with one of its schemas as it might become."""

    draft: FileSchema | None = Field(default=None, title="Draft", description="A whole schema; its number stays.")


class VerdictOut(BaseModel):
    """Does an expectation hold?"""

    id: int = Field(title="Id")
    name: str = Field(title="Name")
    expected: str = Field(title="What is expected")
    holds: bool = Field(title="It holds")
    found: str = Field(title="What the call comes to")
    at: datetime | None = Field(title="When it was tried", description="Empty when that moment is over.")
    trace: list[StepOut] = Field(title="What was decided, and why")


class CheckOut(BaseModel):
    """What was found."""

    holds: bool = Field(title="All hold")
    verdicts: list[VerdictOut] = Field(title="One by one")


@router.get("", summary="List the expectations")
async def list_expectations(unit: Read, account: OwnAccount, paging: Paged) -> Page[ExpectationOut]:
    """In the order in which they were made."""
    return paging.cut(await expectations.list_all(unit, account), lambda it: f"{it.id:010}")


@router.post("", status_code=HTTPStatus.CREATED, summary="Save an expectation")
async def create_expectation(
    unit: AccountChange, account: OwnAccount, data: ExpectationIn, request: Request, response: Response
) -> ExpectationOut:
    """It may wait for an arrangement that is still to come: only what holds can be broken."""
    made = await expectations.create(unit, account, data)
    return created(response, request, made, made.id)


@router.post("/check", openapi_extra=READS, summary="Do all expectations hold?")
async def check_expectations(
    services: Services, asking: Asking, account: OwnAccount, data: CheckIn, language: Spoken
) -> CheckOut:
    """Each call is tried on a simulated switch; nothing rings, and a draft is not stored."""
    if services.judge is None:
        raise ProblemError(HTTPStatus.NOT_IMPLEMENTED, "This exchange makes no dry runs.")
    if data.draft is not None:
        verdicts = await _of_draft(services, services.judge, asking.actor, account, data.draft)
        async with services.database.read() as unit:
            return await _shown(unit, account, verdicts, language)
    async with services.database.read() as unit:
        return await _shown(unit, account, await services.judge(unit, account), language)


@router.get("/{expectation}", summary="Show an expectation")
async def get_expectation(
    unit: Read, account: OwnAccount, expectation: ExpectationId, response: Response
) -> ExpectationOut:
    return versioned(response, await expectations.get(unit, account, expectation))


@router.patch("/{expectation}", openapi_extra=patch_of(ExpectationIn), summary="Change an expectation")
async def change_expectation(
    unit: AccountChange,
    account: OwnAccount,
    expectation: ExpectationId,
    patch: MergePatch,
    if_match: IfMatch,
    response: Response,
) -> ExpectationOut:
    """To expect another outcome, set the one of before to null."""
    stored = await expectations.get(unit, account, expectation)
    if_match.holds_for(stored)
    data = merged(ExpectationIn, stored, patch)
    return versioned(response, await expectations.change(unit, account, expectation, data))


@router.delete("/{expectation}", status_code=HTTPStatus.NO_CONTENT, summary="Delete an expectation")
async def delete_expectation(
    unit: AccountChange, account: OwnAccount, expectation: ExpectationId, if_match: IfMatch
) -> None:
    """Nothing keeps it from going."""
    if_match.holds_for(await expectations.get(unit, account, expectation))
    await expectations.delete(unit, account, expectation)


class _Tried(Exception):
    """Ends a transaction that was only for trying."""


async def _of_draft(
    services: Services, judge: Judge, actor: str, account: OwnAccount, draft: FileSchema
) -> Sequence[Verdict]:
    whole = {"schedule": numbered(draft.schedule), "holidays": numbered(draft.holidays)}
    wanted = SchemaOut.model_validate(draft.model_copy(update=whole).model_dump())
    try:
        async with services.database.change(actor) as unit:
            await unit.lock(account)
            await plans_roll_back.put(unit, account, wanted.number, wanted)
            verdicts = await judge(unit, account)
            raise _Tried
    except _Tried:
        return verdicts


async def _shown(unit: Unit, account: AccountId, verdicts: Sequence[Verdict], language: Language) -> CheckOut:
    mentioned = " ".join(f"{it.expectation} {it.found} {it.trace}" for it in verdicts)
    name_of = await names_in(unit, account, mentioned)
    shown = [
        VerdictOut(
            id=verdict.expectation.id,
            name=verdict.expectation.name,
            expected=told(verdict.expectation, language, name_of),
            holds=verdict.holds,
            found=told(verdict.found, language, name_of),
            at=verdict.at,
            trace=trace_in_words(verdict.trace, language, name_of),
        )
        for verdict in verdicts
    ]
    return CheckOut(holds=all(verdict.holds for verdict in verdicts), verdicts=shown)
