"""Menu: the caller chooses by keys (IVR-1..3). Menus nest by pointing at each other."""

from __future__ import annotations

import asyncio
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from centrale.calls import Call, Done, GoTo, Next
from centrale.kinds.kind import Destination, Kind, KindSettings, Prefix, Seconds, Utterance, semantic
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.voice.prompts import Prompt
from centrale.wording import Wording

Keys = Annotated[str, StringConstraints(pattern=r"^[0-9*]{1,6}$"), Field(json_schema_extra=semantic("keys"))]

TIMES = 3
"""A question is put once and repeated twice, as in the system menus."""


class Option(KindSettings):
    """What some keys lead to."""

    digits: Keys = Field(title="Keys")
    destination: Destination = Field(title="Destination")
    prefix: Prefix = Field(default="", title="Prefix", description="Put before the caller's name on the display.")


class Menu(KindSettings):
    """What is said, and what can be chosen."""

    question: Utterance = Field(title="What the caller hears")
    ring_first: bool = Field(default=False, title="Ring twice first")
    max_digits: int = Field(default=1, ge=1, le=6, title="Keys per option at most")
    options: list[Option] = Field(default_factory=list, max_length=200, title="Options")
    failover: Destination | None = Field(
        default=None, title="Otherwise to", description="Where callers go who do not choose; goodbye if empty."
    )
    failover_after: Seconds | None = Field(
        default=None, title="After (seconds in the menu)", description="Empty: after the question was put three times."
    )

    @model_validator(mode="after")
    def _options_can_be_chosen(self) -> Self:
        keys = [option.digits for option in self.options]
        if double := next((digits for digits in keys if keys.count(digits) > 1), None):
            raise ValueError(f"option {double} stands in the menu twice")
        if long := next((digits for digits in keys if len(digits) > self.max_digits), None):
            raise ValueError(f"option {long} has more than {self.max_digits} keys")
        if self.failover_after is not None and self.failover is None:
            raise ValueError("choose where callers go after that time")
        return self

    def option(self, digits: str) -> Option | None:
        """The option that `digits` choose."""
        return next((option for option in self.options if option.digits == digits), None)

    def is_complete(self, digits: str) -> bool:
        """Can no further key lead to an option?"""
        return not any(option.digits.startswith(digits) and option.digits != digits for option in self.options)


async def answer(menu: Menu, extension: Extension, call: Call) -> Next:
    """Put the question up to three times, for as long as the caller may take; then fail over."""
    if menu.ring_first:
        await call.ring_twice()
    try:
        async with asyncio.timeout(menu.failover_after):
            chosen = await _choice(menu, call)
    except TimeoutError:
        call.step("menu", f"nothing was chosen within {menu.failover_after} s")
        chosen = None
    if chosen is not None:
        call.step("menu", f"option {chosen.digits}", prefix=chosen.prefix)
        return GoTo(ExtensionNumber(chosen.destination), prefix=chosen.prefix)
    if menu.failover is not None:
        return GoTo(ExtensionNumber(menu.failover))
    await call.say(Prompt.GOODBYE)
    return Done()


async def _choice(menu: Menu, call: Call) -> Option | None:
    for _ in range(TIMES):
        digits = await call.ask(menu.question.said, max_digits=menu.max_digits, complete=menu.is_complete)
        if option := menu.option(digits):
            return option
        call.leg.forget_digits()
        await call.say(Prompt.INVALID_CHOICE if digits else Prompt.NO_INPUT)
    return None


def summary(menu: Menu, words: Wording) -> str:
    def named(option: Option) -> str:
        return words("{keys} to {to}", keys=option.digits, to=words.place(option.destination))

    options = ", ".join(words.first_of(menu.options, named)) or words("no options")
    asks = words("asks {question}: {options}", question=menu.question.told(words), options=options)
    return words("{asks}; else {to}", asks=asks, to=words.place(menu.failover)) if menu.failover else asks


KIND = Kind(name="menu", title={"en": "Menu", "nl": "Keuzemenu"}, settings=Menu, answer=answer, summary=summary)
