"""Whom to ring: the phones of a user, the trunks to an outside number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from centrale.calls.ring import Attempt, Way
from centrale.routing.callerid import Presented, prefixed
from centrale.routing.snapshot import Extension, Trunk
from centrale.routing.trace import Decision
from centrale.telephony.switch import Cause, Presentation, ToPhone, ToTrunk

if TYPE_CHECKING:
    from centrale.calls.call import Call


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Why a user cannot be rung now."""

    cause: Cause
    reason: str


def display(shown: Presented, prefixes: list[str], ring_tone: str | None = None) -> Presentation:
    """What an inside phone shows of a caller (CID-1, CID-2)."""
    with_prefix = prefixed(shown, prefixes)
    number = with_prefix.number or ""
    return Presentation(
        number=number or "anonymous", name=with_prefix.name or number or "Anonymous", ring_tone=ring_tone
    )


def to_trunk(presented: Presented) -> Presentation:
    """What a trunk is told: a withheld number is asserted, not shown (RFC 3325)."""
    shown = Presentation(presented.e164 or "", presented.name, presented.withheld)
    if presented.diversion is None:
        return shown
    return replace(shown, diverted_from=presented.diversion.number, diverted_because=presented.diversion.reason.value)


def phones_of(
    call: Call, user: Extension, *, delay: float = 0.0, in_person: bool = False
) -> list[Attempt] | Unreachable:
    """The phones on which `user` can be rung now (TWN-1: both), one attempt each; or why there is none.

    The caller's own phone is never rung, nor one that has reached its call limit (CHN-1). `in_person`: it is the user
    who was called, not a group or a queue; then their own contacts name the caller (ACC-7).
    """
    account = call.account
    live = call.platform.live
    devices = account.devices_of(user.number)
    channels = [channel for channel in devices if channel != call.caller.channel]
    if not channels:
        if devices:
            why = f"{user.number} {user.name} has no other phone than the one that calls"
        else:
            why = f"{user.number} {user.name} is not logged on to any phone"
        return Unreachable(Cause.UNREACHABLE, why)
    if not getattr(user.settings, "offer_second_call", True) and live.engaged(account.id, user.number):
        return Unreachable(Cause.BUSY, f"{user.number} {user.name} is in a call and takes no second one")
    free = [name for name in channels if live.on_channel(name) < account.channels[name].call_limit]
    if not free:
        return Unreachable(Cause.BUSY, f"all phones of {user.number} {user.name} are at their call limit")
    caller = call.caller.shown_to(user.number) if in_person else call.caller.shown
    shown = display(caller, call.prefixes, call.ring_tone)
    return [
        Attempt(
            f"{user.number} {user.name}",
            (Way(ToPhone(name), shown, f"{user.number} on {name}"),),
            user=user.number,
            delay=delay,
        )
        for name in free
    ]


def outside_party(
    number: str, as_sent: str, trunks: tuple[Trunk, ...], presented: dict[str, Presented], *, insistent: bool = False
) -> Attempt:
    """An outside number by each of `trunks` in turn. `presented`: what to show, by the trunk's name.

    Without trunks the lines are unavailable, as when all of them are. `insistent`: see `Attempt`.
    """
    ways = tuple(
        Way(ToTrunk(trunk.endpoint, as_sent), to_trunk(presented[trunk.name]), f"{number} by {trunk.name}")
        for trunk in trunks
    )
    return Attempt(number, ways, insistent=insistent, without_way=Cause.CONGESTION)


def same_for_all(presented: Presented, trunks: tuple[Trunk, ...]) -> dict[str, Presented]:
    """`presented` whichever trunk is taken."""
    return {trunk.name: presented for trunk in trunks}


def reachable(call: Call, users: list[Extension]) -> list[Attempt]:
    """All phones of `users` that can be rung now, each user's once; an attempt without a way for who cannot be rung.

    Those who cannot are named in the trace, with the reason.
    """
    attempts: list[Attempt] = []
    rejected: list[str] = []
    for user in {user.number: user for user in users}.values():
        phones = phones_of(call, user)
        if isinstance(phones, Unreachable):
            rejected.append(phones.reason)
            attempts.append(Attempt(f"{user.number} {user.name}", (), user=user.number, without_way=phones.cause))
        else:
            attempts += phones
    if rejected:
        count = sum(bool(attempt.ways) for attempt in attempts)
        outcome = "nobody" if count == 0 else "1 phone" if count == 1 else f"{count} phones"
        call.note(Decision("reachable", outcome, rejected=tuple(rejected)))
    return attempts
