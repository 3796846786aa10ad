"""What stands before every request: names we are called by, size of the body, headers, and faults of our own."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from http import HTTPStatus
from ipaddress import ip_address

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrale.api.authentication import OPEN
from centrale.api.problems import ProblemError
from centrale.api.services import ApiServices, own_names
from centrale.api.uploads import LARGEST_UPLOAD, takes_files

log = structlog.get_logger(__name__)

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes. The largest thing that anyone sends is a number plan: 99 bytes a number, so some 20,000 numbers."""

LARGEST_UNASKED = 16 * 1024
"""Bytes from who has yet to sign in: names and passwords."""

MOST_VALUES, MOST_IN_LISTS = 5_000, 100_000
"""Commas in a body of JSON, which tell how much is in it; the second where plans and settings of extensions are sent.
Each value can be wrong, and to say what is wrong takes far longer than to see what is right."""

_WITH_LISTS = re.compile(r"/api/v1/accounts/[^/]+/(extensions|schemas)(/.*)?")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""On every response that does not say otherwise itself: nothing we send is to be framed, guessed at or kept."""

_ONLY_HTTPS = "max-age=31536000"
"""Where people reach us by https://, browsers never try without it again, for a year after each visit."""

NEXT_PIECE_WITHIN = 30.0
"""Seconds until the next piece of a body has to be there."""


class SafeHeaders:
    """Outermost: no response leaves without the headers that keep browsers from being used against us."""

    def __init__(self, app: ASGIApp, https: bool = False) -> None:
        self._app = app
        self._headers = {**_HEADERS, "Strict-Transport-Security": _ONLY_HTTPS} if https else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_safely)


class Faults:
    """A fault of ours is told as a problem without its inner life, and logged with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note_start)
        except Exception:
            log.exception("api.fault", method=scope.get("method"), path=scope.get("path"))
            if scope["type"] != "http" or started:
                raise  # too late for words; the server cuts the connection
            detail = "This is a fault of the exchange; its log says more. Nothing was changed."
            await ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, detail).response(Headers(scope=scope))(
                scope, receive, send
            )


class KnownHost:
    """Refuses requests to names that are not ours: a page whose own name was made to lead here (DNS rebinding)."""

    def __init__(self, app: ASGIApp, services: ApiServices) -> None:
        self._app = app
        self._names = own_names(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._knows(Headers(scope=scope).get("host", "")):
            detail = "This exchange is not known by the name in the Host header. Use its address, or a name of its own."
            await ProblemError(HTTPStatus.MISDIRECTED_REQUEST, detail).response(Headers(scope=scope))(
                scope, receive, send
            )
            return
        await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        name, port = _parted(host.lower())
        if not (port.isascii() and port.isdigit()) and port:
            return False
        return name.removesuffix(".") in self._names or _is_address(name)


class LimitedBody:
    """Refuses bodies that are too large: at once when the length is told, else as soon as they turn out so; and those
    that stop coming: whoever sends a byte now and then would hold a connection for ever."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest, most = _bounds(scope["method"], scope["path"], self._largest)
        told = Headers(scope=scope).get("content-length", "0")
        if not told.isdecimal() or int(told[:20]) > largest:
            await _too_large(largest).response(Headers(scope=scope))(scope, receive, send)
            return
        received, values, whole = 0, 0, False

        async def receive_some() -> Message:
            nonlocal received, values, whole
            if whole:
                return await receive()  # until the client goes away: streams wait for that
            try:
                async with asyncio.timeout(NEXT_PIECE_WITHIN):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None
            whole = not message.get("more_body", False)
            piece = message.get("body", b"")
            received += len(piece)
            if most is not None:
                values += piece.count(b",")
            if received > largest or (most is not None and values > most):
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return message

        await self._app(scope, receive_some, send)


def _bounds(method: str, path: str, largest: int) -> tuple[int, int | None]:
    """Bytes of a body, and commas in it."""
    if takes_files(method, path):
        return LARGEST_UPLOAD, None
    if (method, path) in OPEN:
        return LARGEST_UNASKED, MOST_VALUES
    return largest, MOST_IN_LISTS if _WITH_LISTS.fullmatch(path) else MOST_VALUES


def _too_large(largest: int) -> ProblemError:
    detail = f"The body is larger than {largest} bytes. Send less at once."
    return ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def _parted(host: str) -> tuple[str, str]:
    """Name and port; the latter is no number where `host` is none of both."""
    if host.startswith("["):
        name, closed, rest = host[1:].partition("]")
        return name, rest.removeprefix(":") if closed else "no port"
    name, _, port = host.partition(":")
    return name, port


@lru_cache(maxsize=256)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
