"""Questions as every system menu puts them: repeated twice on no or wrong input, then goodbye (handbook, SYS)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from centrale.calls import Call
from centrale.calls.dialogue import Question
from centrale.voice.prompts import Prompt

TIMES = 3
"""A question is put once and repeated twice."""


class Goodbye(Exception):
    """The caller gave no usable answer; goodbye has been said."""


async def until_right(
    call: Call,
    prompt: Question,
    right: Callable[[str], Awaitable[Prompt | None]],
    *,
    max_digits: int = 20,
    **values: object,
) -> str:
    """Put the question until `right` finds nothing wrong with the answer; gives the answer.

    `right` returns what to say about a wrong answer, or None.

    Raises:
        Goodbye: three times nothing or something wrong.
    """
    for _ in range(TIMES):
        digits = await call.ask(prompt, max_digits=max_digits, values=values)
        problem = await right(digits) if digits else Prompt.NO_INPUT
        if problem is None:
            return digits
        call.leg.forget_digits()
        await call.say(problem)
    await call.say(Prompt.GOODBYE)
    raise Goodbye


async def choice(call: Call, prompt: Question, options: str, **values: object) -> str:
    """Put a choice of single keys until one of `options` is pressed.

    Raises:
        Goodbye: three times nothing or something else.
    """

    async def right(digits: str) -> Prompt | None:
        return None if digits in options else Prompt.INVALID_CHOICE

    return await until_right(call, prompt, right, max_digits=1, **values)
