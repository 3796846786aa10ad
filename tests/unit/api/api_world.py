"""The exchange that the API's stories are told on, and clients that speak HTTP to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet
from fastapi import FastAPI

from centrale.accounts import tokens
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk
from centrale.accounts.directory import Directory
from centrale.accounts.journal import Journal
from centrale.accounts.record_writer import RecordWriter
from centrale.accounts.tokens import Scope, TokenIn
from centrale.accounts.vault import Vault
from centrale.api.app import create_app
from centrale.api.services import ApiServices
from centrale.calls.platform import Platform
from centrale.calls.record import CallRecord, Direction, Outcome
from centrale.exchange.exchange import Exchange
from centrale.routing.snapshot import AccountId, AccountSnapshot, ChannelName, ExtensionNumber
from centrale.routing.trace import Step
from centrale.settings import Settings
from centrale.telephony.simulated import SimulatedPhone, SimulatedSwitch
from centrale.voice.silent import SilentPrompts

MONDAY_NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine o'clock in Amsterdam


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.moment = MONDAY_NINE

    def now(self) -> datetime:
        return self.moment

    def pass_time(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


class ApiWorld:
    """Everything that bootstrap would wire, with a phone-less switch that phones can be plugged into."""

    platform: httpx.AsyncClient
    """Speaks with a token of the platform."""

    def __init__(self, database: Database, clock: SetClock, home: Path, clients: AsyncExitStack) -> None:
        self.database = database
        self.clock = clock
        self.directory = Directory(database)
        self.switch = SimulatedSwitch()
        self.journal = Journal(home / "journal")
        self.writer = RecordWriter(database, self.journal, home / "set-aside.jsonl")
        self.calls = Platform(
            self.switch, clock, self.directory, SilentPrompts(), Desk(database), self.journal, home / "sounds"
        )
        self.exchange = Exchange(self.calls)
        self.registered: set[str] = set()
        self.ills: list[str] = []
        """Why calls cannot be made."""
        self.services = ApiServices(
            database=database,
            directory=self.directory,
            live=self.calls.live,
            clock=clock,
            settings=Settings(home=home),
            health=self._health,
            registered=self._registered,
            explain=self._explain,
            hosts=frozenset({"exchange.example"}),
        )
        self.app = create_app(self.services)
        self._clients = clients

    async def _health(self) -> list[str]:
        return self.ills

    def _registered(self, channel: ChannelName) -> bool:
        return channel in self.registered

    async def _explain(self, account: AccountId, caller: str, dialled: str, at: datetime) -> CallRecord:
        step = Step(at, "dry-run", f"{caller} would call {dialled}")
        outcome = Outcome.ANSWERED
        return CallRecord(
            "dry", account, at, Direction.INSIDE, caller, "", dialled, ended=at, outcome=outcome, trace=[step]
        )

    async def client(self, token: str | None = None, *, app: FastAPI | None = None) -> httpx.AsyncClient:
        """Someone who sends `token`, or none."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(app or self.app, client=("192.0.2.44", 50000))
        client = httpx.AsyncClient(transport=transport, base_url="http://exchange.example", headers=headers)
        return await self._clients.enter_async_context(client)

    async def token(self, account: int | None = None, *scopes: Scope, name: str = "test") -> str:
        """The text of a new token; of the platform without an account."""
        async with self.database.change("test") as unit:
            wanted = TokenIn(name=name, account=account, scopes=frozenset(scopes or Scope))
            return (await tokens.create(unit, wanted))[1]

    async def as_account(self, account: int, *scopes: Scope) -> httpx.AsyncClient:
        """Someone who speaks for one account."""
        return await self.client(await self.token(account, *scopes))

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
        """An account made by API, with users 201 and 202, each on a channel of its own; gives its id."""
        made = await self.platform.post("/api/v1/accounts", json={"number": number, "name": name, **settings})
        assert made.status_code == 201, made.text
        account = int(made.json()["id"])
        for extension, person in (("201", "Jansen"), ("202", "Bakker")):
            body = {"number": extension, "kind": "user", "name": person}
            assert (await self.platform.post(f"/api/v1/accounts/{account}/extensions", json=body)).is_success
            made = await self.platform.post(f"/api/v1/accounts/{account}/channels", json={})
            assert made.is_success, made.text
            place = f"/api/v1/accounts/{account}/logons/{made.json()['name']}"
            logged_on = await self.platform.put(place, json={"user": extension})
            assert logged_on.is_success, logged_on.text
        return account

    def channels(self, account: int) -> list[ChannelName]:
        """The account's channels, by name."""
        return sorted(self.picture(account).channels)

    def devices(self, account: int, user: str) -> tuple[ChannelName, ...]:
        """Where `user` is logged on."""
        return self.picture(account).devices_of(ExtensionNumber(user))


@asynccontextmanager
async def open_world(path: Path, *, home: Path) -> AsyncIterator[ApiWorld]:
    """An exchange on the migrated database at `path`; closed, with all its calls, at the end."""
    clock = SetClock()
    database = Database(f"sqlite+aiosqlite:///{path}", Vault(Fernet.generate_key()), clock)
    async with AsyncExitStack() as clients:
        world = ApiWorld(database, clock, home, clients)
        await world.directory.load()
        world.exchange.start()
        world.platform = await world.client(await world.token(name="administrator"))
        try:
            yield world
        finally:
            await world.exchange.stop()
            world.journal.close()
            await database.close()
