"""What a switch promises (`telephony.switch`), on the simulated one and on Asterisk alike: legs and talks."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from centrale.phones.phone import WaitedInVain
from centrale.telephony.switch import (
    Answered,
    BridgeId,
    Cause,
    Gone,
    LegGone,
    LegId,
    PlaybackId,
    Ringing,
    ToPhone,
)
from tests.contract.desk import Desk
from tests.contract.stories import JANSEN, OUT, anna_calls, ben_rings, hear_nothing, they_talk
from tests.contract.worlds import TO_BEN, TO_CARRIER, TONES, SwitchWorld


async def test_a_phone_that_calls_in_is_known_by_its_channel(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk, "0612345678")
    assert (arrival.endpoint, arrival.from_trunk, arrival.dialled) == ("anna", False, "0612345678")
    await call.hang_up()
    assert isinstance(await desk.event(arrival.leg, Gone), Gone)


async def test_star_and_hash_can_be_dialled(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk, "#31#0612345678")
    assert arrival.dialled == "#31#0612345678"
    await call.hang_up()


async def test_a_called_phone_shows_who_calls_rings_and_answers(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    await desk.event(OUT, Ringing)
    assert (rings.caller_number, rings.caller_name) == ("201", "Jansen")
    await rings.answer()
    await desk.event(OUT, Answered)
    await rings.hang_up()
    assert (await desk.event(OUT, Gone)).cause is Cause.NORMAL


async def test_two_connected_legs_hear_each_other(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    await world.switch.dissolve(talk.bridge)
    await hear_nothing(talk.anna, talk.ben)
    await world.switch.hang_up(OUT)
    await talk.ben.ended()
    await world.switch.hang_up(talk.leg)
    assert (await talk.anna.ended()).code == 200


async def test_who_hears_that_it_rings_is_not_answered_yet(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.ring(arrival.leg)
    await call.ringing()
    with pytest.raises(WaitedInVain):
        await call.answered(timeout=0.2)


async def test_a_leg_can_go_from_one_talk_to_another(world: SwitchWorld, desk: Desk) -> None:
    talk = await they_talk(world, desk)
    carrier = await world.carrier()
    third = LegId("out-2")
    await world.switch.dial(third, TO_CARRIER, JANSEN, desk.listener(third), talk.leg)
    far = await carrier.rings()
    await far.answer()
    await desk.event(third, Answered)
    await world.switch.connect(BridgeId("other"), [talk.leg, third])
    await talk.anna.hears_tone(TONES["carrier"])
    await far.hears_tone(TONES["anna"])
    await hear_nothing(talk.ben)


async def test_a_leg_that_has_gone_cannot_be_connected(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk)
    await rings.decline()
    await desk.event(OUT, Gone)
    with pytest.raises(LegGone):
        await world.switch.connect(BridgeId("half"), [arrival.leg, OUT])
    await world.switch.answer(arrival.leg)  # who is still there can go on
    await call.answered()


async def test_a_busy_phone_says_so(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    await rings.decline(486)
    gone = await desk.event(OUT, Gone)
    assert (gone.cause, gone.code) == (Cause.BUSY, 486)


async def test_a_phone_that_is_not_there_is_unreachable(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.phone("ben")
    await ben.unregister()
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    assert (await desk.event(OUT, Gone)).cause is Cause.UNREACHABLE


async def test_a_channel_that_does_not_exist_is_unreachable(world: SwitchWorld, desk: Desk) -> None:
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    assert (await desk.event(OUT, Gone)).cause is Cause.UNREACHABLE


async def test_a_call_answered_elsewhere_is_no_missed_call(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    # Before the phone's first response has come, Asterisk puts the CANCEL off and no longer knows why it is sent.
    await desk.event(OUT, Ringing)
    await world.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    assert (await rings.ended()).answered_elsewhere
    await desk.event(OUT, Gone)


async def test_of_several_phones_the_losers_show_no_missed_call(world: SwitchWorld, desk: Desk) -> None:
    ben, anna = await world.phone("ben"), await world.phone("anna")
    other = LegId("out-2")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    await world.switch.dial(other, ToPhone("anna"), JANSEN, desk.listener(other))
    at_ben, at_anna = await ben.rings(), await anna.rings()
    await desk.event(other, Ringing)
    await at_ben.answer()
    await desk.event(OUT, Answered)
    await world.switch.hang_up(other, Cause.ANSWERED_ELSEWHERE)
    assert (await at_anna.ended()).answered_elsewhere
    assert (await desk.event(other, Gone)).cause is Cause.ANSWERED_ELSEWHERE
    await at_ben.hang_up()
    assert (await desk.event(OUT, Gone)).cause is Cause.NORMAL


async def test_a_call_given_up_while_it_is_dialled_leaves_nothing(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.phone("ben")
    dialling = asyncio.create_task(world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT)))
    await asyncio.sleep(0)
    dialling.cancel()
    await world.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    assert (await desk.event(OUT, Gone)).cause in (Cause.ANSWERED_ELSEWHERE, Cause.NORMAL)
    with suppress(WaitedInVain):
        await (await ben.rings(timeout=0.3)).ended()  # or it had not heard of the call yet
    assert await world.switch.survivors() == []


async def test_a_call_given_up_is_a_missed_call(world: SwitchWorld, desk: Desk) -> None:
    _, rings = await ben_rings(world, desk)
    await world.switch.hang_up(OUT, Cause.NO_ANSWER)
    assert not (await rings.ended()).answered_elsewhere


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (Cause.BUSY, 486),
        (Cause.UNKNOWN_NUMBER, 404),
        (Cause.NO_ANSWER, 480),
        (Cause.UNREACHABLE, 480),
        (Cause.NOT_ALLOWED, 403),
        (Cause.DECLINED, 486),
        (Cause.CONGESTION, 503),
        (Cause.INCOMPATIBLE, 488),
        (Cause.FAILURE, 500),
    ],
)
async def test_an_unanswered_caller_is_refused_with_the_right_code(
    world: SwitchWorld, desk: Desk, cause: Cause, code: int
) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.hang_up(arrival.leg, cause)
    assert (await call.ended()).code == code
    await desk.event(arrival.leg, Gone)


async def test_a_verb_for_a_leg_that_hung_up_is_told(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await call.hang_up()
    await desk.event(arrival.leg, Gone)
    for act in (world.switch.answer, world.switch.ring):
        with pytest.raises(LegGone):
            await act(arrival.leg)
    with pytest.raises(LegGone):
        await world.switch.play(arrival.leg, PlaybackId("p4"), [world.sound])
    with pytest.raises(LegGone):
        await world.switch.listen(arrival.leg, desk.listener(arrival.leg))
    await world.switch.hang_up(arrival.leg)
