"""Periods of statistics: a span of time, cut at the hours, days, weeks or months of a time zone; and of which of the
buckets in which figures are kept each is made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from centrale.accounts.queue_figures import SPANS

EVENTS = 0
"""In the place of a span: no buckets, the events themselves."""


class By(StrEnum):
    """How a span of time is cut."""

    ALL = "all"
    """Not at all."""
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday."""
    MONTH = "month"


def cut(since: datetime, until: datetime, by: By, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """From `since` up to `until`, cut wherever an hour, day, week or month begins in the zone. The first and the last
    may be shorter; so may be, or longer, those in which the clocks are changed."""
    while since < until:
        end = until if by is By.ALL else min(until, _next(since, by, zone))
        yield since, end
        since = end


def _next(moment: datetime, by: By, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    if by is By.HOUR:
        return moment + timedelta(hours=1) - (local - local.replace(minute=0, second=0, microsecond=0))
    day = local.date() + timedelta(days=1)
    if by is By.WEEK:
        day = local.date() + timedelta(days=7 - local.weekday())
    elif by is By.MONTH:
        day = (local.date().replace(day=1) + timedelta(days=32)).replace(day=1)
    return midnight(day, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins; the first time where the clock shows midnight twice."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


class Part(NamedTuple):
    """A run of buckets of one span (or of events) that belongs to a period."""

    period: int
    begin: int
    end: int


def parts(periods: Sequence[tuple[int, int]]) -> dict[int, list[Part]]:
    """By span: which buckets, and which events at the edges, make up the periods exactly. Milliseconds."""
    found: dict[int, list[Part]] = {}
    for number, (begin, end) in enumerate(periods):
        for span, first, last in _split(begin, end, sorted(SPANS, reverse=True)):
            found.setdefault(span, []).append(Part(number, first, last))
    return found


def _split(begin: int, end: int, spans: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    if begin >= end:
        return
    if not spans:
        yield EVENTS, begin, end
        return
    span, *shorter = spans
    first, last = -(-begin // span) * span, end // span * span
    if first >= last:
        yield from _split(begin, end, shorter)
        return
    yield from _split(begin, first, shorter)
    yield span, first, last
    yield from _split(last, end, shorter)
