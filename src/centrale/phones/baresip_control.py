"""The remote control of a baresip program: its module ctrl_tcp, JSON in netstrings over a loopback port."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import count

from centrale.phones.phone import PhoneDied, PhoneError
from centrale.phones.tools import LOOPBACK

Event = dict[str, object]


class BaresipControl:
    """Sends commands and gets their answers; hands events to a callback in the order in which they come."""

    def __init__(self, phone: str, on_event: Callable[[Event], None]) -> None:
        self._phone = phone
        self._on_event = on_event
        self._tokens = count(1)
        self._answers: dict[str, asyncio.Future[Event]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def connect(self, port: int) -> None:
        """Take the control connection (baresip accepts one)."""
        reader, self._writer = await asyncio.open_connection(LOOPBACK, port)
        self._reading = asyncio.create_task(self._read(reader), name=f"baresip control of {self._phone}")

    async def command(self, name: str, parameters: str = "") -> str:
        """Run one of baresip's long commands and return what it printed; raises `PhoneError` when it refuses."""
        if self._writer is None or self._writer.is_closing():
            raise PhoneDied(f"{self._phone} is switched off: start it first (async with phone: …)")
        token = str(next(self._tokens))
        answer = self._answers[token] = asyncio.get_running_loop().create_future()
        # Values of account lines hold passwords: commands are never logged.
        request = json.dumps({"command": name, "params": parameters, "token": token}).encode()
        self._writer.write(b"%d:%s," % (len(request), request))
        try:
            reply = await answer
        finally:
            del self._answers[token]
        printed = str(reply.get("data", "")).strip()
        if not reply.get("ok"):
            raise PhoneError(f"{self._phone}: baresip could not {name}: {printed}")
        return printed

    async def close(self) -> None:
        """Let go of the connection; commands under way get an error."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                message = json.loads((await reader.readexactly(length + 1))[:-1])
                if message.get("response"):
                    answer = self._answers.get(str(message.get("token")))
                    if answer is not None and not answer.done():
                        answer.set_result(message)
                elif message.get("event"):
                    self._on_event(message)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The program ended; its process tells why.
        finally:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(PhoneDied(f"{self._phone}: baresip closed its control connection"))
