"""When which number plan is active: the week, holidays, a preview, and earlier versions (NP-4..6, NP-10)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from centrale.accounts import holidays, plans, plans_roll_back, plans_versions, schedules
from centrale.accounts.errors import Invalid
from centrale.accounts.fields import Input
from centrale.accounts.plans import SchemaOut
from centrale.accounts.plans_fields import HolidayOut, PutEntry, PutHoliday, ScheduleEntryOut, VersionOut
from centrale.accounts.plans_versions import Difference
from centrale.api.access import OwnAccount
from centrale.api.changing import IfMatch, versioned
from centrale.api.moments import MomentQuery
from centrale.api.pages import Page, Paged
from centrale.api.problems import not_found
from centrale.api.resources.schemas import SchemaNumber
from centrale.api.units import AccountChange, Read, Services
from centrale.routing.plans import gaps, timeline

router = APIRouter(prefix="/accounts/{account}/schemas/{schema}", tags=["plans"])

Version = Annotated[int, Path(ge=1, le=2**31 - 1, title="Version")]


class ScheduleIn(Input):
    """The whole week."""

    entries: list[PutEntry] = Field(
        max_length=schedules.AT_MOST, title="Entries", description="Those with an `id` stay what they are, changed."
    )


class HolidaysIn(Input):
    """The whole table."""

    holidays: list[PutHoliday] = Field(max_length=holidays.AT_MOST, title="Holidays")


class StretchOut(BaseModel):
    """For how long one plan is active."""

    start: datetime = Field(title="From")
    end: datetime = Field(title="To")
    plan: int | None = Field(title="Plan", description="Empty: none, so its numbers are not in use (NP-9).")
    name: str | None = Field(title="Its name")
    chosen_by: str = Field(title="Chosen by")


class PreviewOut(BaseModel):
    """What the coming days bring."""

    stretches: list[StretchOut] = Field(title="Which plan when", description="Without gaps, in order.")
    uncovered: list[str] = Field(
        title="Times of the week without a plan", description="Give the schema a standing plan (NP-4)."
    )


@router.get("/schedule", summary="Show the weekly schedule")
async def get_schedule(unit: Read, account: OwnAccount, schema: SchemaNumber) -> list[ScheduleEntryOut]:
    """In the order of creation: of entries that overlap the narrower counts, then the later created (NP-5)."""
    return await schedules.list_all(unit, account, schema)


@router.put("/schedule", summary="Set the weekly schedule")
async def set_schedule(
    unit: AccountChange, account: OwnAccount, schema: SchemaNumber, data: ScheduleIn, if_match: IfMatch
) -> list[ScheduleEntryOut]:
    """What is not in the list goes. The next call follows it. If-Match: the schema's."""
    if_match.holds_for(await plans.get_schema(unit, account, schema))
    with _inside("entries"):
        return await schedules.replace_all(unit, account, schema, data.entries)


@router.get("/holidays", summary="Show the holidays")
async def get_holidays(unit: Read, account: OwnAccount, schema: SchemaNumber) -> list[HolidayOut]:
    """In the order of creation, with what 915 has chosen for a while."""
    return await holidays.list_all(unit, account, schema)


@router.put("/holidays", summary="Set the holidays")
async def set_holidays(
    unit: AccountChange, account: OwnAccount, schema: SchemaNumber, data: HolidaysIn, if_match: IfMatch
) -> list[HolidayOut]:
    """What is not in the list goes. If-Match: the schema's."""
    if_match.holds_for(await plans.get_schema(unit, account, schema))
    with _inside("holidays"):
        return await holidays.replace_all(unit, account, schema, data.holidays)


@router.post("/holidays/remove-expired", summary="Remove the holidays that are over")
async def remove_expired_holidays(
    unit: AccountChange, services: Services, account: OwnAccount, schema: SchemaNumber
) -> list[HolidayOut]:
    """Gives those that it removed (NP-6)."""
    return await holidays.remove_expired(unit, account, schema, services.clock.now())


@router.get("/preview", summary="Which plan will be active when?")
async def preview(
    services: Services,
    account: OwnAccount,
    schema: SchemaNumber,
    at: MomentQuery = None,
    days: Annotated[int, Query(ge=1, le=62, title="Days")] = 14,
) -> PreviewOut:
    """The very decisions that calls will make (NP-10)."""
    picture = services.directory.current.accounts.get(account)
    found = next((known for known in picture.schemas if known.number == schema), None) if picture else None
    if found is None:
        raise not_found(f"schema {schema}")
    start = at or services.clock.now()
    stretches = [
        StretchOut(
            start=stretch.start,
            end=stretch.end,
            plan=stretch.plan and stretch.plan.number,
            name=stretch.plan and stretch.plan.name,
            chosen_by=stretch.decision.facts["by"],
        )
        for stretch in timeline(found, start, start + timedelta(days=days))
    ]
    return PreviewOut(stretches=stretches, uncovered=[str(gap) for gap in gaps(found)])


@router.get("/versions", summary="List the schema's versions")
async def list_versions(unit: Read, account: OwnAccount, schema: SchemaNumber, paging: Paged) -> Page[VersionOut]:
    """Newest first; one for each change."""
    return paging.cut(await plans_versions.versions(unit, account, schema), _newest_first)


@router.get("/versions/{version}", summary="What has changed since a version?")
async def compare_version(unit: Read, account: OwnAccount, schema: SchemaNumber, version: Version) -> list[Difference]:
    """Field by field, from then to now."""
    return await plans_versions.diff(unit, account, schema, version)


@router.post("/versions/{version}/restore", summary="Go back to a version")
async def restore_version(
    unit: AccountChange, account: OwnAccount, schema: SchemaNumber, version: Version, response: Response
) -> SchemaOut:
    """Plans, schedule and holidays as they were; that is a new version. 422 for what cannot be any more."""
    return versioned(response, await plans_roll_back.roll_back(unit, account, schema, version))


@contextmanager
def _inside(field: str) -> Iterator[None]:
    """Problems of a list (`[2].plan`) are told by where it stands in the body (`entries[2].plan`)."""
    try:
        yield
    except Invalid as error:
        raise Invalid(*(replace(problem, field=f"{field}{problem.field}") for problem in error.problems)) from error


def _newest_first(version: VersionOut) -> str:
    """Pages are in the order of their keys."""
    return f"{2**31 - version.version:010}"
