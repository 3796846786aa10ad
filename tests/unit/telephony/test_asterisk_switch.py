"""The races between Asterisk's events, our verbs and a connection that breaks: told on a model, one step at a time."""

from __future__ import annotations

import asyncio

import pytest
from fake_ari import fake_ari
from model_asterisk import ModelAsterisk
from office import OUT, Office
from structlog.testing import capture_logs

from centrale.telephony.switch import (
    Answered,
    Arrival,
    BridgeId,
    Cause,
    Gone,
    LegEvent,
    LegGone,
    LegId,
    Listener,
    PlaybackId,
    Ringing,
)

pytestmark = pytest.mark.usefixtures("quick_retries")


async def created(office: Office) -> None:
    """The channel of a `dial` has been created."""
    await office.asterisk.ari.request_to("channels/create")
    await office.heard()


# -- how legs end ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "announcements",
    [
        ("StasisEnd",),
        ("ChannelDestroyed",),
        ("ChannelHangupRequest", "StasisEnd", "ChannelDestroyed"),
        ("ChannelHangupRequest", "ChannelHangupRequest", "ChannelDestroyed", "StasisEnd"),
    ],
)
async def test_however_its_end_is_announced_a_leg_is_gone_once(office: Office, announcements: tuple[str, ...]) -> None:
    await office.asterisk.calls_in("in-1")
    await office.asterisk.ends("in-1", *announcements, cause=16)
    await office.heard()
    assert office.told[LegId("in-1")] == [Gone(Cause.NORMAL)]
    assert office.keeps() == 0


