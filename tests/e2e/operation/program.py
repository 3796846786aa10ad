"""A customer's program that takes webhooks, beside a running exchange."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from aiohttp import web
from standardwebhooks import Webhook

from centrale.accounts import demo
from centrale.phones.tools import LOOPBACK
from centrale.settings import Settings
from tests.e2e.operation.up import PATIENCE

PERSON = {"number": "288", "kind": "user", "name": "Last words"}
KEY = {"Idempotency-Key": "8e03978e-40d5"}


class Program:
    """Takes what is posted; while `ill`, it says so instead."""

    def __init__(self) -> None:
        self.ill = True
        self.secret = ""
        self.posts: list[tuple[str, dict[str, str]]] = []
        self.came = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        async with self.came:
            self.posts.append((await request.text(), dict(request.headers)))
            self.came.notify_all()
        return web.Response(status=503 if self.ill else 204)

    async def subscribes(self, api: httpx.AsyncClient, port: int) -> None:
        """Has the demo's account tell it of changes."""
        hook = {"name": "CRM", "url": f"http://{LOOPBACK}:{port}/", "events": ["configuration.changed"]}
        self.secret = (await api.post("/webhooks", json=hook)).json()["secret"]

    async def hears(self, key: str) -> dict[str, Any]:
        """Waits for the change of that extension, and verifies everything that came."""

        def found() -> list[dict[str, Any]]:
            events = [json.loads(body) for body, _ in self.posts]
            return [it for it in events if it["data"].get("object_key") == key]

        async with asyncio.timeout(PATIENCE), self.came:
            await self.came.wait_for(found)
        for body, headers in self.posts:
            Webhook(self.secret).verify(body, headers)
        return found()[0]

    async def was_noted(self, api: httpx.AsyncClient) -> None:
        """Waits until the exchange has noted that nothing arrives: from then on it is due within seconds."""
        async with asyncio.timeout(PATIENCE):
            while any(it["last"] is None for it in (await api.get("/webhooks/1/deliveries")).json()["items"]):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)

    def recovers(self) -> None:
        """From now on it takes what comes."""
        self.ill = False
        self.posts.clear()


@asynccontextmanager
async def a_program(settings: Settings) -> AsyncIterator[tuple[Program, httpx.AsyncClient]]:
    """The program, listening and subscribed, and its access to the API of the demo's account."""
    program, app = Program(), web.Application()
    app.router.add_post("/", program.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, 0)
    await site.start()
    base = f"http://127.0.0.1:{settings.http_port}/api/v1/accounts/1"
    headers = {"Authorization": f"Bearer {demo.KNOWN_TOKEN}"}
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False) as api:
        await program.subscribes(api, runner.addresses[0][1])
        yield program, api
    await runner.cleanup()
