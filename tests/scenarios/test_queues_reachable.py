"""Agents are offered calls at phones that are there: registered ones, of twinned ones any, outside ones always."""

from __future__ import annotations

import pytest

from centrale.queueing.happenings import What
from centrale.routing.snapshot import ChannelName
from tests.scenarios.hall import QUEUE, Hall
from tests.scenarios.hearing import now, said, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def hall(world: World, acme: Company) -> Hall:
    return await Hall.open(world, acme, "201", "202", strategy="linear", ring_timeout=10)


def registered(hall: Hall, *phones: str) -> None:
    """There is a phone on these channels, and on no others."""
    hall.world.queues.phones_are(frozenset(ChannelName(hall.phones[it].channel) for it in phones))


async def over(hall: Hall, *calls: object) -> None:
    for call in calls:
        await call.hang_up()  # type: ignore[attr-defined]
    await hall.world.over()


async def test_a_phone_that_is_off_is_neither_rung_nor_counted_as_a_missed_call(hall: Hall) -> None:
    registered(hall, "202")
    await hall.phones["201"].unregister()
    caller = await hall.caller()
    agent, at_agent = await hall.rings_at()
    assert (now(), agent) == (0, "202")
    await at_agent.answer()
    assert [(it.what, it.agent) for it in hall.happened(What.OFFERED, What.MISSED)] == [(What.OFFERED, "202")]
    await over(hall, caller)
    assert "201: has no device that can ring" in str(hall.record_of("01")["trace"])


async def test_nobody_has_a_phone_and_then_somebody_has(hall: Hall) -> None:
    registered(hall)
    caller = await hall.caller()
    await hall.nobody_rings(60)
    registered(hall, "201")
    await hall.rings("201")
    assert now() == 60
    await over(hall, caller)


async def test_a_phone_that_goes_while_it_rings_costs_no_time(hall: Hall) -> None:
    registered(hall, "201", "202")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await until(3)
    registered(hall, "202")
    await at_agent.ended()
    await hall.rings("202")
    assert now() == 3
    await over(hall, caller)


async def test_a_phone_that_goes_while_talking_ends_no_talk(hall: Hall) -> None:
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    await at_agent.answer()
    await until(10)
    registered(hall, "202")
    await until(30)
    await caller.hears_tone(hall.phones["201"].tone)
    await over(hall, caller)


async def test_of_two_twinned_phones_one_is_enough(hall: Hall, acme: Company) -> None:
    hall.phones["mobile"] = await acme.phone("mobile", logged_on="201")
    registered(hall, "mobile", "202")
    await hall.phones["201"].unregister()
    caller = await hall.caller()
    at_mobile = await hall.rings("mobile")
    assert now() == 0
    registered(hall, "202")
    await at_mobile.ended()
    await hall.rings("202")
    registered(hall, "201", "202")
    await over(hall, caller)


async def test_the_outside_phone_of_a_forward_counts_as_there(hall: Hall, acme: Company) -> None:
    registered(hall)
    acme.extension("500", "forward", "Mobile", number="0612345678")
    acme.extension(QUEUE, "queue", "Support", members=[{"agent": "201"}, {"agent": "500"}], strategy="linear")
    await hall.world.books.log_on_to_queue(acme.id, QUEUE, "500", hall.world.platform.clock.now())
    caller = await hall.caller()
    assert (await hall.carrier.rings()).dialled == "+31612345678"
    await over(hall, caller)


async def test_who_logs_on_at_a_phone_that_is_off_waits_for_it(hall: Hall, acme: Company) -> None:
    registered(hall)
    await hall.employ("203")
    await hall.world.books.log_on_to_queue(acme.id, QUEUE, "203", hall.world.platform.clock.now())
    caller = await hall.caller()
    await hall.nobody_rings(20)
    registered(hall, "203")
    await hall.rings("203")
    assert now() == 20
    await over(hall, caller)


async def test_nobody_is_free_at_a_phone_that_is_off(hall: Hall) -> None:
    """So the introduction is not skipped (QUE-9)."""
    hall.arrange(introduction={"sound": "hello.wav"}, skip_introduction=True)
    registered(hall)
    caller = await hall.caller()
    await until(10)
    assert said(caller) == ["hello"]
    await over(hall, caller)


async def test_while_nobody_can_tell_every_phone_counts(hall: Hall) -> None:
    registered(hall)
    caller = await hall.caller()
    await hall.nobody_rings(20)
    hall.world.queues.phones_are(None)
    await hall.rings("201")
    assert now() == 20
    await over(hall, caller)


async def test_phones_on_which_nobody_is_logged_on_change_nothing(hall: Hall, acme: Company) -> None:
    spare = await acme.phone("spare")
    registered(hall, "201", "202")
    caller = await hall.caller()
    at_agent = await hall.rings("201")
    there = {ChannelName(hall.phones[it].channel) for it in ("201", "202")}
    hall.world.queues.phones_are(frozenset({*there, ChannelName(spare.channel), ChannelName("nobodys")}))
    hall.world.queues.phones_are(frozenset(there))
    await until(5)
    assert at_agent.end is None
    await over(hall, caller)
