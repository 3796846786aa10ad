"""What statistics look like on the wire: seconds instead of milliseconds, averages and shares.

The models describe it. Lines are made as they are written, as there may be thousands: mappings with all of a model's
fields, in its order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from centrale.accounts.queue_figures import QueueFigures, Spread
from centrale.accounts.queue_periods import By
from centrale.accounts.queue_statistics import AgentLine

Line = dict[str, Any]


class Times(BaseModel):
    """Durations in seconds; without any, shortest, longest and average are empty."""

    total: float = Field(title="Total")
    min: float | None = Field(title="Shortest")
    max: float | None = Field(title="Longest")
    average: float | None = Field(title="Average")


class TimesOfCalls(BaseModel):
    """Of all callers who wait no more, of those who were answered, and of those who were not."""

    all: Times = Field(title="All")
    answered: Times = Field(title="Answered")
    unanswered: Times = Field(title="Unanswered")


class QueueLine(BaseModel):
    """A queue (or all together) in a period. A caller counts in the period in which they came."""

    since: datetime = Field(title="From")
    until: datetime = Field(title="Until")
    queue: str | None = Field(title="Queue", description="Empty: all together.")
    name: str = Field(title="Name", description="Empty when the queue is no more.")
    calls: int = Field(title="Calls")
    answered: int = Field(title="Answered", description="By an agent, or by a pickup.")
    unanswered: int = Field(title="Unanswered")
    forwarded: int = Field(title="Forwarded")
    broke_out: int = Field(title="Broke out", description="Pressed 1 (QUE-22).")
    abandoned: int = Field(title="Abandoned", description="Hung up while waiting.")
    refused: int = Field(title="Refused", description="Found no place.")
    picked_up: int = Field(title="Picked up", description="Of the answered ones.")
    waiting: int = Field(title="Still waiting")
    offers: int = Field(title="Offers to agents")
    missed: int = Field(title="Offers missed")
    wait: TimesOfCalls = Field(title="Wait (seconds)")
    talk: TimesOfCalls = Field(title="Talk time (seconds)", description="Of talks that have ended.")
    answered_within: int = Field(title="Answered in time")
    service_level: float | None = Field(
        title="Service level", description="Share of the callers who wait no more that were answered in time."
    )


class AgentStatisticsLine(BaseModel):
    """An agent in a period, in all queues that were asked for together."""

    since: datetime = Field(title="From")
    until: datetime = Field(title="Until")
    agent: str = Field(title="Agent")
    name: str = Field(title="Name", description="Empty when the agent is no more.")
    answered: int = Field(title="Calls answered")
    talk: float = Field(title="Talk time (seconds)")
    talk_average: float | None = Field(title="Average talk (seconds)")
    talk_max: float | None = Field(title="Longest talk (seconds)")
    offers: int = Field(title="Offers")
    missed: int = Field(title="Offers missed")
    logged_on: float = Field(title="Logged on (seconds)", description="To several queues at once counts once.")
    wrap_ups: int = Field(title="Wrap-ups")
    wrap_up: float = Field(title="Wrap-up (seconds)")


class WaitsLine(BaseModel):
    """Callers whose wait was longer than `above` and at most `upto` seconds; the first line has those who did not wait,
    too."""

    above: int = Field(title="Longer than (seconds)")
    upto: int | None = Field(title="At most (seconds)", description="Empty on the last line.")
    answered: int = Field(title="Answered")
    unanswered: int = Field(title="Unanswered")
    held: int = Field(title="Held on", description="Callers who waited longer than `upto`.")
    answered_share: float | None = Field(title="Service level", description="Share answered within `upto` seconds.")


class Statistics(BaseModel):
    """`since` is in it, `until` is not; hours, days, weeks and months are those of the time zone."""

    since: datetime = Field(title="From")
    until: datetime = Field(title="Until")
    timezone: str = Field(title="Time zone")


class QueueStatistics(Statistics):
    """Lines by period and queue."""

    by: By = Field(title="Cut by")
    within: int = Field(title="In time is within (seconds)")
    lines: list[QueueLine] = Field(title="Lines")


class AgentStatistics(Statistics):
    """Lines by period and agent."""

    by: By = Field(title="Cut by")
    lines: list[AgentStatisticsLine] = Field(title="Lines")


class WaitStatistics(Statistics):
    """Lines by length of the wait."""

    calls: int = Field(title="Callers who wait no more")
    lines: list[WaitsLine] = Field(title="Lines")


def queue_line(
    since: datetime, until: datetime, queue: str | None, name: str, figures: QueueFigures, within: int
) -> Line:
    """A `QueueLine`."""
    in_time, over = figures.answered_after.within(within), figures.answered + figures.unanswered
    # Who was not answered talked for no time.
    without = Spread(figures.unanswered, 0, 0, 0) if figures.unanswered else Spread()
    return {
        "since": since,
        "until": until,
        "queue": queue,
        "name": name,
        "calls": figures.calls,
        "answered": figures.answered,
        "unanswered": figures.unanswered,
        "forwarded": figures.forwarded,
        "broke_out": figures.broke_out,
        "abandoned": figures.abandoned,
        "refused": figures.refused,
        "picked_up": figures.picked_up,
        "waiting": figures.waiting,
        "offers": figures.offers,
        "missed": figures.missed,
        "wait": _of_calls(figures.wait_answered, figures.wait_unanswered),
        "talk": _of_calls(figures.talks, without),
        "answered_within": in_time,
        "service_level": _share(in_time, over),
    }


def agent_line(since: datetime, until: datetime, agent: str, name: str, line: AgentLine) -> Line:
    """An `AgentStatisticsLine`."""
    figures = line.figures
    return {
        "since": since,
        "until": until,
        "agent": agent,
        "name": name,
        "answered": figures.answered,
        "talk": figures.talked / 1_000,
        "talk_average": _average(figures.talked, figures.talks),
        "talk_max": None if figures.most_talk is None else figures.most_talk / 1_000,
        "offers": figures.offers,
        "missed": figures.missed,
        "logged_on": line.logged_on / 1_000,
        "wrap_ups": figures.wrap_ups,
        "wrap_up": figures.wrap_up / 1_000,
    }


def waits_lines(figures: QueueFigures, step: int, upto: int) -> Iterator[Line]:
    """Each a `WaitsLine`: in steps of so many seconds, and a last one for all longer waits."""
    over = figures.answered + figures.unanswered
    ends = range(step, upto + 1, step)
    answered = [*figures.answered_after.within_each(ends), figures.answered]
    unanswered = [*figures.unanswered_after.within_each(ends), figures.unanswered]
    before = before_not = 0
    for number, (until, until_not) in enumerate(zip(answered, unanswered, strict=True)):
        yield {
            "above": number * step,
            "upto": ends[number] if number < len(ends) else None,
            "answered": until - before,
            "unanswered": until_not - before_not,
            "held": over - until - until_not,
            "answered_share": _share(until, over),
        }
        before, before_not = until, until_not


def columns(model: type[BaseModel], path: str = "") -> list[str]:
    """Of a table with such lines."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        inner: Any = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found += columns(inner, f"{path}{name}.")
        else:
            found.append(path + name)
    return found


def _times(spread: Spread) -> Line:
    """A `Times`."""
    return {
        "total": spread.total / 1_000,
        "min": None if spread.least is None else spread.least / 1_000,
        "max": None if spread.most is None else spread.most / 1_000,
        "average": _average(spread.total, spread.count),
    }


def _of_calls(answered: Spread, unanswered: Spread) -> Line:
    """A `TimesOfCalls`."""
    together = Spread()
    together.include(answered)
    together.include(unanswered)
    return {"all": _times(together), "answered": _times(answered), "unanswered": _times(unanswered)}


def _average(total: int, count: int) -> float | None:
    """Seconds, of milliseconds."""
    return round(total / count / 1_000, 3) if count else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
