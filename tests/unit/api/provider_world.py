"""An OpenID provider in a process of its own, and people who sign in there (SSO-1)."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
from api_world import ApiWorld, Browser
from prometheus_client import CollectorRegistry

from centrale.api.app import attach
from centrale.clock import SystemClock
from centrale.phones.tools import free_port
from centrale.runtime.lifetime import ends_with_us
from centrale.settings import Settings

ANNA = "anna@acme.example"
OUTSIDE = "/api/v1/session/outside"


@contextmanager
def running_provider() -> Iterator[str]:
    """The address of a provider that signs in whoever says who they are."""
    port = free_port()
    words = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, preexec_fn=ends_with_us()) as process:
        assert process.stderr is not None
        while b"Uvicorn running" not in process.stderr.readline():
            assert process.poll() is None
        drain = threading.Thread(target=process.stderr.read)
        drain.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            drain.join()


def with_provider(world: ApiWorld, issuer: str, **more: Any) -> None:
    """Has the exchange believe in that provider; the clocks agree."""
    world.clock.moment = SystemClock().now()
    settings = Settings(
        home=world.services.settings.home,
        oidc_issuer=issuer,
        oidc_client_id="centrale",
        oidc_client_secret="shared",
        oidc_name="Acme ID",
        **more,
    )
    world.services = replace(world.services, settings=settings, metrics=CollectorRegistry())
    attach(world.app, world.services)


async def known_as(provider: str, subject: str, **claims: Any) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.put(f"{provider}/users/{subject}", json=claims)).is_success


async def goes_outside(browser: Browser, subject: str) -> str:
    """Follows the button to the provider, says there who one is; gives where the provider leads back to."""
    there = await browser.client.get(OUTSIDE)
    assert there.status_code == 303
    async with httpx.AsyncClient() as client:
        back = await client.post(there.headers["location"], data={"sub": subject})
    assert back.status_code == 302, back.text
    return str(back.headers["location"]).removeprefix("http://127.0.0.1:8000")
