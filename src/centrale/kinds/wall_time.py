"""A time of day as people write it, where the account is: `9:00`, `17:30`, `24:00`."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from centrale.kinds.kind import semantic
from centrale.routing.schedule_times import MIDNIGHT

TIME = r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_END_OF_DAY = re.compile(r"24:00(:00)?")


def read_time(given: Any) -> time:
    """Raises ValueError with advice for what is no time of day."""
    if isinstance(given, str):
        if _END_OF_DAY.fullmatch(given):
            return MIDNIGHT
        if re.fullmatch(TIME, given):
            hour, _, rest = given.partition(":")
            return time.fromisoformat(f"{hour:0>2}:{rest}")
    if isinstance(given, time) and given.tzinfo is None and not given.microsecond:
        return given
    raise ValueError("is not a time of day; write it like 17:30, without a time zone")


def short_time(at: time) -> str:
    """`17:30`, with seconds where there are some."""
    return at.isoformat("seconds" if at.second else "minutes")


WallTime = Annotated[
    time,
    BeforeValidator(read_time),
    PlainSerializer(short_time, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": f"^({TIME}|24:00)$", **semantic("wall-time")}),
]
"""24:00 is 00:00, which as an end means the end of the day."""
