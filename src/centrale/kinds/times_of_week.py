"""Times of the week as people set them: per day, or from a day to another (NP-4, TBR-1)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from centrale.kinds.kind import semantic
from centrale.kinds.wall_time import WallTime, short_time
from centrale.routing.schedule_times import MIDNIGHT, WEEKDAYS, Daily, Period, Weekday, runs
from centrale.wording import Wording


def week(*, gives: str, otherwise: str) -> dict[str, Any]:
    """JSON-schema extras of a list of `TimesOfWeek`: the portal draws it as a week.

    `gives`: the field of a row that says what counts then. `otherwise`: the field beside the list that counts at all
    other times.
    """
    return semantic("week", gives=gives, otherwise=otherwise)


def _in_order(days: list[Weekday]) -> list[Weekday]:
    return [day for day in WEEKDAYS if day in days]


class TimesOfWeek(BaseModel):
    """Per day, with `days`; or per period, with `start_day` and `end_day`. Base of what counts at such times."""

    start: WallTime = Field(title="Start time")
    end: WallTime = Field(
        title="End time",
        description="The first moment that is no longer part. Per day, one that is not behind the start is on the day "
        "after; so 00:00 to 00:00 is the whole day.",
    )
    start_day: Weekday | None = Field(default=None, title="Start day", description="Per period.")
    end_day: Weekday | None = Field(
        default=None, title="End day", description="Per period. Back to its start: the whole week."
    )
    days: Annotated[list[Weekday], Field(min_length=1), AfterValidator(_in_order)] | None = Field(
        default=None, title="Days", description="Per day: on these days.", validate_default=True
    )

    @field_validator("days")
    @classmethod
    def _one_form(cls, days: list[Weekday] | None, info: ValidationInfo) -> list[Weekday] | None:
        if not info.data.keys() >= {"start_day", "end_day"}:
            return days  # what is wrong with those is told where it is
        first, last = info.data["start_day"], info.data["end_day"]
        if days is not None and (first is not None or last is not None):
            raise ValueError("either days, or a start day and an end day, not both")
        if days is None and (first is None or last is None):
            raise ValueError("choose days, or a start day and an end day")
        return days

    @property
    def when(self) -> Daily | Period:
        """The same, for `routing`."""
        if self.days is not None:
            return Daily(tuple(self.days), self.start, self.end)
        assert self.start_day is not None
        assert self.end_day is not None
        return Period(self.start_day, self.start, self.end_day, self.end)

    def told(self, words: Wording) -> str:
        """For summaries: `Mon–Fri 09:00–17:00`."""
        if self.days is not None:
            return self._days_told(words)
        assert self.start_day is not None
        assert self.end_day is not None
        start = f"{words.day(self.start_day)} {short_time(self.start)}"
        end = f"{words.day(self.end_day)} {short_time(self.end)}"
        return words("{start} – {end}, the whole week", start=start, end=end) if start == end else f"{start} – {end}"

    def _days_told(self, words: Wording) -> str:
        assert self.days is not None
        named = [
            words.day(first) if first is last else f"{words.day(first)}–{words.day(last)}"
            for first, last in runs(tuple(self.days))
        ]
        days = ", ".join(named)
        if self.start == self.end == MIDNIGHT:
            return words("{days} all day", days=days)
        start, end = short_time(self.start), "24:00" if self.end == MIDNIGHT else short_time(self.end)
        if self.start < self.end or self.end == MIDNIGHT:
            return f"{days} {start}–{end}"
        return words("{days} {start} to {end} the day after", days=days, start=start, end=end)
