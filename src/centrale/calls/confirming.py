"""Did a person answer, or a voicemail? Who answers an outside phone is asked to press 1 before they get a caller."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from centrale.telephony.switch import LegGone
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

if TYPE_CHECKING:
    from centrale.calls.call import Call
    from centrale.calls.ring import AnsweredBy

KEY = "1"
PAUSE = 2.0
"""Seconds between two times of asking."""


async def confirms(call: Call, answered: AnsweredBy, prompt: Prompt, **values: object) -> bool:
    """Ask who answered, again and again, until they press the key. False: they hung up. Without a voice to ask with
    they are taken at their word. Whoever cancels this, because it takes too long, finds the leg hung up."""
    leg, party = answered.leg, answered.attempt.party
    try:
        question = [str(await call.platform.prompts.sound(prompt, call.account.language, **values))]
    except SpeechUnavailable as problem:
        call.step("ring", f"{party} could not be asked to press {KEY}: {problem}")
        return True
    call.step("ring", f"{party} answered and is asked to press {KEY}")
    confirmed = False
    asking = asyncio.create_task(_ask(answered, question))
    try:
        while await leg.digit() != KEY:
            pass
        confirmed = True
    except LegGone:
        call.step("ring", f"{party} hung up without pressing {KEY}")
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        if not confirmed:
            await leg.hang_up()
    return confirmed


async def _ask(answered: AnsweredBy, question: list[str]) -> None:
    while True:
        await answered.leg.play(question)
        await asyncio.sleep(PAUSE)
