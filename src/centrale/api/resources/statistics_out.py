"""What statistics look like on the wire: seconds instead of milliseconds, averages and shares."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from centrale.accounts.queue_figures import QueueFigures, Spread
from centrale.accounts.queue_periods import By
from centrale.accounts.queue_statistics import AgentLine


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
) -> QueueLine:
    """As it is shown."""
    in_time, over = figures.answered_after.within(within), figures.answered + figures.unanswered
    counts = {
        name: getattr(figures, name) for name in QueueLine.model_fields if isinstance(getattr(figures, name, None), int)
    }
    both = Spread()
    both.include(figures.wait_answered)
    both.include(figures.wait_unanswered)
    talks = figures.talks
    without = Spread(figures.unanswered, 0, *((0, 0) if figures.unanswered else (None, None)))
    all_talks = Spread()
    all_talks.include(talks)
    all_talks.include(without)
    return QueueLine(
        since=since,
        until=until,
        queue=queue,
        name=name,
        **counts,
        wait=_of_calls(both, figures.wait_answered, figures.wait_unanswered),
        talk=_of_calls(all_talks, talks, without),
        answered_within=in_time,
        service_level=_share(in_time, over),
    )


def agent_line(since: datetime, until: datetime, agent: str, name: str, line: AgentLine) -> AgentStatisticsLine:
    """As it is shown."""
    figures = line.figures
    return AgentStatisticsLine(
        since=since,
        until=until,
        agent=agent,
        name=name,
        answered=figures.answered,
        talk=figures.talked / 1_000,
        talk_average=_seconds(figures.talked / figures.talks) if figures.talks else None,
        talk_max=_seconds(figures.most_talk),
        offers=figures.offers,
        missed=figures.missed,
        logged_on=line.logged_on / 1_000,
        wrap_ups=figures.wrap_ups,
        wrap_up=figures.wrap_up / 1_000,
    )


def waits_lines(figures: QueueFigures, step: int, upto: int) -> list[WaitsLine]:
    """In steps of so many seconds, and a last line for all longer waits."""
    answered, unanswered = figures.answered_after, figures.unanswered_after
    over = figures.answered + figures.unanswered
    lines: list[WaitsLine] = []
    before = before_not = 0
    for end in [*range(step, upto + 1, step), None]:
        until = figures.answered if end is None else answered.within(end)
        until_not = figures.unanswered if end is None else unanswered.within(end)
        lines.append(
            WaitsLine(
                above=len(lines) * step,
                upto=end,
                answered=until - before,
                unanswered=until_not - before_not,
                held=over - until - until_not,
                answered_share=_share(until, over),
            )
        )
        before, before_not = until, until_not
    return lines


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


def _of_calls(all_: Spread, answered: Spread, unanswered: Spread) -> TimesOfCalls:
    return TimesOfCalls(all=_times(all_), answered=_times(answered), unanswered=_times(unanswered))


def _times(spread: Spread) -> Times:
    average = spread.total / spread.count if spread.count else None
    return Times(
        total=spread.total / 1_000, min=_seconds(spread.least), max=_seconds(spread.most), average=_seconds(average)
    )


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else round(ms / 1_000, 3)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
