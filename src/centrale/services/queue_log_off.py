"""904: logs a user off from a queue (SYS-5, QUE-15)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import QueueVerdict
from centrale.routing.snapshot import ExtensionNumber
from centrale.services.asking import Goodbye
from centrale.services.queue_number import ask_queue, name_of
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt


async def serve(call: Call) -> Cause:
    """Ask for the queue until it is one, log the user off, and say so."""
    user = call.user
    if user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    verdict = QueueVerdict.NO_QUEUE

    async def log_off(digits: str) -> Prompt | None:
        nonlocal verdict
        desk = call.platform.queue_desk
        verdict = await desk.log_off_from_queue(call.account_id, ExtensionNumber(digits), user.number, call.now())
        call.step("queue-log-off", verdict, queue=digits)
        return Prompt.QUEUE_UNKNOWN if verdict is QueueVerdict.NO_QUEUE else None

    try:
        number = await ask_queue(call, log_off)
    except Goodbye:
        call.step("queue-log-off", "nothing was changed")
        return Cause.NORMAL
    was_there = verdict is QueueVerdict.LOGGED_OFF
    prompt = Prompt.QUEUE_LOGGED_OFF if was_there else Prompt.QUEUE_NOT_LOGGED_ON
    await call.say(prompt, queue=name_of(call, number), extension=number)
    return Cause.NORMAL
