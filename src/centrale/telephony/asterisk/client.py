"""One WebSocket to Asterisk: events come in over it, REST requests go out over it.

Why this transport: docs/decisions/0003-ari-transport.md. Asterisk carries the requests of a socket out one by one, in
the order sent, and its socket delivers events and responses in one order; we keep both orders:

* `on_event` is called for each event in the order of arrival;
* a task that awaits `request` runs on before the next event is delivered.

While the socket is away, calls that talk go on talking, new calls stay in Asterisk's own dialplan (they ring for a
while, then it says sorry), and events are lost for good: `on_up` is the moment to list channels and bridges.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote_plus

import aiohttp
import orjson
import structlog
from yarl import URL

from centrale.telephony.asterisk.ari_errors import AriError, AriUnavailable, refusal

log = structlog.get_logger(__name__)

FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2.0
"""Callers hear an apology for as long as we are away, so we never wait long."""
PING_SECONDS = 10.0
"""How often we ask Asterisk whether it is there; one that does not answer in time is left, as it hangs."""
_FAREWELL = aiohttp.ClientWSTimeout(ws_close=1.0)
"""Seconds to wait for the other side's own goodbye."""
LARGEST_MESSAGE_BYTES = 256 * 1024 * 1024
"""A list of all channels comes as one message."""

