"""Event streams over real HTTP on loopback: slow readers, silence, a restart (issue 5 point 4)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from api_world import ApiWorld

from centrale.accounts.roles import Role
from centrale.accounts.tokens import TokenOut
from centrale.accounts.unit import Unit
from centrale.api import event_stream, streaming
from centrale.api.access import Principal
from centrale.api.change_feed import KEPT, Changed
from centrale.api.server import Server
from centrale.api.streaming import Door, Welcome

LARGE = "x" * 100_000
"""A type such as no audit has: a reader who lags is behind by megabytes at once."""


@asynccontextmanager
async def served(world: ApiWorld) -> AsyncIterator[tuple[Server, int]]:
    """The exchange behind a port of its own."""
    server = Server(uvicorn.Config(world.app, lifespan="off", log_config=None, access_log=False), world.app)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        await server.listens.wait()
        try:
            yield server, listening.getsockname()[1]
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, 10)


class Reader:
    """A browser with few bytes of room that reads when it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def opens(cls, port: int, token: str) -> Reader:
        own = socket.socket()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        own.setblocking(False)
        await asyncio.get_running_loop().sock_connect(own, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=own, limit=4 * len(LARGE))
        writer.write(
            f"GET /api/v1/changes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        return cls(reader, writer)

    async def until(self, words: bytes) -> int:
        """Reads on until a line begins so; gives the bytes of all lines."""
        read = 0
        while True:
            line = await asyncio.wait_for(self.reader.readline(), 20)
            read += len(line)
            if line.startswith(words):
                return read
            assert line, f"it ended before {words!r}"


async def test_a_reader_who_does_not_read_costs_no_memory_and_is_told_that_it_missed_something(world: ApiWorld) -> None:
    async with served(world) as (_, port):
        slow = await Reader.opens(port, await world.token())
        await slow.until(b"event: here")
        feed = world.app.state.changes
        for number in range(2 * KEPT):
            feed.history.tell(Changed(str(number), None, frozenset({LARGE})))
            await asyncio.sleep(0)
        read = await slow.until(b"event: all")
        assert read < KEPT * len(LARGE) / 2, "what it did not take was kept for nobody"
        slow.writer.close()


async def test_a_silent_stream_is_kept_open_through_proxies(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "SILENT_FOR", 0.02)
    async with served(world) as (_, port):
        page = await Reader.opens(port, await world.token())
        await page.until(b"x-accel-buffering: no")
        await page.until(b"event: here")
        await page.until(b": ping")
        await page.until(b": ping")
        page.writer.close()


async def test_all_streams_of_a_browser_are_looked_at_at_once(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the one who began to look goes away meanwhile."""
    door: Door = world.app.state.door
    asked, answer = asyncio.Semaphore(0), asyncio.Event()
    looks: list[str] = []

    async def looked(_: Unit, principal: Principal) -> bool:
        looks.append(principal.actor)
        asked.release()
        await answer.wait()
        return principal.actor != "gone"

    monkeypatch.setattr(streaming, "still_good", looked)
    for actor, key in (("anna", 1), ("gone", 2)):
        token = TokenOut.model_construct(id=key)
        principal = Principal(actor=actor, role=Role.PLATFORM, token=token)
        welcomes = [Welcome(door, principal) for _ in range(5)]
        door._turned_away[principal.key] += 1
        first, *others = [asyncio.create_task(welcome.lasts()) for welcome in welcomes]
        await asyncio.wait_for(asked.acquire(), 5)
        first.cancel()
        await asyncio.wait_for(asked.acquire(), 5)
        answer.set()
        assert await asyncio.gather(*others) == [actor != "gone"] * 4
        answer.clear()
    assert looks == ["anna", "anna", "gone", "gone"]
    assert len(door._looks) <= 1, "nothing is kept of those whose streams have ended"


async def test_an_exchange_that_stops_waits_for_no_stream(world: ApiWorld) -> None:
    async with served(world) as (server, port):
        page = await Reader.opens(port, await world.token())
        await page.until(b"event: here")
        server.should_exit = True
        rest = await asyncio.wait_for(page.reader.read(), 20)
        assert rest.endswith(b"0\r\n\r\n"), "ended properly rather than cut off"
        page.writer.close()
