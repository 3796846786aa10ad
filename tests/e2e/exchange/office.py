"""A customer of the exchange for one story: an account with numbers, people, phones and carriers."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

from centrale.phones.baresip import BaresipPhone
from centrale.phones.baresip_config import BaresipAccount
from centrale.phones.digest import Credentials
from centrale.phones.wire import WirePhone
from centrale.runtime import Runtime
from tests.e2e.exchange.running import RunningExchange

_serial = count(100)
_TONES = {"201": 700, "202": 1000, "203": 1300, "204": 1600}
CARRIERS_TONE = 500
RECORD_WITHIN = 5.0
"""Seconds after its end in which a call's record is there."""


class Office:
    """`number(n)`: the account's telephone numbers; `main` is the first. Phones and carriers go off with the story."""

    def __init__(self, exchange: RunningExchange, runtime: Runtime) -> None:
        self.serial = next(_serial)
        self.exchange = exchange
        self.api = exchange.api
        self.id = 0
        self.customer = f"C{self.serial}"
        self.carriers: list[str] = []
        self._runtime = runtime
        self._going_off = AsyncExitStack()

    @property
    def path(self) -> str:
        return f"accounts/{self.id}"

    @property
    def main(self) -> str:
        return self.number(0)

    def number(self, n: int) -> str:
        """The account's telephone number with this ending."""
        return f"+3120{self.serial}{n:04}"

    async def open(self, *, facilities: tuple[str, ...] = ()) -> None:
        """Become a customer, with a main number."""
        account = await self.api.post(
            "accounts",
            number=self.customer,
            name=f"Customer {self.serial}",
            area_code="020",
            facilities=list(facilities),
        )
        self.id = account["id"]
        await self.gets_number(self.main)
        await self.api.patch(self.path, default_caller_id=self.main, emergency_caller_id=self.main)

    async def close(self) -> None:
        """Everybody's phone goes off."""
        await self._going_off.aclose()

    # People and numbers -----------------------------------------------------------------------------------------

    async def gets_number(self, e164: str) -> None:
        await self.api.post(f"{self.path}/numbers", e164=e164)

    async def user(self, number: str, name: str, *, pin: str = "4826", **settings: object) -> None:
        await self.extension("user", number, name, pin=pin, **settings)

    async def group(self, number: str, name: str, *members: str, **settings: object) -> None:
        await self.extension("group", number, name, members=list(members), **settings)

    async def extension(self, kind: str, number: str, name: str, *, pin: str | None = None, **settings: object) -> None:
        further = {"pin": pin} if pin else {}
        await self.api.post(
            f"{self.path}/extensions", number=number, kind=kind, name=name, settings=settings, **further
        )

    async def plan(self, *entries: tuple[str, str, str], number: int = 1, name: str = "Open") -> None:
        """A number plan of telephone number, destination, prefix; the first one stands."""
        rows = [{"e164": e164, "destination": to, "prefix": prefix} for e164, to, prefix in entries]
        await self.api.post(f"{self.path}/schemas/1/plans", number=number, name=name, entries=rows)
        if number == 1:
            await self.api.patch(f"{self.path}/schemas/1", standing=1)

    # Devices ----------------------------------------------------------------------------------------------------

    async def channel(self, user: str | None = None, **fields: object) -> Credentials:
        """A new channel, with `user` logged on; what its phone needs."""
        made = await self.api.post(f"{self.path}/channels", **fields)
        if user is not None:
            await self.api.put(f"{self.path}/logons/{made['name']}", user=user)
        return Credentials(made["sip"]["user"], made["sip"]["password"])

    async def phone(self, user: str | None = None, *, tone: int | None = None, **how: Any) -> BaresipPhone:
        """A real phone on a channel of its own, registered, with `user` logged on."""
        return await self.baresip(await self.channel(user), user, tone=tone, **how)

    async def baresip(
        self, channel: Credentials, user: str | None = None, *, tone: int | None = None, **how: Any
    ) -> BaresipPhone:
        """A real phone on this channel, registered."""
        account = BaresipAccount(
            channel.username, channel.password, server=self.exchange.server[0], port=self.exchange.server[1], **how
        )
        tone = tone or _TONES.get(user or "", 1900)
        phone = BaresipPhone(self._runtime, user or channel.username, account, tone=tone)
        await self._going_off.enter_async_context(phone)
        await phone.register()
        return phone

    async def wire_phone(
        self, user: str | None = None, *, tone: int | None = None, call_limit: int = 2, **how: Any
    ) -> WirePhone:
        """A phone of which the story writes every header, on a channel of its own, registered."""
        credentials = await self.channel(user, call_limit=call_limit)
        tone = tone or _TONES.get(user or "", 1900)
        phone = WirePhone(user or credentials.username, self.exchange.server, credentials=credentials, tone=tone, **how)
        await self._going_off.enter_async_context(phone)
        await phone.register()
        return phone

    async def carrier(self, name: str = "carrier", *, tone: int = CARRIERS_TONE, **trunk: object) -> WirePhone:
        """A carrier that this account uses after the ones that it has."""
        carrier = WirePhone(name, self.exchange.server, tone=tone)
        await self._going_off.enter_async_context(carrier)
        await self.trunk(name, carrier.port, sources=[f"127.0.0.1:{carrier.port}"], **trunk)
        return carrier

    async def trunk(self, name: str, port: int, **trunk: object) -> str:
        """A trunk to this port of loopback, used after the ones that the account has; returns its name."""
        full = f"{name}-{self.serial}"
        fields: dict[str, object] = {"host": "127.0.0.1", "port": port, "qualify": 0, **trunk}
        await self.api.post("trunks", name=full, **fields)
        self.carriers.append(full)
        await self.api.put(f"{self.path}/trunks", trunks=self.carriers)
        return full

    # What is left of a call -------------------------------------------------------------------------------------

    async def records(self) -> list[dict[str, Any]]:
        """All call records, newest first, with their traces."""
        found = await self.api.get(f"{self.path}/records")
        return [await self.api.get(f"{self.path}/records/{record['id']}") for record in found["items"]]

    async def record(self, n: int = 1) -> dict[str, Any]:
        """The newest record, once there are `n` of them and no call runs."""
        loop = asyncio.get_running_loop()
        until = loop.time() + RECORD_WITHIN
        while True:
            records, running = await self.records(), await self.api.get(f"{self.path}/calls")
            if len(records) >= n and not running["items"]:
                assert len(records) == n, f"{len(records)} records where {n} calls were made"
                return records[0]
            assert loop.time() < until, f"{len(records)} of {n} records; still running: {running['items']}"
            await asyncio.sleep(0.1)  # The record is written after the end, and nothing tells when.


def steps(record: dict[str, Any]) -> list[tuple[str, str]]:
    """The trace as rule and outcome."""
    return [(step["rule"], step["outcome"]) for step in record["trace"]]


def facts(record: dict[str, Any], rule: str) -> dict[str, Any]:
    """What the first step of this rule weighed."""
    return next(step["facts"] for step in record["trace"] if step["rule"] == rule)
