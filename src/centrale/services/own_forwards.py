"""910: a user sets, clears and hears the own forwards (SYS-11)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import Situation
from centrale.routing.forwards import read_targets
from centrale.routing.snapshot import Extension
from centrale.services.asking import Goodbye, choice, until_right
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

_SITUATIONS = {"1": Situation.ALWAYS, "2": Situation.BUSY, "3": Situation.NO_ANSWER}
SET, OFF = "1", "2"
LONGEST_NUMBER = 20


async def serve(call: Call) -> Cause:
    """Choose the situation, hear how it stands, change it; again and again until the user hangs up."""
    try:
        while (user := call.user) is not None:
            situation = _SITUATIONS[await choice(call, Prompt.FORWARDS_MENU, "123")]
            await _tell(call, getattr(user.settings.forwards, situation.value))
            if await choice(call, Prompt.FORWARD_CHOICE, SET + OFF) == SET:
                await _set(call, user, situation)
            else:
                await call.platform.desk.set_forward(call.account_id, user.number, situation, None)
                call.step("own-forward", f"{situation}: off")
                await call.say(Prompt.FORWARD_REMOVED)
    except Goodbye:
        call.step("own-forward", "the menu was left")
    return Cause.NORMAL


async def _tell(call: Call, number: str | None) -> None:
    if number is None:
        await call.say(Prompt.FORWARD_IS_OFF)
    else:
        await call.say(Prompt.FORWARD_IS_SET, number=number.replace("+", "00"))


async def _set(call: Call, user: Extension, situation: Situation) -> None:
    async def can_be_reached(digits: str) -> Prompt | None:
        read = read_targets(digits, call.account, calls_from_outside=False, owner=user.number)
        for problem in read.problems:
            call.step("own-forward", problem)
        return None if read.targets and not read.problems else Prompt.FORWARD_NUMBER_WRONG

    number = await until_right(call, Prompt.ASK_FORWARD_NUMBER, can_be_reached, max_digits=LONGEST_NUMBER)
    await call.platform.desk.set_forward(call.account_id, user.number, situation, number)
    call.step("own-forward", f"{situation}: to {number}")
    await call.say(Prompt.FORWARD_SET, number=number)
