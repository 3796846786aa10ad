"""A plan schema in words, field by field: what versions and imports are compared by, and what people read."""

from __future__ import annotations

from collections.abc import Iterable

from centrale.accounts.plans_fields import (
    HolidayOut,
    PlanEntryIn,
    PutEntry,
    PutHoliday,
    ScheduleEntryOut,
    SchemaOut,
    short_date_time,
)


def flat(schema: SchemaOut) -> dict[str, str]:
    """`plans.1.entries.+31201234567`: `201 as “Sales”`. What is not set is left out."""
    choices = {"standing": schema.standing, "override": schema.override}
    fields = {"name": schema.name}
    fields |= {name: f"plan {number}" for name, number in choices.items() if number is not None}
    for plan in schema.plans:
        fields[f"plans.{plan.number}.name"] = plan.name
        fields |= {f"plans.{plan.number}.{name}": words for name, words in entries(plan.entries).items()}
    return fields | schedule(schema.schedule) | holidays(schema.holidays)


def entries(of_plan: Iterable[PlanEntryIn]) -> dict[str, str]:
    """Where each number leads, by number."""
    return {
        f"entries.{it.e164}": f"{it.destination} as “{it.prefix}”" if it.prefix else it.destination
        for it in sorted(of_plan, key=lambda entry: entry.e164)
    }


def schedule(of_schema: Iterable[ScheduleEntryOut | PutEntry]) -> dict[str, str]:
    """`schedule.2`: `Mon–Fri 09:00–17:00: plan 1`."""
    return {f"schedule.{it.id}": f"{it.when}: plan {it.plan}" for it in sorted(of_schema, key=_id)}


def holidays(of_schema: Iterable[HolidayOut | PutHoliday]) -> dict[str, str]:
    """`holidays.3`: `Christmas, 2026-12-25 00:00 – 2026-12-27 00:00: plan 4`."""
    return {f"holidays.{it.id}": _holiday(it) for it in sorted(of_schema, key=_id)}


def _holiday(it: HolidayOut | PutHoliday) -> str:
    kind = " (temporary)" if it.temporary else ""
    return f"{it.description}, {short_date_time(it.start)} – {short_date_time(it.end)}: plan {it.plan}{kind}"


def _id(it: ScheduleEntryOut | PutEntry | HolidayOut | PutHoliday) -> int:
    return it.id or 0
