"""A message lights a lamp and is mailed, and going through it puts the lamp out again (VM-3, VM-4)."""

from __future__ import annotations

import asyncio
import io
import wave
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
import pytest_asyncio

from centrale.phones import lamp
from centrale.phones.audio import hears
from centrale.phones.baresip import BaresipPhone
from centrale.runtime import Runtime
from tests.e2e.exchange.conftest import customers_of
from tests.e2e.exchange.office import Office
from tests.e2e.exchange.post_box import PostBox
from tests.e2e.exchange.running import RunningExchange


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def post_box() -> AsyncIterator[PostBox]:
    """A mail server that is away."""
    post_box = PostBox()
    yield post_box
    post_box.close()


@pytest_asyncio.fixture(loop_scope="session")
async def exchange(
    runtime: Runtime, tmp_path_factory: pytest.TempPathFactory, post_box: PostBox
) -> AsyncIterator[RunningExchange]:
    """One of its own, with a mail server; Asterisk dies in it."""
    settings = {"smtp_url": f"smtp://127.0.0.1:{post_box.port}?tls=none", "mail_from": "voicemail@example.org"}
    async with RunningExchange(tmp_path_factory.mktemp("mail"), **settings) as running:
        yield running


async def leaves_a_message(caller: BaresipPhone, box: str) -> None:
    """After the welcome and the tone; the phone's own tone is what is said."""
    call = await caller.dials(box)
    await call.answered()
    await call.hears_tone(1400, within=20)  # a pause before it may be longer than any that one would wait for
    await call.falls_silent(during=0.4)
    await call.press("#")
    await call.hears_speech()
    await call.ended(15)


def sound_of(letter: EmailMessage) -> tuple[bytes, int]:
    """The samples of the attached sound, and their rate."""
    (attached,) = letter.iter_attachments()
    assert attached.get_content_type() == "audio/wav"
    with wave.open(io.BytesIO(attached.get_content())) as played:
        assert (played.getnchannels(), played.getsampwidth()) == (1, 2)
        return played.readframes(played.getnframes()), played.getframerate()


async def test_a_message_lights_the_lamp_and_is_mailed_although_the_server_was_away_until_it_is_heard_and_deleted(
    exchange: RunningExchange, runtime: Runtime, post_box: PostBox
) -> None:
    async with customers_of(exchange, runtime) as open_office:
        office = await open_office()
        await office.user("201", "Anna", voicemail={"ask_pin": "never"})
        await office.user("202", "Bakker")
        mail = {"address": "anna@example.org", "attach": True}
        await office.extension("mailbox", "300", "Sales", linked_user="201", mail=mail)
        anna, bakker = await office.wire_phone("201"), await office.phone("202")
        await lamp.shows(anna, 0, 0)

        await leaves_a_message(bakker, "300")
        await lamp.shows(anna, 1, 0)

        waiting = await _waits(office)
        assert waiting["problem"].startswith("the mail server cannot be used")
        await post_box.open()
        await office.api.post(f"{office.path}/notices/{waiting['id']}/retry")
        letter = await post_box.letter()
        assert letter["To"] == "anna@example.org"
        assert "Bakker" in letter["Subject"]
        assert hears(*sound_of(letter), bakker.tone)

        message = await _is_heard_while_asterisk_is_dead(exchange, office)
        await lamp.shows(anna, 0, 1)
        await office.api.put(f"{office.path}/messages/{message}/heard", heard=False)
        await lamp.shows(anna, 1, 0)

        listening = await anna.dials("920")
        await listening.answered()
        await listening.hears_tone(bakker.tone, within=20)
        await listening.press("7")
        await lamp.shows(anna, 0, 0)


async def _waits(office: Office) -> dict[str, str]:
    """The one notice that waits, once it has been tried."""
    async with asyncio.timeout(10):
        while True:
            found = (await office.api.get(f"{office.path}/notices", state="waiting"))["items"]
            if found and found[0]["problem"]:
                return dict(found[0])
            await asyncio.sleep(0.1)  # Nothing tells when.


async def _is_heard_while_asterisk_is_dead(exchange: RunningExchange, office: Office) -> str:
    """Returns when calls can be made again, with the message."""
    before = exchange.kills("Asterisk")
    (message,) = (await office.api.get(f"{office.path}/extensions/300/messages"))["items"]
    await office.api.put(f"{office.path}/messages/{message['id']}/heard", heard=True)
    await exchange.says("ari_up", after=before)
    return str(message["id"])
