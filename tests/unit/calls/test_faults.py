"""A fault of ours in one call: its caller is told, its record says so, and no other call notices."""

from __future__ import annotations

from dataclasses import replace

from structlog.testing import capture_logs
from tests.scenarios.hearing import said
from tests.scenarios.world import World

from centrale.telephony.simulated.virtual_time import run_virtual


def test_the_caller_is_told_and_the_record_says_who_ended_it() -> None:
    run_virtual(_a_fault(hang_up=False))


def test_who_does_not_wait_for_the_apology_ended_it() -> None:
    run_virtual(_a_fault(hang_up=True))


async def _a_fault(*, hang_up: bool) -> None:
    world = World()
    acme = world.company()
    acme.user("201", "Anna")
    acme.user("202", "Ben")
    broken = acme.extension("300", "group", "Sales", members=["202"])
    extensions = acme.account.extensions
    acme.change(extensions={**extensions, broken: replace(extensions[broken], settings=None)})
    anna, ben = await acme.phone("anna", logged_on="201"), await acme.phone("ben", logged_on="202")
    good = await anna.dials("202")
    await (await ben.rings()).answer()
    with capture_logs() as logs:
        call = await anna.dials("300")
        if hang_up:
            await call.hang_up()
        else:
            assert (await call.ended(20)).code == 500
            assert said(call) == ["call_failed"]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["call failed"]
    await good.hears_tone(ben.tone)
    await good.hang_up()
    await world.over()
    record = world.records[0]
    assert (record["outcome"], record["ended_by"]) == ("failed", "caller" if hang_up else "exchange")
    assert any(step["rule"] == "fault" for step in record["trace"])