Params = Mapping[str, str | int]
Body = Mapping[str, Any]
_PLAIN = re.compile(r"[A-Za-z0-9_.~/:@,-]*", re.ASCII).fullmatch
"""What needs no quoting in a query (RFC 3986 §3.4), and is in nearly all of ours."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_Request = tuple[str, str, asyncio.Future[Any] | None]


class AriClient:
    """A connection to one Stasis application that mends itself until it is closed.

    `base_url`: Asterisk's HTTP server, such as `http://127.0.0.1:5088`; on this machine only (it carries a password).
    `events`: the types of event that Asterisk shall send; empty for all. Every type left out saves Asterisk the work.
    `on_up` is called after the application is registered, before its first event; `on_down` after each loss.
    The three callbacks are synchronous and must not block.
    """

    def __init__(
        self,
        base_url: str,
        username: str,
        password: str,
        app: str,
        on_event: Callable[[dict[str, Any]], None],
        on_up: Callable[[], None],
        on_down: Callable[[], None],
        *,
        events: Sequence[str] = (),
        request_timeout: float = 5.0,
    ) -> None:
        self._url = URL(base_url) / "ari" / "events" % {"app": app}
        if self._url.host not in _LOOPBACK:
            raise ValueError(f"ARI must be on this machine (127.0.0.1), not on {self._url.host}")
        self._authorization = {"Authorization": aiohttp.encode_basic_auth(username, password)}
        self._app = app
        self._on_event, self._on_up, self._on_down = on_event, on_up, on_down
        self._events = events
        self._timeout = request_timeout
        self._numbers = itertools.count(1)
        self._waiting: dict[str, _Request] = {}
        self._outbox: deque[str] = deque()
        self._outgoing = asyncio.Event()
        self._up = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.run(), name=f"ari {self._app}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.wait([self._running])
        if not self._running.cancelled():
            self._running.result()  # `run` ends by itself only by a mistake of ours: let it be seen

    @property
    def connected(self) -> bool:
        """True when the application is registered with Asterisk: requests can be made and calls come in."""
        return self._up.is_set()

    async def wait_connected(self) -> None:
        """Return as soon as `connected` is true."""
        await self._up.wait()

    async def request(self, method: str, path: str, params: Params | None = None, body: Body | None = None) -> Any:
        """Send a request and return the parsed JSON of its response, None when that is empty.

        `path`: below `/ari`, without a leading slash, such as `channels/x/answer`.
        Raises `NotFound`, `Conflict` or `AriError` by status, `AriUnavailable` without a response in time.
        """
        if not self.connected:
            raise AriUnavailable(method, path, 0, "not connected to Asterisk")
        return await self._ask(method, path, params, body)

    def send(self, method: str, path: str, params: Params | None = None, body: Body | None = None) -> None:
        """Send a request without waiting. A refusal is logged; one for something that is gone at debug level only.

        Raises `AriUnavailable` when there is no connection. Requests are carried out in the order in which `send` and
        `request` were called.
        """
        if not self.connected:
            raise AriUnavailable(method, path, 0, "not connected to Asterisk")
        self._enqueue(method, path, params, body, None)

    async def run(self) -> None:
        """Connect, and connect again after every loss, until cancelled. `async with` does this in the background."""
        pause = FIRST_RETRY_SECONDS
        jitter = secrets.SystemRandom()
        async with aiohttp.ClientSession(headers=self._authorization) as session:
            while True:
                try:
                    async with session.ws_connect(
                        self._url, compress=0, max_msg_size=LARGEST_MESSAGE_BYTES, timeout=_FAREWELL
                    ) as socket:
                        if await self._converse(socket):
                            pause = FIRST_RETRY_SECONDS
                except aiohttp.WSServerHandshakeError as error:
                    hint = "check the password in ari.conf" if error.status == 401 else "is res_ari_events loaded?"
                    log.error("ari_refused", app=self._app, status=error.status, hint=hint)
                except (aiohttp.ClientError, OSError) as error:
                    log.debug("ari_unreachable", app=self._app, error=str(error))
                except orjson.JSONDecodeError as error:
                    log.error("ari_unreadable", app=self._app, error=str(error))
                await asyncio.sleep(pause * jitter.uniform(0.5, 1))
                pause = min(pause * 2, LONGEST_RETRY_SECONDS)

    async def _converse(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Serve one connection to its end; whether it ever was of use."""
        writer = asyncio.create_task(self._write(socket), name=f"ari {self._app} writer")
        greeting = asyncio.create_task(self._greet(socket), name=f"ari {self._app} greeting")
        watch = asyncio.create_task(self._watch(socket), name=f"ari {self._app} watch")
        early: list[dict[str, Any]] = []
        try:
            async for frame in socket:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    break  # an error of the socket, such as an unanswered ping
                message = orjson.loads(frame.data)
                if message.get("type") == "RESTResponse":
                    if self._settle(message):
                        await asyncio.sleep(0)  # the task that waits for this response runs before the next event
                elif not self.connected:
                    early.append(message)  # nobody may see an event before `on_up`
                else:
                    self._deliver(message)
                while early and self.connected:
                    self._deliver(early.pop(0))
        finally:
            for task in (greeting, writer, watch):
                task.cancel()
            await asyncio.gather(greeting, writer, watch, return_exceptions=True)  # a broken socket is told below
            was_up = self.connected
            self._lose()
        return was_up

    async def _greet(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Choose the events; the response proves that the application is registered."""
        # Responses pass the same filter as events: without them in it, no request would ever be answered.
        allowed = [{"type": kind} for kind in ("RESTResponse", *self._events)] if self._events else []
        try:
            await self._ask("PUT", f"applications/{self._app}/eventFilter", None, {"allowed": allowed})
        except AriError as error:
            log.error("ari_greeting_failed", app=self._app, error=str(error))
            await socket.close()
            return
        log.info("ari_up", app=self._app)
        self._up.set()
        self._tell("up", self._on_up)

    async def _watch(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Leave an Asterisk that hangs. (The library's own heartbeat looks at the clock at each piece of data.)"""
        while True:
            await asyncio.sleep(PING_SECONDS)
            try:
                await self._ask("GET", "asterisk/ping", None, None)
            except AriUnavailable:
                log.error("ari_hangs", app=self._app, hint="Asterisk does not answer; it is tried again")
                await socket.close()
                return
            except AriError:
                continue  # an answer too

    async def _write(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Send what is in the outbox, in order."""
        while True:
            await self._outgoing.wait()
            self._outgoing.clear()
            while self._outbox:
                await socket.send_str(self._outbox.popleft())

    async def _ask(self, method: str, path: str, params: Params | None, body: Body | None) -> Any:
        loop = asyncio.get_running_loop()
        response: asyncio.Future[Any] = loop.create_future()
        number = self._enqueue(method, path, params, body, response)
        late = AriUnavailable(method, path, 0, f"no response in {self._timeout} s")
        # A bare timer, as `asyncio.timeout` costs several times as much, eight times a call.
        timer = loop.call_later(self._timeout, _give_up, response, late)
        try:
            return await response
        finally:
            timer.cancel()
            self._waiting.pop(number, None)

    def _enqueue(
        self, method: str, path: str, params: Params | None, body: Body | None, response: asyncio.Future[Any] | None
    ) -> str:
        number = str(next(self._numbers))
        uri = f"{path}?{_query(params)}" if params else path
        message = {"type": "RESTRequest", "request_id": number, "method": method, "uri": uri}
        if body is not None:
            message["content_type"] = "application/json"
            message["message_body"] = orjson.dumps(body).decode()
        self._waiting[number] = (method, path, response)
        self._outbox.append(orjson.dumps(message).decode())
        self._outgoing.set()
        return number

    def _settle(self, message: dict[str, Any]) -> bool:
        """Hand a response to whoever waits for it; return whether somebody does."""
        method, path, response = self._waiting.pop(message["request_id"], ("", "", None))
        text = message.get("message_body")
        status = message["status_code"]
        if status < 400:
            if response is not None and not response.done():
                response.set_result(orjson.loads(text) if text else None)
        else:
            content = orjson.loads(text) if text else None
            explained = content if isinstance(content, dict) else {}
            reason = explained.get("message") or explained.get("error") or message.get("reason_phrase", "")
            error = refusal(method, path, status, reason)
            if response is None:
                level = log.debug if status == 404 else log.warning
                level("ari_request_failed", app=self._app, error=str(error))
            elif not response.done():
                response.set_exception(error)
        return response is not None

    def _deliver(self, event: dict[str, Any]) -> None:
        if event["type"] == "ApplicationReplaced":
            log.error("ari_replaced", app=self._app, hint="another process serves this application: stop one of them")
        self._tell(event["type"], self._on_event, event)

    def _tell(self, what: str, listener: Callable[..., None], *arguments: object) -> None:
        try:
            listener(*arguments)
        except Exception:
            # One event that we do not understand must not take all other calls down with the connection.
            log.exception("ari_listener_failed", app=self._app, event_type=what)

    def _lose(self) -> None:
        """Forget the connection: everybody who waits is told."""
        was_up = self.connected
        self._up.clear()
        self._outbox.clear()
        waiting, self._waiting = self._waiting, {}
        for method, path, response in waiting.values():
            if response is not None and not response.done():
                response.set_exception(AriUnavailable(method, path, 0, "the connection to Asterisk broke"))
        if was_up:
            log.warning("ari_down", app=self._app)
            self._tell("down", self._on_down)


def _give_up(response: asyncio.Future[Any], error: AriUnavailable) -> None:
    if not response.done():
        response.set_exception(error)


def _query(params: Params) -> str:
    """`urlencode`, five times as quick for the letters and digits that nearly all values are."""
    return "&".join(
        f"{name}={text if _PLAIN(text := str(value)) else quote_plus(text)}" for name, value in params.items()
    )
