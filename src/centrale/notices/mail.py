"""Handing e-mail to the mail server (SMTP, RFC 5321)."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiosmtplib

from centrale.accounts.notices import Taken
from centrale.notices.letter import letter
from centrale.notices.ways import NotSent, Refused, reason
from centrale.settings import MailServer

SLOWEST_ANSWER = 60.0
"""Seconds. RFC 5321 §4.5.3.2 allows servers minutes; one that takes so long is tried again later."""
LONGEST = 150.0
"""Seconds for all of it: connecting, and handing in a quarter of an hour of speech over a slow line."""

_ADDRESS = re.compile(r"[^@\s\"<>(),:;\\\[\]]+@[^@\s\"<>(),:;\\\[\]]+")
"""One plain address, so that no library can find two in it."""

FileOf = Callable[[Taken], Path | None]
"""The sound of the notice's voice message; it may be gone."""


class Mail:
    """The way `mail`: one connection for each notice, as a server counts on."""

    def __init__(self, server: MailServer, sender: str, file_of: FileOf) -> None:
        self._server = server
        self._sender = sender
        self._file_of = file_of

    async def send(self, notice: Taken) -> None:
        """See `ways.Send`.

        Given up is what the server refuses for good because of the recipient or the contents (5xx to RCPT or DATA). All
        else may be mended by whoever looks after the server or our settings, and is tried again.
        """
        if not _ADDRESS.fullmatch(notice.recipient):
            raise Refused("this is no e-mail address")
        mail = letter(notice, self._sender, await self._sound(notice))
        try:
            async with asyncio.timeout(LONGEST), connected(self._server) as smtp:
                await smtp.send_message(mail, sender=self._sender, recipients=[notice.recipient])
        except aiosmtplib.SMTPRecipientsRefused as problem:
            answer = problem.recipients[0]
            raise _refusal(answer.code, answer.message) from problem
        except aiosmtplib.SMTPDataError as problem:
            raise _refusal(problem.code, problem.message) from problem
        except aiosmtplib.SMTPNotSupported as problem:
            raise Refused(reason(f"the mail server cannot carry this address: {problem}")) from problem
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            raise NotSent(in_words(problem), away=True) from problem

    async def _sound(self, notice: Taken) -> bytes | None:
        path = self._file_of(notice) if notice.attach else None
        if path is None:
            return None
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise NotSent(f"the voice message cannot be read: {problem.strerror}") from problem


@asynccontextmanager
async def connected(server: MailServer, patience: float = SLOWEST_ANSWER) -> AsyncIterator[aiosmtplib.SMTP]:
    """A connection, encrypted and signed in as the settings say. Raises SMTPException, OSError, TimeoutError."""
    smtp = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        timeout=patience,
        use_tls=server.tls == "implicit",
        start_tls=server.tls == "starttls",
        tls_context=_trust(server),
    )
    try:
        await smtp.connect()
        yield smtp
        # What was said before counts, whatever becomes of the farewell.
        try:
            await smtp.quit(timeout=5)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            smtp.close()
    finally:
        smtp.close()


async def trial(server: MailServer, patience: float) -> str | None:
    """Connects, greets, encrypts and signs in as for an e-mail, and leaves; what went wrong, in words, if anything."""
    try:
        async with asyncio.timeout(2 * patience), connected(server, patience):
            return None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
        return in_words(problem)


def in_words(problem: BaseException) -> str:
    """Why the mail server could not be used."""
    if isinstance(problem, aiosmtplib.SMTPResponseException):
        return reason(f"the mail server answered: {problem.code} {problem.message}")
    if isinstance(problem, TimeoutError):
        return "the mail server did not answer in time"
    return reason(f"the mail server cannot be used: {problem}")


def _refusal(code: int, message: str) -> NotSent | Refused:
    said = reason(f"the mail server answered: {code} {message}")
    return Refused(said) if code >= 500 else NotSent(said)


def _trust(server: MailServer) -> ssl.SSLContext | None:
    if server.tls == "none":
        return None
    return ssl.create_default_context(cafile=None if server.ca is None else str(server.ca))
