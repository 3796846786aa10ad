"""Does an expectation hold? The call that it speaks of is tried, and what came of it compared (NP-10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from centrale.accounts.errors import Invalid
from centrale.accounts.expectations import ExpectationOut, People, Told, date_and_time, weekly
from centrale.explain.assumptions import Assumptions, Said
from centrale.explain.conclusion import conclusion
from centrale.explain.dry_run import rehearse
from centrale.explain.presence import with_everybody_there
from centrale.explain.rehearsal import Rehearsal
from centrale.explain.wording import way
from centrale.routing.moments import instant, of_calendar
from centrale.routing.schedule import Holiday
from centrale.routing.schedule_times import WEEKDAYS
from centrale.routing.snapshot import AccountId, AccountSnapshot, PlatformSnapshot
from centrale.telephony.switch import Cause

log = structlog.get_logger(__name__)

WEEKS = 53
"""So far ahead is a weekday without a holiday looked for."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an expectation holds, and what was found, in words. `at`: the moment that was tried; None when it is over
    or the call could not be tried."""

    expectation: ExpectationOut
    holds: bool
    found: str
    at: datetime | None = None
    trace: tuple[Mapping[str, Any], ...] = ()


def judge_all(
    platform: PlatformSnapshot,
    account: AccountId,
    expected: Sequence[ExpectationOut],
    now: datetime,
    sounds: Path | None,
) -> list[Verdict]:
    """Tries each call with the account as `platform` has it, but with everybody logged on; verdicts in the same order.

    Not where an event loop runs.
    """
    present = with_everybody_there(platform, platform.accounts[account])
    return [_judge(present, account, it, now, sounds) for it in expected]


def _judge(
    platform: PlatformSnapshot, account: AccountId, expected: ExpectationOut, now: datetime, sounds: Path | None
) -> Verdict:
    picture = platform.accounts[account]
    at = moment(expected.at, picture, now)
    if at is None:
        return Verdict(expected, True, "its moment is over")
    assumed = Assumptions(
        press=tuple(map(Said, expected.choices)),
        nobody_answers=expected.people is People.NO_ANSWER,
        everybody_busy=expected.people is People.BUSY,
    )
    try:
        found = rehearse(platform, account, expected.caller, expected.called, at, assumed, sounds=sounds)
    except Invalid as problem:
        return Verdict(expected, False, f"the call cannot be made: {problem.problems[0].message}")
    except Exception as fault:  # a fault in one dry run must not keep anybody from changing what is wrong
        log.exception("an expectation could not be judged", account=account, expectation=expected.id)
        return Verdict(expected, False, f"the call could not be tried: {type(fault).__name__}")
    words = f"{way(found, picture)}. {conclusion(found.record)}"
    trace = tuple(step.as_json() for step in found.record.trace)
    name, wanted = expected.outcome.one
    return Verdict(expected, _JUDGES[name](found, wanted), words, at, trace)


def moment(at: str, account: AccountSnapshot, now: datetime) -> datetime | None:
    """The instant that `at` means for the account, in its time zone; None when it is over.

    A weekday is the first from `now` on which no holiday counts then, nor anything that 915 chose for a while: what a
    usual Monday brings does not change because the next one is Christmas.
    """
    zone = ZoneInfo(account.timezone)
    if (usual := weekly(at)) is None:
        that = instant(of_calendar(date_and_time(at)), zone).astimezone(zone)
        return that if that > now else None
    day, time = usual
    today = now.astimezone(zone).date()
    first = today + timedelta(days=(WEEKDAYS.index(day) - today.weekday()) % 7)
    coming = [it for it in _weekly(first, time, zone) if it > now][:WEEKS]
    return next((it for it in coming if not _holiday(account, it)), coming[0])


def _weekly(first: Any, time: Any, zone: ZoneInfo) -> Iterator[datetime]:
    for week in range(WEEKS + 1):
        on_the_wall = datetime.combine(first + timedelta(weeks=week), time)
        yield instant(of_calendar(on_the_wall), zone).astimezone(zone)


def _holiday(account: AccountSnapshot, at: datetime) -> bool:
    return any(isinstance(it, Holiday) for schema in account.schemas for it in schema.schedule.applying(at)[:1])


def _reaches(found: Rehearsal, extension: str) -> bool:
    return extension in found.path


def _rings(found: Rehearsal, parties: list[str]) -> bool:
    return any(set(parties) <= set(together) for together in found.rung)


def _hears(found: Rehearsal, words: str) -> bool:
    return any(words.casefold() in heard.casefold() for heard in found.heard)


def _leaves_message(found: Rehearsal, extension: str) -> bool:
    return extension in found.messages_in


def _goes_outside(found: Rehearsal, number: str) -> bool:
    return any(number in together for together in found.rung)


_CAUSES = MappingProxyType(
    {
        Told.BUSY: Cause.BUSY,
        Told.NO_ANSWER: Cause.NO_ANSWER,
        Told.UNREACHABLE: Cause.UNREACHABLE,
        Told.NOT_IN_USE: Cause.UNKNOWN_NUMBER,
    }
)


def _is_told(found: Rehearsal, told: Told) -> bool:
    return found.record.cause is _CAUSES[told]


_JUDGES: Mapping[str, Callable[[Rehearsal, Any], bool]] = MappingProxyType(
    {
        "reaches": _reaches,
        "rings": _rings,
        "hears": _hears,
        "leaves_message_in": _leaves_message,
        "goes_outside_to": _goes_outside,
        "is_told": _is_told,
    }
)
"""By the name of the outcome's field."""
