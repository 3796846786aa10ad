"""A real mail server on loopback that keeps what it is given."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from centrale.phones.tools import LOOPBACK, free_port


class PostBox:
    """Away until it is opened."""

    def __init__(self) -> None:
        self.port = free_port()
        self._letters: asyncio.Queue[EmailMessage] = asyncio.Queue()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, loop=loop), LOOPBACK, self.port)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self._letters.put_nowait(letter)
        return "250 OK"

    async def letter(self, within: float = 15, *, to: str | None = None) -> EmailMessage:
        """The next one; `to` this address, when the ones before it are about other things."""
        async with asyncio.timeout(within):
            while True:
                letter = await self._letters.get()
                if to is None or letter["To"] == to:
                    return letter
