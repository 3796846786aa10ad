"""The smallest call control that puts two people in touch over ARI: the program under test of ``ari_transport.py``.

Run as a process of its own, so that its CPU time can be read apart from that of the load generator. It speaks any of
the four transports and counts what it sent and received; on SIGTERM it prints the counters as JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson
from aiohttp import web

Reply = Callable[[int, dict[str, Any]], None]
LISTENED = ("RESTResponse", "StasisStart", "ChannelStateChange", "ChannelDestroyed", "StasisEnd")


class Transport:
    """Sends requests without waiting; replies and events come back through callbacks."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.counts: Counter[str] = Counter()
        self.on_event: Callable[[dict[str, Any]], None] = lambda event: None
        self._outbox: deque[str] = deque()
        self._wake = asyncio.Event()
        self._ids = itertools.count()
        self._replies: dict[str, Reply] = {}
        self._session = aiohttp.ClientSession(
            headers={"Authorization": aiohttp.encode_basic_auth(options.user, options.password)},
            connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=50),
        )

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, reply: Reply | None = None) -> None:
        self.counts["requests"] += 1
        if self.options.requests == "http":
            asyncio.get_running_loop().create_task(self._http(method, path, body, reply))
            return
        number = str(next(self._ids))
        message: dict[str, Any] = {"type": "RESTRequest", "request_id": number, "method": method, "uri": path}
        if body is not None:
            message |= {"content_type": "application/json", "message_body": orjson.dumps(body).decode()}
        if reply:
            self._replies[number] = reply
        self._outbox.append(orjson.dumps(message).decode())
        self._wake.set()

    async def _http(self, method: str, path: str, body: dict[str, Any] | None, reply: Reply | None) -> None:
        url = f"{self.options.base_url}/ari/{path}"
        async with self._session.request(method, url, json=body) as response:
            content = await response.read()
            if response.status >= 400:
                self._failed(method, path, response.status, content)
            if reply:
                reply(response.status, orjson.loads(content) if content else {})

    def _failed(self, method: str, path: str, status: int, text: object) -> None:
        self.counts[f"{method} {path.split('/')[0]} {status}"] += 1
        if self.counts["errors"] < 5:
            print(method, path, status, text, file=sys.stderr)
        self.counts["errors"] += 1

    def _message(self, data: str) -> None:
        message = orjson.loads(data)
        if message["type"] != "RESTResponse":
            self.counts[message["type"]] += 1
            self.on_event(message)
            return
        status = message["status_code"]
        if status >= 400:
            self._failed("ws", message["uri"], status, message.get("message_body"))
        reply = self._replies.pop(message["request_id"], None)
        if reply:
            body = message.get("message_body")
            reply(status, orjson.loads(body) if body else {})

    async def _writer(self, socket: web.WebSocketResponse | aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outbox:
                await socket.send_str(self._outbox.popleft())

    async def _converse(self, socket: web.WebSocketResponse | aiohttp.ClientWebSocketResponse) -> None:
        if self.options.filter:
            allowed = {"allowed": [{"type": kind} for kind in LISTENED]}
            self.send("PUT", f"applications/{self.options.app}/eventFilter", allowed)
        writer = asyncio.create_task(self._writer(socket))
        self.counts["connections"] += 1
        print("ready", flush=True)
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._message(message.data)
        finally:
            writer.cancel()

    async def run(self) -> None:
        if self.options.socket == "inbound":
            url = f"{self.options.base_url}/ari/events?app={self.options.app}"
            async with self._session.ws_connect(url, compress=0) as socket:
                await self._converse(socket)
        else:

            async def accept(request: web.Request) -> web.WebSocketResponse:
                socket = web.WebSocketResponse(protocols=("ari",), compress=False)
                await socket.prepare(request)
                await self._converse(socket)
                return socket

            application = web.Application()
            application.router.add_get("/ari", accept)
            runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.2)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self.options.listen).start()
            try:
                await asyncio.Event().wait()
            finally:
                await runner.cleanup()


