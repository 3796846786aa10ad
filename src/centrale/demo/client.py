"""The running exchange as the demo asks it: over its API, with the demo's token."""

from __future__ import annotations

import asyncio
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from centrale.accounts import demo
from centrale.accounts.demo import DemoSecrets
from centrale.settings import Settings

RECORD_WITHIN = 5.0
"""Seconds after a call's end in which its record has to be there; it takes tens of milliseconds."""

Record = dict[str, Any]
"""A call record as the API gives it."""


class DemoImpossible(Exception):
    """The demo cannot be given; `remedy` says what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


class Client:
    """Asks the exchange of `settings`. Raises DemoImpossible when it does not run or has no demo account."""

    def __init__(self, settings: Settings) -> None:
        self.host = "127.0.0.1" if settings.bind.is_unspecified else str(settings.bind)
        self.sip_port = settings.sip_port
        self.trunk_port = settings.demo_trunk_port
        self._address = f"http://{self.host}:{settings.http_port}"
        self._settings = settings
        self._http = httpx.AsyncClient(base_url=self._address, timeout=10, trust_env=False)
        self.secrets: DemoSecrets
        self.account = 0

    async def __aenter__(self) -> Self:
        try:
            await self._find()
        except BaseException:
            await self._http.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def _find(self) -> None:
        health = await self._health()
        if health.get("problems"):
            raise DemoImpossible(
                f"the exchange cannot make calls now: {' '.join(health['problems'])}", "see `centrale doctor`"
            )
        secrets = demo.read_secrets(self._settings.home)
        if secrets is None or not secrets.applied:
            raise DemoImpossible(
                f"the exchange in {self._settings.home} has no demo account",
                "set CENTRALE_HOME to the home of the exchange that runs, or to a new folder and start it there; "
                "the demo is made at the first start unless CENTRALE_DEMO is 0",
            )
        self.secrets = secrets
        self._http.headers["Authorization"] = f"Bearer {secrets.token}"
        accounts = await self._get("accounts")
        found = [account["id"] for account in accounts["items"] if account["number"] == demo.ACCOUNT]
        if not found:
            raise DemoImpossible("the demo account was deleted", "set CENTRALE_HOME to a new folder and start it there")
        self.account = found[0]

    async def _health(self) -> dict[str, Any]:
        try:
            answer = await self._http.get("/healthz")
            health = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise DemoImpossible(
                f"no exchange answers at {self._address}",
                "start it in another terminal with `centrale up` (or `make run`), with the same CENTRALE_ settings",
            ) from error
        return health if isinstance(health, dict) else {}

    async def logons(self) -> dict[str, str]:
        """Who is logged on, by channel."""
        answer = await self._get(f"accounts/{self.account}/logons")
        return {logon["channel"]: logon["user"] for logon in answer["items"]}

    async def restore_logons(self, before: dict[str, str]) -> None:
        """Log everybody on and off as it was."""
        now = await self.logons()
        for channel in now.keys() - before.keys():
            await self._http.delete(self._path(f"accounts/{self.account}/logons/{channel}"))
        for channel, user in before.items():
            if now.get(channel) != user:
                await self._http.put(self._path(f"accounts/{self.account}/logons/{channel}"), json={"user": user})

    async def registered(self) -> set[str]:
        """Channels with a phone that is registered now."""
        answer = await self._get(f"accounts/{self.account}/channels")
        return {channel["name"] for channel in answer["items"] if channel["registered"]}

    async def record(self, since: datetime, called: str, *, channel: str | None, trunk: str | None) -> Record | None:
        """The record of the latest call since then to `called`, from this channel or through this trunk."""
        loop = asyncio.get_running_loop()
        until = loop.time() + RECORD_WITHIN
        while loop.time() < until:
            answer = await self._get(f"accounts/{self.account}/records", since=since.isoformat())
            for record in answer["items"]:
                by = record["channel"] == channel if channel else record["trunk"] == trunk and not record["channel"]
                if by and record["called"] == called:
                    return await self._get(f"accounts/{self.account}/records/{record['id']}")
            # The record is written after the call's end, and no event tells so.
            await asyncio.sleep(0.1)
        return None

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        answer = await self._http.get(self._path(path), params=query)
        if answer.status_code in (401, 403):
            raise DemoImpossible(
                "the exchange does not accept the demo's token: somebody revoked it",
                "set CENTRALE_HOME to a new folder and start the exchange there",
            )
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    @staticmethod
    def _path(path: str) -> str:
        return f"/api/v1/{path}"
