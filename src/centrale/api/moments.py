"""Instants that a request names."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime

FIRST_YEAR, LAST_YEAR = 1970, 9000
"""Nobody asks for other years, and near the ends of the calendar a change of time zone is no date any more."""


def _within_reason(moment: datetime) -> datetime:
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"needs a year between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
"""With a time zone, such as 2026-03-02T09:00:00+01:00."""

MomentQuery = Annotated[Moment | None, Query(title="Moment", description="With time zone; left out: now.")]
