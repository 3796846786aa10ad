"""From where a call enters to where it ends: read it from top to bottom."""

from __future__ import annotations

from centrale.calls import Call, Done, GoTo
from centrale.calls.conduct import Flow
from centrale.calls.naming import name_the_caller
from centrale.calls.record import Direction
from centrale.exchange.outside import call_emergency, call_outside
from centrale.kinds.queue_journal import Waits
from centrale.kinds.registry import KINDS
from centrale.kinds.user import person_of
from centrale.routing import entrance
from centrale.routing.entrance import (
    Arrival,
    EmergencyCall,
    FromTrunk,
    LogOnFirst,
    NotDialable,
    OutsideCall,
    ServiceCall,
    UnknownExtension,
)
from centrale.routing.forwards import GoesRound, follow
from centrale.routing.plans import NotInUse
from centrale.routing.snapshot import Extension
from centrale.services.registry import SERVICES, WITH_ARGUMENT
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt
from centrale.wording import ENGLISH


async def from_phone(call: Call, dialled: str) -> Cause:
    """A phone of the account dialled something."""
    assert call.caller.channel is not None
    channel = call.account.channels[call.caller.channel]
    entered = entrance.from_channel(call.account, channel, dialled, call.now(), person_of(call.user))
    call.note(entered.decision)
    if isinstance(entered, EmergencyCall):
        call.record.direction = Direction.OUTBOUND
        return await call_emergency(call, entered)
    if call.platform.live.on_channel(channel.name) > channel.call_limit:
        return await call.refuse(Prompt.CALL_LIMIT_REACHED, Cause.CONGESTION)
    match entered:
        case ServiceCall(service, argument):
            if serve := SERVICES.get(service.code):
                return await serve(call)
            if serve_at_once := WITH_ARGUMENT.get(service.code):
                return await serve_at_once(call, argument)
            return await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER)
        case Arrival():
            return await arrive(call, entered)
        case OutsideCall():
            call.record.direction = Direction.OUTBOUND
            return await call_outside(call, entered)
        case LogOnFirst():
            return await call.refuse(Prompt.LOG_ON_FIRST, Cause.NOT_ALLOWED)
        case UnknownExtension() | NotDialable():
            return await call.refuse(Prompt.NUMBER_UNKNOWN, Cause.UNKNOWN_NUMBER)
        case NotInUse():
            return await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER)


async def from_outside(call: Call, entered: FromTrunk) -> Cause:
    """A trunk brought a call to a number of the account."""
    match entered:
        case Arrival():
            call.note(entered.caller.decision)
            await name_the_caller(call)
            return await arrive(call, entered)
        case NotInUse() | NotDialable():
            await name_the_caller(call)
            call.note(entered.decision)
            return await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER)


async def arrive(call: Call, arrival: Arrival) -> Cause:
    """Visit the extension that the call arrives at."""
    if call.caller.trunk:
        call.note(arrival.decision)
    call.prefixes += arrival.prefixes
    call.called = arrival.called
    return await visit(call, arrival.destination)


async def back_in_line(call: Call, *, waits: Waits, otherwise: Flow) -> Cause:
    """The caller stood in a queue when an earlier process of ours died: back to the same place."""
    queue = call.account.extensions.get(waits.queue)
    if queue is None or queue.kind != "queue":
        return await otherwise(call)
    call.path, call.prefixes, call.called = waits.path[:-1], list(waits.prefixes), waits.called
    call.waited_in = (waits.queue, waits.since)
    await name_the_caller(call)
    return await visit(call, queue)


async def visit(call: Call, first: Extension) -> Cause:
    """Visit an extension, and those that it sends the call on to."""
    extension: Extension | None = first
    while extension is not None:
        followed = follow(call.path, extension.number)
        if isinstance(followed, GoesRound):
            call.note(followed.decision)
            return await call.refuse(Prompt.TOO_MANY_FORWARDS, Cause.FAILURE)
        call.path = followed.path
        kind = KINDS[extension.kind]
        call.step(extension.kind, f"{extension.number} {extension.name}: {kind.summary(extension.settings, ENGLISH)}")
        match await kind.answer(extension.settings, extension, call):
            case Done(cause):
                return cause
            case GoTo(destination, prefix):
                call.prefixes += [prefix] if prefix else []
                extension = call.account.extensions.get(destination)
    return await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER)
