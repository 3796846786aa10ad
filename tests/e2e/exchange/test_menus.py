"""What callers choose by keys, on real phones with real sound: menus, postcodes, PINs, extensions, plans, forwards."""

from __future__ import annotations

import asyncio
import io
import wave

import pytest
import pytest_asyncio

from centrale.phones.audio import tone
from centrale.phones.keys import Keys
from centrale.phones.wire import WirePhone
from tests.e2e.exchange.office import CARRIERS_TONE, Office

OUTSIDER = "+31612345678"
ANNOUNCED = 900
"""Hz: what the recorded announcement sounds like."""


@pytest_asyncio.fixture(loop_scope="session")
async def bakker(office: Office) -> WirePhone:
    """202, with a phone on which several calls may run."""
    await office.user("201", "Jansen", rights={"time_configuration": True})
    await office.user("202", "Bakker")
    return await office.wire_phone("202", call_limit=5)


async def announcement(office: Office, number: str) -> None:
    """An extension that plays a tone, uploaded as an administrator does it."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(44100)
        sound.writeframes(tone(ANNOUNCED, 44100, 3))
    answer = await office.api.http.post(
        f"/api/v1/{office.path}/sounds", data={"name": "Busy"}, files={"file": ("busy.wav", file.getvalue())}
    )
    assert answer.is_success, answer.text
    await office.extension("announcement", number, "All lines are in use", sound=answer.json()["file"])


@pytest.mark.parametrize("keys", Keys)
async def test_keys_are_heard_in_whichever_way_a_phone_sends_them(
    office: Office, bakker: WirePhone, keys: Keys
) -> None:
    """With nothing set on its channel: as events (RFC 4733), as SIP INFO, as tones in the voice."""
    options = [{"digits": "7", "destination": "201"}, {"digits": "70", "destination": "202", "prefix": "Help"}]
    question = {"text": "Please choose."}
    await office.extension("menu", "700", "Reception", question=question, max_digits=2, options=options)
    jansen = await office.wire_phone("201", keys=keys)
    call = await jansen.dials("700")
    await call.hears_speech()
    await call.press("70")
    rings = await bakker.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Help: Jansen")
    await rings.answer()
    await asyncio.gather(call.hears_tone(bakker.tone), rings.hears_tone(jansen.tone))
    await call.hang_up()


async def test_a_caller_from_outside_is_led_by_menu_postcode_pin_and_extension(
    office: Office, bakker: WirePhone
) -> None:
    """One after another, each leads to the next; the last one connects."""
    question = {"text": "Please choose."}
    await office.extension("dial_by_extension", "730", "Direct")
    allowed = [{"value": "4711"}]
    await office.extension("authentication", "740", "Door", by="pin", allowed=allowed, destination="730")
    rows = [{"match": "1000-1099", "destination": "740", "prefix": "Amsterdam"}]
    fallback = {"destination": "201"}
    await office.extension("location_routing", "750", "Where", by="postcode", rows=rows, fallback=fallback)
    await office.extension(
        "menu", "700", "Reception", question=question, options=[{"digits": "1", "destination": "750"}]
    )
    await office.plan((office.main, "700", ""))
    carrier = await office.carrier()
    call = await carrier.calls(office.main, caller=OUTSIDER)
    await call.hears_speech()
    await call.press("1" + "1012" + "4711#" + "202")
    rings = await bakker.rings()
    assert rings.caller_name.startswith("Amsterdam")
    await rings.answer()
    await asyncio.gather(call.hears_tone(bakker.tone), rings.hears_tone(CARRIERS_TONE))
    await call.hang_up()


async def test_plans_are_chosen_by_phone_inside_and_from_outside(office: Office, bakker: WirePhone) -> None:
    """915 at a desk, and its system extension from a mobile: each changes where the next call goes (SYS-12, SYX-1)."""
    await office.gets_number(office.number(1))
    await office.extension("system_extension", "480", "Plans from outside", function="time_configuration")
    from_outside = (office.number(1), "480", "")
    await office.plan((office.main, "201", ""), from_outside)
    await office.plan((office.main, "202", ""), from_outside, number=2, name="Closed")
    jansen, carrier = await office.wire_phone("201"), await office.carrier()

    chooses = await jansen.dials("915")
    await chooses.answered()
    await chooses.press("2#2#")
    await chooses.ended(timeout=20)
    call = await carrier.calls(office.main, caller=OUTSIDER)
    await bakker.rings()
    await call.hang_up()

    chooses = await carrier.calls(office.number(1), caller=OUTSIDER)
    await chooses.answered()
    await chooses.press("201#4826#2#1#")
    await chooses.ended(timeout=20)
    call = await carrier.calls(office.main, caller=OUTSIDER)
    await jansen.rings()
    await call.hang_up()


async def test_a_forward_set_at_910_leads_outside(office: Office, bakker: WirePhone) -> None:
    jansen, carrier = await office.wire_phone("201"), await office.carrier()
    sets = await jansen.dials("910")
    await sets.answered()
    await sets.press("110687654321#")
    await sets.falls_silent()
    call = await bakker.dials("201")
    onward = await carrier.rings()
    await onward.answer()
    await asyncio.gather(call.hears_tone(CARRIERS_TONE), onward.hears_tone(bakker.tone))
    await call.hang_up()
    await sets.hang_up()


async def test_the_fourth_call_goes_elsewhere_until_a_place_is_free(office: Office, bakker: WirePhone) -> None:
    """LIM-1; what the fourth caller hears is the announcement's own sound."""
    await announcement(office, "400")
    await office.extension("call_limit", "710", "Three at most", limit=3, within="202", above="400")
    await office.plan((office.main, "710", ""))
    carrier = await office.carrier()
    calls = []
    for _ in range(3):
        calls.append(await carrier.calls(office.main, caller=OUTSIDER))
        await (await bakker.rings()).answer()
        await calls[-1].answered()
    fourth = await carrier.calls(office.main, caller=OUTSIDER)
    await fourth.hears_tone(ANNOUNCED)
    await fourth.ended(timeout=10)
    await calls[1].hang_up()
    fifth = await carrier.calls(office.main, caller=OUTSIDER)
    await (await bakker.rings()).answer()
    await fifth.hears_tone(bakker.tone)
    for call in (calls[0], calls[2], fifth):
        await call.hang_up()
