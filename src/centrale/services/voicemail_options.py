"""The options of a box by phone: greeting, PIN, language (VM-5)."""

from __future__ import annotations

from pathlib import Path

from centrale.calls import Call
from centrale.calls.dialogue import Filled
from centrale.routing.pins import box_pin_problem
from centrale.routing.snapshot import Extension
from centrale.services import new_pin, record_sound
from centrale.services.asking import choice
from centrale.voice.languages import LANGUAGES
from centrale.voice.prompts import Prompt

GREETING, PIN, LANGUAGE, BACK = "1", "2", "3", "*"
RECORD, STANDARD = "1", "2"
LONGEST_GREETING = 120.0
"""Seconds."""


async def manage(call: Call, box: Extension) -> None:
    """Until the caller goes back.

    Raises:
        Goodbye: the caller gave no usable answer; goodbye has been said.
    """
    while (key := await choice(call, Prompt.VOICEMAIL_OPTIONS, GREETING + PIN + LANGUAGE + BACK)) != BACK:
        if key == GREETING:
            await _greeting(call, box)
        elif key == PIN:
            await choose_pin(call, box)
        else:
            await _language(call, box)


async def choose_pin(call: Call, box: Extension) -> None:
    """Ask for a new PIN twice, until both are the same and VM-1 allows it. Raises Goodbye."""

    async def keep(pin: str) -> None:
        await call.platform.messages.choose_box_pin(call.account_id, box.number, pin)
        call.step("voicemail", "another PIN was chosen")

    def problem(pin: str) -> Prompt | None:
        return Prompt.VOICEMAIL_PIN_WEAK if box_pin_problem(pin, box.number) else None

    await new_pin.ask_twice(call, problem, keep)


async def _greeting(call: Call, box: Extension) -> None:
    desk = call.platform.messages
    if await choice(call, Prompt.VOICEMAIL_GREETING_MENU, RECORD + STANDARD) == STANDARD:
        if await desk.set_greeting(call.account_id, box.number, None):
            call.step("voicemail", "callers hear the standard greeting")
            await call.say(Prompt.VOICEMAIL_GREETING_STANDARD)
        else:
            await call.say(Prompt.TRY_LATER)
        return

    async def keep(take: Path) -> bool:
        kept = await desk.set_greeting(call.account_id, box.number, take)
        call.step("voicemail", "callers hear a new greeting" if kept else "the greeting could not be kept now")
        await call.say(Prompt.VOICEMAIL_GREETING_KEPT if kept else Prompt.TRY_LATER)
        return kept

    await record_sound.take_and_keep(
        call, Prompt.VOICEMAIL_RECORD_GREETING, keep, name="greeting", longest=LONGEST_GREETING
    )


async def _language(call: Call, box: Extension) -> None:
    keys = {str(key): language for key, language in enumerate(LANGUAGES, 1)}
    # Each language says its own line: whoever does not understand the present one finds it.
    question = tuple(Filled(Prompt.VOICEMAIL_LANGUAGE_KEY, {"key": int(key)}, keys[key]) for key in keys)
    language = keys[await choice(call, question, "".join(keys))]
    await call.platform.messages.set_language(call.account_id, box.number, language)
    call.step("voicemail", f"speaks {language}")
    call.speaks = language
    await call.say(Prompt.VOICEMAIL_LANGUAGE_SET)
