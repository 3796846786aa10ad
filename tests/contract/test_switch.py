"""What a switch promises (`telephony.switch`), on the simulated one and on Asterisk alike."""

from __future__ import annotations

import asyncio

import pytest

from centrale.phones.phone import Phone, PhoneCall, WaitedInVain
from centrale.telephony.switch import (
    Answered,
    Arrival,
    BridgeId,
    Cause,
    Digit,
    EarlyMedia,
    Gone,
    LegGone,
    LegId,
    PlaybackEnded,
    PlaybackId,
    Presentation,
    Ringing,
    ToPhone,
)
from tests.contract.worlds import TO_BEN, TO_CARRIER, TONES, Desk, SwitchWorld

JANSEN = Presentation("201", "Jansen")
OUT = LegId("out-1")


async def anna_calls(world: SwitchWorld, desk: Desk, number: str = "202") -> tuple[PhoneCall, Arrival]:
    anna = await world.phone("anna")
    call = await anna.dials(number)
    return call, await desk.arrival()


async def ben_rings(world: SwitchWorld, desk: Desk) -> tuple[Phone, PhoneCall]:
    ben = await world.phone("ben")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    return ben, await ben.rings()


async def talk(world: SwitchWorld, desk: Desk, arrival: Arrival, rings: PhoneCall) -> None:
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId(f"talk-{arrival.leg}"), [arrival.leg, OUT])
    await rings.hears_tone(TONES["anna"])


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
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk)
    await world.switch.ring(arrival.leg)
    await call.ringing()
    await rings.answer()
    await desk.event(OUT, Answered)
    await world.switch.answer(arrival.leg)
    await world.switch.connect(BridgeId("talk"), [arrival.leg, OUT])
    await call.hears_tone(TONES["ben"])
    await rings.hears_tone(TONES["anna"])
    await world.switch.dissolve(BridgeId("talk"))
    await world.switch.hang_up(OUT)
    await rings.ended()
    await world.switch.hang_up(arrival.leg)
    assert (await call.ended()).code == 200


async def test_keys_pressed_in_a_talk_are_told_and_heard_by_the_other(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk)
    await talk(world, desk, arrival, rings)
    await call.press("#6")
    assert [(await desk.event(arrival.leg, Digit)).digit for _ in range(2)] == ["#", "6"]
    await rings.hears_digits("#6")
    await rings.press("*")
    assert (await desk.event(OUT, Digit)).digit == "*"


async def test_a_leg_can_go_from_one_talk_to_another(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    _, rings = await ben_rings(world, desk)
    await talk(world, desk, arrival, rings)
    carrier = await world.carrier()
    third = LegId("out-2")
    await world.switch.dial(third, TO_CARRIER, JANSEN, desk.listener(third), arrival.leg)
    far = await carrier.rings()
    await far.answer()
    await desk.event(third, Answered)
    await world.switch.connect(BridgeId("other"), [arrival.leg, third])
    await call.hears_tone(TONES["carrier"])
    await far.hears_tone(TONES["anna"])
    await rings.hears_silence(0.3)


async def test_sound_before_the_answer_reaches_the_caller(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk, "0201234567")
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, JANSEN, desk.listener(OUT), arrival.leg)
    far = await carrier.rings()
    await far.early()
    await desk.event(OUT, EarlyMedia)
    await world.switch.connect(BridgeId("early"), [arrival.leg, OUT])
    await call.hears_tone(TONES["carrier"])
    await far.decline(486)
    assert (await desk.event(OUT, Gone)).cause is Cause.BUSY
    await world.switch.hang_up(arrival.leg, Cause.BUSY)
    assert (await call.ended()).code == 486


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
    await world.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    assert (await rings.ended()).answered_elsewhere
    await desk.event(OUT, Gone)


