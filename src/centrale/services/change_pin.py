"""907: the user at the phone changes the own PIN (SYS-8, USR-2)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.services.asking import Goodbye
from centrale.services.new_pin import choose
from centrale.services.own_pin import prove
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt


async def serve(call: Call) -> Cause:
    """Ask the old PIN, and the new one twice."""
    user, here = call.user, call.caller.channel
    if user is None or here is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    try:
        await prove(call, user, here)
        await choose(call, user.number)
    except Goodbye:
        call.step("pin", "not changed")
    return Cause.NORMAL
