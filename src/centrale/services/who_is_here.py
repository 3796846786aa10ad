"""900: says who is logged on to this phone (SYS-1)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt


async def serve(call: Call) -> Cause:
    """Name and extension of the user here, or that nobody is."""
    if call.user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
    else:
        await call.say(Prompt.WHO_IS_LOGGED_ON, name=call.user.name, extension=call.user.number)
    return Cause.NORMAL