async def test_of_several_phones_the_losers_show_no_missed_call(world: SwitchWorld, desk: Desk) -> None:
    ben, anna = await world.phone("ben"), await world.phone("anna")
    other = LegId("out-2")
    await world.switch.dial(OUT, TO_BEN, JANSEN, desk.listener(OUT))
    await world.switch.dial(other, ToPhone("anna"), JANSEN, desk.listener(other))
    at_ben, at_anna = await ben.rings(), await anna.rings()
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
    with pytest.raises(WaitedInVain):
        await ben.rings(timeout=0.3)
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


async def test_keys_are_heard(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await call.answered()
    await call.press("4*#")
    assert [(await desk.event(arrival.leg, Digit)).digit for _ in range(3)] == ["4", "*", "#"]


async def test_a_sound_is_played_to_its_end(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p1"), [world.sound, world.sound])
    await call.hears_speech()
    ended = await desk.event(arrival.leg, PlaybackEnded)
    assert (ended.playback, ended.failed) == ("p1", False)


async def test_a_sound_that_is_not_there_is_told(world: SwitchWorld, desk: Desk) -> None:
    _, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p5"), [world.missing_sound])
    ended = await desk.event(arrival.leg, PlaybackEnded)
    assert (ended.playback, ended.failed) == ("p5", True)


async def test_a_sound_is_heard_before_the_answer(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.play(arrival.leg, PlaybackId("p2"), [world.sound])
    await call.hears_speech()
    await desk.event(arrival.leg, PlaybackEnded)
    await world.switch.hang_up(arrival.leg, Cause.UNKNOWN_NUMBER)
    assert (await call.ended()).code == 404


async def test_a_sound_can_be_stopped(world: SwitchWorld, desk: Desk) -> None:
    call, arrival = await anna_calls(world, desk)
    await world.switch.answer(arrival.leg)
    await world.switch.play(arrival.leg, PlaybackId("p3"), [world.sound] * 60)
    await call.hears_speech()
    await world.switch.stop_playback(PlaybackId("p3"))
    assert (await desk.event(arrival.leg, PlaybackEnded)).playback == "p3"
    await world.switch.stop_playback(PlaybackId("p3"))


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


async def test_a_carrier_is_known_by_its_trunk_and_believed(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678", name="Piet", diverted_from="+31201112222")
    arrival = await desk.arrival()
    assert (arrival.endpoint, arrival.from_trunk, arrival.dialled) == ("trunk-carrier", True, "31201234567")
    assert (arrival.number, arrival.name, arrival.withheld) == ("+31612345678", "Piet", False)
    assert arrival.diverted_from == "+31201112222"


async def test_a_withheld_caller_is_told_as_withheld(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await carrier.calls("31201234567", caller="+31612345678", withheld=True)
    assert (await desk.arrival()).withheld


async def test_a_carrier_is_told_who_calls(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    shown = Presentation("+31207654321", diverted_from="+31201112222")
    await world.switch.dial(OUT, TO_CARRIER, shown, desk.listener(OUT))
    call = await carrier.rings()
    assert "+31207654321" in call.headers["P-Asserted-Identity"]
    assert "+31201112222" in call.headers["Diversion"]
    assert call.caller_number == "+31207654321"
    await call.answer()
    await desk.event(OUT, Answered)


async def test_a_withheld_number_is_asserted_to_a_carrier_and_not_shown(world: SwitchWorld, desk: Desk) -> None:
    carrier = await world.carrier()
    await world.switch.dial(OUT, TO_CARRIER, Presentation("+31207654321", withheld=True), desk.listener(OUT))
    call = await carrier.rings()
    assert "+31207654321" in call.headers["P-Asserted-Identity"]
    assert call.caller_number == "anonymous"


async def test_a_ring_tone_goes_along(world: SwitchWorld, desk: Desk) -> None:
    ben = await world.phone("ben")
    shown = Presentation("201", "Jansen", ring_tone="alert-group")
    await world.switch.dial(OUT, TO_BEN, shown, desk.listener(OUT))
    assert "alert-group" in (await ben.rings()).headers["Alert-Info"]
