"""A real mail server and a real SMS gateway on loopback, and the outbox of an account."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from centrale.accounts import messages, notices, outbox
from centrale.accounts.database import Database
from centrale.accounts.messages import Message, file_of
from centrale.accounts.notices import Way
from centrale.accounts.outbox import Notice
from centrale.accounts.unit import Unit
from centrale.notices.chosen import chosen_ways
from centrale.notices.sender import Sender
from centrale.phones.tools import LOOPBACK, free_port
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings
from centrale.voice.pcm import write_wav
from centrale.voice.tones import tone

TONE = 700
PATIENCE = 10


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class MailServer:
    """Takes e-mail as its attributes say; `letters`: what it has accepted."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None) -> None:
        self.port = free_port()
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.said: dict[str, str] = {}
        """The answer to RCPT, by recipient, where it is not yes."""
        self.to_data = "250 OK"
        self.dies_before_the_answer = False
        self.answers = asyncio.Event()
        """While it is clear, a message that has come in whole gets no answer."""
        self.answers.set()
        self.came = asyncio.Event()
        self.logins: list[str] = []
        self._tls, self._login = tls, login
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._conversation, LOOPBACK, self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _conversation(self) -> SMTP:
        with warnings.catch_warnings(action="ignore"):  # it warns of asking for a password without TLS, and rightly so
            return SMTP(
                self,
                loop=asyncio.get_running_loop(),
                hostname="mail.example.org",
                tls_context=self._tls,
                require_starttls=self._tls is not None,
                authenticator=self._authenticate if self._login else None,
                auth_required=self._login is not None,
                auth_require_tls=self._tls is not None,
            )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword
    ) -> AuthResult:
        self.logins.append(given.login.decode())
        right = (given.login.decode(), given.password.decode()) == self._login
        return AuthResult(success=right, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.said:
            return self.said[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.came.set()
        await self.answers.wait()
        if not self.to_data.startswith("250"):
            return self.to_data
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        if self.dies_before_the_answer:
            assert server.transport is not None
            server.transport.abort()
        return self.to_data


@asynccontextmanager
async def mail_server(
    *, tls: ssl.SSLContext | None = None, login: tuple[str, str] | None = None
) -> AsyncIterator[MailServer]:
    server = MailServer(tls=tls, login=login)
    await server.start()
    yield server
    server.answers.set()
    await server.stop()


@dataclass(frozen=True)
class Posted:
    """What the gateway was sent."""

    headers: dict[str, str]
    body: dict[str, object]


class Gateway:
    """An SMS gateway. `answer`: status and text of its next answers."""

    def __init__(self) -> None:
        self.port = free_port()
        self.posted: list[Posted] = []
        self.answer = (200, "accepted")

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/send"

    async def take(self, request: web.Request) -> web.Response:
        is_json = request.content_type == "application/json"
        body = await request.json() if is_json else dict(await request.post())
        self.posted.append(Posted(dict(request.headers), body))
        status, text = self.answer
        return web.Response(status=status, text=text.replace("{headers}", str(dict(request.headers))))


@asynccontextmanager
async def sms_gateway() -> AsyncIterator[Gateway]:
    gateway = Gateway()
    app = web.Application()
    app.router.add_post("/send", gateway.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, gateway.port).start()
    yield gateway
    await runner.cleanup()


class Office:
    """An account with user 201, and its outbox."""

    def __init__(self, database: Database, account: AccountId, clock: SetClock, home: Path) -> None:
        self.database = database
        self.account = account
        self.clock = clock
        self.home = home
        self._committed = asyncio.Event()
        database.on_commit(self._note)

    def sender(self, **settings: object) -> Sender:
        """As the settings make it, and with no luck in its pauses."""
        return Sender(self.database, chosen_ways(Settings(home=self.home, **settings)), chance=lambda: 1.0)

    def mail_sender(self, server: MailServer, options: str = "?tls=none", login: str = "") -> Sender:
        url = f"smtp://{login}{LOOPBACK}:{server.port}{options}"
        return self.sender(smtp_url=url, mail_from="voicemail@example.org")

    async def message(self, id: str = "m1", *, seconds: float = 1.0) -> str:
        """Somebody has left a message for 201, of a tone."""
        path = file_of(self.home, self.account, id)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_wav(path, tone(TONE, seconds=seconds))
        left = Message(
            id=id,
            mailbox="201",
            left_at=self.clock.now(),
            seconds=seconds,
            caller="202",
            caller_name="Bakker",
            call_id="c",
            heard_at=None,
        )
        async with self.database.change("test") as unit:
            assert await messages.add(unit, self.account, left)
        return id

    async def mail(
        self,
        to: str = "anna@example.org",
        *,
        subject: str = "Nieuw bericht van Bakker",
        body: str = "Beller: Bakker (202)\n",
        message: str | None = None,
        attach: bool = False,
        delete_after: bool = False,
    ) -> str:
        """An e-mail is put into the outbox; its id."""
        return await self._add(Way.MAIL, to, subject, body, message, attach, delete_after)

    async def sms(self, to: str = "+31612345678", body: str = "Nieuw bericht van Bakker") -> str:
        return await self._add(Way.SMS, to, "", body, None, False, False)

    async def _add(
        self, way: Way, to: str, subject: str, body: str, message: str | None, attach: bool, delete_after: bool
    ) -> str:
        before = {notice.id for notice in await self.outbox()}
        async with self.database.change("test") as unit:
            notices.add(
                unit,
                self.account,
                way=way,
                recipient=to,
                subject=subject,
                body=body,
                message_id=message,
                attach=attach,
                delete_after=delete_after,
                now=self.clock.now(),
            )
        (id,) = {notice.id for notice in await self.outbox()} - before
        return id

    async def outbox(self) -> list[Notice]:
        async with self.database.read() as unit:
            return (await outbox.list_all(unit, self.account)).notices

    async def notice(self, id: str) -> Notice:
        async with self.database.read() as unit:
            return await outbox.get(unit, self.account, id)

    async def has_message(self, id: str) -> bool:
        async with self.database.read() as unit:
            return await messages.is_there(unit, self.account, id)

    async def until(self, id: str, true: Callable[[Notice], bool]) -> Notice:
        """Wait until that is true of the notice."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._committed.clear()
                if true(notice := await self.notice(id)):
                    return notice
                await self._committed.wait()

    async def _note(self, unit: Unit) -> None:
        self._committed.set()

    async def wait_for_next_try(self, id: str) -> timedelta:
        """The clock goes on to the notice's next try; how long that was."""
        next_try = (await self.notice(id)).next_try
        assert next_try is not None
        waited, self.clock.moment = next_try - self.clock.moment, next_try
        return waited
