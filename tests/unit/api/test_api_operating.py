"""Health, figures and the description of the API: for those who operate the exchange and who program for it (OPS-1)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest
from api_world import ApiWorld

from centrale.accounts.tokens import Scope
from centrale.api import operating
from centrale.api.guards import LARGEST_BODY
from centrale.api.resources import health
from centrale.operation.doctor import Finding, Health


async def test_an_exchange_that_can_make_calls_is_healthy_and_says_so_to_everybody(world: ApiWorld) -> None:
    stranger = await world.client()
    answer = await stranger.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"healthy": True, "problems": [], "notes": []})


async def test_one_that_cannot_says_why(world: ApiWorld) -> None:
    world.ills.append("Asterisk does not run; it is started again in 3 seconds.")
    answer = await (await world.client()).get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["healthy"] is False
    assert answer.json()["problems"] == ["Asterisk does not run; it is started again in 3 seconds."]


async def test_what_else_is_worth_knowing_makes_it_no_less_healthy(world: ApiWorld) -> None:
    object.__setattr__(world.services, "notes", lambda: ["No mail server is set."])
    answer = await (await world.client()).get("/healthz")
    assert (answer.status_code, answer.json()["notes"]) == (200, ["No mail server is set."])


async def test_not_knowing_is_not_healthy(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks() -> list[str]:
        raise RuntimeError("inner life")

    async def hangs() -> list[str]:
        return await asyncio.Event().wait() and []

    monkeypatch.setattr(operating, "LONGEST_LOOK", 0.05)
    for look in (breaks, hangs):
        object.__setattr__(world.services, "health", look)
        answer = await (await world.client()).get("/healthz")
        assert (answer.status_code, answer.json()["healthy"]) == (503, False)
        assert "inner life" not in answer.text


async def test_figures_are_for_a_collector_on_this_machine_or_with_a_token_of_the_platform(world: ApiWorld) -> None:
    account = await world.company()
    near = httpx.AsyncClient(
        transport=httpx.ASGITransport(world.app, client=("127.0.0.1", 1)), base_url="http://localhost"
    )
    async with near:
        await world.platform.post("/api/v1/accounts", json={})
        figures = (await near.get("/metrics")).text
        assert "centrale_accounts 1.0" in figures
        assert 'centrale_api_requests_total{method="POST",route="/accounts",status="422"} 1.0' in figures
        through_a_proxy = await near.get("/metrics", headers={"X-Forwarded-For": "198.51.100.9"})
        assert through_a_proxy.status_code == 401

    assert (await world.platform.get("/metrics")).status_code == 200
    assert (await (await world.client()).get("/metrics")).status_code == 401
    assert (await (await world.as_account(account)).get("/metrics")).status_code == 403
    writer = await world.client(await world.token(None, Scope.WRITE))
    assert (await writer.get("/metrics")).status_code == 403


async def test_addresses_that_strangers_try_do_not_become_labels(world: ApiWorld) -> None:
    await (await world.client()).get("/wp-login.php")
    figures = (await world.platform.get("/metrics")).text
    assert "wp-login" not in figures
    assert 'route="none"' in figures


async def test_the_description_is_open_and_the_page_needs_nobody_elses_servers(world: ApiWorld) -> None:
    stranger = await world.client()
    document = (await stranger.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    page = await stranger.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert not re.findall(r"<(script|link|img|iframe)", page.text)
    assert not re.findall(r"(?:src|href)=\"(?!/api/openapi\.json)", page.text)
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page.text


async def test_every_operation_says_how_it_refuses(world: ApiWorld) -> None:
    document = (await world.platform.get("/api/openapi.json")).json()
    for path, methods in document["paths"].items():
        if path.startswith("/api/"):
            for method, operation in methods.items():
                assert {"401", "403"} <= operation["responses"].keys(), (method, path)
                assert operation["summary"], (method, path)
    refusal = document["components"]["responses"]["Conflict"]["content"]
    assert refusal == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "HTTPValidationError" not in str(document)


@pytest.mark.parametrize("name", ["evil.example", "exchange.example.evil.example", "", "localhost.evil.example"])
async def test_a_foreign_name_that_leads_here_opens_nothing(world: ApiWorld, name: str) -> None:
    answer = await world.platform.get("/api/v1/me", headers={"Host": name})
    assert (answer.status_code, answer.headers["content-type"]) == (421, "application/problem+json")


@pytest.mark.parametrize("name", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "EXCHANGE.example.", "192.0.2.9"])
async def test_our_own_names_and_addresses_do(world: ApiWorld, name: str) -> None:
    assert (await world.platform.get("/api/v1/me", headers={"Host": name})).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/me", "/api/v1/nothing", "/docs", "/api/openapi.json"])
async def test_no_answer_is_to_be_framed_guessed_at_or_kept(world: ApiWorld, path: str) -> None:
    for client in (world.platform, await world.client()):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


async def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(world: ApiWorld) -> None:
    async def chunks() -> object:
        for _ in range(LARGEST_BODY // 65536 + 2):
            yield b" " * 65536

    told = await world.platform.post("/api/v1/accounts", content=b" " * (LARGEST_BODY + 1))
    untold = await world.platform.post(
        "/api/v1/accounts", content=chunks(), headers={"Content-Type": "application/json"}
    )
    for answer in (told, untold):
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_a_fault_of_ours_is_told_without_its_inner_life(world: ApiWorld, log: list[dict[str, Any]]) -> None:
    account = await world.company()

    def broken(_: object) -> None:
        raise RuntimeError("inner life")

    object.__setattr__(world.services, "registered", broken)
    answer = await world.platform.get(f"/api/v1/accounts/{account}/channels")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "inner life" not in answer.text
    assert [line["event"] for line in log if line["log_level"] == "error"] == ["api.fault"]


async def test_the_platforms_administrator_reads_what_the_doctor_finds(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Finding("Memory", Health.NOTE, "100 MB available", "700 MB is what 10,000 phones need")]
    monkeypatch.setattr(health, "examine", lambda settings: found if settings is world.services.settings else [])
    world.ills.append("Asterisk does not run.")
    shown = (await world.platform.get("/api/v1/health")).json()
    assert (shown["healthy"], shown["problems"]) == (False, ["Asterisk does not run."])
    assert shown["findings"] == [
        {
            "subject": "Memory",
            "condition": "note",
            "found": "100 MB available",
            "remedy": "700 MB is what 10,000 phones need",
        }
    ]
    account = await world.as_account(await world.company())
    assert (await account.get("/api/v1/health")).status_code == 403, "it tells of the machine"
