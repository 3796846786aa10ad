"""A tiny Asterisk for `AriClient`: one application socket on loopback, obeying whatever the test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import orjson
from aiohttp import web

Request = dict[str, Any]
Answer = tuple[int, Any]

USERNAME, PASSWORD, APP = "centrale", "p4ss-w0rd", "exchange"


class FakeAri:
    """Accepts the socket, answers requests by `answer` (None: keeps silent), and can be made to break off."""

    def __init__(self) -> None:
        self.url = ""
        self.upgrades: list[web.Request] = []
        self.requests: list[Request] = []
        self.events_on_connect: list[dict[str, Any]] = []
        self.refuses_with: int | None = None
        self.answer: Callable[[Request], Answer | None] = lambda request: (204, None)
        self.received = asyncio.Condition()
        self._socket: web.WebSocketResponse | None = None

    async def _serve(self, http: web.Request) -> web.WebSocketResponse:
        self.upgrades.append(http)
        if self.refuses_with:
            async with self.received:
                self.received.notify_all()
            raise web.HTTPException(status_code=self.refuses_with)  # type: ignore[call-arg]
        socket = web.WebSocketResponse()
        await socket.prepare(http)
        self._socket = socket
        for event in self.events_on_connect:
            await socket.send_str(orjson.dumps(event).decode())
        async for frame in socket:
            assert frame.type is aiohttp.WSMsgType.TEXT
            request = orjson.loads(frame.data)
            self.requests.append(request)
            if reply := self.answer(request):
                await self.respond(request, *reply)
            async with self.received:
                self.received.notify_all()
        return socket

    async def respond(self, request: Request, status: int, body: Any = None) -> None:
        """Send the response to `request` on the present socket."""
        response = {"type": "RESTResponse", "request_id": request["request_id"], "status_code": status}
        response["reason_phrase"], response["uri"] = "reason", request["uri"]
        if body is not None:
            response["message_body"] = orjson.dumps(body).decode()
        await self.emit(response)

    async def emit(self, *messages: dict[str, Any]) -> None:
        """Send events as they are."""
        assert self._socket is not None
        for message in messages:
            await self._socket.send_str(orjson.dumps(message).decode())

    @property
    def connected(self) -> bool:
        """Is anybody there to hear events?"""
        return self._socket is not None and not self._socket.closed

    async def say_gibberish(self) -> None:
        """Send something that is not JSON."""
        assert self._socket is not None
        await self._socket.send_str("{oops")

    async def break_off(self) -> None:
        """Close the socket as Asterisk does when it stops."""
        assert self._socket is not None
        await self._socket.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` is true; it is tried after each request and each refused connection."""
        async with asyncio.timeout(5), self.received:
            await self.received.wait_for(condition)

    async def request_to(self, path: str) -> Request:
        """Wait for a request whose path begins so, and return it."""
        await self.until(lambda: any(r["uri"].startswith(path) for r in self.requests))
        return next(r for r in self.requests if r["uri"].startswith(path))

    def asked(self, *, besides: str = "applications/") -> list[str]:
        """Method and URI of each request so far, without the greeting."""
        return [f"{r['method']} {r['uri']}" for r in self.requests if not r["uri"].startswith(besides)]


@asynccontextmanager
async def fake_ari():  # type: ignore[no-untyped-def]
    """Run a `FakeAri` on a free port of loopback."""
    fake = FakeAri()
    application = web.Application()
    application.router.add_get("/ari/events", fake._serve)
    runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    fake.url = f"http://{host}:{port}"
    try:
        yield fake
    finally:
        await runner.cleanup()
