"""Queue: callers wait in line, agents get them one by one (QUE-1..26)."""

from __future__ import annotations

from centrale.acd.announcements import BREAKOUT_KEY, holds_at_first
from centrale.calls import AnsweredBy, Attempt, Call, Done, GoTo, Next, NobodyAnswered, reachable
from centrale.calls.line import Because, SentOn, Taken, TurnedAway
from centrale.kinds import forward
from centrale.kinds.kind import Kind
from centrale.kinds.queue_journal import OUT_OF_LINE, in_line, with_agent
from centrale.kinds.queue_settings import Queue, summary
from centrale.kinds.queue_waiting import Waiting
from centrale.routing.callerid import DiversionReason, ForwardShows
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

EMERGENCY_RING = "alert-emergency"
"""How phones ring for a caller of an emergency queue (QUE-3)."""

FOR_AS_LONG_AS_THE_CALLER_LIKES = 86_400.0
"""Seconds (QUE-23)."""


async def answer(queue: Queue, extension: Extension, call: Call) -> Next:
    """Have the caller wait until an agent takes the call, or until the way leads elsewhere."""
    line, number = call.platform.queues, extension.number
    before, call.waited_in = call.waited_in, None
    since = before[1] if before is not None and before[0] == number else None
    sounds = queue.sounds(call.account.infotainment_every)
    free = line.someone_is_free(call.account_id, number)
    call.platform.journal.changed(call.id, in_line(call, number, since or call.now()))
    usual_ring, call.ring_tone = call.ring_tone, EMERGENCY_RING if queue.emergency else call.ring_tone
    held = since is None and holds_at_first(sounds, agent_free=free)
    place = line.join(call, number, lambda agent: _phones(agent, call), held=held, since=since)
    try:
        language = queue.language or call.account.language
        waiting = Waiting(call, number, place, sounds, queue.said_first(language), language, free, since, held)
        outcome = await waiting.over()
        if isinstance(outcome, Taken):
            call.platform.journal.changed(call.id, with_agent(call, number, outcome.agent))
            return Done(await call.talk(outcome.answered))
        if outcome is None:
            place.broke_out()
        await waiting.silence()
    finally:
        place.leave()
        call.ring_tone = usual_ring
    call.platform.journal.changed(call.id, OUT_OF_LINE)
    match outcome:
        case None:
            call.step("queue", f"{BREAKOUT_KEY} was pressed", to=queue.breakout)
            return GoTo(ExtensionNumber(queue.breakout or ""))
        case SentOn(targets, because):
            return await _send_on(queue, extension, call, ";".join(targets), because)
        case TurnedAway(Because.FULL):
            call.step("queue", f"all {queue.call_limit} places are taken")
            # Who has been answered on the way here hears no tone of the network any more.
            return Done(await call.refuse(Prompt.BUSY, Cause.BUSY) if call.leg.answered else Cause.BUSY)
        case TurnedAway():
            call.step("queue", "was deleted")
            return Done(await call.refuse(Prompt.NUMBER_NOT_IN_USE, Cause.UNKNOWN_NUMBER))


def _phones(agent: ExtensionNumber, call: Call) -> list[Attempt]:
    """What rings when an agent is offered the caller."""
    extension = call.account.extensions.get(agent)
    if extension is None:
        return []
    return reachable(call, [extension]) if extension.kind == "user" else forward.attempts(extension, call)


async def _send_on(queue: Queue, extension: Extension, call: Call, targets: str, because: Because) -> Next:
    """To the targets of the forward, or to where callers go while nobody is logged on (QUE-23, QUE-24)."""
    call.step("queue", f"forwards to {targets}", because=because)
    reason = _REASONS[because]
    kept = because is not Because.NO_AGENTS and not (queue.forward and queue.forward.individual_forwards)
    if not kept or _answers_by_itself(targets, call):
        return await call.forward(extension, targets, shows=ForwardShows.CALLER, reason=reason, inside_for_all=True)
    attempts = call.attempts_at(extension, targets, shows=ForwardShows.CALLER, reason=reason)
    match await call.ring(attempts, timeout=FOR_AS_LONG_AS_THE_CALLER_LIKES):
        case AnsweredBy() as answered:
            return Done(await call.talk(answered))
        case NobodyAnswered(cause):
            return Done(await call.refuse(_TOLD.get(cause, Prompt.GROUP_UNREACHABLE), cause))


def _answers_by_itself(targets: str, call: Call) -> bool:
    """Is it one extension that is no phone to be rung: a mailbox, a menu, another queue?"""
    extension = call.account.extensions.get(ExtensionNumber(targets))
    return extension is not None and not extension.settings.rung_together(extension.number)


_REASONS = {
    Because.FULL: DiversionReason.BUSY,
    Because.WAITED_ENOUGH: DiversionReason.NO_ANSWER,
    Because.NO_AGENTS: DiversionReason.ALWAYS,
    Because.QUEUE_GONE: DiversionReason.ALWAYS,
}

_TOLD = {Cause.BUSY: Prompt.BUSY, Cause.NO_ANSWER: Prompt.NO_ANSWER, Cause.DECLINED: Prompt.USER_UNAVAILABLE}


KIND = Kind(name="queue", title={"en": "Queue", "nl": "Wachtrij"}, settings=Queue, answer=answer, summary=summary)
