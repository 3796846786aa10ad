"""Sending a call on: to extensions of the account, to outside numbers, to several at once (GRP-3, CID-3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from centrale.calls.next import Done, GoTo, Next
from centrale.calls.reach import outside_party, reachable
from centrale.calls.ring import AnsweredBy, Attempt, NobodyAnswered
from centrale.routing import callerid
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.forwards import (
    GoesRound,
    InsideTarget,
    OutsideTarget,
    Target,
    Targets,
    follow,
    read_targets,
)
from centrale.routing.person import NOBODY, Person
from centrale.routing.plans import Destination, find_number
from centrale.routing.snapshot import E164, Extension
from centrale.routing.trace import Decision
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

if TYPE_CHECKING:
    from centrale.calls.call import Call

RING_FOR = 60.0
"""Seconds that a forward's targets ring."""

_TOLD = {
    Cause.BUSY: Prompt.BUSY,
    Cause.NO_ANSWER: Prompt.NO_ANSWER,
    Cause.CONGESTION: Prompt.LINES_UNAVAILABLE,
    Cause.UNKNOWN_NUMBER: Prompt.NUMBER_NOT_IN_USE,
    Cause.DECLINED: Prompt.USER_UNAVAILABLE,
}


async def forward(
    call: Call,
    owner: Extension,
    targets: str,
    shows: ForwardShows,
    reason: DiversionReason,
    *,
    inside_for_all: bool,
) -> Next:
    """See `Call.forward`. A single extension is visited as if it had been dialled, with all that its kind does."""
    outside_only = not (call.caller.inside or inside_for_all)
    read = read_targets(targets, call.account, calls_from_outside=outside_only, owner=owner.number)
    call.note(Decision("forward", targets, {"of": owner.number, "reason": reason.value}, read.problems))
    return await _to_all(call, owner, _ours_inside(call, read), shows, reason, NOBODY)


async def send_on(
    call: Call, owner: Extension, destination: str, prefix: str, shows: ForwardShows, own_number: E164 | None
) -> Next:
    """See `Call.send_on`. Unlike a forward's, an inside destination is open to calls from outside."""
    read = read_targets(destination, call.account, calls_from_outside=False)
    call.note(Decision("send on", destination, {"by": owner.number}, read.problems))
    read = _ours_inside(call, read)
    match read.targets:
        case (InsideTarget(number),):
            return GoTo(number, prefix)
        case _:
            call.prefixes += [prefix] if prefix else []
            person = Person(default_caller_id=own_number)
            return await _to_all(call, owner, read, shows, DiversionReason.ALWAYS, person)


def _ours_inside(call: Call, read: Targets) -> Targets:
    """The same, with the extension that it leads to now for each number of the account.

    By a carrier such a call would come in again as another one, and nobody would see that it goes round.
    """
    targets: list[Target] = []
    for target in read.targets:
        found = find_number(call.account, target.number, call.now()) if isinstance(target, OutsideTarget) else None
        if isinstance(found, Destination):
            call.note(found.decision)
            call.prefixes += [found.prefix] if found.prefix and len(read.targets) == 1 else []
            targets.append(InsideTarget(found.extension.number))
        else:
            targets.append(target)
    return replace(read, targets=tuple(targets))


async def _to_all(
    call: Call, owner: Extension, read: Targets, shows: ForwardShows, reason: DiversionReason, person: Person
) -> Next:
    match read.targets:
        case ():
            return Done(await call.refuse(Prompt.CALL_FAILED, Cause.UNKNOWN_NUMBER))
        case (InsideTarget(number),):
            return GoTo(number)
        case _:
            pass
    attempts = _attempts(call, owner, read, shows, reason, person)
    match await call.ring(attempts, timeout=RING_FOR):
        case AnsweredBy() as answered:
            return Done(await call.talk(answered))
        case NobodyAnswered(cause):
            return Done(await call.refuse(_TOLD.get(cause, Prompt.CALL_FAILED), cause))


def attempts_at(
    call: Call,
    owner: Extension,
    targets: str,
    shows: ForwardShows,
    reason: DiversionReason,
    delay: float,
    own_number: E164 | None = None,
) -> list[Attempt]:
    """See `Call.attempts_at`."""
    person = Person(default_caller_id=own_number)
    read = _ours_inside(call, read_targets(targets, call.account, calls_from_outside=False, owner=owner.number))
    call.note(Decision("forward", targets, {"of": owner.number, "reason": reason.value}, read.problems))
    return [replace(attempt, delay=delay) for attempt in _attempts(call, owner, read, shows, reason, person)]


def _attempts(
    call: Call, owner: Extension, read: Targets, shows: ForwardShows, reason: DiversionReason, person: Person
) -> list[Attempt]:
    """All targets to be rung at once; users among them ring without forwards of their own."""
    attempts: list[Attempt] = []
    users: list[Extension] = []
    for target in read.targets:
        step = follow(call.path, target.number)
        if isinstance(step, GoesRound):
            call.note(step.decision)
        elif isinstance(target, InsideTarget):
            users += _rung_together(call, call.account.extensions[target.number])
        else:
            attempts.append(_outside(call, owner, target, shows, reason, person))
    return [*reachable(call, users), *attempts]


def _rung_together(call: Call, target: Extension) -> list[Extension]:
    """The users who ring for `target` when it is one of several: a user, or a group's members without its forwards."""
    numbers = target.settings.rung_together(target.number)
    if not numbers:
        reason = f"{target.number} {target.name} cannot ring together with others"
        call.note(Decision("forward", "left out", {"kind": target.kind}, (reason,)))
    return [call.account.extensions[number] for number in numbers if number in call.account.extensions]


def _outside(
    call: Call, owner: Extension, target: OutsideTarget, shows: ForwardShows, reason: DiversionReason, person: Person
) -> Attempt:
    account = call.account
    presented = {
        trunk.name: callerid.forwarded(
            account,
            shows,
            trunk,
            caller=call.caller.shown,
            called=call.called,
            user=owner,
            person=person,
            reason=reason,
        )
        for trunk in account.trunks
    }
    for shown in list(presented.values())[:1]:
        call.note(shown.decision)
    return outside_party(target.number, target.as_sent, account.trunks, presented)
