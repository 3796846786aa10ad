"""What the simulated switch and a simulated phone share: one leg and its call at the phone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from centrale.telephony.switch import Arrival, BridgeId, Gone, LegEvent, LegId, Listener, PlaybackId, RecordingId

if TYPE_CHECKING:
    from centrale.telephony.simulated.phone import SimulatedCall


@dataclass(eq=False, slots=True)
class SimulatedRecording:
    """A running recording. `silence`: seconds without a sound that end it; `until`: when it ends in any case."""

    id: RecordingId
    silence: float
    until: float
    timer: asyncio.TimerHandle


@dataclass(eq=False, slots=True)
class SimulatedLeg:
    """`listener` is None for a leg whose owner has died (a survivor)."""

    id: LegId
    call: SimulatedCall
    listener: Listener | None = None
    arrival: Arrival | None = None
    answered: bool = False
    gone: bool = False
    bridge: BridgeId | None = None
    playbacks: dict[PlaybackId, asyncio.TimerHandle] = field(default_factory=dict)
    recording: SimulatedRecording | None = None
    silent_from: float = 0.0
    """The loop's time at which the last of `playbacks` ends; a further one waits for it, as on Asterisk."""

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
