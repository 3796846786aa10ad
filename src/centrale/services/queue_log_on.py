"""903: logs a user on to a queue (SYS-4, QUE-15)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import QueueVerdict
from centrale.routing.snapshot import ExtensionNumber
from centrale.services.asking import Goodbye
from centrale.services.queue_number import ask_queue, name_of
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

_WRONG = {
    QueueVerdict.NO_QUEUE: Prompt.QUEUE_UNKNOWN,
    QueueVerdict.MEMBERS_ONLY: Prompt.QUEUE_MEMBERS_ONLY,
    QueueVerdict.FULL: Prompt.QUEUE_FULL,
}


async def serve(call: Call) -> Cause:
    """Ask for the queue until the user can be logged on to it; say to which that was."""
    user = call.user
    if user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    verdict = QueueVerdict.NO_QUEUE

    async def log_on(digits: str) -> Prompt | None:
        nonlocal verdict
        desk = call.platform.queue_desk
        verdict = await desk.log_on_to_queue(call.account_id, ExtensionNumber(digits), user.number, call.now())
        call.step("queue-log-on", verdict, queue=digits)
        return _WRONG.get(verdict)

    try:
        number = await ask_queue(call, log_on)
    except Goodbye:
        call.step("queue-log-on", "no logon")
        return Cause.NORMAL
    already = verdict is QueueVerdict.ALREADY
    prompt = Prompt.QUEUE_ALREADY_LOGGED_ON if already else Prompt.QUEUE_LOGGED_ON
    await call.say(prompt, queue=name_of(call, number), extension=number)
    return Cause.NORMAL
