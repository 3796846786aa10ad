"""Whatever happens in whatever order, each leg is told `Gone` once, as its last word, and nothing of it is kept."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from unittest.mock import patch

from fake_ari import fake_ari
from hypothesis import given, settings
from hypothesis import strategies as st
from model_asterisk import ModelAsterisk
from office import Office
from structlog.testing import capture_logs

from centrale.telephony.asterisk import client as client_module
from centrale.telephony.switch import BridgeId, Cause, Gone, LegId, PlaybackId, SwitchError

LEGS = [LegId(f"{kind}-{number}") for kind in ("trunk", "phone", "in") for number in range(3)]
CALLED = ("trunk", "phone")
ANNOUNCEMENTS = ("ChannelHangupRequest", "StasisEnd", "ChannelDestroyed")

legs = st.sampled_from(LEGS)
steps = st.one_of(
    st.tuples(st.just("begins"), legs),
    st.tuples(st.just("enters"), legs),
    st.tuples(st.just("gives up"), legs),
    st.tuples(st.just("progresses"), legs, st.sampled_from(["RINGING", "PROGRESS", "ANSWER", "BUSY"])),
    st.tuples(st.just("hang up"), legs),
    st.tuples(st.just("play"), legs),
    st.tuples(st.just("sound ends"), legs),
    st.tuples(st.just("connect"), legs),
    st.tuples(st.just("ends"), legs, st.permutations(ANNOUNCEMENTS), st.integers(0, 3)),
    st.tuples(st.just("loses"), legs),
    st.tuples(st.just("breaks"), legs),
)


class Story:
    """Takes steps that need not make sense: the verbs then say so, and nothing else may follow from it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.begun: set[LegId] = set()
        self.diallings: dict[LegId, asyncio.Task[None]] = {}

    async def step(self, what: str, leg: LegId, *more: object) -> None:
        switch, asterisk = self.office.switch, self.office.asterisk
        match what, more:
            case "begins", () if leg not in self.begun:
                self.begun.add(leg)
                if leg.startswith("in"):
                    await asterisk.calls_in(leg)
                else:
                    call = self.office.calling if leg.startswith("phone") else self.office.dialling
                    self.diallings[leg] = call(leg)
                    await asyncio.sleep(0)
            case "enters", () if leg in asterisk.channels and leg.startswith(CALLED):
                await asterisk.enters(leg)
            case "gives up", () if leg in self.diallings:
                # Whoever gives a dialling up hangs up the leg: so says the contract.
                self.diallings[leg].cancel()
                await switch.hang_up(leg, Cause.NO_ANSWER)
            case "progresses", (str(word),) if leg in asterisk.channels:
                await asterisk.progresses(leg, word)
            case "hang up", ():
                await switch.hang_up(leg)
            case "play", ():
                await switch.play(leg, PlaybackId(f"play-{leg}"), ["hello"])
            case "sound ends", ():
                await asterisk.sound_ends(leg, f"play-{leg}")
            case "connect", ():
                await switch.connect(BridgeId(f"bridge-{leg}"), [leg])
            case "ends", (list(order), int(count)) if leg in asterisk.channels:
                announcements = order[:count]
                told = {"StasisEnd", "ChannelDestroyed"} & set(announcements)
                await asterisk.ends(leg, *announcements, *(() if told else ("StasisEnd",)), cause=17)
            case "loses", ():
                await self.office.breaks_and_returns(lambda: asterisk.channels.pop(leg, None))
            case "breaks", ():
                await self.office.breaks_and_returns()

    async def end(self) -> None:
        """Asterisk dies: whatever was left is gone."""
        await self.office.breaks_and_returns(self.office.asterisk.channels.clear)
        async with asyncio.timeout(5):
            await asyncio.gather(*self.diallings.values(), return_exceptions=True)
        for leg in LEGS:
            await self.office.switch.dissolve(BridgeId(f"bridge-{leg}"))


async def told(story: list[tuple[str, LegId]]) -> None:
    async with fake_ari() as ari:
        office = Office(ModelAsterisk(ari))
        async with office.switch:
            await office.switch.wait_up()
            steps = Story(office)
            for what, leg, *more in story:
                with suppress(SwitchError):
                    await steps.step(what, leg, *more)
            await steps.end()
            for leg in steps.begun:
                assert [isinstance(event, Gone) for event in office.told[leg]].count(True) == 1, office.told[leg]
                assert isinstance(office.told[leg][-1], Gone), office.told[leg]
            assert set(office.told) == steps.begun
            assert office.keeps() == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_each_leg_is_gone_once_and_nothing_is_kept(story: list[tuple[str, LegId]]) -> None:
    quick = {"FIRST_RETRY_SECONDS": 0.001, "LONGEST_RETRY_SECONDS": 0.01}
    with patch.multiple(client_module, **quick), capture_logs():
        asyncio.run(told(story))
