"""Who is on the line: extension and PIN, as 901 asks for them and as a system extension does (SYS-2, SYX-1)."""

from __future__ import annotations

from centrale.calls import Call
from centrale.calls.ports import PinVerdict, Whence
from centrale.routing.pins import LONGEST
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.services.asking import TIMES, Goodbye
from centrale.services.new_pin import choose
from centrale.voice.prompts import Prompt


def whence(call: Call) -> Whence:
    """Where the PINs of this call come from. Callers who withhold their number share one count."""
    if call.caller.channel is not None:
        return Whence(call.caller.channel)
    return Whence(call.caller.shown.e164 or "", outside=True)


async def identify(call: Call) -> Extension:
    """The user whose number and PIN were given. Which of both is wrong is never told (USR-2).

    The PIN that asks for a new one opens nothing from outside: whoever dials in first would own the extension.

    Raises:
        Goodbye: three times nothing or something wrong, or it is locked; that has been said.
    """
    for _ in range(TIMES):
        number = ExtensionNumber(await call.ask(Prompt.ASK_EXTENSION, max_digits=call.account.extension_length))
        pin = await call.ask(Prompt.ASK_PIN, max_digits=LONGEST) if number else ""
        if not number or not pin:
            await call.say(Prompt.NO_INPUT)
            continue
        source = whence(call)
        verdict = await call.platform.desk.try_pin(call.account_id, source, number, pin, call.now())
        call.step("pin", verdict, extension=number)
        if verdict is PinVerdict.LOCKED:
            await call.say(Prompt.TOO_MANY_ATTEMPTS)
            raise Goodbye
        user = call.account.extensions.get(number)
        if user is not None and verdict is PinVerdict.RIGHT:
            return user
        if user is not None and verdict is PinVerdict.MUST_CHOOSE and not source.outside:
            await call.say(Prompt.MUST_CHOOSE_PIN)
            await choose(call, number)
            return user
        call.leg.forget_digits()
        await call.say(Prompt.WRONG_COMBINATION)
    await call.say(Prompt.GOODBYE)
    raise Goodbye
