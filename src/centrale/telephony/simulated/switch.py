"""The simulated switch: `telephony.switch` in memory and in the loop's own time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from centrale.telephony.simulated.leg import SimulatedLeg, two_seconds
from centrale.telephony.simulated.phone import SimulatedCall, SimulatedCarrier, SimulatedPhone
from centrale.telephony.switch import (
    RETURN_SECONDS,
    Answered,
    Arrival,
    BridgeId,
    Cause,
    Digit,
    Gone,
    Lamp,
    LegEvent,
    LegGone,
    LegId,
    Listener,
    PlaybackEnded,
    PlaybackId,
    Presentation,
    RecordingId,
    Ringing,
    Survivor,
    SwitchDown,
    Target,
    ToPhone,
)


def _nobody(arrival: Arrival) -> Listener:
    raise SwitchDown(f"nobody takes the calls that arrive, so not {arrival.leg} either")


class SimulatedSwitch:
    """Phones and carriers plug in by registering.

    `duration` tells how many seconds a sound file lasts; None when there is no such file.
    """

    def __init__(self, duration: Callable[[str], float | None] = two_seconds) -> None:
        self.on_arrival: Callable[[Arrival], Listener] = _nobody
        self.phones: dict[str, SimulatedPhone] = {}
        self.carriers: dict[str, SimulatedCarrier] = {}
        self.legs: dict[LegId, SimulatedLeg] = {}
        self.bridges: dict[BridgeId, set[SimulatedLeg]] = {}
        self.music: dict[str, float] = {}
        """The tone that each playlist of music consists of, in Hz."""
        self._keys_heard: set[BridgeId] = set()
        self.recordings: dict[RecordingId, float] = {}
        """Those that are complete: their seconds, or zero when nobody spoke."""
        self.missed: list[tuple[SimulatedLeg, LegEvent]] = []
        """What happened while the connection was lost."""
        self.lamps: dict[str, Lamp] = {}
        """What each channel's phone was last told of messages; without an entry its lamp is dark."""
        self._duration = duration
        self._arrived = 0
        self._up = True
        self._owed: list[Callable[[], None]] = []
        self._callers: list[Callable[[], None]] = []

    def up(self) -> bool:
        return self._up

    # -- the phones' side ----------------------------------------------------------------------------------------

    def arrive(self, call: SimulatedCall, endpoint: str, *, from_trunk: bool) -> None:
        """A phone or a carrier calls in."""
        self._arrived += 1
        leg = SimulatedLeg(LegId(f"in-{self._arrived}"), call)
        call.leg = leg
        if not self._up:
            self._wait_for_us(call, endpoint, from_trunk)
            return
        self.legs[leg.id] = leg
        claims = call.presentation
        arrival = Arrival(
            leg.id,
            endpoint,
            from_trunk,
            call.dialled,
            number="" if claims.withheld else claims.number,
            name="" if claims.withheld else claims.name,
            withheld=claims.withheld,
            diverted_from=claims.diverted_from,
        )
        leg.arrival = arrival
        leg.listener = self.on_arrival(arrival)

    def left(self, leg: SimulatedLeg) -> None:
        """A phone hung up."""
        self._remove(leg)

    def pressed(self, leg: SimulatedLeg, digit: str) -> None:
        """A phone pressed a key: who is connected hears it, and so do we, in a talk only if we asked for that."""
        if leg.bridge is None or leg.bridge in self._keys_heard:
            leg.tell(Digit(digit))
        if digit == "#":
            leg.recorded()
        for other in self.heard_by(leg):
            other.digits += digit
            other.happenings.happened()

    def heard_by(self, leg: SimulatedLeg) -> list[SimulatedCall]:
        """The calls whose sound this leg hears: those in its bridge that answered or send early media."""
        if leg.bridge is None:
            return []
        others = self.bridges[leg.bridge] - {leg}
        return [other.call for other in others if other.answered or other.call.early_media]

    # -- the exchange's side -------------------------------------------------------------------------------------

    async def listen(self, leg: LegId, listener: Listener) -> None:
        self._existing(leg).listener = listener

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        if isinstance(target, ToPhone):
            phone: SimulatedPhone | None = self.phones.get(target.channel)
            number = target.channel
        else:
            phone = self.carriers.get(target.endpoint)
            number = target.number
        if phone is None or not self._up:
            cause = Cause.UNREACHABLE if self._up else Cause.FAILURE
            asyncio.get_running_loop().call_soon(listener, Gone(cause))
            return
        call = SimulatedCall(phone, presentation, number)
        call.leg = self.legs[leg] = SimulatedLeg(leg, call, listener, phone=isinstance(target, ToPhone))
        phone.incoming(call)

    async def ring(self, leg: LegId) -> None:
        self._leg(leg).call.is_ringing = True
        self._leg(leg).call.happenings.happened()

    async def answer(self, leg: LegId) -> None:
        found = self._leg(leg)
        found.answered = found.call.is_answered = True
        found.call.happenings.happened()

    async def show(self, leg: LegId, presentation: Presentation) -> None:
        found = self._leg(leg)
        found.call.presentation = presentation
        found.call.happenings.happened()

    async def hang_up(self, leg: LegId, cause: Cause = Cause.NORMAL) -> None:
        self._end(lambda: self._hang_up(leg, cause))

    async def connect(self, bridge: BridgeId, legs: Sequence[LegId], *, hear_keys: bool = False) -> None:
        members = {self._leg(leg) for leg in legs}
        for member in members:
            if member.bridge is not None:
                self.bridges[member.bridge].discard(member)
            member.bridge = bridge
            member.call.hears_music_no_more()
        self.bridges[bridge] = members
        if hear_keys:
            self._keys_heard.add(bridge)

    async def dissolve(self, bridge: BridgeId) -> None:
        self._end(lambda: self._dissolve(bridge))

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        found = self._leg(leg)
        found.call.hears_music_no_more()
        found.play(playback, sounds, self._duration)

    async def stop_playback(self, playback: PlaybackId) -> None:
        self._end(lambda: self._stop(playback))

    async def start_music(self, leg: LegId, music: str | None) -> None:
        self._leg(leg).call.hears_music(music)

    async def stop_music(self, leg: LegId) -> None:
        self._end(lambda: self.legs[leg].call.hears_music_no_more() if leg in self.legs else None)

    async def record(self, leg: LegId, recording: RecordingId, *, longest: float, silence: float) -> None:
        self._leg(leg).record(recording, longest, silence)

    async def goes_on_recording(self, leg: LegId, recording: RecordingId) -> bool:
        found = self._leg(leg).recording
        return found is not None and found.id == recording

    async def stop_recording(self, recording: RecordingId) -> None:
        def stop() -> None:
            for leg in self.legs.values():
                if leg.recording is not None and leg.recording.id == recording:
                    leg.recorded()

        self._end(stop)

    def recorded(self, recording: RecordingId) -> Path:
        return Path("/recorded") / f"{recording}.wav"

    async def survivors(self) -> list[Survivor]:
        self._must_be_up()
        return [
            Survivor(leg.id, leg.answered, leg.bridge, leg.arrival)
            for leg in self.legs.values()
            if leg.listener is None
        ]

    async def light(self, lamps: Sequence[Lamp]) -> None:
        self._must_be_up()
        self.lamps |= {lamp.channel: lamp for lamp in lamps}

    def lose_owner(self) -> None:
        """What a `kill -9` of the exchange looks like from here: the legs stay, and nobody listens."""
        for leg in self.legs.values():
            leg.listener = None

    def lose_connection(self) -> None:
        """The exchange and the switch lose sight of each other: talks go on, whoever calls now hears an apology."""
        self._up = False

    def regain_connection(self) -> None:
        """They see each other again: what was to end ends, and what can still be seen of what happened is told."""
        self._up = True
        callers, self._callers = self._callers, []
        for arrive in callers:
            arrive()
        missed, self.missed = self.missed, []
        owed, self._owed = self._owed, []
        for end in owed:
            end()
        gone = {leg for leg, event in missed if isinstance(event, Gone)}
        for leg, event in missed:
            if isinstance(event, Gone):
                leg.tell(Gone(Cause.FAILURE))
            elif leg not in gone and isinstance(event, Ringing | Answered | PlaybackEnded):
                leg.tell(event)

    # -- inside --------------------------------------------------------------------------------------------------

    def _wait_for_us(self, call: SimulatedCall, endpoint: str, from_trunk: bool) -> None:
        """It rings until we are back, for `RETURN_SECONDS` at most."""
        call.is_ringing = True
        call.happenings.happened()

        def give_up() -> None:
            self._callers.remove(arrive)
            call.released(Cause.CONGESTION)

        timer = asyncio.get_running_loop().call_later(RETURN_SECONDS, give_up)

        def arrive() -> None:
            timer.cancel()
            if call.end is None:
                self.arrive(call, endpoint, from_trunk=from_trunk)

        self._callers.append(arrive)

    def _end(self, end: Callable[[], None]) -> None:
        """Now, or when the connection is back."""
        if self._up:
            end()
        else:
            self._owed.append(end)

    def _hang_up(self, leg: LegId, cause: Cause) -> None:
        found = self.legs.get(leg)
        if found is not None:
            self._remove(found)
            found.call.released(cause)
            found.tell(Gone(cause))

    def _dissolve(self, bridge: BridgeId) -> None:
        for member in self.bridges.pop(bridge, set()):
            member.bridge = None

    def _stop(self, playback: PlaybackId) -> None:
        for leg in self.legs.values():
            if playback in leg.playbacks:
                leg.played(playback)
                return

    def _must_be_up(self) -> None:
        if not self._up:
            raise SwitchDown("the connection to the switch is lost")

    def _leg(self, leg: LegId) -> SimulatedLeg:
        """A leg that can do something: not a phone that still rings."""
        found = self._existing(leg)
        if found.phone and not found.answered:
            raise LegGone(f"{leg} has not answered")
        return found

    def _existing(self, leg: LegId) -> SimulatedLeg:
        self._must_be_up()
        try:
            return self.legs[leg]
        except KeyError:
            raise LegGone(leg) from None

    def _remove(self, leg: SimulatedLeg) -> None:
        self.legs.pop(leg.id, None)
        leg.falls_silent()
        if leg.bridge is not None:
            self.bridges.get(leg.bridge, set()).discard(leg)
            leg.bridge = None
