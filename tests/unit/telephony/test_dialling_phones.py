"""How legs are called, on a model of Asterisk: phones by one request, trunks step by step."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import pytest
from office import OUT, Office

from centrale.telephony.switch import Answered, BridgeId, Cause, EarlyMedia, Gone, LegId, Ringing

pytestmark = pytest.mark.usefixtures("quick_retries")


async def created(office: Office) -> None:
    """The channel of a `dial` has been created."""
    await office.asterisk.ari.request_to("channels/create")
    await office.heard()


# -- phones ----------------------------------------------------------------------------------------------------------


async def test_a_phone_is_called_by_one_request(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.calling(caller=LegId("in-1"))
    (asked,) = office.asterisk.ari.asked()[-1:]
    assert asked.startswith(f"POST channels/{OUT}?endpoint=PJSIP/ben&app=centrale&appArgs=dialled&originator=in-1&")


async def test_a_phone_has_answered_when_it_is_in_our_application(office: Office) -> None:
    await office.calling()
    await office.asterisk.progresses(OUT, "RINGING")
    await office.asterisk.progresses(OUT, "ANSWER")
    await office.heard()
    assert office.told[OUT] == [Ringing()], "Asterisk could not connect it yet"
    await office.asterisk.enters(OUT)
    await office.heard()
    assert office.told[OUT] == [Ringing(), Answered()]


async def test_a_phone_that_sends_sound_rings(office: Office) -> None:
    await office.calling()
    await office.asterisk.progresses(OUT, "PROGRESS")
    await office.asterisk.progresses(OUT, "RINGING")
    await office.asterisk.enters(OUT)
    await office.heard()
    assert office.told[OUT] == [Ringing(), Answered()]


@pytest.mark.parametrize("called", [Office.calling, Office.dialling], ids=["phone", "trunk"])
async def test_who_cannot_be_dialled_is_unreachable(
    office: Office, called: Callable[[Office], asyncio.Task[None]], caplog: pytest.LogCaptureFixture
) -> None:
    office.asterisk.unreachable |= {"PJSIP/ben", "PJSIP/+31201234567@trunk-carrier"}
    await called(office)
    assert office.told[OUT] == [Gone(Cause.UNREACHABLE)]
    assert office.keeps() == 0
    gc.collect()
    assert "never retrieved" not in caplog.text


async def test_a_phone_that_refuses_has_gone(office: Office) -> None:
    await office.calling()
    await office.asterisk.ends(OUT, "ChannelHangupRequest", "ChannelDestroyed", cause=17, tech_cause=486)
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.BUSY, 486)]
    assert office.keeps() == 0


async def test_a_caller_who_has_gone_is_dialled_for_in_vain(office: Office) -> None:
    await office.calling(caller=LegId("in-1"))
    assert office.told[OUT] == [Gone(Cause.UNREACHABLE)]
    assert office.keeps() == 0


async def test_a_calling_given_up_leaves_nothing(office: Office) -> None:
    calling = office.calling()
    await office.asterisk.ari.request_to(f"channels/{OUT}?")
    calling.cancel()
    await office.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.ANSWERED_ELSEWHERE)]
    assert (office.keeps(), office.asterisk.channels) == (0, {})


async def test_a_phone_that_rings_unknown_after_a_lost_connection_is_ended(office: Office) -> None:
    office.asterisk.silent_about = f"channels/{OUT}"
    calling = office.calling()
    await office.asterisk.ari.request_to(f"channels/{OUT}?")

    def rings_all_the_same() -> None:
        office.asterisk.silent_about = None
        office.asterisk.originates(OUT)

    await office.breaks_and_returns(rings_all_the_same)
    await calling
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.FAILURE)]
    assert (office.keeps(), office.asterisk.channels) == (0, {})


@pytest.mark.parametrize("in_our_application", [True, False])
async def test_a_phone_found_answered_is_told_when_it_can_be_connected(
    office: Office, in_our_application: bool
) -> None:
    await office.calling()

    def answers() -> None:
        if in_our_application:
            office.asterisk.creates(OUT)
        office.asterisk.channels[OUT]["state"] = "Up"

    await office.breaks_and_returns(answers)
    assert office.told[OUT] == ([Answered()] if in_our_application else [])
    await office.asterisk.enters(OUT)
    await office.heard()
    assert office.told[OUT] == [Answered()]
    await office.switch.connect(BridgeId("b"), [OUT])


async def test_a_phone_left_by_an_earlier_process_waits_to_be_found(office: Office) -> None:
    office.asterisk.originates(OUT)
    (survivor,) = await office.switch.survivors()
    assert (survivor.leg, survivor.answered) == (OUT, False)
    await office.switch.listen(OUT, office.listener(OUT))
    await office.asterisk.enters(OUT)
    await office.heard()
    assert office.told[OUT] == [Answered()]


# -- trunks ----------------------------------------------------------------------------------------------------------


async def test_a_trunk_is_heard_before_it_answers(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    await office.asterisk.enters(OUT)
    await dialling
    for word in ("RINGING", "PROGRESS", "ANSWER"):
        await office.asterisk.progresses(OUT, word)
    await office.heard()
    assert office.told[OUT] == [Ringing(), EarlyMedia(), Answered()]


async def test_dialling_waits_for_the_channel_to_enter(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    assert not any("dial?" in asked for asked in office.asterisk.ari.asked())
    await office.asterisk.enters(OUT)
    await dialling
    assert office.asterisk.ari.asked()[-1].startswith(f"POST channels/{OUT}/dial?")


async def test_a_channel_that_ends_before_it_is_dialled_ends_the_dialling(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    await office.asterisk.ends(OUT, "ChannelDestroyed", cause=20)
    await dialling
    assert office.told[OUT] == [Gone(Cause.UNREACHABLE)]
    assert office.keeps() == 0


async def test_a_dialling_given_up_before_its_channel_came_about_leaves_nothing(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    dialling.cancel()
    await office.switch.hang_up(OUT, Cause.ANSWERED_ELSEWHERE)
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.ANSWERED_ELSEWHERE)]
    assert (office.keeps(), office.asterisk.channels) == (0, {})


async def test_a_channel_that_comes_about_after_it_was_given_up_is_ended(office: Office) -> None:
    office.asterisk.creates(OUT)  # so late that nobody waits for it any more
    await office.asterisk.enters(OUT)
    await office.heard()
    await office.heard()
    assert office.asterisk.channels == {}


@pytest.mark.parametrize("silent_about", ["channels/create", f"channels/{OUT}/dial"])
async def test_asterisk_that_dies_while_it_dials_fails_the_dialling(office: Office, silent_about: str) -> None:
    office.asterisk.silent_about = silent_about
    dialling = office.dialling()
    await office.asterisk.ari.request_to("channels/create")
    await office.asterisk.enters(OUT)
    await office.asterisk.ari.request_to(silent_about)
    await office.breaks_and_returns(office.asterisk.channels.clear)
    async with asyncio.timeout(5):
        await dialling
    assert office.told[OUT] == [Gone(Cause.FAILURE)]
    assert office.keeps() == 0


async def test_a_connection_that_breaks_before_the_channel_enters_fails_the_dialling(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    await office.breaks_and_returns()
    async with asyncio.timeout(5):
        await dialling
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.FAILURE)]
    assert (office.keeps(), office.asterisk.channels) == (0, {}), "the channel that came about is taken away"
