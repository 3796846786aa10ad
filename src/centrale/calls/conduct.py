"""A call's life: begun in the journal, conducted as one task, closed with a record, whatever happens.

`conduct` is the only place where a call's task ends. Four ways lead there: the flow returned; the caller hung up (the
task is cancelled); a fault of ours; or this process is stopping, in which case the legs and the journal are left as
they are for the next process to take up (design §7).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from centrale.calls.call import Call
from centrale.calls.record import Outcome
from centrale.telephony.switch import Cause, LegGone, SwitchDown
from centrale.voice.prompts import Prompt

log = structlog.get_logger(__name__)

Flow = Callable[[Call], Awaitable[Cause]]
"""Does what is to be done for a call; gives the cause with which the caller is released."""


async def conduct(call: Call, flow: Flow) -> None:
    """Run `flow` for `call` until it is over; store its record."""
    task = asyncio.current_task()
    assert task is not None
    call.leg.on_gone = task.cancel
    call.platform.live.began(call)
    cause = Cause.NORMAL
    try:
        if call.leg.gone is None:
            cause = await flow(call)
            call.record.ended_by = call.record.ended_by or "exchange"
    except (asyncio.CancelledError, LegGone):
        if call.leg.gone is None and task.cancelling():
            call.platform.live.ended(call)
            raise  # this process stops, not the call
        task.uncancel()
    except SwitchDown as problem:
        if call.leg.gone is None and task.cancelling():
            # This process stops and has left the switch already: a verb's own clean-up found that out.
            call.platform.live.ended(call)
            raise asyncio.CancelledError from problem
        call.step("fault", f"the switch is not reachable: {problem}")
        call.record.outcome, cause = Outcome.FAILED, Cause.FAILURE
    except Exception as problem:  # a fault in one call must never reach another, nor go unrecorded
        log.exception("call failed", call=call.id, account=call.account_id)
        call.step("fault", f"{type(problem).__name__}: {problem}")
        call.record.outcome, cause = Outcome.FAILED, Cause.FAILURE
        await _apologise(call)
    await _close(call, cause)


async def _apologise(call: Call) -> None:
    """Never silence: the caller of a call that failed by our fault is told so."""
    try:
        await call.refuse(Prompt.CALL_FAILED, Cause.FAILURE)
    except (asyncio.CancelledError, LegGone, SwitchDown):
        log.info("the caller did not wait for the apology", call=call.id)


async def _close(call: Call, cause: Cause) -> None:
    record = call.record
    call.places.clear()  # free at once, not only when the other legs have been hung up (LIM-1)
    if record.ended_by is None:
        record.ended_by = "exchange" if call.leg.gone is None else "caller"
        if call.leg.gone is not None:
            call.step("end", "the caller hung up", cause=call.leg.gone.cause)
    record.ended = call.now()
    record.cause = cause
    if record.outcome is None:
        record.outcome = Outcome.ABANDONED if record.ended_by == "caller" else _outcome_of(cause)
    try:
        await call.release(cause)
    except SwitchDown as problem:
        log.warning("could not release a call: the switch is away", call=call.id, problem=str(problem))
    finally:
        call.platform.live.ended(call)
        call.platform.journal.closed(call.id, record.as_json())


def _outcome_of(cause: Cause) -> Outcome:
    match cause:
        case Cause.NORMAL:
            return Outcome.SERVED
        case Cause.BUSY | Cause.NO_ANSWER | Cause.DECLINED | Cause.UNREACHABLE:
            return Outcome.UNANSWERED
        case Cause.FAILURE:
            return Outcome.FAILED
        case _:
            return Outcome.REFUSED
