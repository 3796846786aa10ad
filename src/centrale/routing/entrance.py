"""Where does a call enter? The first decision about every call, from a phone or from a trunk.

Accounts cannot mix by construction: a call from a phone sees its own account's snapshot and nothing else, and a call
from a trunk sees only the account that owns the called number. A number of another account on this same platform is
an outside number like any other: it leaves through a trunk (ACC-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from centrale.routing import callerid
from centrale.routing.callerid import Presented
from centrale.routing.e164 import readings
from centrale.routing.emergency import emergency_caller_id
from centrale.routing.numbering import NotANumber, ToEmergency, ToExtension, ToOutside, ToService, understand
from centrale.routing.person import NOBODY, Person
from centrale.routing.plans import Destination, NotInUse, find_number
from centrale.routing.snapshot import (
    E164,
    AccountSnapshot,
    Channel,
    Extension,
    ExtensionNumber,
    PlatformSnapshot,
    Trunk,
)
from centrale.routing.system_numbers import SystemNumber
from centrale.routing.trace import Decision


@dataclass(frozen=True, slots=True)
class Arrival:
    """The call goes to an extension of `account`.

    `prefixes` go before the caller's name (`callerid.prefixed`). `called`: the telephone number that was called, None
    when the extension was dialled. `from_outside`: came in through a trunk (GRP-3).
    """

    account: AccountSnapshot
    destination: Extension
    caller: Presented
    decision: Decision
    prefixes: tuple[str, ...] = ()
    called: E164 | None = None
    from_outside: bool = False


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """The call goes to a system number; `argument` is what was dialled behind it."""

    service: SystemNumber
    argument: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class OutsideCall:
    """The call goes to `number` through the first of `trunks` that takes it; `as_sent` is what a trunk is given."""

    number: E164
    as_sent: str
    caller: Presented
    trunks: tuple[Trunk, ...]
    decision: Decision


@dataclass(frozen=True, slots=True)
class EmergencyCall:
    """Above every limit and block. `area_code` finds the right centre (EMG-2)."""

    number: str
    caller_id: E164 | None
    area_code: str | None
    trunks: tuple[Trunk, ...]
    decision: Decision
    """Where the call goes; `caller_id_decision` says why the centre sees that number."""
    caller_id_decision: Decision


@dataclass(frozen=True, slots=True)
class LogOnFirst:
    """Nobody is logged on to this phone: only logging on and emergency calls work."""

    decision: Decision


@dataclass(frozen=True, slots=True)
class UnknownExtension:
    """The number has the length of an extension, but there is none."""

    number: ExtensionNumber
    decision: Decision


@dataclass(frozen=True, slots=True)
class NotDialable:
    """The digits mean nothing; `reason` in words."""

    reason: str
    decision: Decision


FromChannel = (
    Arrival | ServiceCall | OutsideCall | EmergencyCall | LogOnFirst | UnknownExtension | NotInUse | NotDialable
)
FromTrunk = Arrival | NotInUse | NotDialable


def from_channel(
    account: AccountSnapshot,
    channel: Channel,
    dialled: str,
    moment: datetime,
    person: Person = NOBODY,
    *,
    mobile: bool = False,
) -> FromChannel:
    """Where a call from `channel` of `account` goes. `person`: settings of the user who is logged on there.

    Who calls follows from the channel alone; nothing that the phone claims in its From counts.
    """
    user = account.user_on(channel.name)
    area_code = _area_code(account, channel, person)
    means = understand(dialled, account, area_code, country=channel.country, mobile=mobile)
    facts = {"channel": channel.name, "user": user.number if user else None, "dialled": dialled}

    if isinstance(means, ToEmergency):
        return _emergency(account, channel, user, person, means.number, area_code, facts)
    if isinstance(means, ToService) and (user or not means.service.logged_on):
        outcome = f"service {means.service.code}"
        return ServiceCall(means.service, means.argument, Decision("dialled", outcome, facts))
    if user is None:
        reason = "only logging on and emergency calls work without a user"
        return LogOnFirst(Decision("dialled", "log on first", facts, (reason,)))
    match means:
        case ToExtension(number):
            return _extension(account, user, number, facts)
        case ToOutside() if means.e164 in account.numbers:
            return _own_number(account, user, means.e164, moment, facts)
        case ToOutside():
            return _outside(account, user, person, means, facts)
        case NotANumber(reason):
            return NotDialable(reason, Decision("dialled", "no number", facts, (reason,)))
        case ToService():
            raise AssertionError("a service without a user was answered above")


def from_trunk(
    platform: PlatformSnapshot,
    trunk: Trunk,
    called: str,
    caller: str | None,
    moment: datetime,
    *,
    caller_name: str = "",
    withheld: bool = False,
) -> FromTrunk:
    """Where a call that `trunk` brings goes: to the owner of the called number, by the owner's number plan (NP-2).

    `called` and `caller`: user parts as the carrier wrote them, in the request line and in P-Asserted-Identity or
    From. `withheld`: the carrier asks not to show the caller (Privacy: id). A withheld number is not kept at all.
    """
    found = readings(called, trunk.country)
    facts = {"trunk": trunk.name, "called": called}
    if not found:
        reason = f"{called!r} is no telephone number in {trunk.country}"
        return NotDialable(reason, Decision("called-number", "no number", facts, (reason,)))

    for number in found:
        account = platform.owner_of_number(number)
        if account is None:
            continue
        destination = find_number(account, number, moment)
        if isinstance(destination, NotInUse):
            return destination
        calling = readings(caller, trunk.country) if caller and not withheld else ()
        presented = callerid.from_outside(calling[0] if calling else None, caller_name, account)
        return _by_plan(account, destination, number, presented, from_outside=True)
    rejected = tuple(f"{number} belongs to no account" for number in found)
    return NotInUse(found[0], Decision("called-number", "not in use", facts, rejected))


def _emergency(
    account: AccountSnapshot,
    channel: Channel,
    user: Extension | None,
    person: Person,
    number: str,
    area_code: str | None,
    facts: dict[str, str | None],
) -> EmergencyCall:
    caller_id, why = emergency_caller_id(account, channel, user, person)
    decision = Decision("dialled", f"emergency {number}", {**facts, "area_code": area_code})
    return EmergencyCall(number, caller_id, area_code, account.trunks, decision, why)


def _extension(
    account: AccountSnapshot, user: Extension, number: ExtensionNumber, facts: dict[str, str | None]
) -> Arrival | UnknownExtension:
    destination = account.extensions.get(number)
    if destination is None:
        reason = f"the account has no extension {number}"
        return UnknownExtension(number, Decision("dialled", "unknown extension", facts, (reason,)))
    decision = Decision("dialled", f"extension {number}", facts)
    return Arrival(account, destination, callerid.inside(user), decision)


def _own_number(
    account: AccountSnapshot, user: Extension, number: E164, moment: datetime, facts: dict[str, str | None]
) -> Arrival | NotInUse:
    """A colleague who dials a number of the company arrives where an outside caller would, and is seen as a colleague.
    The call stays inside: it costs nothing and needs no trunk."""
    destination = find_number(account, number, moment)
    if isinstance(destination, NotInUse):
        return destination
    return _by_plan(account, destination, number, callerid.inside(user), from_outside=False)


def _by_plan(
    account: AccountSnapshot, destination: Destination, called: E164, caller: Presented, *, from_outside: bool
) -> Arrival:
    prefixes = (destination.prefix,) if destination.prefix else ()
    return Arrival(account, destination.extension, caller, destination.decision, prefixes, called, from_outside)


def _outside(
    account: AccountSnapshot, user: Extension, person: Person, means: ToOutside, facts: dict[str, str | None]
) -> OutsideCall:
    caller = callerid.outside(account, user, person, withheld=means.withheld, slot=means.caller_id_slot)
    decision = Decision("dialled", f"outside {means.e164}", facts)
    return OutsideCall(means.e164, means.as_sent, caller, account.trunks, decision)


def _area_code(account: AccountSnapshot, channel: Channel, person: Person) -> str | None:
    """The user's, else the channel's, else the account's (ACC-5, EMG-2): the last only in the account's own country."""
    if person.area_code or channel.area_code:
        return person.area_code or channel.area_code
    return account.area_code if channel.country in (None, account.country) else None
