"""People log on and off at real phones by dialling, and hear what the exchange says (SYS-1..3, TWN-1, USR-2)."""

from __future__ import annotations

from typing import Any

from centrale.phones.baresip import BaresipPhone
from centrale.phones.conversation import Conversation
from centrale.phones.wire import WirePhone
from tests.e2e.exchange.office import Office, steps

GOODBYE_WITHIN = 30
"""Seconds; sentences are spoken to their end."""


async def asks(phone: BaresipPhone | WirePhone, number: str) -> Conversation:
    """Dial a system number and wait until it is heard."""
    call: Conversation = await phone.dials(number)
    await call.answered()
    await call.hears_speech()
    return call


async def enters(call: Conversation, extension: str, pin: str) -> None:
    """Both entries. What is heard next is what comes of them."""
    await call.press(extension)
    await call.press(f"{pin}#")


async def listens_to_the_end(call: Conversation) -> None:
    """Hear what is said, and the question behind it, to their end; pauses within a sentence are shorter."""
    await call.hears_speech()
    await call.falls_silent(during=0.8)


async def users_by_channel(office: Office) -> dict[str, str]:
    logons = await office.api.get(f"{office.path}/logons")
    return {logon["channel"][-2:]: logon["user"] for logon in logons["items"]}


async def test_a_person_logs_on_by_keys_is_called_there_and_logs_off_again(office: Office) -> None:
    await office.user("201", "Jansen", pin="4826")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone(tone=700), await office.phone("202")

    call = await asks(jansen, "901")
    await enters(call, "201", "4826")
    await call.hears_speech()
    assert (await call.ended(GOODBYE_WITHIN)).code == 200
    assert await users_by_channel(office) == {"01": "201", "02": "202"}
    record = await office.record(1)
    assert (record["called"], record["outcome"]) == ("901", "served")
    assert [step for step in steps(record) if step[0] in ("ask", "pin", "log-on", "say")] == [
        ("ask", "201"),
        ("ask", "4 digits"),
        ("pin", "right"),
        ("log-on", f"201 logged on to {office.customer}EC01"),
        ("say", "logged_on"),
    ]
    assert "4826" not in str(record), "no PIN stands in a record"

    bakkers = await bakker.dials("201")
    jansens = await jansen.rings()
    await jansens.answer()
    await bakkers.hears_tone(jansen.tone)
    await bakkers.hang_up()
    await jansens.ended()

    who = await asks(jansen, "900")
    assert (await who.ended(GOODBYE_WITHIN)).code == 200
    assert ("say", "who_is_logged_on") in steps(await office.record(3))

    off = await asks(jansen, "902")
    await off.press("4826#")
    assert (await off.ended(GOODBYE_WITHIN)).code == 200
    assert await users_by_channel(office) == {"02": "202"}
    assert ("say", "logged_off") in steps(await office.record(4))


async def test_guessing_a_pin_is_told_slowed_down_and_locked_and_the_right_one_does_not_open_it(office: Office) -> None:
    await office.user("201", "Jansen", pin="4826")
    phone = await office.wire_phone()

    call = await asks(phone, "901")
    await enters(call, "201", "1793")
    await listens_to_the_end(call)
    await enters(call, "201", "2795")
    await call.hears_speech()
    await call.hang_up()
    assert said_of_pins(await office.record(1)) == ["wrong", "wrong_combination", "wrong", "wrong_combination"]

    for n, (pin, verdict, told) in enumerate(
        [
            ("3797", "wrong", "wrong_combination"),
            ("4791", "wrong", "wrong_combination"),
            ("4826", "locked", "too_many_attempts"),
        ]
    ):
        call = await asks(phone, "901")
        await enters(call, "201", pin)
        await call.hears_speech()
        await call.hang_up()
        assert said_of_pins(await office.record(n + 2)) == [verdict, told]
    assert await users_by_channel(office) == {}


def said_of_pins(record: dict[str, Any]) -> list[str]:
    return [outcome for rule, outcome in steps(record) if rule in ("pin", "say")]


async def test_who_logs_on_elsewhere_leaves_the_first_phone_unless_twinned(office: Office) -> None:
    await office.user("201", "Jansen", pin="4826", language="en")
    await office.phone("201")
    other = await office.wire_phone()
    call = await asks(other, "901")
    await enters(call, "201", "4826")
    await call.ended(GOODBYE_WITHIN)
    assert await users_by_channel(office) == {"02": "201"}
    assert ("say", "logged_on_moved") in steps(await office.record(1))