class Exchange:
    """A call in, a call out, talk, hang up. Channel ids: ``<in>`` and ``o-<in>``; the bridge is ``b-<in>``."""

    def __init__(self, transport: Transport, options: argparse.Namespace) -> None:
        self.send, self.options = transport.send, options
        self.calls: dict[str, str] = {}
        self.bridged: set[str] = set()
        transport.on_event = self.on_event

    def on_event(self, event: dict[str, Any]) -> None:
        kind, channel = event["type"], event.get("channel")
        if channel is None or kind not in LISTENED:
            return
        channel_id = channel["id"]
        if kind == "StasisStart" and not channel_id.startswith("o-"):
            self.calls[channel_id] = channel_id
            self._call_out(channel_id, channel["caller"]["number"])
        elif kind == "StasisStart" and channel["state"] == "Down" and self.options.dial == "create":
            self._dial(channel_id)
        elif kind == "StasisStart" and channel["state"] == "Up" and channel_id[2:] in self.calls:
            self._talk(channel_id[2:])  # an originated channel enters Stasis when it is answered, not before
        elif kind == "ChannelStateChange" and channel_id.startswith("o-"):
            caller = channel_id[2:]
            if channel["state"] == "Ringing":
                self.send("POST", f"channels/{caller}/ring")
            elif channel["state"] == "Up" and caller in self.calls and self.options.dial != "originate":
                self._talk(caller)
        elif kind in ("StasisEnd", "ChannelDestroyed"):
            self._end(channel_id)

    def _call_out(self, caller: str, number: str) -> None:
        out, endpoint = "o-" + caller, f"PJSIP/{number}@{self.options.callee}"
        variables = {"variables": {"CONNECTEDLINE(num,i)": number}}
        if self.options.dial == "originate":
            query = {"endpoint": endpoint, "app": self.options.app, "originator": caller, "callerId": number}
            self.send("POST", f"channels/{out}?{urlencode(query)}")
            return
        query = urlencode({"endpoint": endpoint, "app": self.options.app, "channelId": out, "originator": caller})
        self.send("POST", f"channels/create?{query}", variables)
        if self.options.dial == "pipelined":
            self._dial(out)

    def _dial(self, out: str) -> None:
        self.send("POST", f"channels/{out}/dial?timeout=30", None, lambda status, _: self._dialled(out, status))

    def _dialled(self, out: str, status: int) -> None:
        if status == 409 and out[2:] in self.calls:  # the channel's thread has not entered Stasis yet
            self._dial(out)

    def _talk(self, caller: str) -> None:
        if caller in self.bridged:
            return
        self.bridged.add(caller)
        add = f"bridges/b-{caller}/addChannel?channel={caller},o-{caller}"
        if self.options.requests == "http":  # separate connections keep no order: each step waits for the one before
            bridge = f"bridges/b-{caller}?type=mixing"
            bridged = lambda *_: self.send("POST", add)  # noqa: E731
            self.send("POST", f"channels/{caller}/answer", None, lambda *_: self.send("POST", bridge, None, bridged))
        else:
            self.send("POST", f"channels/{caller}/answer")
            self.send("POST", f"bridges/b-{caller}?type=mixing")
            self.send("POST", add)

    def _end(self, channel_id: str) -> None:
        out = channel_id.startswith("o-")
        caller = channel_id[2:] if out else channel_id
        if self.calls.pop(caller, None) is None:
            return
        self.send("DELETE", f"channels/{caller if out else 'o-' + caller}")
        if caller in self.bridged:
            self.bridged.discard(caller)
            self.send("DELETE", f"bridges/b-{caller}")


async def main(options: argparse.Namespace) -> None:
    transport = Transport(options)
    Exchange(transport, options)
    running = asyncio.create_task(transport.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    await asyncio.wait([running])
    await transport._session.close()
    print(orjson.dumps(transport.counts).decode(), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", choices=("inbound", "outbound"), required=True)
    parser.add_argument("--requests", choices=("http", "socket"), required=True)
    parser.add_argument("--dial", choices=("create", "pipelined", "originate"), default="create")
    parser.add_argument("--filter", action="store_true")
    parser.add_argument("--loop", choices=("uvloop", "asyncio"), default="uvloop")
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--listen", type=int, default=0)
    parser.add_argument("--app", required=True)
    parser.add_argument("--callee", required=True, help="the endpoint through which every call goes out")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    chosen = parser.parse_args()
    if chosen.loop == "uvloop":
        import uvloop

        uvloop.run(main(chosen))
    else:
        asyncio.run(main(chosen))
