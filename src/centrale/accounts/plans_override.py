"""Choosing the active plan by hand, for good or for a while: by phone (915) and in the portal (NP-3, NP-8). Who may do
it, the asking side checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from centrale.accounts import holidays, plans
from centrale.accounts.errors import Invalid
from centrale.accounts.models import AccountRow
from centrale.accounts.plans_changing import begin
from centrale.accounts.plans_fields import HolidayIn, SchemaOut
from centrale.accounts.plans_reading import timezone
from centrale.accounts.unit import Unit
from centrale.routing.moments import instant, of_calendar, on_calendar, wall
from centrale.routing.plans import active_plan, as_scheduled, next_change
from centrale.routing.schedule import Entry, Holiday, Schedule
from centrale.routing.snapshot import AccountId, NumberPlan, PlanSchema

DESCRIPTION = {
    "nl": "Tijdelijk: {plan}",
    "en": "Temporary: {plan}",
    "de": "Vorübergehend: {plan}",
    "es": "Temporal: {plan}",
    "lv": "Īslaicīgi: {plan}",
}
"""Of a temporary change in the table of holidays, in the account's language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, for the confirmation: plan `plan` of `schema` is active now, until the schedule says otherwise
    at `until`; without one, until somebody does. `plan` is None when the schedule gives none now."""

    schema: int
    schema_name: str
    plan: int | None
    plan_name: str | None
    until: datetime | None
    """In the account's time zone."""


async def override_temporarily(unit: Unit, account: AccountId, schema: int, plan: int, now: datetime) -> Choice:
    """Makes `plan` active until the next scheduled change: a holiday with a mark, which then goes by itself.

    It takes the place of what was chosen before, for a while or not. Where no change is scheduled at all, it stays
    until somebody goes back to the schedule, and `until` is None. Raises `NotFound` for the schema, `Invalid` for the
    plan.
    """
    picture = await _picture(unit, account, await _without_choices(unit, account, schema, plan))
    change = next_change(picture, now)
    if change is None:
        return await override_permanently(unit, account, schema, plan, now)
    return await _until(unit, account, picture, plan, now, change.at)


async def override_until(
    unit: Unit, account: AccountId, schema: int, plan: int, now: datetime, until: datetime
) -> Choice:
    """The same, but until the clock where the account is shows `until`, whatever is scheduled before. Raises as
    `override_temporarily`, and `Invalid` for a time that is over."""
    picture = await _picture(unit, account, await _without_choices(unit, account, schema, plan))
    end = instant(of_calendar(until), picture.schedule.zone)
    if end <= now:
        raise Invalid.field("until", "is over already", "in_the_past")
    return await _until(unit, account, picture, plan, now, end)


async def override_permanently(unit: Unit, account: AccountId, schema: int, plan: int, now: datetime) -> Choice:
    """Makes `plan` active until further notice: the manual override. Raises as `override_temporarily`."""
    stored = await _without_choices(unit, account, schema, plan)
    await plans.set_override(unit, account, schema, plan)
    return Choice(schema, stored.name, plan, next(it.name for it in stored.plans if it.number == plan), None)


async def back_to_schedule(unit: Unit, account: AccountId, schema: int, now: datetime) -> Choice:
    """Takes away what was chosen by hand, for a while or not; tells what is active then. Raises `NotFound`."""
    picture = await _picture(unit, account, await _without_choices(unit, account, schema))
    change = next_change(picture, now)
    until = None if change is None else change.at
    if (plan := active_plan(picture, now).plan) is None:
        return Choice(schema, picture.name, None, None, until)
    return Choice(schema, picture.name, plan.number, plan.name, until)


async def _until(
    unit: Unit, account: AccountId, picture: PlanSchema, plan: int, now: datetime, end: datetime
) -> Choice:
    zone, name = picture.schedule.zone, picture.plans[plan].name
    holiday = HolidayIn(
        description=(await _description(unit, account)).format(plan=name)[:80],
        start=on_calendar(wall(now, zone)),
        end=on_calendar(wall(end, zone)),
        plan=plan,
    )
    await holidays.create(unit, account, picture.number, holiday, temporary=True)
    return Choice(picture.number, picture.name, plan, name, end.astimezone(zone))


async def _without_choices(unit: Unit, account: AccountId, schema: int, plan: int | None = None) -> SchemaOut:
    """Takes away both kinds of override, once it is clear that `plan` is one of the schema's."""
    row = await begin(unit, account, schema)
    stored = await plans.get_schema(unit, account, schema)
    if plan is not None and plan not in {known.number for known in stored.plans}:
        raise Invalid.field("plan", f"schema {schema} has no plan {plan}", "unknown_plan")
    for holiday in stored.holidays:
        if holiday.temporary:
            await holidays.delete(unit, account, schema, holiday.id)
    if row.override is not None:
        await plans.set_override(unit, account, schema, None)
    return stored


async def _picture(unit: Unit, account: AccountId, stored: SchemaOut) -> PlanSchema:
    """`stored` as calls would go by it if nothing were chosen by hand, as far as it tells which plan is active."""
    schedule = Schedule(
        (await timezone(unit.session, account)).key,
        tuple(Entry(it.when, it.plan, it.id) for it in stored.schedule),
        tuple(Holiday(it.description, it.start, it.end, it.plan, it.temporary, it.id) for it in stored.holidays),
    )
    known = {plan.number: NumberPlan(plan.number, plan.name) for plan in stored.plans}
    return as_scheduled(PlanSchema(stored.number, stored.name, known, stored.standing, stored.override, schedule))


async def _description(unit: Unit, account: AccountId) -> str:
    language = await unit.session.scalar(select(AccountRow.language).where(AccountRow.id == account))
    return DESCRIPTION.get(str(language), DESCRIPTION["en"])
