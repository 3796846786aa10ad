"""Authentication: lets only authorised callers through, by PIN or by their number (AUT-1)."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from centrale.calls import Call, Done, GoTo, Next
from centrale.kinds.kind import Destination, Kind, KindSettings, Prefix, Utterance, semantic
from centrale.routing import location
from centrale.routing.snapshot import Extension, ExtensionNumber
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt
from centrale.wording import Wording

TIMES = 3
"""Three wrong PINs end the call (AUT-1)."""

LONGEST_PIN = 10


class By(StrEnum):
    """How callers are known."""

    PIN = "pin"
    CALLER = "caller"


class Allowed(KindSettings):
    """A PIN, or a caller's number (`*` for any digits), and where its owner goes."""

    value: Annotated[str, StringConstraints(pattern=r"^\+?[0-9*%]{1,16}$")] = Field(
        title="PIN or number", json_schema_extra=semantic("secret")
    )
    destination: Destination | None = Field(default=None, title="Destination", description="The usual one if empty.")
    prefix: Prefix | None = Field(default=None, title="Prefix", description="The usual one if empty.")


class Authentication(KindSettings):
    """Who is let through, and where to."""

    by: By = Field(title="Authorised by")
    allowed: list[Allowed] = Field(default_factory=list, max_length=5_000, title="Authorised callers")
    destination: Destination = Field(title="Destination")
    prefix: Prefix = Field(default="", title="Prefix")
    welcome: Utterance | None = Field(default=None, title="Welcome")
    refused: Utterance | None = Field(default=None, title="For those who are refused", description="Ours if empty.")

    @model_validator(mode="after")
    def _pins_are_pins(self) -> Self:
        values = [allowed.value for allowed in self.allowed]
        if self.by is By.PIN:
            wrong = next((n for n, value in enumerate(values) if not re.fullmatch(r"[0-9]{4,10}", value)), None)
            if wrong is not None:
                raise ValueError(f"PIN number {wrong + 1} of the list needs 4 to 10 digits")
        if len(set(values)) < len(values):
            raise ValueError("a PIN or number stands in the list twice")
        return self


async def answer(authentication: Authentication, extension: Extension, call: Call) -> Next:
    """Welcome, look, and let through or refuse."""
    if authentication.by is By.PIN:
        found = await _by_pin(authentication, extension, call)
    else:
        found = _by_caller(authentication, call)
        if found is not None and authentication.welcome is not None:
            await call.hear(authentication.welcome.said)
    if found is None:
        await call.hear(authentication.refused.said if authentication.refused else Prompt.NOT_AUTHORISED)
        return Done(Cause.NOT_ALLOWED)
    destination = found.destination or authentication.destination
    prefix = authentication.prefix if found.prefix is None else found.prefix
    return GoTo(ExtensionNumber(destination), prefix=prefix)


def _by_caller(authentication: Authentication, call: Call) -> Allowed | None:
    caller = call.caller.shown.e164
    if caller is None:
        call.step("authentication", "refused: the caller's number is withheld or unknown")
        return None
    found = location.by_caller(caller, call.account.country, [allowed.value for allowed in authentication.allowed])
    call.step("authentication", f"{'authorised' if found.index is not None else 'refused'}: {found.because}")
    return None if found.index is None else authentication.allowed[found.index]


async def _by_pin(authentication: Authentication, extension: Extension, call: Call) -> Allowed | None:
    """The PIN itself never stands in the trace."""
    guesses, who = call.platform.guesses, (call.account_id, extension.number, call.caller.number or "withheld")
    if authentication.welcome is not None:
        await call.hear(authentication.welcome.said)
    for attempt in range(1, TIMES + 1):
        digits = await call.ask(Prompt.ASK_CALLER_PIN, max_digits=LONGEST_PIN)
        if not guesses.may_try(*who, call.now()):
            call.step("authentication", "refused: too many wrong PINs; locked for now")
            await call.say(Prompt.TOO_MANY_ATTEMPTS)
            return None
        found = next((allowed for allowed in authentication.allowed if allowed.value == digits), None)
        if found is not None:
            guesses.right(*who)
            call.step("authentication", "authorised by PIN", attempt=attempt)
            return found
        if digits:
            guesses.wrong(*who, call.now())
        call.step("authentication", "wrong PIN" if digits else "no PIN", attempt=attempt)
        call.leg.forget_digits()
        if attempt < TIMES:
            await call.say(Prompt.WRONG_PIN if digits else Prompt.NO_INPUT)
    return None


def summary(authentication: Authentication, words: Wording) -> str:
    to, count = words.place(authentication.destination), len(authentication.allowed)
    if count == 0:
        return words("lets nobody through to {to} yet", to=to)
    if count == 1:
        return words("lets 1 authorised caller through to {to}", to=to)
    return words("lets {count} authorised callers through to {to}", count=count, to=to)


KIND = Kind(
    name="authentication",
    title={"en": "Authentication", "nl": "Authenticatie"},
    settings=Authentication,
    answer=answer,
    summary=summary,
)
