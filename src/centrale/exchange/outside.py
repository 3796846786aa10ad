"""Calls to the outside, and to the emergency centre (CID-1, EMG-1)."""

from __future__ import annotations

from centrale.calls import AnsweredBy, Call, NobodyAnswered
from centrale.calls.reach import outside_party, same_for_all
from centrale.routing.callerid import Presented
from centrale.routing.entrance import EmergencyCall, OutsideCall
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

RING_FOR = 180.0
"""Seconds until we give up on an outside number; carriers give up earlier."""

_TOLD = {
    Cause.BUSY: Prompt.BUSY,
    Cause.DECLINED: Prompt.USER_UNAVAILABLE,
    Cause.NO_ANSWER: Prompt.NO_ANSWER,
    Cause.UNREACHABLE: Prompt.LINES_UNAVAILABLE,
    Cause.CONGESTION: Prompt.LINES_UNAVAILABLE,
    Cause.UNKNOWN_NUMBER: Prompt.NUMBER_NOT_IN_USE,
    Cause.NOT_ALLOWED: Prompt.NOT_ALLOWED,
}


async def call_outside(call: Call, to: OutsideCall) -> Cause:
    """Try the account's trunks in turn; say why when none brings the call there."""
    call.note(to.caller.decision)
    if not to.trunks:
        return await call.refuse(Prompt.LINES_UNAVAILABLE, Cause.CONGESTION)
    party = outside_party(to.number, to.as_sent, to.trunks, same_for_all(to.caller, to.trunks))
    match await call.ring([party], timeout=RING_FOR):
        case AnsweredBy() as answered:
            return await call.talk(answered)
        case NobodyAnswered(cause):
            return await call.refuse(_TOLD.get(cause, Prompt.CALL_FAILED), cause)


async def call_emergency(call: Call, to: EmergencyCall) -> Cause:
    """As outside, above every limit, and with a number that can be called back (EMG-3).

    The account's own trunks first, then any other of the platform: help is not a matter of contracts.
    """
    call.note(to.caller_id_decision)
    others = tuple(trunk for trunk in call.platform.directory.current.trunks.values() if trunk not in to.trunks)
    trunks = (*to.trunks, *others)
    shown = Presented(number=to.caller_id, e164=to.caller_id, decision=to.caller_id_decision)
    if trunks:
        party = outside_party(to.number, to.number, trunks, same_for_all(shown, trunks), insistent=True)
        match await call.ring([party], timeout=RING_FOR):
            case AnsweredBy() as answered:
                return await call.talk(answered)
            case NobodyAnswered():
                pass
    return await call.refuse(Prompt.EMERGENCY_FAILED, Cause.CONGESTION)
