"""What the simulated switch and a simulated phone share: one leg, its sounds, and its call at the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from centrale.telephony.switch import (
    Arrival,
    BridgeId,
    Gone,
    LegEvent,
    LegId,
    Listener,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    RecordingId,
    Ringing,
)

if TYPE_CHECKING:
    from centrale.telephony.simulated.phone import SimulatedCall


def two_seconds(sound: str) -> float:
    """Every sound lasts two seconds, unless one knows better."""
    return 2.0


@dataclass(eq=False, slots=True)
class SimulatedRecording:
    """A running recording. `silence`: seconds without a sound that end it; `until`: when it ends in any case."""

    id: RecordingId
    silence: float
    until: float
    timer: asyncio.TimerHandle
    began: float


@dataclass(eq=False, slots=True)
class SimulatedLeg:
    """`listener` is None for a leg whose owner has died (a survivor). `phone`: one that we called."""

    id: LegId
    call: SimulatedCall
    listener: Listener | None = None
    arrival: Arrival | None = None
    phone: bool = False
    rings: bool = False
    answered: bool = False
    gone: bool = False
    bridge: BridgeId | None = None
    playbacks: dict[PlaybackId, asyncio.TimerHandle] = field(default_factory=dict)
    recording: SimulatedRecording | None = None
    silent_from: float = 0.0
    """The loop's time at which the last of `playbacks` ends; a further one waits for it, as on Asterisk."""

    def play(self, playback: PlaybackId, sounds: Sequence[str], duration: Callable[[str], float | None]) -> None:
        """Play sounds, after those that play already; `duration`: in seconds, None when there is no such file."""
        loop = asyncio.get_running_loop()
        began = max(loop.time(), self.silent_from) if self.playbacks else loop.time()
        failed = False
        for sound in sounds:
            lasts = duration(sound)
            if lasts is None:
                failed = True
                break
            self.call.heard.append((began, sound))
            began += lasts
        self.silent_from = began
        self.playbacks[playback] = loop.call_at(began, self.played, playback, failed)
        self.call.happenings.happened()

    def played(self, playback: PlaybackId, failed: bool = False) -> None:
        """A playback came to its end, or is stopped."""
        self.playbacks.pop(playback).cancel()
        self.tell(PlaybackEnded(playback, failed))
        self.call.happenings.happened()

    def record(self, recording: RecordingId, longest: float, silence: float) -> None:
        """Record from now on."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(0, lambda: None)
        self.recording = SimulatedRecording(recording, silence, loop.time() + longest, timer, loop.time())
        self.speaks()

    def speaks(self) -> None:
        """A recording goes on for as long as its party speaks, and a silence longer."""
        if (recording := self.recording) is not None:
            recording.timer.cancel()
            loop = asyncio.get_running_loop()
            end = min(recording.until, max(loop.time(), self.call.speaks_until) + recording.silence)
            recording.timer = loop.call_at(end, self.recorded)

    def recorded(self) -> None:
        """The recording, if any, is complete."""
        recording, self.recording = self.recording, None
        if recording is not None:
            recording.timer.cancel()
            now = asyncio.get_running_loop().time()
            spoke = self.call.speaks_until > recording.began
            self.call.phone.switch.recordings[recording.id] = now - recording.began if spoke else 0.0
            self.tell(RecordingEnded(recording.id))

    def falls_silent(self) -> None:
        """The leg ends, and with it whatever sounds or is recorded."""
        for timer in self.playbacks.values():
            timer.cancel()
        self.playbacks.clear()
        self.recorded()

    def is_ringing(self) -> None:
        """The called side rings; told once, and not after the answer."""
        if not (self.rings or self.answered or self.gone):
            self.rings = True
            self.tell(Ringing())

    def tell(self, event: LegEvent) -> None:
        """Deliver in the next turn of the loop, as a network would: never inside the verb that caused it."""
        asyncio.get_running_loop().call_soon(self._deliver, event)

    def _deliver(self, event: LegEvent) -> None:
        if self.gone:
            return
        switch = self.call.phone.switch
        if not switch.up():
            switch.missed.append((self, event))
            return
        self.gone = isinstance(event, Gone)
        if self.listener is not None:
            self.listener(event)
