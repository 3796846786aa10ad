"""Connections that send no request as one should, over real HTTP on loopback (issue 5, bad input)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from api_world import ApiWorld
from prometheus_client import CollectorRegistry

from centrale.api import connection
from centrale.api.connection import LARGEST_HEAD
from centrale.api.server import make_server

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
PIECE = 16 * 1024


@pytest.fixture
async def port(world: ApiWorld) -> AsyncIterator[int]:
    """Where the exchange listens."""
    server = make_server(world.app, replace(world.services, metrics=CollectorRegistry()))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        task = asyncio.create_task(server.serve(sockets=[listening]))
        await server.listens.wait()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, 10)


async def answer_to(port: int, *pieces: bytes) -> tuple[int, bytes]:
    """How many bytes of them were taken before we were cut off or answered, and what was said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = 0
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
            if reader.at_eof():
                break
            await asyncio.sleep(0)
        async with asyncio.timeout(20):
            said = await reader.readuntil(b"\r\n")
    except ConnectionError:
        said = b""
    finally:
        writer.close()
    return sent, said


@pytest.mark.parametrize(
    ("begins", "goes_on"),
    [(GET + b"X: ", b"a" * PIECE), (GET, b"X: a\r\n" * (PIECE // 6)), (b"GET /", b"a" * PIECE)],
)
async def test_a_head_without_end_is_cut_off(port: int, begins: bytes, goes_on: bytes) -> None:
    """It took fifteen times its size in memory, of anybody who can connect, and calls waited meanwhile."""
    sent, said = await answer_to(port, begins, *[goes_on] * 1000)
    assert said in (b"HTTP/1.1 400 Bad Request\r\n", b"")
    assert sent < 100 * PIECE


async def test_a_head_as_browsers_send_it_comes_through_in_however_many_pieces(port: int) -> None:
    head = GET + b"X-Large: " + b"a" * (LARGEST_HEAD // 2) + b"\r\n\r\n"
    _, said = await answer_to(port, *(head[at : at + 1000] for at in range(0, len(head), 1000)))
    assert said == b"HTTP/1.1 200 OK\r\n"


async def test_nobody_holds_a_connection_without_asking_for_anything(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.05)
    for begins in (b"", GET):
        assert (await answer_to(port, begins))[1] == b"HTTP/1.1 400 Bad Request\r\n"


async def test_nor_with_a_second_request_that_does_not_end(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET + b"\r\n" + GET)
    async with asyncio.timeout(20):
        everything = await reader.read()
    writer.close()
    assert everything.count(b"HTTP/1.1 200 OK") == 1
    assert b"did not come" in everything


async def test_a_large_body_is_no_large_head(port: int, world: ApiWorld) -> None:
    body = b"x" * (3 * LARGEST_HEAD)
    head = f"POST /api/v1/accounts HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {await world.token()}\r\n"
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    _, said = await answer_to(port, head.encode() + length.encode() + body[:1000], body[1000:])
    assert said == b"HTTP/1.1 400 Bad Request\r\n", "it is no JSON"
