"""The switch on Asterisk, over ARI. The only place, with its neighbours in this folder, that knows ARI.

What ARI does to whoever uses it (races, events that never come) is settled here and told nowhere else:

* a phone is in our application once it has answered, a trunk before it is dialled (`dialling`);
* the end of a leg may be announced by any of three events, of which two may never come (`events`);
* a verb for a leg that has just hung up answers 404, 409, 422 or 400: `LegGone` (`requests`);
* when the connection was lost, so were events: what there is, is compared with what we know (`agreement`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from centrale.telephony.asterisk import events
from centrale.telephony.asterisk.agreement import Agreement
from centrale.telephony.asterisk.causes import REASON_CODE
from centrale.telephony.asterisk.client import AriClient
from centrale.telephony.asterisk.configuration.dialplan import APPLICATION
from centrale.telephony.asterisk.dialling import Dialling
from centrale.telephony.asterisk.headers import connected_line
from centrale.telephony.asterisk.hold_music import HoldMusic
from centrale.telephony.asterisk.lamps import LampBoard
from centrale.telephony.asterisk.legs import FollowedLeg, Legs
from centrale.telephony.asterisk.requests import Requests
from centrale.telephony.switch import (
    Arrival,
    BridgeId,
    Cause,
    Gone,
    LegGone,
    LegId,
    Listener,
    PlaybackId,
    Presentation,
    RecordingId,
    Survivor,
    SwitchDown,
    SwitchError,
    Target,
)

log = structlog.get_logger(__name__)

_UNREAD = "mixing"
_HEARS_KEYS = "mixing,dtmf_events"
"""Without the second word Asterisk passes media between two phones on unread, and keys pressed in a talk go unheard."""


class AsteriskSwitch:
    """`Switch` on a running Asterisk; use as an async context manager.

    `recordings`: the folder in which Asterisk keeps them (`configuration.Places`).
    `on_up` is awaited after each (re)connection, when what was missed meanwhile has been told; one at a time.
    """

    def __init__(self, base_url: str, username: str, password: str, recordings: Path = Path()) -> None:
        self.on_arrival: Callable[[Arrival], Listener]
        self.on_up: Callable[[], Awaitable[None]] | None = None
        self._connected = asyncio.Event()
        self._up = asyncio.Event()
        self.client = AriClient(
            base_url,
            username,
            password,
            APPLICATION,
            lambda event: events.tell(self._legs, event, self._take),
            self._connected.set,
            self._disconnected,
            events=events.HEARD,
        )
        self._recordings = recordings
        self._legs = Legs()
        self._requests = Requests(self.client)
        self._dialling = Dialling(self.client, self._legs)
        self._agreement = Agreement(self._legs, self._requests)
        music = HoldMusic(self._requests)
        self.start_music, self.stop_music = music.start, music.stop
        self.light = LampBoard(self.client, self._legs).light
        self._returning: asyncio.Task[None] | None = None

    async def __aenter__(self) -> AsteriskSwitch:
        self._returning = asyncio.create_task(self._return_each_time(), name="return to Asterisk")
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *reason: Any) -> None:
        assert self._returning is not None
        self._returning.cancel()
        await asyncio.wait([self._returning])
        await self.client.__aexit__(*reason)

    def up(self) -> bool:
        return self._up.is_set()

    async def wait_up(self) -> None:
        """Return when calls can be made."""
        await self._up.wait()

    # -- verbs ---------------------------------------------------------------------------------------------------

    async def listen(self, leg: LegId, listener: Listener) -> None:
        if (entry := self._legs.get(leg)) is not None:
            entry.listener = listener
            return
        await self._requests.subscribe(leg)
        channel = await self._requests.act(leg, "GET", f"channels/{leg}")
        self._legs.follow(
            leg,
            FollowedLeg(
                listener,
                calls_in=events.calls_in(events.arguments_of(channel)),
                answered=events.is_answered(channel),
                originated=events.is_originated(channel),
            ),
        )

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        await self._dialling.dial(leg, target, presentation, listener, caller)

    async def ring(self, leg: LegId) -> None:
        self._followed(leg)
        self._requests.send("POST", f"channels/{leg}/ring")

    async def answer(self, leg: LegId) -> None:
        # Not waited for: what the caller is answered for follows in the same breath, and says if the leg has gone.
        entry = self._followed(leg)
        self._requests.send("POST", f"channels/{leg}/answer")
        entry.answered = True

    async def show(self, leg: LegId, presentation: Presentation) -> None:
        self._followed(leg)
        for variable, value in connected_line(presentation).items():
            self._requests.send("POST", f"channels/{leg}/variable", {"variable": variable, "value": value})

    async def hang_up(self, leg: LegId, cause: Cause = Cause.NORMAL) -> None:
        entry = self._legs.get(leg)
        if entry is None:
            return
        entry.doomed, entry.end = cause, entry.end or Gone(cause)
        try:
            await self._requests.act(leg, "DELETE", f"channels/{leg}", {"reason_code": REASON_CODE[cause]})
        except LegGone:
            self._legs.end(leg, Gone(cause))  # it never came about, or its last event was lost
        except SwitchDown:
            return  # when it is back: `agreement`

    async def connect(self, bridge: BridgeId, legs: Sequence[LegId], *, hear_keys: bool = False) -> None:
        self._agreement.bridges.add(bridge)
        try:
            for leg in legs:
                self._let_hear(leg)
            self._requests.send("POST", f"bridges/{bridge}", {"type": _HEARS_KEYS if hear_keys else _UNREAD})
            # What phones show is said by `dial` and `show`; Asterisk by itself would tell each all of the other.
            params = {"channel": ",".join(legs), "inhibitConnectedLineUpdates": "true"}
            await self._requests.act(legs[0], "POST", f"bridges/{bridge}/addChannel", params)
        except SwitchError:
            await self.dissolve(bridge)
            raise

    async def dissolve(self, bridge: BridgeId) -> None:
        self._agreement.bridges.discard(bridge)
        try:
            await self._requests.take_away(f"bridges/{bridge}")
        except SwitchDown:
            return  # when it is back: `agreement`

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        entry = self._legs.get(leg)
        if entry is None:
            raise LegGone(leg)
        self._let_hear(leg)
        media = ",".join(f"sound:{sound}" for sound in sounds)
        entry.playbacks.add(playback)
        try:
            await self._requests.act(leg, "POST", f"channels/{leg}/play/{playback}", {"media": media})
        except SwitchError:
            entry.playbacks.discard(playback)
            raise

    async def stop_playback(self, playback: PlaybackId) -> None:
        try:
            await self._requests.take_away(f"playbacks/{playback}")
        except SwitchDown:
            self._agreement.unwanted.add(playback)

    async def record(self, leg: LegId, recording: RecordingId, *, longest: float, silence: float) -> None:
        entry = self._legs.get(leg)
        if entry is None:
            raise LegGone(leg)
        entry.recordings.add(recording)
        params: dict[str, str | int] = {
            "name": recording,
            "format": "wav",
            "maxDurationSeconds": max(1, round(longest)),
            "maxSilenceSeconds": max(1, round(silence)),
            "ifExists": "overwrite",
            "beep": "false",
            "terminateOn": "#",
        }
        try:
            await self._requests.act(leg, "POST", f"channels/{leg}/record", params)
        except SwitchError:
            entry.recordings.discard(recording)
            raise

    async def goes_on_recording(self, leg: LegId, recording: RecordingId) -> bool:
        entry = self._legs.get(leg)
        if entry is None:
            raise LegGone(leg)
        entry.recordings.add(recording)
        try:
            live = await self._requests.act(leg, "GET", f"recordings/live/{recording}")
        except LegGone:  # there is no such recording any more
            live = {}
        goes_on = live.get("state") in ("queued", "recording", "paused")  # it is listed a moment longer than it goes on
        if not goes_on:
            entry.recordings.discard(recording)
        return goes_on

    async def stop_recording(self, recording: RecordingId) -> None:
        try:
            await self._requests.take_away(f"recordings/live/{recording}/stop", method="POST")
        except SwitchDown:
            return  # it ends by its own limits

    def recorded(self, recording: RecordingId) -> Path:
        return self._recordings / f"{recording}.wav"

    async def survivors(self) -> list[Survivor]:
        # A channel outside our application rings for us to return, or hears that we do not (`configuration.dialplan`).
        channels, bridges = await self._requests.everything()
        bridge_of = {leg: bridge["id"] for bridge in bridges for leg in bridge["channels"]}
        return [
            Survivor(
                LegId(channel["id"]), events.is_answered(channel), bridge_of.get(channel["id"]), events.came_in(channel)
            )
            for channel in channels
            if LegId(channel["id"]) not in self._legs and events.is_ours(channel)
        ]

    def _followed(self, leg: LegId) -> FollowedLeg:
        if (entry := self._legs.get(leg)) is None:
            raise LegGone(leg)
        return entry

    def _let_hear(self, leg: LegId) -> None:
        """A caller whom we have not answered hears nothing without this."""
        if (entry := self._legs.get(leg)) is not None and entry.calls_in and not entry.answered:
            self._requests.send("POST", f"channels/{leg}/progress")

    # -- legs that nobody follows yet ----------------------------------------------------------------------------

    def _take(self, channel: dict[str, Any], args: list[str]) -> None:
        leg = LegId(channel["id"])
        if args == [events.DIALLED]:
            self._requests.send("DELETE", f"channels/{leg}")  # we gave it up before it came about
        if not events.calls_in(args):
            return
        try:
            listener = self.on_arrival(events.arrival_of(channel, args))
        except Exception:
            log.exception("nobody takes a call", leg=leg, arguments=args)
            self._requests.send("DELETE", f"channels/{leg}", {"reason_code": REASON_CODE[Cause.FAILURE]})
        else:
            self._legs.follow(leg, FollowedLeg(listener, calls_in=True, answered=channel["state"] == "Up"))

    # -- the connection ------------------------------------------------------------------------------------------

    def _disconnected(self) -> None:
        self._connected.clear()
        self._up.clear()
        self._legs.connection_lost()

    async def _return_each_time(self) -> None:
        while True:
            await self._connected.wait()
            self._connected.clear()
            try:
                await self._agreement.reach(self._take)
                if not self.client.connected:
                    continue
                self._up.set()
                if self.on_up is not None:
                    await self.on_up()
            except SwitchDown as problem:
                log.warning("the connection to Asterisk broke again", problem=str(problem))
            except Exception:
                log.exception("what follows a connection to Asterisk failed")
