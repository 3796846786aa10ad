"""Time routing: where calls go in which part of the week (TBR-1)."""

from __future__ import annotations

from functools import lru_cache

from pydantic import Field

from centrale.calls import Call, GoTo, Next
from centrale.kinds.kind import Destination, Kind, KindSettings
from centrale.kinds.times_of_week import TimesOfWeek, week
from centrale.routing.schedule import Entry, Schedule
from centrale.routing.schedule_times import Daily, Period
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.routing.trace import Decision
from centrale.wording import Wording


class PeriodOfWeek(TimesOfWeek, KindSettings):
    """Where calls go at some times of the week; they may run over midnight and the end of the week."""

    destination: Destination = Field(title="Destination")
    description: str = Field(default="", max_length=80, title="Description")


class TimeRouting(KindSettings):
    """The periods, and where calls go outside all of them. Of periods that overlap the narrower counts."""

    periods: list[PeriodOfWeek] = Field(
        default_factory=list,
        max_length=200,
        title="Periods",
        json_schema_extra=week(gives="destination", otherwise="failover"),
    )
    failover: Destination = Field(title="Otherwise to")


async def answer(routing: TimeRouting, extension: Extension, call: Call) -> Next:
    """Look at the clock of the account, and send the call on."""
    schedule = _schedule(routing, call.account.timezone)
    applying = schedule.applying(call.now())
    chosen = applying[0] if applying else None
    rejected = tuple(f"{entry}, to {entry.gives}: {chosen} is narrower or newer" for entry in applying[1:])
    destination = routing.failover if chosen is None else chosen.gives
    facts = {"period": "none" if chosen is None else str(chosen), "zone": call.account.timezone}
    call.note(Decision("time", f"to {destination}", facts, rejected))
    return GoTo(ExtensionNumber(destination))


@lru_cache(maxsize=1024)
def _compiled(timezone: str, periods: tuple[tuple[Daily | Period, str], ...]) -> Schedule[str]:
    """Compiled once for as long as the settings stay the same."""
    return Schedule(timezone, tuple(Entry(period, to, n) for n, (period, to) in enumerate(periods)))


def _schedule(routing: TimeRouting, timezone: str) -> Schedule[str]:
    return _compiled(timezone, tuple((it.when, it.destination) for it in routing.periods))


def summary(routing: TimeRouting, words: Wording) -> str:
    otherwise = words.place(routing.failover)
    if not routing.periods:
        return words("always to {to}", to=otherwise)
    periods = "; ".join(words.first_of(routing.periods, lambda it: _leads(it, words)))
    return words("{periods}; otherwise {to}", periods=periods, to=otherwise)


def _leads(it: PeriodOfWeek, words: Wording) -> str:
    return words("{period} to {to}", period=it.told(words), to=words.place(it.destination))


KIND = Kind(
    name="time_routing",
    title={"en": "Time routing", "nl": "Time based routing"},
    settings=TimeRouting,
    answer=answer,
    summary=summary,
)
