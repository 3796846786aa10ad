"""Requests to the API at a steady pace, whether the answers come or not: an open loop.

Who waits for an answer before asking again measures a slow server kindly: it is asked less. Here each request has its
moment beforehand, from which its time counts, so that a pause of the server shows in all who came during it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

TIMEOUT_S = 10.0
CONTENT_TYPES = {"PATCH": "application/merge-patch+json"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `kind`: what it is counted as. `headers`: who asks, and what else is needed."""

    kind: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any = None
    edits: bool = False
    """It changes what was seen: the last seen version of `path` goes with it (If-Match)."""


@dataclass(slots=True)
class Taken:
    """Milliseconds from the intended moment to the last byte of each answer, by kind, and answers that were refusals
    or never came, by kind and status. `kilobytes` of all answers to a kind."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    failed: dict[tuple[str, int], int] = field(default_factory=dict)
    kilobytes: dict[str, float] = field(default_factory=dict)

    def include(self, other: Taken) -> None:
        """Add another round's."""
        for kind, found in other.ms.items():
            self.ms.setdefault(kind, []).extend(found)
        for key, count in other.failed.items():
            self.failed[key] = self.failed.get(key, 0) + count
        for kind, size in other.kilobytes.items():
            self.kilobytes[kind] = self.kilobytes.get(kind, 0.0) + size


class Client:
    """Sends requests over as many connections as are needed, and remembers versions."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._seen: dict[str, str] = {}

    async def send(self, request: Request) -> tuple[int, int]:
        """Status and bytes of the answer; status 0 when none came."""
        headers = dict(request.headers)
        if request.edits and request.path in self._seen:
            headers["If-Match"] = self._seen[request.path]
        if request.body is not None:
            headers["Content-Type"] = CONTENT_TYPES.get(request.method, "application/json")
        try:
            async with self._session.request(
                request.method, request.path, json=request.body, headers=headers, skip_auto_headers=["Content-Type"]
            ) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return 0, 0
        if "ETag" in answer.headers:
            self._seen[request.path] = answer.headers["ETag"]
        return answer.status, len(body)


async def run(client: Client, rate: float, seconds: float, ask: Callable[[], Request], dice: random.Random) -> Taken:
    """Requests that come like people do, independently of one another, on average `rate` a second."""
    loop, taken = asyncio.get_running_loop(), Taken()

    async def one(request: Request, due: float) -> None:
        status, size = await client.send(request)
        taken.ms.setdefault(request.kind, []).append((loop.time() - due) * 1000)
        taken.kilobytes[request.kind] = taken.kilobytes.get(request.kind, 0.0) + size / 1000
        if not 200 <= status < 300:
            taken.failed[request.kind, status] = taken.failed.get((request.kind, status), 0) + 1

    begin = due = loop.time()
    async with asyncio.TaskGroup() as group:
        while (due := due + dice.expovariate(rate)) < begin + seconds:
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            group.create_task(one(ask(), due))
    return taken
