"""People of one office call each other on real phones (USR-1, USR-5, GRP-1, TWN-1, CID-1, CHN-1)."""

from __future__ import annotations

import asyncio

import pytest

from centrale.phones.digest import Credentials
from centrale.phones.phone import RegistrationRefused
from centrale.phones.wire import WirePhone
from tests.e2e.exchange.conftest import OpenOffice
from tests.e2e.exchange.office import Office, facts, steps


async def test_two_people_talk_and_the_call_is_seen_while_it_lasts_and_explained_afterwards(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone("201"), await office.phone("202")
    async with office.api.events(office.id) as events:
        assert await events.next() == ("calls", {"calls": []})

        jansens = await jansen.dials("202")
        began = await events.until("began", caller="201", called="202", direction="inside")
        bakkers = await bakker.rings()
        assert (bakkers.caller_number, bakkers.caller_name) == ("201", "Jansen")
        await jansens.ringing()
        await bakkers.answer()
        await events.until("changed", id=began["id"], state="talking", answered_by="202 Bakker")
        await asyncio.gather(jansens.hears_tone(bakker.tone), bakkers.hears_tone(jansen.tone))

        (running,) = (await office.api.get(f"{office.path}/calls"))["items"]
        assert (running["id"], running["state"], running["users"]) == (began["id"], "talking", ["201", "202"])

        await bakkers.hang_up()
        assert (await jansens.ended()).code == 200
        ended = await events.until("ended", id=began["id"])
        assert ended["outcome"] == "answered"

    record = await office.record()
    assert record["id"] == began["id"]
    assert (record["caller"], record["called"], record["ended_by"]) == ("201", "202", "called")
    assert record["started"] <= record["ringing"] <= record["answered"] < record["ended"]
    assert steps(record) == [
        ("dialled", "extension 202"),
        ("user", "202 Bakker: rings the user's phones for 60 s"),
        ("ring", f"rings 202 on {office.customer}EC02"),
        ("ring", "202 Bakker answered"),
        ("talk", "connected with 202 Bakker"),
        ("talk", f"202 on {office.customer}EC02 hung up"),
    ]
    assert facts(record, "dialled") == {"channel": f"{office.customer}EC01", "user": "201", "dialled": "202"}


async def test_a_group_rings_everybody_and_the_slower_ones_are_told_who_answered(office: Office) -> None:
    for number, name in (("201", "Jansen"), ("202", "Bakker"), ("203", "De Jong")):
        await office.user(number, name)
    await office.group("300", "Verkoop", "202", "203")
    jansen, bakker, de_jong = [await office.phone(user) for user in ("201", "202", "203")]

    jansens = await jansen.dials("300")
    bakkers, de_jongs = await asyncio.gather(bakker.rings(), de_jong.rings())
    assert bakkers.caller_name == de_jongs.caller_name == "Jansen"
    await de_jongs.answer()
    end = await bakkers.ended()
    assert (end.code, end.answered_elsewhere) == (487, True)
    await asyncio.gather(jansens.hears_tone(de_jong.tone), de_jongs.hears_tone(jansen.tone))
    await jansens.hang_up()
    assert not (await de_jongs.ended()).answered_elsewhere

    record = await office.record()
    assert (record["outcome"], record["answered_by"], record["ended_by"]) == ("answered", "203 De Jong", "caller")
    assert ("group", "300 Verkoop: rings 202 and 203") in steps(record)


async def test_a_caller_who_gives_up_leaves_a_missed_call_and_says_so_in_the_record(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone("201"), await office.phone("202")
    jansens = await jansen.dials("202")
    bakkers = await bakker.rings()
    await jansens.hang_up()
    end = await bakkers.ended()
    assert (end.code, end.answered_elsewhere) == (487, False)
    record = await office.record()
    assert (record["outcome"], record["ended_by"], record["answered"]) == ("abandoned", "caller", None)


async def test_why_a_call_does_not_come_about_is_spoken_for_free(office: Office) -> None:
    for number, name in (("201", "Jansen"), ("202", "Bakker"), ("203", "De Jong"), ("204", "De Vries")):
        await office.user(number, name)
    jansen, bakker, de_vries = [await office.wire_phone(user) for user in ("201", "202", "204")]
    nobodys = await office.wire_phone()

    async def is_told(phone: WirePhone, number: str) -> tuple[int, int | None]:
        call = await phone.dials(number)
        await call.hears_speech()
        end = await call.ended(timeout=20)
        assert not call.dialog.answered, f"{number} is told before answering"
        return end.code, end.q850

    async def declines() -> None:
        await (await bakker.rings()).decline()

    nobody_there, unknown, log_on_first, busy, _ = await asyncio.gather(
        is_told(jansen, "203"),
        is_told(bakker, "299"),
        is_told(nobodys, "202"),
        is_told(de_vries, "202"),
        declines(),
    )
    assert (nobody_there, unknown, log_on_first, busy[0]) == ((480, 20), (404, 1), (403, 21), 486)
    await office.record(4)
    said = {record["called"] + record["channel"][-2:]: steps(record)[-1] for record in await office.records()}
    assert said == {
        "20301": ("refuse", "user_unreachable"),
        "29902": ("refuse", "number_unknown"),
        "20204": ("refuse", "log_on_first"),
        "20203": ("refuse", "busy"),
    }


async def test_a_twinned_user_has_two_phones_that_ring_as_one(open_office: OpenOffice) -> None:
    office = await open_office(facilities=("twinning",))
    await office.user("201", "Jansen", rights={"twinning": True})
    await office.user("202", "Bakker")
    desk, home, bakker = await office.phone("201"), await office.phone("201", tone=850), await office.phone("202")

    bakkers = await bakker.dials("201")
    at_desk, at_home = await asyncio.gather(desk.rings(), home.rings())
    await at_home.answer()
    assert (await at_desk.ended()).answered_elsewhere
    await asyncio.gather(bakkers.hears_tone(home.tone), at_home.hears_tone(bakker.tone))
    await bakkers.hang_up()
    await at_home.ended()

    calls = await desk.dials("202")
    rings = await bakker.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Jansen"), "both phones call as the same person"
    await calls.hang_up()


async def test_a_channel_made_by_the_api_registers_at_once_and_a_deleted_one_no_more(office: Office) -> None:
    """Once the exchange has answered the change it is so: five times, for a race would not show each time."""
    await office.user("201", "Jansen")
    credentials = await office.channel("201")
    name = credentials.username
    async with WirePhone("new", office.exchange.server, credentials=credentials) as phone:
        await phone.register()
        assert "password" not in await office.api.get(f"{office.path}/channels/{name}")
        for n in range(5):
            await office.api.patch(f"{office.path}/channels/{name}", password=f"another-password-{n}")
            with pytest.raises(RegistrationRefused):
                await phone.register()
            phone.credentials = Credentials(name, f"another-password-{n}")
            await phone.register()
        await office.api.delete(f"{office.path}/channels/{name}")
        with pytest.raises(RegistrationRefused):
            await phone.register()
