"""Phones that vanish, phones that speak another language, and calls that somebody ends from outside."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

from centrale.phones.phone import CallEnded
from centrale.telephony.asterisk.configuration import Places
from tests.e2e.exchange.office import Office, steps

SILENCE_S = 2


def notices_silence_sooner(office: Office, *channels: str) -> None:
    """The exchange waits a minute for sound before it takes a phone for gone; in this story two seconds."""
    with closing(sqlite3.connect(Places(office.exchange.settings.home).realtime)) as table, table:
        for channel in channels:
            query = "UPDATE ps_endpoints SET rtp_timeout = ? WHERE id = ? AND rtp_timeout = '60'"
            assert table.execute(query, (str(SILENCE_S), channel)).rowcount == 1


async def test_a_phone_that_vanishes_in_a_call_ends_it_for_the_other_side(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone("201"), await office.wire_phone("202")
    notices_silence_sooner(office, f"{office.customer}EC01", f"{office.customer}EC02")
    jansens = await jansen.dials("202")
    bakkers = await bakker.rings()
    await bakkers.answer()
    await jansens.hears_tone(bakker.tone)
    bakker.kill()
    assert (await jansens.ended(timeout=30)).code == 200
    record = await office.record(1)
    assert (record["outcome"], record["ended_by"]) == ("answered", "called")


async def test_a_caller_that_vanishes_before_the_answer_leaves_nobody_hanging(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.wire_phone("201"), await office.phone("202")
    notices_silence_sooner(office, f"{office.customer}EC01", f"{office.customer}EC02")
    await jansen.dials("202")
    bakkers = await bakker.rings()
    jansen.kill()
    await bakkers.answer()
    await bakkers.ended(timeout=40)
    assert (await office.record(1))["ended"]


async def test_phones_without_a_common_codec_are_told_so(office: Office) -> None:
    for number, name in (("201", "Jansen"), ("202", "Bakker"), ("203", "De Jong")):
        await office.user(number, name)
    await office.group("300", "Verkoop", "202", "203")
    g729 = 18
    jansen = await office.wire_phone("201")  # baresip can die of sound that overtakes its 183
    odd, odder = await office.wire_phone("202", codecs=(g729,)), await office.wire_phone(codecs=(g729,))

    assert (await (await odder.dials("202")).ended()).code == 488

    async def picks_up_in_vain() -> None:
        call = await odd.rings()
        try:
            await call.answer()
        except CallEnded as error:
            assert error.end.code == 488  # noqa: PT017 - the phone itself refuses what it cannot speak
        else:
            raise AssertionError("it spoke a codec that it does not have")

    jansens = await jansen.dials("202")
    await picks_up_in_vain()
    await jansens.hears_speech()
    await jansens.ended(timeout=20)
    record = await office.record(1)
    assert ("refuse", "call_failed") in steps(record)
    assert record["cause"] == "incompatible"

    de_jong = await office.phone("203")
    jansens = await jansen.dials("300")
    _, de_jongs = await asyncio.gather(picks_up_in_vain(), de_jong.rings())
    await de_jongs.answer()
    await jansens.hears_tone(de_jong.tone)
    await jansens.hang_up()


async def test_a_call_that_an_administrator_ends_is_over_on_both_sides_and_says_who_did_it(office: Office) -> None:
    await office.user("201", "Jansen")
    await office.user("202", "Bakker")
    jansen, bakker = await office.phone("201"), await office.phone("202")
    jansens = await jansen.dials("202")
    bakkers = await bakker.rings()
    await bakkers.answer()
    await jansens.answered()
    (running,) = (await office.api.get(f"{office.path}/calls"))["items"]
    await office.api.delete(f"{office.path}/calls/{running['id']}")
    await asyncio.gather(jansens.ended(), bakkers.ended())
    record = await office.record(1)
    assert record["ended_by"] == "exchange"
    assert ("hang-up", "an administrator ended the call") in steps(record)
