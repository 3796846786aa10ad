"""901: logs a user on to this phone, with extension and PIN (SYS-2, TWN-1, LNK-1)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.routing.snapshot import ChannelName, Extension, Facility
from centrale.services.asking import Goodbye, choice
from centrale.services.identify import identify
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

TWINNED_PHONES = 2
"""On so many desk phones a user with twinning may be logged on at once (TWN-1)."""


async def serve(call: Call) -> Cause:
    """Ask extension and PIN, have a new PIN chosen where that is due, log on."""
    channel = call.account.channels[_here(call)]
    if channel.linked_to is not None:
        await call.say(Prompt.LINKED_NO_LOGON)
        return Cause.NORMAL
    try:
        user = await identify(call)
        await _log_on(call, user)
    except Goodbye:
        call.step("log-on", "no logon")
    return Cause.NORMAL


def _here(call: Call) -> ChannelName:
    assert call.caller.channel is not None, "system numbers are dialled on a phone"
    return call.caller.channel


async def _log_on(call: Call, user: Extension) -> None:
    here = _here(call)
    others = [channel for channel in call.account.devices_of(user.number) if channel != here]
    if call.account.logons.get(here) == user.number:
        await call.say(Prompt.ALREADY_LOGGED_ON)
        return
    twinned = Facility.TWINNING in call.account.facilities and user.settings.rights.twinning
    alone = not twinned
    if twinned and len(others) >= TWINNED_PHONES:
        await choice(call, Prompt.TWINNING_FULL, "1")
        alone = True
    await call.platform.desk.log_on(call.account_id, user.number, here, alone=alone, now=call.now())
    left = [name for name in others if alone and call.account.channels[name].linked_to is None]
    call.step("log-on", f"{user.number} logged on to {here}", off=left)
    confirmation = Prompt.LOGGED_ON_MOVED if left else Prompt.LOGGED_ON
    await call.say(confirmation, name=user.name, extension=user.number)
