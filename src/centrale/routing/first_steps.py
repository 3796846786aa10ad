"""What an account still lacks for its first call, from the facts alone (issue 5): for a newcomer's checklist."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from centrale.routing.own_numbers import why_not_shown
from centrale.routing.plans import Destination, find_number
from centrale.routing.snapshot import E164, AccountSnapshot, ChannelName, NumberUse

Registered = Callable[[ChannelName], bool | None]
"""Is a phone registered on the channel? None when that cannot be told."""


class FirstStep(StrEnum):
    """In the order in which one takes them."""

    PEOPLE = "people"
    """There are users."""
    PHONES = "phones"
    """Each is logged on, or linked, to a channel."""
    REGISTERED = "registered"
    """A phone is registered on each channel."""
    NUMBERS = "numbers"
    """There is a telephone number that can be used (ACC-6)."""
    CALLERS = "callers"
    """Whoever calls a business number reaches something now (NP-9)."""
    CALLER_IDS = "caller_ids"
    """The numbers shown outside, and to the emergency centre, are chosen (CID-3, EMG-3)."""
    OUTSIDE = "outside"
    """There is a trunk to call out by."""
    CALL = "call"
    """A call was made."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a step is: how many things are `there`, and which are `missing` or not as they should be (extensions,
    channels, numbers, or names of fields). `done`: None when that cannot be told."""

    step: FirstStep
    done: bool | None
    there: int
    missing: tuple[str, ...] = ()


def first_steps(account: AccountSnapshot, registered: Registered, at: datetime, *, has_called: bool) -> list[Stand]:
    """Every step, as it stands at `at`."""
    users = sorted(it.number for it in account.extensions.values() if it.kind == "user")
    without = tuple(number for number in users if not account.devices_of(number))
    there = sorted(number.e164 for number in account.numbers.values() if number.active)
    ordered = tuple(sorted(number.e164 for number in account.numbers.values() if not number.active))
    return [
        Stand(FirstStep.PEOPLE, bool(users), len(users)),
        Stand(FirstStep.PHONES, bool(users) and not without, len(users) - len(without), without),
        _registered(account, registered),
        Stand(FirstStep.NUMBERS, bool(there), len(there), ordered),
        _callers(account, at),
        _caller_ids(account),
        Stand(FirstStep.OUTSIDE, bool(account.trunks), len(account.trunks)),
        Stand(FirstStep.CALL, has_called, int(has_called)),
    ]


def _registered(account: AccountSnapshot, registered: Registered) -> Stand:
    found = {name: registered(name) for name in sorted(account.channels)}
    away = tuple(name for name, it in found.items() if it is False)
    there = sum(it is True for it in found.values())
    unknown = any(it is None for it in found.values())
    return Stand(FirstStep.REGISTERED, None if unknown else bool(found) and not away, there, away)


def _callers(account: AccountSnapshot, at: datetime) -> Stand:
    numbers = sorted(it.e164 for it in account.numbers.values() if it.active and it.use is NumberUse.BUSINESS)
    nowhere = tuple(it for it in numbers if not isinstance(find_number(account, it, at), Destination))
    return Stand(FirstStep.CALLERS, bool(numbers) and not nowhere, len(numbers) - len(nowhere), nowhere)


def _caller_ids(account: AccountSnapshot) -> Stand:
    def usable(number: E164 | None) -> bool:
        return number is not None and why_not_shown(account, number, None) is None

    def missing() -> Iterator[str]:
        if not usable(account.default_caller_id):
            yield "default_caller_id"
        if not usable(account.emergency_caller_id):
            yield "emergency_caller_id"

    lacking = tuple(missing())
    return Stand(FirstStep.CALLER_IDS, not lacking, 2 - len(lacking), lacking)
