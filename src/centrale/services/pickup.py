"""908 and *8: takes over a call that rings for others (SYS-9, QUE-25).

With a number behind it a call of that queue; alone the longest ringing one of all queues from which the user may take
calls. Other extensions let nobody pick up: the right comes with privacy groups (PRV-1, PRV-2).
"""

from __future__ import annotations

from centrale.calls import Call
from centrale.routing.snapshot import ExtensionNumber
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt


async def serve(call: Call, argument: str) -> Cause:
    """Give the caller the call that rings, or say why there is none. When it succeeds, the caller's leg is ours no
    longer, and this call ends."""
    queues, asked = _allowed(call), ExtensionNumber(argument)
    if asked and asked not in call.account.extensions:
        call.step("pickup", f"there is no {asked}")
        return await call.refuse(Prompt.QUEUE_UNKNOWN, Cause.UNKNOWN_NUMBER)
    if asked and asked not in queues:
        call.step("pickup", f"{call.caller.user} may not take calls of {asked}")
        return await call.refuse(Prompt.PICKUP_NOT_ALLOWED, Cause.NOT_ALLOWED)
    wanted = [asked] if asked else queues
    line = call.platform.queues
    if line.rings(call.account_id, wanted):
        await call.answer()
        if line.pick_up(call, wanted) is not None:
            return Cause.NORMAL
        call.step("pickup", "it was taken, or given up, in this moment")
    call.step("pickup", f"nothing rings at {asked}" if asked else "nothing rings that may be taken")
    return await call.refuse(Prompt.PICKUP_NOTHING, Cause.NO_ANSWER)


def _allowed(call: Call) -> list[ExtensionNumber]:
    """The extensions whose calls the user may take."""
    account, user = call.account, call.user
    if user is None:
        return []
    return [
        number
        for number, extension in account.extensions.items()
        if extension.settings.may_pick_up(user.number, account.agents_on(number))
    ]
