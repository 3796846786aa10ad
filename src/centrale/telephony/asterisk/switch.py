"""The switch on Asterisk, over ARI. The only place, with its neighbours in this folder, that knows ARI.

What ARI does to whoever uses it (races, events that never come) is settled here and told nowhere else:

* a created channel can be dialled only after its own `StasisStart`;
* the end of a leg may be announced by any of three events, of which two may never come;
* a verb for a leg that has just hung up answers 404: `LegGone`;
* when the connection was lost, events were lost: all channels are listed, and legs that are no longer there end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any
from urllib.parse import quote

import structlog

from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable, Conflict, NotFound
from centrale.telephony.asterisk.causes import REASON_CODE, gone_of
from centrale.telephony.asterisk.client import AriClient
from centrale.telephony.asterisk.configuration.dialplan import AWAY
from centrale.telephony.asterisk.headers import variables_of
from centrale.telephony.switch import (
    Answered,
    Arrival,
    BridgeId,
    Cause,
    Digit,
    EarlyMedia,
    Gone,
    LegEvent,
    LegGone,
    LegId,
    Listener,
    PlaybackEnded,
    PlaybackId,
    Presentation,
    Ringing,
    Survivor,
    SwitchDown,
    SwitchError,
    Target,
    ToPhone,
)

log = structlog.get_logger(__name__)

APP = "centrale"
EVENTS = (
    "StasisStart",
    "StasisEnd",
    "Dial",
    "ChannelDtmfReceived",
    "ChannelHangupRequest",
    "ChannelDestroyed",
    "PlaybackFinished",
)
"""All that we listen to. Every other type costs Asterisk the making and us the reading."""

DIAL_FOR = 4 * 3600
"""Seconds after which Asterisk itself gives up; `ring` and the carrier are always earlier."""

_DIALLED = "dialled"


class AsteriskSwitch:
    """`Switch` on a running Asterisk; use as an async context manager. `on_up` is told of each (re)connection."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.on_arrival: Callable[[Arrival], Listener]
        self.on_up: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.client = AriClient(
            base_url, username, password, APP, self._event, self._connected, self._disconnected, events=EVENTS
        )
        self._listeners: dict[LegId, Listener] = {}
        self._entered: dict[LegId, asyncio.Future[None]] = {}
        self._ended: dict[LegId, Gone] = {}
        self._unanswered: set[LegId] = set()
        self._to_end: list[tuple[str, dict[str, str | int]]] = []
        """What was to be taken away while Asterisk was not there."""
        self._reconciled = asyncio.Event()
        self._reconciling: asyncio.Task[None] | None = None

    async def __aenter__(self) -> AsteriskSwitch:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *reason: Any) -> None:
        if self._reconciling is not None:
            self._reconciling.cancel()
        await self.client.__aexit__(*reason)

    def up(self) -> bool:
        return self.client.connected and self._reconciled.is_set()

    async def wait_up(self) -> None:
        """Return when calls can be made."""
        await self._reconciled.wait()

    # -- verbs ---------------------------------------------------------------------------------------------------

    async def listen(self, leg: LegId, listener: Listener) -> None:
        self._listeners[leg] = listener
        try:
            await self._act("POST", f"applications/{APP}/subscription", leg, {"eventSource": f"channel:{leg}"})
        except SwitchDown:
            raise
        except SwitchError as problem:  # 422: there is no such channel
            self._listeners.pop(leg, None)
            raise LegGone(f"{leg}: {problem}") from problem

    async def dial(
        self, leg: LegId, target: Target, presentation: Presentation, listener: Listener, caller: LegId | None = None
    ) -> None:
        self._listeners[leg] = listener
        entered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._entered[leg] = entered
        params = {"endpoint": _endpoint(target), "app": APP, "appArgs": _DIALLED, "channelId": leg}
        if caller is not None:
            params["originator"] = caller
        try:
            variables = variables_of(presentation, to_trunk=not isinstance(target, ToPhone))
            await self.client.request("POST", "channels/create", params, {"variables": variables})
            await entered
            await self.client.request("POST", f"channels/{leg}/dial", {"timeout": DIAL_FOR})
        except AriUnavailable:
            self._undialled(leg, Cause.FAILURE)
        except AriError as problem:
            # Asterisk says only "Allocation failed" when no phone is registered on the channel (asterisk-notes.md).
            log.info("cannot dial", target=_endpoint(target), problem=str(problem))
            self._undialled(leg, Cause.UNREACHABLE)
        finally:
            self._entered.pop(leg, None)

    def _undialled(self, leg: LegId, cause: Cause) -> None:
        self._entered.pop(leg, None)
        if self.client.connected:
            self.client.send("DELETE", f"channels/{leg}")
        self._gone(leg, Gone(cause))

    async def ring(self, leg: LegId) -> None:
        await self._act("POST", f"channels/{leg}/ring", leg)

    async def answer(self, leg: LegId) -> None:
        self._unanswered.discard(leg)
        await self._act("POST", f"channels/{leg}/answer", leg)

    async def hang_up(self, leg: LegId, cause: Cause = Cause.NORMAL) -> None:
        if leg not in self._listeners:
            return
        try:
            await self._act("DELETE", f"channels/{leg}", leg, {"reason_code": REASON_CODE[cause]})
        except LegGone:
            self._gone(leg, Gone(Cause.NORMAL))  # it never came about, or its last event was lost
        except SwitchDown:
            self._to_end.append((f"channels/{leg}", {"reason_code": REASON_CODE[cause]}))

    async def connect(self, bridge: BridgeId, legs: Sequence[LegId]) -> None:
        for leg in self._unanswered.intersection(legs):
            self._send("POST", f"channels/{leg}/progress")
        self._send("POST", f"bridges/{bridge}", {"type": "mixing"})
        await self._act("POST", f"bridges/{bridge}/addChannel", legs[0], {"channel": ",".join(legs)})

    async def dissolve(self, bridge: BridgeId) -> None:
        self._end(f"bridges/{bridge}")

    async def play(self, leg: LegId, playback: PlaybackId, sounds: Sequence[str]) -> None:
        if leg in self._unanswered:
            self._send("POST", f"channels/{leg}/progress")
        media = ",".join(f"sound:{sound}" for sound in sounds)
        await self._act("POST", f"channels/{leg}/play/{playback}", leg, {"media": media})

    async def stop_playback(self, playback: PlaybackId) -> None:
        self._end(f"playbacks/{playback}")

    async def survivors(self) -> list[Survivor]:
        channels, bridges = await self._all()
        bridge_of = {leg: bridge["id"] for bridge in bridges for leg in bridge["channels"]}
        return [
            Survivor(LegId(channel["id"]), channel["state"] == "Up", bridge_of.get(channel["id"]))
            for channel in channels
            if channel["id"] not in self._listeners and channel["dialplan"]["context"] != AWAY
        ]

    async def _act(self, method: str, path: str, leg: LegId, params: dict[str, str | int] | None = None) -> None:
        try:
            await self.client.request(method, path, params)
        except (NotFound, Conflict) as problem:
            raise LegGone(f"{leg}: {problem}") from problem
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem
        except AriError as problem:
            raise SwitchError(str(problem)) from problem

    def _send(self, method: str, path: str, params: dict[str, str | int] | None = None) -> None:
        try:
            self.client.send(method, path, params)
        except AriUnavailable as problem:
            raise SwitchDown(str(problem)) from problem

    def _end(self, path: str) -> None:
        """Take something away; when the switch is not there, as soon as it is back."""
        if self.client.connected:
            self._send("DELETE", path)
        else:
            self._to_end.append((path, {}))

    # -- events --------------------------------------------------------------------------------------------------

    def _event(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "StasisStart":
                self._started(event)
            case "Dial":
                self._dial_progress(event)
            case "ChannelDtmfReceived":
                self._tell(event["channel"]["id"], Digit(event["digit"]))
            case "PlaybackFinished":
                playback = event["playback"]
                leg = LegId(playback["target_uri"].removeprefix("channel:"))
                self._tell(leg, PlaybackEnded(PlaybackId(playback["id"]), playback["state"] == "failed"))
            case "ChannelHangupRequest":
                # Only says why; the leg is gone when it has left.
                leg = LegId(event["channel"]["id"])
                if leg in self._listeners:
                    self._ended.setdefault(leg, gone_of(event))
            case "ChannelDestroyed":
                self._gone(LegId(event["channel"]["id"]), gone_of(event))
            case "StasisEnd":
                self._gone(LegId(event["channel"]["id"]), Gone(Cause.NORMAL))

    def _started(self, event: dict[str, Any]) -> None:
        leg = LegId(event["channel"]["id"])
        args = event["args"]
        if args[:1] == [_DIALLED]:
            if (entered := self._entered.get(leg)) is not None and not entered.done():
                entered.set_result(None)
            return
        self._unanswered.add(leg)
        self._listeners[leg] = self.on_arrival(_arrival(leg, event["channel"], args))

    def _dial_progress(self, event: dict[str, Any]) -> None:
        leg = LegId(event["peer"]["id"])
        match event["dialstatus"]:
            case "RINGING":
                self._tell(leg, Ringing())
            case "PROGRESS":
                self._tell(leg, EarlyMedia())
            case "ANSWER":
                self._tell(leg, Answered())
            case _:
                pass  # the end of the channel says more

    def _gone(self, leg: LegId, gone: Gone) -> None:
        listener = self._listeners.pop(leg, None)
        why = self._ended.pop(leg, gone)
        self._unanswered.discard(leg)
        if (entered := self._entered.get(leg)) is not None and not entered.done():
            entered.set_exception(
                NotFound("POST", f"channels/{leg}/dial", 404, "the channel ended before it was dialled")
            )
        if listener is not None:
            listener(why)

    def _tell(self, leg: LegId, event: LegEvent) -> None:
        listener = self._listeners.get(leg)
        if listener is not None:
            listener(event)

    # -- the connection ------------------------------------------------------------------------------------------

    def _connected(self) -> None:
        self._reconciling = asyncio.create_task(self._reconcile(), name="reconcile with Asterisk")

    def _disconnected(self) -> None:
        self._reconciled.clear()

    async def _reconcile(self) -> None:
        """End the legs that went while we were not listening; follow the others again."""
        try:
            left_over, self._to_end = self._to_end, []
            for path, params in left_over:
                self.client.send("DELETE", path, params)
            channels, _ = await self._all()
            present = {channel["id"] for channel in channels}
            for leg in tuple(self._listeners):
                if leg in present:
                    self.client.send("POST", f"applications/{APP}/subscription", {"eventSource": f"channel:{leg}"})
                else:
                    self._gone(leg, Gone(Cause.FAILURE))
            self._reconciled.set()
            if self.on_up is not None:
                await self.on_up()
        except AriUnavailable as problem:
            log.warning("the connection to Asterisk broke again", problem=str(problem))

    async def _all(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        channels = await self.client.request("GET", "channels")
        bridges = await self.client.request("GET", "bridges")
        return channels, bridges


def _endpoint(target: Target) -> str:
    if isinstance(target, ToPhone):
        return f"PJSIP/{target.channel}"
    return f"PJSIP/{quote(target.number, safe='+*#')}@{target.endpoint}"


def _arrival(leg: LegId, channel: dict[str, Any], args: list[str]) -> Arrival:
    """See `configuration.dialplan` for the arguments."""
    kind, endpoint, *more = args
    caller = channel["caller"]
    presentation, diverted_from = (*more, "", "")[:2]
    withheld = presentation.startswith("prohib") or caller["number"].lower() == "anonymous"
    return Arrival(
        leg,
        endpoint,
        from_trunk=kind == "trunk",
        dialled=channel["dialplan"]["exten"],
        number=caller["number"],
        name=caller["name"],
        withheld=withheld,
        diverted_from=diverted_from or None,
    )
