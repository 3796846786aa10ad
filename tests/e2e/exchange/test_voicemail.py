"""A message is left at a real phone, lies on the disk, is heard at 920, and goes (VM-2, VM-5, SYS-13)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from centrale.phones.audio import tone_share
from centrale.phones.conversation import Conversation
from centrale.voice.pcm import read_wav
from tests.e2e.exchange.office import Office, steps

PIN = "7391"
WITHIN = 5.0
"""Seconds in which a message that was kept stands in the database."""
GOODBYE_WITHIN = 30


async def mailbox(office: Office) -> None:
    """500, with a short welcome."""
    welcome = {"text": "Hello.", "language": "en"}
    await office.extension("mailbox", "500", "Sales", pin=PIN, welcome=welcome, language="en")


async def messages(office: Office, count: int) -> list[dict[str, Any]]:
    """Those in the mailbox, once there are so many."""
    loop = asyncio.get_running_loop()
    until = loop.time() + WITHIN
    while True:
        found = (await office.api.get(f"{office.path}/extensions/500/messages"))["items"]
        if len(found) == count:
            return list(found)
        assert loop.time() < until, f"{len(found)} messages where {count} were left"
        await asyncio.sleep(0.1)  # Storing follows the thanks, and nothing tells when.


def sound_of(office: Office, message: dict[str, Any]) -> Path:
    """Its file."""
    return Path(office.exchange.settings.home, "voicemail", str(office.id), f"{message['id']}.wav")


async def waits_for_the_tone(call: Conversation) -> None:
    """From here on everything is recorded."""
    await call.hears_tone(1400, within=10)
    await call.falls_silent(during=0.4)


async def test_a_message_is_left_stored_listened_to_and_deleted(office: Office) -> None:
    await mailbox(office)
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.wire_phone("201"), await office.wire_phone("202")

    call = await jansen.dials("500")
    await call.answered()
    await waits_for_the_tone(call)
    await call.hears_silence(during=2)  # the phone's own tone is the message
    await call.press("#")
    await call.hears_speech()
    assert (await call.ended(GOODBYE_WITHIN)).code == 200

    [message] = await messages(office, 1)
    assert (message["caller"], message["caller_name"], message["heard_at"]) == ("201", "Jansen", None)
    assert 1.5 < message["seconds"] < 6
    sound = read_wav(sound_of(office, message))
    assert sound.rate == 8000
    assert abs(sound.seconds - message["seconds"]) < 0.1
    middle = sound.samples[len(sound.samples) // 4 : len(sound.samples) * 3 // 4]
    assert tone_share(middle, sound.rate, jansen.tone) > 0.8

    heard = await bakker.dials("920")
    await heard.answered()
    await heard.press("500")
    await heard.press(f"{PIN}#")
    await heard.hears_tone(jansen.tone, within=30)
    await heard.press("7")
    await messages(office, 0)
    await heard.hang_up()
    assert not sound_of(office, message).exists()
    record = await office.record(2)
    assert ("voicemail", f"message {message['id']} was deleted") in steps(record)
    assert PIN not in str(record)


async def test_who_only_listens_to_the_welcome_leaves_no_message(office: Office) -> None:
    await mailbox(office)
    await office.user("201", "Jansen")
    silent = await office.wire_phone("201")
    silent.tone = 0
    call = await silent.dials("500")
    await call.answered()
    await waits_for_the_tone(call)
    await call.hears_silence(during=2)
    await call.hang_up()
    record = await office.record(1)
    assert ("voicemail", "nothing was said, so there is no message") in steps(record)
    await messages(office, 0)
