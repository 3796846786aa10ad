"""The exchange that the API's stories are told on, and clients that speak HTTP to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Collection, MutableMapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI
from starlette.types import ASGIApp

from centrale.accounts import accounts, channels, extensions, logons, tokens, web_users
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.journal import Journal
from centrale.accounts.messages_desk import MessageDesk
from centrale.accounts.messages_store import MessageStore
from centrale.accounts.phone_book import PhoneBook
from centrale.accounts.queue_desk import QueueDesk
from centrale.accounts.queue_event_writer import QueueEventWriter
from centrale.accounts.queue_events import QueueEvents
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.roles import Role
from centrale.accounts.sound_desk import SoundDesk
from centrale.accounts.stored import StoredListeners
from centrale.accounts.tokens import Scope, TokenIn
from centrale.accounts.vault import Vault
from centrale.accounts.web_users import WebUserIn
from centrale.api.app import attach, bare_app
from centrale.api.services import ApiServices
from centrale.calls.live import LiveCalls
from centrale.calls.naming import CallerNames
from centrale.calls.platform import Platform
from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.exchange.exchange import Exchange
from centrale.explain import NO_ASSUMPTIONS, Assumptions
from centrale.explain.guard import Guard
from centrale.queueing.happenings import Listeners
from centrale.queueing.queues import Queues
from centrale.routing.snapshot import AccountId, AccountSnapshot, ChannelName, ExtensionNumber
from centrale.routing.trace import Step
from centrale.settings import Settings
from centrale.telephony.asterisk.registrations import Device
from centrale.telephony.simulated import SimulatedPhone, SimulatedSwitch
from centrale.voice.pcm import write_wav
from centrale.voice.silent import SilentPrompts
from centrale.voice.tones import tone

MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = MONDAY_NINE

    def now(self) -> datetime:
        return self.moment

    def pass_time(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    event: str
    id: str
    data: dict[str, Any]


class Voice(SilentPrompts):
    """Says every text as half a second of a tone."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    async def speech(self, text: str, language: str, /) -> Path:
        path = self._folder / (await super().speech(text, language)).name
        write_wav(path.with_name(f"{path.name}.wav"), tone(440, seconds=0.5))
        return path


class EventStream:
    """A browser that keeps a response open; httpx's ASGI transport would wait for its end."""

    def __init__(self, app: FastAPI, path: str, headers: dict[str, str], query: str = "") -> None:
        self._app = app
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": raw,
            "client": ("192.0.2.44", 50000),
            "server": ("exchange.example", 80),
        }
        self._asked = False
        self._left = asyncio.Event()
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._text = ""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._app(self._scope, self._receive, self._send))
        start = await asyncio.wait_for(self._messages.get(), 5)
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        await asyncio.wait_for(self._task, 5)

    async def next(self) -> Event:
        """The next event; keep-alive comments are passed over."""
        while True:
            while "\n\n" not in self._text:
                message = await asyncio.wait_for(self._messages.get(), 5)
                if not message.get("more_body"):
                    raise EOFError("the stream ended")
                self._text += message["body"].decode()
            block, _, self._text = self._text.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if fields:
                return Event(fields["event"], fields["id"], json.loads(fields["data"]))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        await self._messages.put(dict(message))


PASSWORD = "vier rode fietsen"


