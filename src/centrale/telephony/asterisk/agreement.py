"""What there is in Asterisk, compared with what we know: after each connection, for events were lost meanwhile.

    a leg that we know and Asterisk does not    is told Gone
    a leg that we hung up meanwhile             is hung up
    what happened to the others meanwhile       is told now (rings, answered, a sound came to its end)
    a leg that only Asterisk knows              called in and the news was lost, or was given up while it came about
    a bridge that only Asterisk knows           is taken away

At the first connection, legs that only Asterisk knows were left behind by an earlier process: they stay as they are,
with their bridges, until somebody listens to them or hangs them up (`Switch.survivors`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from centrale.telephony.asterisk import events
from centrale.telephony.asterisk.causes import REASON_CODE
from centrale.telephony.asterisk.legs import FollowedLeg, Legs
from centrale.telephony.asterisk.requests import Requests
from centrale.telephony.switch import (
    Answered,
    BridgeId,
    Cause,
    Gone,
    LegGone,
    LegId,
    PlaybackEnded,
    PlaybackId,
    RecordingEnded,
    Ringing,
)

Stranger = Callable[[dict[str, Any], list[str]], None]


class Agreement:
    """Our side of it beside the legs: which bridges shall be there, which playbacks shall not."""

    def __init__(self, legs: Legs, requests: Requests) -> None:
        self._legs = legs
        self._requests = requests
        self._of_another: set[LegId] | None = None
        self.bridges: set[BridgeId] = set()
        self.unwanted: set[PlaybackId] = set()

    async def reach(self, stranger: Stranger) -> None:
        """Compare, and make both sides agree. Raises SwitchDown when the connection breaks again.

        Only what we know at the beginning is compared: whatever comes later tells of itself by its events.
        """
        known = self._legs.all()
        # Subscribed before listed: a leg that is in the list can no longer end without our hearing of it.
        await asyncio.gather(*(self._subscribed(leg) for leg in known))
        channels, bridges = await self._requests.everything()
        present = {LegId(channel["id"]): channel for channel in channels}
        for leg, entry in known.items():
            if leg in present:
                await self._catch_up(leg, entry, present[leg])
            else:
                self._legs.end(leg, Gone(Cause.FAILURE))
        unknown = present.keys() - known.keys()
        if self._of_another is None:
            self._of_another = set(unknown)
            self.bridges |= {BridgeId(bridge["id"]) for bridge in bridges if bridge["channels"]}
        else:
            self._of_another &= unknown
            for leg in unknown - self._of_another:
                await self._take_in(leg, present[leg], stranger)
        for bridge in bridges:
            if bridge["id"] not in self.bridges:
                await self._requests.take_away(f"bridges/{bridge['id']}")
        for playback in tuple(self.unwanted):
            await self._requests.take_away(f"playbacks/{playback}")
            self.unwanted.discard(playback)

    async def _subscribed(self, leg: LegId) -> bool:
        try:
            await self._requests.subscribe(leg)
        except LegGone:
            return False
        return True

    async def _catch_up(self, leg: LegId, entry: FollowedLeg, channel: dict[str, Any]) -> None:
        if entry.doomed is not None:
            self._requests.send("DELETE", f"channels/{leg}", {"reason_code": REASON_CODE[entry.doomed]})
            return
        if not entry.calls_in and channel["state"] == "Ringing":
            self._legs.tell(leg, Ringing())
        elif not entry.calls_in and events.is_answered(channel):
            self._legs.tell(leg, Answered())
        for playback in tuple(entry.playbacks):
            try:
                await self._requests.act(leg, "GET", f"playbacks/{playback}")
            except LegGone:
                self._legs.tell(leg, PlaybackEnded(playback))

        for recording in tuple(entry.recordings):
            try:
                await self._requests.act(leg, "GET", f"recordings/live/{recording}")
            except LegGone:
                self._legs.tell(leg, RecordingEnded(recording))

    async def _take_in(self, leg: LegId, channel: dict[str, Any], stranger: Stranger) -> None:
        if events.is_originated(channel):
            self._requests.send("DELETE", f"channels/{leg}")
            return
        args = events.arguments_of(channel)
        if args and await self._subscribed(leg) and leg not in self._legs:
            stranger(channel, args)
