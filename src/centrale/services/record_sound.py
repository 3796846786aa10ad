"""905: record a sound for announcements, menus and greetings (SYS-6)."""

from __future__ import annotations

from pathlib import Path

from centrale.calls import Call
from centrale.calls.dialogue import Recorded
from centrale.services.asking import TIMES, Goodbye, choice
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

KEEP, AGAIN, HEAR = "1", "2", "3"
LONGEST = 600.0
"""Seconds of one recording."""
SILENCE = 15.0
"""Seconds without a sound that end a recording as `#` does: who forgot the key is still there to be asked."""


async def serve(call: Call) -> Cause:
    """For whoever is logged on here."""
    if call.user is None:
        await call.say(Prompt.NOBODY_LOGGED_ON)
        return Cause.NORMAL
    return await record(call, f"user {call.user.number}")


async def record(call: Call, maker: str) -> Cause:
    """Record, play back, and keep it or record again. `maker`: who does it, in words (`user 201`).

    What was not kept when the caller leaves is thrown away.
    """
    try:
        take = await _take(call)
        try:
            while True:
                await call.hear(Recorded(take))
                match await choice(call, Prompt.SOUND_CHOICE, KEEP + AGAIN + HEAR):
                    case "1":
                        if await _kept(call, take, maker):
                            return Cause.NORMAL
                    case "2":
                        _throw_away(take)
                        take = await _take(call)
        finally:
            _throw_away(take)
    except Goodbye:
        call.step("sound", "nothing was kept")
    return Cause.NORMAL


async def _take(call: Call) -> Path:
    """What the caller says now.

    Raises:
        Goodbye: three times nothing was recorded.
    """
    takes: list[Path] = []

    async def is_there(recorded: Path) -> None:
        if call.leg.gone is None:
            takes.append(recorded)
        else:
            _throw_away(recorded)

    for _ in range(TIMES):
        await call.say(Prompt.RECORD_SOUND)
        await call.record_caller(is_there, name="sound", longest=LONGEST, silence=SILENCE)
        if takes:
            return takes[0]
        await call.say(Prompt.SOUND_EMPTY)
    await call.say(Prompt.GOODBYE)
    raise Goodbye


async def _kept(call: Call, take: Path, maker: str) -> bool:
    """False when it could not be kept now; that has been said, and it is still there."""
    now = call.now()
    file = await call.platform.sound_desk.keep_sound(call.account_id, take, maker=maker, now=now)
    if file is None:
        call.step("sound", "could not be kept now")
        await call.say(Prompt.TRY_LATER)
        return False
    call.step("sound", f"kept as {file}", maker=maker)
    await call.say(Prompt.SOUND_KEPT)
    return True


def _throw_away(take: Path) -> None:
    """One unlink of a small file: not worth a thread."""
    take.unlink(missing_ok=True)
