"""The cable between us and Asterisk, which a test can pull: a relay on loopback that breaks off without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Cable:
    """Relays connections to Asterisk's `port`; `pull` resets them all and refuses new ones until `plug`."""

    def __init__(self, port: int) -> None:
        self.here = 0
        self._there = port
        self._plugged = True
        self._writers: set[asyncio.StreamWriter] = set()

    def pull(self) -> None:
        self._plugged = False
        for writer in self._writers:
            writer.transport.abort()

    def plug(self) -> None:
        self._plugged = True

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._plugged:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._there)
        ends = {writer, there_writer}
        self._writers |= ends
        await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
        self._writers -= ends


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except OSError:
        pass  # pulled
    finally:
        writer.transport.abort()


@asynccontextmanager
async def cable_to(port: int) -> AsyncIterator[Cable]:
    cable = Cable(port)
    server = await asyncio.start_server(cable.relay, "127.0.0.1", 0)
    cable.here = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        cable.pull()
        server.close()
