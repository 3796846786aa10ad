"""The people of the measured account: pairs of a caller and a callee, each with a phone of their own.

Every channel is linked to its user, so that nobody has to dial 901 first.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from centrale.phones import digest
from centrale.phones.digest import Credentials
from centrale.phones.sip import Headers, SipMessage
from centrale.phones.tools import LOOPBACK
from centrale.phones.transactions import response_to

PASSWORD = "a-password-for-measuring"
DIAL = "dial"
"""What a caller dials before a callee's extension to go by plain `Dial()`."""
_AT_ONCE = 32
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A caller's and a callee's channel, and their extensions."""

    caller: str
    caller_extension: str
    callee: str
    callee_extension: str

    @classmethod
    def numbered(cls, number: int) -> Self:
        """From 0 to 39,999."""
        caller, callee = f"{10_000 + number}", f"{50_000 + number}"
        return cls(f"caller{caller}", caller, f"callee{callee}", callee)

    @property
    def phones(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Extension and channel of both."""
        return (self.caller_extension, self.caller), (self.callee_extension, self.callee)


def pairs(count: int) -> list[Pair]:
    """The first `count` pairs."""
    return [Pair.numbered(number) for number in range(count)]


def write_fields(path: Path, people: Sequence[Pair], prefix: str = "") -> Path:
    """sipp's file for scenarios/caller.xml: each caller dials their callee, past our exchange after `DIAL`."""
    lines = [
        f"{pair.caller};[authentication username={pair.caller} password={PASSWORD}];"
        f"{prefix}{pair.callee_extension};{pair.callee}"
        for pair in people
    ]
    path.write_text("\n".join(["SEQUENTIAL", *lines, ""]))
    return path


class Registrar(asyncio.DatagramProtocol):
    """Registers many channels from one port: that of the program which will answer their calls."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._answers: dict[str, asyncio.Future[SipMessage]] = {}
        self._socket: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._socket = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        message = SipMessage.parse(data.decode())
        if message.method == "NOTIFY" and not message.status:
            # What the phone's message-waiting lamp shows. Unanswered, it would come again and again.
            self._socket.sendto(response_to(message, "200 OK", tag="lamp").encode(), addr)
            return
        waiting = self._answers.get(f"{message.call_id} {message.headers['CSeq']}")
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    async def register(self, name: str) -> None:
        """Log a channel on. Raises TimeoutError, or ValueError when it is refused."""
        challenge = await self._ask(name, 1, [])
        uri = f"sip:{LOOPBACK}:{self._server_port}"
        answered = digest.answer(challenge, Credentials(name, PASSWORD), "REGISTER", uri)
        reply = await self._ask(name, 2, [answered])
        if reply.status != 200:
            raise ValueError(f"{name} cannot register: {reply.start}")

    async def _ask(self, name: str, sequence: int, extra: list[tuple[str, str]]) -> SipMessage:
        port = self._socket.get_extra_info("sockname")[1]
        key = f"{name}-{port} {sequence} REGISTER"
        headers = [
            ("Via", f"SIP/2.0/UDP {LOOPBACK}:{port};branch=z9hG4bK{name}-{port}-{sequence};rport"),
            ("From", f"<sip:{name}@{LOOPBACK}>;tag={name}"),
            ("To", f"<sip:{name}@{LOOPBACK}>"),
            ("Call-ID", f"{name}-{port}"),
            ("CSeq", f"{sequence} REGISTER"),
            ("Contact", f"<sip:{name}@{LOOPBACK}:{port}>"),
            ("Max-Forwards", "70"),
            ("Expires", "3600"),
            *extra,
        ]
        request = SipMessage(f"REGISTER sip:{LOOPBACK}:{self._server_port} SIP/2.0", Headers(headers)).encode()
        answer = self._answers[key] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while not answer.done():
                    self._socket.sendto(request, (LOOPBACK, self._server_port))
                    await asyncio.wait([answer], timeout=1)
                return answer.result()
        finally:
            del self._answers[key]


@asynccontextmanager
async def registrar(server_port: int, from_port: int = 0) -> AsyncIterator[Registrar]:
    """Registers at the exchange on `server_port`, from a port of its own unless one is given."""
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Registrar(server_port), local_addr=(LOOPBACK, from_port)
    )
    try:
        yield protocol
    finally:
        transport.close()


async def register(names: Sequence[str], server_port: int, from_port: int) -> None:
    """Log `names` on at the exchange on `server_port`; their calls will come to `from_port`."""
    free = asyncio.Semaphore(_AT_ONCE)
    async with registrar(server_port, from_port) as phones, asyncio.TaskGroup() as group:

        async def one(name: str) -> None:
            async with free:
                await phones.register(name)

        for name in names:
            group.create_task(one(name))
