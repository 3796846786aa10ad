"""902: logs the user off this phone, or off all (SYS-3, LNK-1)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.routing.snapshot import ChannelName, Extension
from centrale.services.asking import Goodbye, choice
from centrale.services.own_pin import prove
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

EVERYWHERE = "2"


async def serve(call: Call) -> Cause:
    """Ask the PIN; ask where to log off when the user is logged on elsewhere too."""
    user, here = call.user, call.caller.channel
    if user is None or here is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    if call.account.channels[here].linked_to is not None:
        await call.say(Prompt.LINKED_NO_LOGOFF)
        return Cause.NORMAL
    try:
        await prove(call, user, here)
        everywhere = bool(_elsewhere(call, user, here)) and await choice(call, Prompt.LOGOFF_CHOICE, "12") == EVERYWHERE
    except Goodbye:
        call.step("log-off", "still logged on")
        return Cause.NORMAL
    await call.platform.desk.log_off(call.account_id, user.number, here, everywhere=everywhere, now=call.now())
    call.step("log-off", f"{user.number} logged off {'everywhere' if everywhere else f'from {here}'}")
    await call.say(Prompt.LOGGED_OFF_EVERYWHERE if everywhere else Prompt.LOGGED_OFF)
    return Cause.NORMAL


def _elsewhere(call: Call, user: Extension, here: ChannelName) -> list[ChannelName]:
    """The other phones that the user could leave; one that an administrator linked is not left (LNK-1)."""
    account = call.account
    others = [channel for channel in account.devices_of(user.number) if channel != here]
    return [channel for channel in others if account.channels[channel].linked_to is None]
