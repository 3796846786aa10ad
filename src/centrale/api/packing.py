"""Answers that are packed (gzip) for those who can unpack them: long lists and files.

An answer that holds a secret beside words that somebody else chose, and that is packed, tells the secret by its length
to who can have it made again and again and sees how long it is (BREACH). So nothing with a secret in it is packed: only
answers to GET are, which hold none (passwords and tokens are shown once, by the POST that makes them), and not those of
`/session`, which holds the word against forged changes. Nor does any of them repeat what the question said. Besides, a
page of another site can have a browser ask in somebody's name only by going there with it: the cookie is SameSite.

What has an ETag is not packed either, and small: a strong ETag is of the very bytes that are sent, and If-Match
compares it so. Event streams are not: each event has to leave at once.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrale.api.authentication import SIGN_IN

SMALLEST = 1_000
"""Bytes; less fits into one packet anyway."""
IN_A_THREAD = 50_000
"""Bytes from which packing takes long enough to be done beside the calls: a millisecond for 200,000."""
FASTEST = 1
"""zlib's level. The next ones take twice the time for lists that are a tenth smaller."""

_PACKED = ("application/json", "text/csv")
_GZIP = re.compile(r"(?:^|,)\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[0-9.]+\s*)?(?:,|$)", re.IGNORECASE)
_AS_GZIP = 16 + zlib.MAX_WBITS


class Packing:
    """ASGI middleware around the API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _may_be_packed(scope):
            send = _Packer(send, takes_gzip=_GZIP.search(Headers(scope=scope).get("accept-encoding", "")) is not None)
        await self._app(scope, receive, send)


class _Packer:
    """Takes the messages of one answer, and sends them on."""

    def __init__(self, send: Send, *, takes_gzip: bool) -> None:
        self._send = send
        self._takes_gzip = takes_gzip
        self._start: Message | None = None
        self._zip: zlib._Compress | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message  # until its length is known
            return
        if self._start is not None:
            message = await self._begin(self._start, message)
            self._start = None
        elif self._zip is not None:
            message = {**message, "body": self._packed(message.get("body", b""), message.get("more_body", False))}
        await self._send(message)

    async def _begin(self, start: Message, message: Message) -> Message:
        headers, body, more = MutableHeaders(scope=start), message.get("body", b""), message.get("more_body", False)
        if _worth_it(start, headers) and (more or len(body) >= SMALLEST):
            headers.add_vary_header("Accept-Encoding")
            if self._takes_gzip:
                self._zip = zlib.compressobj(FASTEST, wbits=_AS_GZIP)
                if len(body) >= IN_A_THREAD:
                    body = await asyncio.to_thread(self._packed, body, more)
                else:
                    body = self._packed(body, more)
                headers["Content-Encoding"] = "gzip"
                del headers["Content-Length"]
                if not more:
                    headers["Content-Length"] = str(len(body))
        await self._send(start)
        return {**message, "body": body}

    def _packed(self, body: bytes, more: bool) -> bytes:
        assert self._zip is not None
        return self._zip.compress(body) + self._zip.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


def _may_be_packed(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    return path.startswith("/api/") and path != SIGN_IN and not path.startswith(f"{SIGN_IN}/")


def _worth_it(start: Message, headers: MutableHeaders) -> bool:
    kind = headers.get("content-type", "").partition(";")[0]
    fits = kind in _PACKED and "etag" not in headers and "content-encoding" not in headers
    return fits and start["status"] == HTTPStatus.OK