class Browser:
    """What the portal's pages do: a cookie that they cannot read, and a header with each change."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def signs_in(self, email: str, password: str = PASSWORD, code: str | None = None) -> httpx.Response:
        """Fills in the form."""
        body = {"email": email, "password": password} | ({"code": code} if code else {})
        answer = await self.client.post("/api/v1/session", json=body)
        if answer.status_code == 201:
            self.client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return answer


class ApiWorld:
    """Everything that bootstrap would wire, with a phone-less switch that phones can be plugged into."""

    platform: httpx.AsyncClient
    """Speaks with a token of the platform."""

    def __init__(
        self, database: Database, clock: SetClock, home: Path, clients: AsyncExitStack, app: FastAPI | None
    ) -> None:
        self.database = database
        self.clock = clock
        self.directory = Directory(database)
        self.guard = Guard(database, look=self.directory.as_seen_in)
        self.switch = SimulatedSwitch()
        self.journal = Journal(home / "journal")
        recorded = StoredListeners()
        self.writer = RecordWriter(database, self.journal, home / "set-aside.jsonl", recorded)
        self.messages = MessageStore(database, home, self.switch.recorded)
        desk = Desk(database)
        live = LiveCalls()
        told = Listeners(QueueEvents(self.journal))
        queues = Queues(clock, self.directory, live, told)
        stored = StoredListeners()
        self.queue_events = QueueEventWriter(database, self.journal, home / "set-aside.jsonl", clock.now(), stored)
        self.calls = Platform(
            self.switch,
            clock,
            self.directory,
            SilentPrompts(),
            desk,
            self.journal,
            home / "sounds",
            queue_desk=QueueDesk(database),
            queues=queues,
            live=live,
            sound_desk=SoundDesk(database, home / "sounds"),
            messages=MessageDesk(database, desk, self.messages, home, home / "sounds"),
            names=CallerNames(PhoneBook(database)),
        )
        self.exchange = Exchange(self.calls)
        self.registered: set[str] = set()
        self.devices_on: dict[str, Device] = {}
        """What is known of the phones on channels."""
        self.ills: list[str] = []
        """Why calls cannot be made."""
        self.services = ApiServices(
            database=database,
            directory=self.directory,
            live=self.calls.live,
            queues=queues,
            happenings=told,
            queue_figures_stored=stored,
            records_stored=recorded,
            clock=clock,
            settings=Settings(home=home),
            health=self._health,
            registered=self._registered,
            device_on=self.devices_on.get,
            explain=self._explain,
            judge=self.guard.judge,
            prompts=Voice(home / "prompts"),
            hosts=frozenset({"exchange.example", "testserver"}),
        )
        self.app = app or one_app()
        attach(self.app, self.services)
        self._clients = clients

    async def _health(self) -> list[str]:
        return self.ills

    def _registered(self, channels: Collection[ChannelName]) -> set[ChannelName]:
        return {channel for channel in channels if channel in self.registered}

    async def _explain(
        self, account: AccountId, caller: str, dialled: str, at: datetime, assumptions: Assumptions = NO_ASSUMPTIONS
    ) -> CallRecord:
        step = Step(at, "dry-run", f"{caller} would call {dialled}")
        outcome = Outcome.ANSWERED
        return CallRecord(
            "dry", account, at, Direction.INSIDE, caller, "", dialled, ended=at, outcome=outcome, trace=[step]
        )

    async def client(self, token: str | None = None, *, app: ASGIApp | None = None) -> httpx.AsyncClient:
        """Someone who sends `token`, or none."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app or self.app, client=("192.0.2.44", 50000))
        client = httpx.AsyncClient(transport=transport, base_url="http://exchange.example", headers=headers)
        return await self._clients.enter_async_context(client)

    async def browser(self) -> Browser:
        """A browser that nobody has signed in with yet."""
        return Browser(await self.client())

    async def person(self, email: str, role: str, **where: Any) -> Browser:
        """A web user with a password, signed in."""
        async with self.database.change("test") as unit:
            made = await web_users.create(unit, WebUserIn(email=email, name="Anna", role=Role(role), **where))
            await web_users.set_password(unit, made.id, PASSWORD)
        browser = await self.browser()
        assert (await browser.signs_in(email)).status_code == 201
        return browser

    async def token(self, account: int | None = None, *scopes: Scope, name: str = "test") -> str:
        """The text of a new token; of the platform without an account."""
        async with self.database.change("test") as unit:
            wanted = TokenIn(name=name, account=account, scopes=frozenset(scopes or Scope))
            return (await tokens.create(unit, wanted))[1]

    async def as_account(self, account: int, *scopes: Scope) -> httpx.AsyncClient:
        """Someone who speaks for one account."""
        return await self.client(await self.token(account, *scopes))

    async def events(
        self, account: int, who: str | Browser, last: str | None = None, what: str = "calls/events", query: str = ""
    ) -> EventStream:
        """The stream of live calls of an account, or another of it; as `stream`."""
        return await self.stream(f"/api/v1/accounts/{account}/{what}", who, last, query)

    async def stream(self, path: str, who: str | Browser, last: str | None = None, query: str = "") -> EventStream:
        """Closed with the world at the latest. `who`: a token's text or a browser that is signed in. `last`: the id of
        the last event that they saw."""
        headers = {"host": "exchange.example"}
        if isinstance(who, str):
            headers["authorization"] = f"Bearer {who}"
        else:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in who.client.cookies.items())
        if last is not None:
            headers["last-event-id"] = last
        return await self._clients.enter_async_context(EventStream(self.app, path, headers, query))

    def picture(self, account: int) -> AccountSnapshot:
        """What calls of the account see now."""
        return self.directory.current.accounts[AccountId(account)]

    async def phone(self, channel: str) -> SimulatedPhone:
        """A registered phone on an existing channel."""
        phone = SimulatedPhone(self.switch, channel, channel, 440)
        await phone.register()
        self.registered.add(channel)
        return phone

    async def company(self, number: str = "1000", name: str = "Acme", **settings: Any) -> int:
        """An account with users 201 and 202, each on a channel of its own; gives its id."""
        async with self.database.change("set-up") as unit:
            wanted = AccountIn(number=number, name=name, **settings)
            account = AccountId((await accounts.create(unit, wanted)).id)
            for extension, person in (("201", "Jansen"), ("202", "Bakker")):
                await extensions.create(unit, account, ExtensionIn(number=extension, kind="user", name=person))
                channel = ChannelName((await channels.create(unit, account, ChannelIn())).name)
                await logons.log_on(unit, account, ExtensionNumber(extension), channel, exclusive=True)
        return account

    def channels(self, account: int) -> list[ChannelName]:
        """The account's channels, by name."""
        return sorted(self.picture(account).channels)

    def devices(self, account: int, user: str) -> tuple[ChannelName, ...]:
        """Where `user` is logged on."""
        return self.picture(account).devices_of(ExtensionNumber(user))


@cache
def one_app() -> FastAPI:
    """One app for all worlds, one after the other: FastAPI looks at 60 routes for longer than a story takes."""
    return bare_app()


@asynccontextmanager
async def open_world(
    path: Path, *, home: Path, app: FastAPI | None = None, administrator: bool = True
) -> AsyncIterator[ApiWorld]:
    """An exchange on the migrated database at `path`; closed, with all its calls, at the end."""
    clock = SetClock()
    database = Database(f"sqlite+aiosqlite:///{path}", Vault(Fernet.generate_key()), clock)
    async with AsyncExitStack() as clients:
        world = ApiWorld(database, clock, home, clients, app)
        await world.directory.load()
        world.exchange.start()
        if administrator:
            world.platform = await world.client(await world.token(name="administrator"))
        try:
            yield world
        finally:
            await world.exchange.stop()
            world.journal.close()
            await database.close()