async def test_why_a_leg_ends_is_what_was_said_first(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    await office.asterisk.enters(OUT)
    await dialling
    await office.asterisk.ends(OUT, "ChannelHangupRequest", "StasisEnd", cause=17, tech_cause=486)
    await office.heard()
    assert office.told[OUT] == [Gone(Cause.BUSY, 486)]


@pytest.mark.parametrize(
    ("flag", "cause"),
    [(1, Cause.UNREACHABLE), (4, Cause.FAILURE), (32, Cause.NORMAL)],
    ids=["nothing heard of it", "Asterisk stops", "by command"],
)
async def test_what_asterisk_wants_itself_is_no_q850_cause(office: Office, flag: int, cause: Cause) -> None:
    await office.asterisk.calls_in("in-1")
    await office.asterisk.ends("in-1", "ChannelHangupRequest", "StasisEnd", cause=flag, soft=True)
    await office.heard()
    assert office.told[LegId("in-1")] == [Gone(cause)]


async def test_hanging_up_a_leg_that_asterisk_does_not_know_ends_it(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.heard()
    office.asterisk.channels.clear()  # its last event was lost
    await office.switch.hang_up(LegId("in-1"), Cause.BUSY)
    assert office.told[LegId("in-1")] == [Gone(Cause.BUSY)]
    assert office.keeps() == 0


# -- mistakes of ours ------------------------------------------------------------------------------------------------


async def test_a_listener_that_fails_harms_no_other_leg(office: Office) -> None:
    def fail(event: LegEvent) -> None:
        raise KeyError("a mistake of ours")

    office.switch.on_arrival = lambda arrival: fail if arrival.leg == "in-1" else office.listener(arrival.leg)
    for channel in ("in-1", "in-2"):
        await office.asterisk.calls_in(channel)
    await office.heard()
    with capture_logs() as logs:
        await office.breaks_and_returns(office.asterisk.channels.clear)
    assert office.told[LegId("in-2")] == [Gone(Cause.FAILURE)]
    assert [line["leg"] for line in logs if line["event"] == "the listener of a leg failed"] == ["in-1"]
    assert office.switch.up()


async def test_a_call_that_nobody_takes_is_refused(office: Office) -> None:
    def refuse(arrival: Arrival) -> Listener:
        raise KeyError(arrival.endpoint)

    office.switch.on_arrival = refuse
    with capture_logs():
        await office.asterisk.calls_in("in-1")
        await office.heard()
        await office.heard()
    assert "DELETE channels/in-1?reason_code=38" in office.asterisk.ari.asked()
    assert office.keeps() == 0


async def test_what_fails_after_a_connection_does_not_hinder_the_next(office: Office) -> None:
    async def fail() -> None:
        raise OSError("no disk")

    good, office.switch.on_up = office.switch.on_up, fail
    with capture_logs() as logs:
        await office.asterisk.breaks_off()
        await office.asterisk.ari.until(lambda: len(office.asterisk.ari.upgrades) == 2)
        async with asyncio.timeout(5):
            await office.switch.wait_up()
        await office.heard()
        office.switch.on_up = good
        await office.breaks_and_returns()
    assert "what follows a connection to Asterisk failed" in [line["event"] for line in logs]


# -- what was missed -------------------------------------------------------------------------------------------------


async def test_a_leg_is_heard_of_after_the_connection_was_lost(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.heard()
    await office.breaks_and_returns()
    await office.asterisk.ends("in-1", "StasisEnd")
    await office.heard()
    assert office.told == {LegId("in-1"): [Gone(Cause.NORMAL)]}


async def test_a_call_whose_news_was_lost_with_the_connection_is_taken(office: Office) -> None:
    await office.breaks_and_returns(lambda: asyncio.ensure_future(office.asterisk.calls_in("in-1", told=False)))
    assert office.told == {LegId("in-1"): []}
    await office.asterisk.ends("in-1", "StasisEnd")
    await office.heard()
    assert office.told == {LegId("in-1"): [Gone(Cause.NORMAL)]}


async def test_a_call_that_is_listed_and_told_arrives_once(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.breaks_and_returns()
    await office.asterisk.calls_in("in-1")
    await office.heard()
    assert list(office.told) == ["in-1"]
    assert len(office.switch._legs) == 1


async def test_at_the_first_connection_calls_of_before_wait_to_be_taken_over() -> None:
    async with fake_ari() as ari:
        office = Office(ModelAsterisk(ari))
        await office.asterisk.calls_in("in-1", told=False)
        office.asterisk.bridges |= {"talk": ["in-1"], "empty": []}
        async with office.switch:
            await office.switch.wait_up()
            await office.breaks_and_returns()
            assert [survivor.leg for survivor in await office.switch.survivors()] == ["in-1"]
            assert (office.told, list(office.asterisk.bridges)) == ({}, ["talk"])
            await office.switch.listen(LegId("in-1"), office.listener(LegId("in-1")))
            await office.asterisk.ends("in-1", "StasisEnd")
            await office.heard()
            assert office.told == {LegId("in-1"): [Gone(Cause.NORMAL)]}


async def test_what_is_told_by_an_event_and_by_the_list_is_told_once(office: Office) -> None:
    dialling = office.dialling()
    await created(office)
    await office.asterisk.enters(OUT)
    await dialling
    await office.asterisk.progresses(OUT, "RINGING")
    await office.heard()
    await office.breaks_and_returns()
    await office.asterisk.progresses(OUT, "ANSWER")
    await office.heard()
    await office.breaks_and_returns()
    assert office.told[OUT] == [Ringing(), Answered()]


async def test_a_talk_that_could_not_be_made_leaves_no_bridge(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.heard()
    with pytest.raises(LegGone):
        await office.switch.connect(BridgeId("b"), [LegId("in-1"), OUT])
    assert (office.asterisk.bridges, len(office.switch._agreement.bridges)) == ({}, 0)


async def test_a_sound_for_a_leg_that_has_gone_is_not_remembered(office: Office) -> None:
    await office.asterisk.calls_in("in-1")
    await office.heard()
    office.asterisk.channels.clear()
    with pytest.raises(LegGone):
        await office.switch.play(LegId("in-1"), PlaybackId("p"), ["hello"])
    entry = office.switch._legs.get(LegId("in-1"))
    assert entry is not None
    assert not entry.playbacks
