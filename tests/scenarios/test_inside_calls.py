"""People of one company call each other (USR-1..6)."""

from __future__ import annotations

import asyncio

from tests.scenarios.world import Company, World


async def test_anna_calls_ben_and_they_talk(world: World, acme: Company) -> None:
    acme.user("201", "Anna Jansen")
    acme.user("202", "Ben Bakker")
    anna = await acme.phone("anna", logged_on="201")
    ben = await acme.phone("ben", logged_on="202")

    call = await anna.dials("202")
    rings = await ben.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Anna Jansen")
    await call.ringing()
    await asyncio.sleep(4)
    await rings.answer()
    await call.answered()
    await call.hears_tone(ben.tone)
    await rings.hears_tone(anna.tone)
    await asyncio.sleep(60)
    await rings.hang_up()
    assert (await call.ended()).code == 200

    await world.over()
    record = world.last_record
    assert record["outcome"] == "answered"
    assert record["answered_by"] == "202 Ben Bakker"
    assert record["ended_by"] == "called"
