"""People of one company call each other.

USR-1 (ring for), USR-2, USR-5 (nobody logged on), USR-6 (second call), CID-1 (own extension and name),
CHN-1 (a channel's call limit), GRP-1 (no missed call), ACC-2.
"""

from __future__ import annotations

import asyncio

import pytest

from centrale.phones.phone import WaitedInVain
from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import SENTENCE, because, heard, now, said, until
from tests.scenarios.world import Company, World


@pytest.fixture
async def ben(acme: Company) -> SimulatedPhone:
    acme.user("202", "Ben Bakker", ring_for=20)
    return await acme.phone("ben", logged_on="202")


async def test_anna_calls_ben_and_they_talk(world: World, anna: SimulatedPhone, ben: SimulatedPhone) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    assert (rings.caller_number, rings.caller_name) == ("201", "Anna Jansen")
    await call.ringing()
    await until(4)
    await rings.answer()
    await call.answered()
    await call.hears_tone(ben.tone)
    await rings.hears_tone(anna.tone)
    await until(64)
    await rings.hang_up()
    assert (await call.ended()).code == 200
    assert now() == 64

    await world.over()
    record = world.last_record
    assert (record["caller"], record["called"], record["answered_by"]) == ("201", "202", "202 Ben Bakker")
    assert (record["outcome"], record["ended_by"], record["direction"]) == ("answered", "called", "inside")
    assert record["answered"] == "2026-11-23T08:00:04.000+00:00"
    assert record["ended"] == "2026-11-23T08:01:04.000+00:00"


async def test_the_caller_may_hang_up_first(world: World, anna: SimulatedPhone, ben: SimulatedPhone) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await rings.answer()
    await asyncio.sleep(10)
    await call.hang_up()
    assert (await rings.ended()).code == 200

    await world.over()
    assert (world.last_record["outcome"], world.last_record["ended_by"]) == ("answered", "caller")


