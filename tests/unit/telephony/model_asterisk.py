"""Asterisk's channels as ARI shows them, with every event in the test's hands: for races that a real one hides.

A channel enters our application, rings, answers and ends when the test says so; requests are answered at once as
Asterisk 22 answers them.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from fake_ari import Answer, FakeAri, Request


class ModelAsterisk:
    """Answers the requests of `AsteriskSwitch` over a `FakeAri`. `silent_about`: requests that get no answer."""

    def __init__(self, ari: FakeAri) -> None:
        self.ari = ari
        self.channels: dict[str, dict[str, Any]] = {}
        self.bridges: dict[str, list[str]] = {}
        self.playbacks: set[str] = set()
        self.unreachable: set[str] = set()
        self.silent_about: str | None = None
        self.followed: set[str] = set()
        """Channels whose events we get: those that entered on this connection, and those that we asked for."""
        self._leaving: set[asyncio.Task[None]] = set()
        ari.answer = self._answer

    # -- what happens ----------------------------------------------------------------------------------------------

    async def calls_in(self, channel: str, *, told: bool = True) -> None:
        """A phone calls; without `told`, the news is lost on the way."""
        self.channels[channel] = _channel(channel, "Ring", "centrale,phone,anna")
        if told:
            await self._enters(channel, "phone", "anna")

    def creates(self, channel: str) -> None:
        """A channel comes about that was asked for."""
        self.channels[channel] = _channel(channel, "Down", "centrale,dialled")

    def originates(self, channel: str) -> None:
        """A channel comes about that will be in our application when it answers."""
        self.channels[channel] = _originated(channel)

    async def breaks_off(self) -> None:
        """The connection is lost, and with it every subscription."""
        self.followed.clear()
        await self.ari.break_off()

    async def enters(self, channel: str) -> None:
        """A created channel comes into our application; an originated one does so by answering."""
        if channel in self.channels:
            now = self.channels[channel]
            state = "Up" if now["dialplan"]["app_name"] == "AppDial2" else now["state"]
            self.channels[channel] = _channel(channel, state, "centrale,dialled")
        await self._enters(channel, "dialled")

    async def progresses(self, channel: str, word: str) -> None:
        """A dialled channel rings (RINGING), sends sound (PROGRESS) or answers (ANSWER)."""
        now = self.channels.get(channel) or _channel(channel, "Down", "")
        state = {"RINGING": "Ringing", "ANSWER": "Up"}.get(word)
        if state:
            now["state"] = state
        await self._say(channel, {"type": "Dial", "dialstatus": word, "peer": {"id": channel}})

    async def ends(self, channel: str, *announcements: str, **why: int) -> None:
        """A channel ends, which is announced by any of ChannelHangupRequest, StasisEnd and ChannelDestroyed."""
        snapshot = self.channels.pop(channel, _channel(channel, "Up", ""))
        for members in self.bridges.values():
            if channel in members:
                members.remove(channel)
        for kind in announcements:
            await self._say(channel, {"type": kind, "channel": snapshot, **why})

    async def sound_ends(self, channel: str, playback: str) -> None:
        self.playbacks.discard(playback)
        what = {"id": playback, "target_uri": f"channel:{channel}", "state": "done"}
        await self._say(channel, {"type": "PlaybackFinished", "playback": what})

    async def _enters(self, channel: str, *args: str) -> None:
        self.followed.add(channel)
        snapshot = self.channels.get(channel) or _channel(channel, "Down", "")
        await self._say(channel, {"type": "StasisStart", "channel": snapshot, "args": args})

    async def _say(self, channel: str, event: dict[str, Any]) -> None:
        """Events for nobody are lost."""
        if self.ari.connected and channel in self.followed:
            await self.ari.emit(event)

    # -- what is asked ---------------------------------------------------------------------------------------------

    def _answer(self, request: Request) -> Answer | None:
        url = urlsplit(request["uri"])
        params = {key: values[0] for key, values in parse_qs(url.query).items()}
        kind, *rest = (unquote(part) for part in url.path.split("/"))
        if self.silent_about is not None and url.path.startswith(self.silent_about):
            return None
        match request["method"], kind, rest:
            case "GET", "channels", []:
                return 200, list(self.channels.values())
            case "GET", "bridges", []:
                return 200, [{"id": name, "channels": members} for name, members in self.bridges.items()]
            case "GET", "channels", [name]:
                return (200, self.channels[name]) if name in self.channels else (404, {"message": "not found"})
            case "GET", "playbacks", [name]:
                return (200, {"id": name}) if name in self.playbacks else (404, {"message": "not found"})
            case "POST", "applications", [_, "subscription"]:
                channel = params["eventSource"].removeprefix("channel:")
                if channel not in self.channels:
                    return 422, {"message": "Event source does not exist"}
                self.followed.add(channel)
                return 200, {}
            case "POST", "channels", ["create"]:
                return self._create(params)
            case "POST", "channels", [name]:
                return self._originate(name, params)
            case "POST", "channels", [name, *_]:
                return self._act(name, rest)
            case "DELETE", "channels", [name]:
                return self._delete(name)
            case "POST", "bridges", [name]:
                self.bridges[name] = []
                return 200, {}
            case "POST", "bridges", [name, "addChannel"]:
                wanted = params["channel"].split(",")
                if not all(channel in self.channels for channel in wanted):
                    return 400, {"message": "Channel not found"}
                self.bridges[name] += wanted
                return 204, None
            case "DELETE", "bridges", [name]:
                return (204, None) if self.bridges.pop(name, None) is not None else (404, {"message": "not found"})
            case "DELETE", "playbacks", [name]:
                found = name in self.playbacks
                self.playbacks.discard(name)
                return (204, None) if found else (404, {"message": "not found"})
        return 204, None

    def _create(self, params: dict[str, str]) -> Answer:
        if params["endpoint"] in self.unreachable:
            return 500, {"error": "Allocation failed"}
        self.creates(params["channelId"])
        self.followed.add(params["channelId"])
        return 200, self.channels[params["channelId"]]

    def _originate(self, name: str, params: dict[str, str]) -> Answer:
        if params["endpoint"] in self.unreachable:
            return 500, {"error": "Allocation failed"}
        if params.get("originator", name) not in {name, *self.channels}:
            return 400, {"message": "Provided originator channel was not found"}
        self.originates(name)
        self.followed.add(name)
        return 200, self.channels[name]

    def _act(self, name: str, rest: list[str]) -> Answer:
        if name not in self.channels:
            return 404, {"message": "Channel not found"}
        if rest[1] == "play":
            self.playbacks.add(rest[2])
        if rest[1] == "answer":
            self.channels[name]["state"] = "Up"
        return 204, None

    def _delete(self, name: str) -> Answer:
        if name not in self.channels:
            return 404, {"message": "Channel not found"}
        # Its events may come before or after the response: the channel has a thread of its own.
        leaving = asyncio.create_task(self.ends(name, "ChannelHangupRequest", "StasisEnd"))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)
        return 204, None


def _originated(name: str) -> dict[str, Any]:
    channel = _channel(name, "Down", "(Outgoing Line)")
    channel["dialplan"]["app_name"] = "AppDial2"
    return channel


def _channel(name: str, state: str, app_data: str) -> dict[str, Any]:
    return {
        "id": name,
        "name": f"PJSIP/{name}-00000001",
        "state": state,
        "caller": {"number": "anna", "name": ""},
        "dialplan": {"context": "phones", "exten": "202", "app_name": "Stasis", "app_data": app_data},
    }
