"""Posting a delivery: one HTTP request, to an address that may be reached, with limits on everything that comes back.

Which address that is, is looked at where the connection is made, so a name that resolves to another one a moment later
(DNS rebinding) gains nothing. Redirects are not followed, proxies not used, cookies not kept, answers not unpacked.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from centrale import __version__
from centrale.accounts.webhooks_addresses import is_public
from centrale.accounts.webhooks_secrets import signed
from centrale.accounts.webhooks_taking import Failure, Taken
from centrale.clock import monotonic

TIMEOUT = 10.0
"""Seconds for all of it."""
ANSWER_WITHIN = 2.0
"""Seconds for the beginning of the answer's text, once its status is known."""
LONGEST_ANSWER = 2048
"""Bytes of an answer that are read; the rest is not waited for."""
SHOWN = 1000
"""Characters of it that the log keeps."""

_REFUSED = "this address may not be reached by a webhook"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `later`: how long the server wants to be left alone."""

    ms: int
    status: int | None = None
    text: str = ""
    problem: Failure | None = None
    later: timedelta = timedelta()


class Post:
    """Use it as an asynchronous context. `private`: the operator allows private networks and this machine, where http
    will do."""

    def __init__(self, *, private: bool) -> None:
        self._private = private

    async def __aenter__(self) -> Self:
        self._names = Names()
        self._https = self._session(public=True, private=self._private)
        self._http = self._session(public=False, private=self._private)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._https.close()
        await self._http.close()
        await self._names.close()

    async def send(self, delivery: Taken, now: datetime) -> Answer:
        """Posts it once."""
        began = monotonic()

        def took() -> int:
            return round((monotonic() - began) * 1000)

        if not delivery.keys:
            return Answer(0, problem=Failure.UNSIGNED)
        try:
            return await self._send(delivery, now, took)
        except TimeoutError:
            return Answer(took(), problem=Failure.TOO_SLOW)
        except aiohttp.ClientConnectorDNSError:
            return Answer(took(), problem=Failure.NO_NAME)
        except (aiohttp.ClientSSLError, ssl.SSLError):
            return Answer(took(), problem=Failure.CERTIFICATE)
        except (aiohttp.ClientConnectionError, OSError) as problem:
            refused = _REFUSED in f"{problem} {problem.__cause__}"  # of several, they come as one text
            return Answer(took(), problem=Failure.NOT_ALLOWED if refused else Failure.NO_CONNECTION)
        except (aiohttp.ClientError, ValueError):
            return Answer(took(), problem=Failure.UNREADABLE)

    async def _send(self, delivery: Taken, now: datetime, took: Any) -> Answer:
        headers = signed(delivery.event, now, delivery.body, list(delivery.keys))
        headers |= {"Content-Type": "application/json", "User-Agent": f"Centrale/{__version__}"}
        session = self._https if delivery.url.lower().startswith("https:") else self._http
        body = delivery.body.encode()
        async with session.post(delivery.url, data=body, headers=headers, allow_redirects=False) as response:
            text = await _beginning(response)
            problem = None if 200 <= response.status < 300 else Failure.STATUS
            if 300 <= response.status < 400:
                problem = Failure.REDIRECT
            return Answer(took(), response.status, text, problem, _later(response))

    def _session(self, *, public: bool, private: bool) -> aiohttp.ClientSession:
        def connectable(address: Any) -> socket.socket:
            family, type, proto, _, place = address
            if not (public if is_public(str(place[0])) else private):
                raise PermissionError(errno.EACCES, _REFUSED)
            return socket.socket(family, type, proto)

        connector = aiohttp.TCPConnector(limit=0, resolver=self._names, socket_factory=connectable)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            connector_owner=True,
        )


class Names(AbstractResolver):
    """Looks names up in threads of its own: a slow name server of somebody's must not hold up what else runs in
    threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(16, "webhook names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
        )
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(place[0]), port=port, family=family, proto=proto, flags=flags)
            for family, _, proto, _, place in found
        ]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """Of the answer's text, fit to be shown. An answer that does not end has been given all the same."""
    read = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError):
        async with asyncio.timeout(ANSWER_WITHIN):
            while len(read) < LONGEST_ANSWER and (some := await response.content.read(LONGEST_ANSWER - len(read))):
                read += some
    if not response.content.at_eof():
        response.close()
    text = bytes(read).decode("utf-8", "replace")
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _later(response: aiohttp.ClientResponse) -> timedelta:
    """Retry-After in seconds; a date is passed over."""
    told = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(told)) if told.isascii() and told.isdigit() and len(told) < 9 else timedelta()
