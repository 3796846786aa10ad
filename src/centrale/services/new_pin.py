"""Choosing a new PIN, by phone (USR-2); part of 901 and of 907."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from centrale.calls import Call
from centrale.routing.pins import LONGEST, pin_problem
from centrale.routing.snapshot import ExtensionNumber
from centrale.services.asking import TIMES, Goodbye, until_right
from centrale.voice.prompts import Prompt


async def choose(call: Call, user: ExtensionNumber) -> None:
    """Ask for a new PIN twice, until both are the same and good enough.

    Raises:
        Goodbye: the caller did not manage; the PIN is as it was.
    """

    def problem(digits: str) -> Prompt | None:
        return Prompt.PIN_TOO_WEAK if pin_problem(digits, user) else None

    async def keep(pin: str) -> None:
        await call.platform.desk.choose_pin(call.account_id, user, pin)

    await ask_twice(call, problem, keep)


async def ask_twice(
    call: Call, problem: Callable[[str], Prompt | None], keep: Callable[[str], Awaitable[None]]
) -> None:
    """The same for any PIN. `problem` gives what to say about one that is not good enough; `keep` sets it.

    Raises:
        Goodbye: the caller did not manage; the PIN is as it was.
    """

    async def good_enough(digits: str) -> Prompt | None:
        return problem(digits)

    async def anything(digits: str) -> Prompt | None:
        return None

    for _ in range(TIMES):
        pin = await until_right(call, Prompt.ENTER_NEW_PIN, good_enough, max_digits=LONGEST)
        again = await until_right(call, Prompt.REPEAT_NEW_PIN, anything, max_digits=LONGEST)
        if pin == again:
            await keep(pin)
            await call.say(Prompt.PIN_CHANGED)
            return
        await call.say(Prompt.PINS_DIFFER)
    await call.say(Prompt.PIN_NOT_CHANGED)
    raise Goodbye