async def test_ben_does_not_answer_and_his_phone_stops_after_exactly_his_time(
    world: World, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    end = await rings.ended(timeout=100)
    assert now() == 20
    assert not end.answered_elsewhere  # a missed call that Ben should see
    assert (await call.ended(timeout=100)).code == 480
    assert now() == 20 + SENTENCE
    assert heard(call) == [(20, "no_answer")]
    assert not call.is_answered  # told free of charge

    await world.over()
    assert (world.last_record["outcome"], world.last_record["cause"]) == ("unanswered", "no_answer")


async def test_ben_answers_in_the_last_moment(world: World, anna: SimulatedPhone, ben: SimulatedPhone) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await until(19.999)
    await rings.answer()
    await call.answered()
    await until(300)
    await call.hang_up()

    await world.over()
    assert world.last_record["outcome"] == "answered"


@pytest.mark.parametrize(
    ("code", "told", "ends_with", "cause", "outcome"),
    [
        (486, "busy", 486, "busy", "unanswered"),
        (600, "busy", 486, "busy", "unanswered"),
        (603, "user_unavailable", 486, "declined", "unanswered"),
        (480, "user_unreachable", 480, "unreachable", "unanswered"),
        (488, "call_failed", 488, "incompatible", "refused"),
    ],
    ids=["busy here", "busy everywhere", "declined", "switched off", "no codec in common"],
)
async def test_ben_refuses_and_anna_is_told_why(
    world: World,
    anna: SimulatedPhone,
    ben: SimulatedPhone,
    code: int,
    told: str,
    ends_with: int,
    cause: str,
    outcome: str,
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await until(3)
    await rings.decline(code)
    assert (await call.ended()).code == ends_with
    assert heard(call) == [(3, told)]

    await world.over()
    assert (world.last_record["outcome"], world.last_record["cause"]) == (outcome, cause)


async def test_ben_takes_no_second_call_while_he_talks(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("202", "Ben Bakker", offer_second_call=False)
    acme.user("203", "Carla de Jong")
    carla = await acme.phone("carla", logged_on="203")
    first = await carla.dials("202")
    await (await ben.rings()).answer()
    await first.answered()

    second = await anna.dials("202")
    assert (await second.ended()).code == 486
    assert said(second) == ["busy"]
    with pytest.raises(WaitedInVain):
        await ben.rings()
    assert "202 Ben Bakker is in a call and takes no second one" in because(world.last_record)

    await first.hang_up()
    await asyncio.sleep(1)
    third = await anna.dials("202")
    await (await ben.rings()).answer()
    await third.answered()
    await third.hang_up()
    await world.over()
    assert [record["outcome"] for record in world.records] == ["unanswered", "answered", "answered"]


async def test_ben_takes_no_second_call_while_he_is_the_one_who_calls(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("202", "Ben Bakker", offer_second_call=False)
    acme.user("203", "Carla de Jong")
    await acme.phone("carla", logged_on="203")
    outgoing = await ben.dials("203")
    call = await anna.dials("202")
    assert (await call.ended()).code == 486
    await outgoing.hang_up()
    await world.over()


async def test_ben_is_offered_a_second_call_when_he_wants_that(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("203", "Carla de Jong")
    carla = await acme.phone("carla", logged_on="203")
    first = await carla.dials("202")
    await (await ben.rings()).answer()
    second = await anna.dials("202")
    await (await ben.rings()).answer()
    await second.answered()
    await first.hang_up()
    await second.hang_up()
    await world.over()


async def test_a_phone_at_its_call_limit_is_busy(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("203", "Carla de Jong")
    await acme.phone("carla", logged_on="203", call_limit=1)
    carla = world.switch.phones["1000carla"]
    first = await ben.dials("203")
    await (await carla.rings()).answer()
    second = await anna.dials("203")
    assert (await second.ended()).code == 486
    await first.hang_up()
    await world.over()
    assert "all phones of 203 Carla de Jong are at their call limit" in because(world.records[0])


async def test_a_phone_that_rings_already_is_not_rung_above_its_call_limit(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    acme.user("203", "Carla de Jong")
    carla = await acme.phone("carla", logged_on="203", call_limit=1)
    first = await ben.dials("203")
    await carla.rings()
    second = await anna.dials("203")
    assert (await second.ended()).code == 486
    await first.hang_up()
    await asyncio.sleep(1)
    third = await anna.dials("203")
    await carla.rings()
    await third.hang_up()
    await world.over()


async def test_a_phone_makes_no_more_calls_than_its_limit(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    calls = [await anna.dials("202"), await anna.dials("202")]
    third = await anna.dials("202")
    assert (await third.ended()).code == 503
    assert said(third) == ["call_limit_reached"]
    for call in calls:
        await call.hang_up()
    await world.over()
    assert [record["outcome"] for record in world.records] == ["refused", "abandoned", "abandoned"]


async def test_a_colleague_who_is_logged_on_nowhere_cannot_be_reached(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("203", "Carla de Jong")
    call = await anna.dials("203")
    assert (await call.ended()).code == 480
    assert heard(call) == [(0, "user_unreachable")]

    await world.over()
    assert "203 Carla de Jong is not logged on to any phone" in because(world.last_record)
    assert world.last_record["outcome"] == "unanswered"


async def test_a_phone_that_is_switched_off_cannot_be_reached(
    world: World, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    await ben.unregister()
    call = await anna.dials("202")
    assert (await call.ended()).code == 480
    assert said(call) == ["user_unreachable"]
    await world.over()
    assert world.last_record["cause"] == "unreachable"


async def test_anna_calls_herself_and_her_own_phone_does_not_ring(world: World, anna: SimulatedPhone) -> None:
    call = await anna.dials("201")
    assert (await call.ended()).code == 480
    with pytest.raises(WaitedInVain):
        await anna.rings()
    await world.over()
    assert "201 Anna Jansen has no other phone than the one that calls" in because(world.last_record)


async def test_nobody_has_that_extension(world: World, anna: SimulatedPhone) -> None:
    call = await anna.dials("299")
    assert (await call.ended()).code == 404
    assert said(call) == ["number_unknown"]
    await world.over()
    assert world.last_record["outcome"] == "refused"
    assert "the account has no extension 299" in because(world.last_record)


async def test_from_a_phone_where_nobody_is_logged_on_only_logging_on_works(
    world: World, acme: Company, ben: SimulatedPhone
) -> None:
    hall = await acme.phone("hall")
    call = await hall.dials("202")
    assert (await call.ended()).code == 403
    assert said(call) == ["log_on_first"]
    with pytest.raises(WaitedInVain):
        await ben.rings()
    await world.over()
    assert (world.last_record["caller"], world.last_record["outcome"]) == ("1000hall", "refused")


async def test_anna_gives_up_and_bens_phone_stops_ringing_with_a_missed_call(
    world: World, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await until(7)
    await call.hang_up()
    end = await rings.ended()
    assert now() == 7
    assert not end.answered_elsewhere
    await world.over()
    record = world.last_record
    assert (record["outcome"], record["ended_by"]) == ("abandoned", "caller")
    assert record["ended"] == "2026-11-23T08:00:07.000+00:00"


async def test_an_extension_is_deleted_while_it_rings_and_the_call_goes_on(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    acme.remove("202")
    await rings.answer()
    await call.answered()
    await call.hears_tone(ben.tone)
    await call.hang_up()
    next_call = await anna.dials("202")
    assert (await next_call.ended()).code == 404
    await world.over()


async def test_the_caller_is_deleted_while_it_rings_and_still_hears_why_there_is_no_answer(
    world: World, acme: Company, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    acme.remove("201")
    await call.ended(timeout=60)
    assert said(call) == ["no_answer"]
    await world.over()


async def test_ben_hangs_up_in_the_moment_in_which_he_answered(
    world: World, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await asyncio.gather(rings.answer(), rings.hang_up())
    await call.ended()
    await world.over()
    assert world.last_record["ended_by"] == "called"


async def test_anna_gives_up_in_the_moment_in_which_ben_answers(
    world: World, anna: SimulatedPhone, ben: SimulatedPhone
) -> None:
    call = await anna.dials("202")
    rings = await ben.rings()
    await asyncio.gather(rings.answer(), call.hang_up())
    await rings.ended()
    await world.over()
    assert world.last_record["ended_by"] == "caller"
    assert world.last_record["outcome"] in ("abandoned", "answered")


async def test_anna_hangs_up_in_the_moment_in_which_a_sentence_ends(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    acme.user("203", "Carla de Jong")
    call = await anna.dials("203")
    await until(SENTENCE)
    await call.hang_up()
    await world.over()
    assert world.last_record["ended_by"] in ("caller", "exchange")
    assert world.last_record["outcome"] in ("abandoned", "unanswered")


async def test_anna_hears_in_her_own_language(world: World, acme: Company) -> None:
    acme.user("204", "Daniel de Vries", language="de")
    daniel = await acme.phone("daniel", logged_on="204")
    call = await daniel.dials("299")
    await call.ended()
    assert call.heard[-1][1].startswith("/silent/de/")
    await world.over()
