"""905: record a sound for announcements, menus and greetings (SYS-6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from centrale.calls import Call
from centrale.calls.dialogue import Recorded
from centrale.calls.leg import new_id
from centrale.services.asking import TIMES, Goodbye, choice
from centrale.telephony.switch import Cause
from centrale.voice.prompts import Prompt

KEEP, AGAIN, HEAR = "1", "2", "3"
TAKES = ("sound", "greeting")
"""How the names of recordings begin that are not kept yet; what a process that died left is known by it."""
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
    """Record, play back, and keep it or record again. `maker`: who does it, in words (`user 201`)."""

    async def keep(take: Path) -> bool:
        return await _kept(call, take, maker)

    try:
        await take_and_keep(call, Prompt.RECORD_SOUND, keep)
    except Goodbye:
        call.step("sound", "nothing was kept")
    return Cause.NORMAL


async def take_and_keep(
    call: Call,
    invitation: Prompt,
    keep: Callable[[Path], Awaitable[bool]],
    *,
    name: str = "sound",
    longest: float = LONGEST,
) -> None:
    """Record, play back, and have it kept or record again; also for greetings (VM-5).

    `keep` puts the recording away and says so; False when that cannot be done now. What was not kept when the caller
    leaves is thrown away. `name` begins the file's name; `longest`: seconds.

    Raises:
        Goodbye: three times nothing was recorded, or no usable answer was given.
    """
    take = await _take(call, invitation, name, longest)
    try:
        while True:
            await call.hear(Recorded(take))
            match await choice(call, Prompt.SOUND_CHOICE, KEEP + AGAIN + HEAR):
                case "1":
                    if await keep(take):
                        return
                case "2":
                    _throw_away(take)
                    take = await _take(call, invitation, name, longest)
    finally:
        _throw_away(take)


async def _take(call: Call, invitation: Prompt, name: str, longest: float) -> Path:
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
        await call.say(invitation)
        await call.record_caller(is_there, name=new_id(name), longest=longest, silence=SILENCE)
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
