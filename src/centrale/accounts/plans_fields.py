"""What is given to, and told of, number plans, their schedule and their holidays (NP-1..6)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from centrale.accounts.fields import ExtensionField, Input, Name, TelephoneNumberField, without_control_characters
from centrale.kinds.kind import semantic
from centrale.kinds.times_of_week import TimesOfWeek
from centrale.kinds.wall_time import TIME, read_time, short_time

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Near the ends of the calendar a change of time zone is no date any more."""

_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


def read_date_and_time(given: Any) -> datetime:
    """Raises ValueError with advice for what is no date and time."""
    if isinstance(given, str) and re.fullmatch(rf"{_DATE}[T ]{TIME}", given):
        date, _, at = given.replace("T", " ").partition(" ")
        try:
            given = datetime.combine(datetime.fromisoformat(date), read_time(at))
        except ValueError as error:
            raise ValueError(f"is not a date: {error}") from error
    if isinstance(given, datetime) and given.tzinfo is None and not given.microsecond:
        if not FIRST_YEAR < given.year < LAST_YEAR:
            raise ValueError(f"needs a year between {FIRST_YEAR} and {LAST_YEAR}")
        return given
    raise ValueError("is not a date and time; write it like 2026-12-25 17:30, without a time zone")


def short_date_time(at: datetime) -> str:
    """`2026-12-25 17:30`."""
    return f"{at:%Y-%m-%d} {short_time(at.time())}"


WallDateTime = Annotated[
    datetime,
    BeforeValidator(read_date_and_time),
    PlainSerializer(short_date_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^{_DATE}[T ]{TIME}$", **semantic("wall-date-time")}),
]
"""A date and time where the account is, to the second."""

PlanNumber = Annotated[int, Field(ge=1, le=99, json_schema_extra=semantic("plan"))]


class PlanEntryIn(Input):
    """Where one telephone number leads."""

    e164: TelephoneNumberField = Field(title="Number")
    destination: ExtensionField = Field(title="Destination")
    prefix: Annotated[str, AfterValidator(without_control_characters)] = Field(
        default="", max_length=20, title="Prefix", description="Put before the caller's name on the display."
    )


class PlanIn(Input):
    """One number plan."""

    number: int | None = Field(default=None, ge=1, le=99, title="Number", description="Empty: the first free one.")
    name: Name = Field(title="Name")
    entries: list[PlanEntryIn] = Field(default_factory=list, title="Numbers")


class PlanOut(PlanIn):
    """A number plan as stored."""

    number: int = Field(title="Number")


class Put(Input):
    """One of a list that is put whole. Without `id` it is a new one, created after the others."""

    id: int | None = Field(default=None, ge=1, le=2**31 - 1, title="Id")
    plan: PlanNumber = Field(title="Plan")


class ScheduleEntryIn(TimesOfWeek, Input):
    """When a plan is active in the week (NP-4): per day, with `days`; or per period, with `start_day` and `end_day`.

    The narrower entry goes first; of two equally narrow ones the later created (NP-5).
    """

    plan: PlanNumber = Field(title="Plan")


class ScheduleEntryOut(ScheduleEntryIn):
    """A weekly entry as stored."""

    id: int = Field(title="Id", description="Grows in the order of creation.")


class PutEntry(ScheduleEntryIn, Put):
    """An entry of a whole schedule."""


class HolidayIn(Input):
    """When a plan is active instead of what the week says (NP-6)."""

    description: Name = Field(title="Description")
    start: WallDateTime = Field(title="Start")
    end: WallDateTime = Field(title="End", description="The first moment that is no longer part.")
    plan: PlanNumber = Field(title="Plan")

    @field_validator("end")
    @classmethod
    def _behind_the_start(cls, end: datetime, info: ValidationInfo) -> datetime:
        if (start := info.data.get("start")) is not None and end <= start:
            raise ValueError("is not behind the start")
        return end


class HolidayOut(HolidayIn):
    """A holiday as stored."""

    id: int = Field(title="Id", description="Grows in the order of creation.")
    temporary: bool = Field(
        title="Temporary", description="Made by 915 until the next scheduled change; goes by itself (NP-8)."
    )


class PutHoliday(HolidayIn, Put):
    """A holiday of a whole table."""

    temporary: bool = Field(default=False, title="Temporary")


class SchemaIn(Input):
    """A plan schema: its name, and which plan is active."""

    name: Name = Field(title="Name")
    standing: int | None = Field(
        default=None, ge=1, le=99, title="Standing plan", description="Active whenever nothing else says otherwise."
    )
    override: int | None = Field(
        default=None, ge=1, le=99, title="Manual override", description="Active until it is taken away."
    )


class SchemaOut(SchemaIn):
    """A plan schema as stored, whole."""

    number: int = Field(title="Number")
    plans: list[PlanOut] = Field(title="Plans")
    schedule: list[ScheduleEntryOut] = Field(title="Weekly schedule", description="In the order of creation.")
    holidays: list[HolidayOut] = Field(title="Holidays", description="In the order of creation.")

    def as_audit(self) -> dict[str, Any]:
        """Its own fields; plans, entries and holidays are audited one by one."""
        return self.model_dump(mode="json", include=set(SchemaIn.model_fields))


class VersionOut(BaseModel):
    """One version of a schema (NP-10)."""

    version: int = Field(title="Version")
    at: datetime = Field(title="When")
    actor: str = Field(title="Who", description="Empty: as it was before the first change that was kept.")
    restored: int | None = Field(title="Restored version", description="When the change went back to an earlier one.")
