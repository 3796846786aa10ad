"""Asking the user at the phone for the own PIN, before something that others should not do for them (SYS-3, SYS-8)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import PinVerdict, Whence
from centrale.routing.pins import LONGEST
from centrale.routing.snapshot import ChannelName, Extension
from centrale.services.asking import Goodbye, until_right
from centrale.voice.prompts import Prompt


async def prove(call: Call, user: Extension, here: ChannelName) -> None:
    """Ask until the PIN is right.

    Raises:
        Goodbye: it was not, or is locked; that has been said.
    """

    async def right(pin: str) -> Prompt | None:
        verdict = await call.platform.desk.try_pin(call.account_id, Whence(here), user.number, pin, call.now())
        call.step("pin", verdict, extension=user.number)
        match verdict:
            case PinVerdict.RIGHT | PinVerdict.MUST_CHOOSE:
                return None
            case PinVerdict.LOCKED:
                await call.say(Prompt.TOO_MANY_ATTEMPTS)
                raise Goodbye
            case PinVerdict.WRONG:
                return Prompt.WRONG_PIN

    await until_right(call, Prompt.ASK_PIN, right, max_digits=LONGEST)
