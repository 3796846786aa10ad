"""A customer's server, as well- or ill-behaved as a story wants it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from centrale.phones.tools import LOOPBACK

PATIENCE = 10


@dataclass(frozen=True)
class Posted:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def event(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


class Receiver:
    """`answer`: what it sends back, whole; `hangs`: the paths at which it says nothing at all, as long as it likes."""

    def __init__(self) -> None:
        self.posts: list[Posted] = []
        self.answer: bytes = reply(204)
        self.answers: dict[str, bytes] = {}
        """By path, where another one is wanted."""
        self.hangs: set[str] = set()
        self.busy = 0
        self.most_busy = 0
        self.came = asyncio.Condition()
        self.port = 0
        self._go_on = asyncio.Event()

    def url(self, path: str = "/calls") -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"

    async def have(self, count: int, path: str | None = None) -> list[Posted]:
        """Waits until so many have come."""
        async with asyncio.timeout(PATIENCE), self.came:
            await self.came.wait_for(lambda: len(self.at(path)) >= count)
        return self.at(path)

    def at(self, path: str | None) -> list[Posted]:
        return [posted for posted in self.posts if path is None or posted.path == path]

    def let_go(self) -> None:
        """Answers those that it let hang."""
        self.hangs.clear()
        self._go_on.set()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while not reader.at_eof():
                    await self._one(reader, writer)
        finally:
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
        body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode()
        path = first.split()[1]
        self.busy += 1
        self.most_busy = max(self.busy, self.most_busy)
        async with self.came:
            self.posts.append(Posted(path, headers, body))
            self.came.notify_all()
        if path in self.hangs:
            await self._go_on.wait()
        self.busy -= 1
        writer.write(self.answers.get(path, self.answer))
        await writer.drain()


def reply(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    connections: set[asyncio.Task[None]] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        with suppress(asyncio.CancelledError):  # the end of the story
            await receiver.take(reader, writer)

    server = await asyncio.start_server(take, LOOPBACK, 0, limit=1_000_000)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.let_go()
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
