"""Sounds are recorded and played, and music is heard on hold, on real phones (SND-1, SYS-6, MOH-1)."""

from __future__ import annotations

import io
import wave

from centrale.phones.baresip import BaresipCall
from centrale.phones.wire_call import WireCall
from centrale.voice.tones import tone
from tests.e2e.exchange.conftest import OpenOffice
from tests.e2e.exchange.office import Office, steps

BEEP = 1400
OURS, NEW, THEIRS = 500, 1150, 850


def tone_file(frequency: float, *, rate: int = 44100) -> bytes:
    """Two seconds of a tone as an editor writes it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(tone(frequency, seconds=2.0, rate=rate).to_bytes())
    return file.getvalue()


async def test_what_905_recorded_is_heard_by_who_calls_the_announcement(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    await office.extension("announcement", "400", "Hours", text="We are closed.")
    jansen, bakker = await office.phone("201"), await office.wire_phone("202")

    call = await jansen.dials("905")
    await call.answered()
    await call.hears_tone(BEEP, within=30)
    await call.falls_silent()
    await call.press("#")
    await call.hears_tone(jansen.tone)  # it is played back
    await call.hears_speech()
    await call.press("1")
    assert (await call.ended(30)).code == 200

    (recording,) = (await office.api.get(f"{office.path}/sounds", origin="recording"))["items"]
    assert recording["maker"] == "user 201"
    assert recording["seconds"] > 0.2
    copy = await office.api.post(f"{office.path}/sounds/{recording['file']}/copy", extension="400")
    await office.api.delete(f"{office.path}/sounds/{recording['file']}")
    assert ("sound", f"kept as {recording['file']}") in steps(await office.record(1))

    listening = await bakker.dials("400")
    await listening.answered()
    await listening.hears_tone(jansen.tone)
    assert (await listening.ended(30)).code == 200
    assert ("play", copy["file"]) in steps(await office.record(2))


async def test_an_uploaded_sound_is_heard(office: Office) -> None:
    await office.user("201", "Jansen")
    sound = await office.api.upload(f"{office.path}/sounds", "hours.wav", tone_file(OURS))
    await office.extension("announcement", "400", "Hours", sound=sound["file"])
    call = await (await office.wire_phone("201")).dials("400")
    await call.answered()
    await call.hears_tone(OURS)


async def talk(office: Office) -> tuple[WireCall, BaresipCall]:
    """Jansen, who can hold, and Bakker talk."""
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.wire_phone("201"), await office.phone("202")
    holder = await jansen.dials("202")
    held = await bakker.rings()
    await held.answer()
    await holder.answered()
    await held.hears_tone(jansen.tone)
    return holder, held


async def holds(holder: WireCall) -> None:
    assert await holder.offers_again(direction="sendonly") == 200


async def goes_on(holder: WireCall, held: BaresipCall) -> None:
    assert await holder.offers_again() == 200
    await held.hears_tone(700)


async def test_who_is_put_on_hold_hears_the_accounts_music_and_no_other(open_office: OpenOffice) -> None:
    ours, theirs = await open_office(), await open_office()
    piece = await ours.api.upload(f"{ours.path}/music", "ours.wav", tone_file(OURS))
    await theirs.api.upload(f"{theirs.path}/music", "theirs.wav", tone_file(THEIRS, rate=8000), volume=-6)
    (holder, held), (other_holder, other_held) = await talk(ours), await talk(theirs)
    for who in (holder, other_holder):
        await holds(who)
    await held.hears_tone(OURS)
    await other_held.hears_tone(THEIRS)
    await goes_on(holder, held)

    await ours.api.upload(f"{ours.path}/music", "new.wav", tone_file(NEW))
    await ours.api.delete(f"{ours.path}/music/{piece['file']}")
    await holds(holder)
    await held.hears_tone(NEW)
    await goes_on(holder, held)

    (last,) = await ours.api.get(f"{ours.path}/music")
    await ours.api.delete(f"{ours.path}/music/{last['file']}")
    await holds(holder)
    await held.hears_speech()  # the usual tune


async def test_a_caller_from_outside_hears_the_music_of_who_holds(office: Office) -> None:
    await office.api.upload(f"{office.path}/music", "ours.wav", tone_file(OURS))
    await office.user("201", "Jansen")
    await office.plan((office.main, "201", ""))
    carrier, jansen = await office.carrier(), await office.wire_phone("201")
    caller = await carrier.calls(office.main, caller="+31301234567")
    holder = await jansen.rings()
    await holder.answer()
    await caller.answered()
    await caller.hears_tone(jansen.tone)
    await holds(holder)
    await caller.hears_tone(OURS)
