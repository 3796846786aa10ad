"""Who may come in: tokens, their scopes, and those who guess (API-1)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from api_world import ApiWorld

from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.tokens import Scope
from centrale.accounts.unit import Unit
from centrale.api.authentication import FREE_GUESSES


async def test_nobody_comes_in_without_a_token(world: ApiWorld) -> None:
    stranger = await world.client()
    for path in ("/api/v1/accounts", "/api/v1/nothing/here", "/api/v2/accounts"):
        answer = await stranger.get(path)
        assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer ", "centrale_x", "Bearer \u00ff\u00fe"])
async def test_anything_else_is_no_token(world: ApiWorld, header: str) -> None:
    stranger = await world.client()
    answer = await stranger.get("/api/v1/me", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401


async def test_a_token_in_the_address_or_a_cookie_is_none(world: ApiWorld) -> None:
    """Else a page of another site, or a log of addresses, could use it."""
    stranger, token = await world.client(), await world.token()
    assert (await stranger.get(f"/api/v1/me?token={token}&access_token={token}")).status_code == 401
    assert (await stranger.get("/api/v1/me", headers={"Cookie": f"token={token}"})).status_code == 401


async def test_who_guesses_is_slowed_down_and_shuts_nobody_out(world: ApiWorld) -> None:
    guesser = await world.client("centrale_guess")
    await world.platform.get("/api/v1/me")
    for _ in range(FREE_GUESSES):
        assert (await guesser.get("/api/v1/me")).status_code == 401
    slowed = await guesser.get("/api/v1/me")
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0
    assert (await world.platform.get("/api/v1/me")).status_code == 200, "the same address, with a good token"


async def test_an_administrator_gives_an_account_a_token_that_is_shown_once(world: ApiWorld) -> None:
    account = await world.company()
    made = await world.platform.post(
        "/api/v1/tokens", json={"name": "wallboard", "account": account, "scopes": ["read"]}
    )
    assert made.status_code == 201
    wallboard = await world.client(made.json()["token"])
    me = (await wallboard.get("/api/v1/me")).json()
    assert (me["name"], me["account"], me["scopes"]) == ("wallboard", account, ["read"])
    shown = await world.platform.get(made.headers["location"])
    assert shown.json()["id"] == made.json()["id"]
    audit = await world.platform.get(f"/api/v1/accounts/{account}/audit")
    for later in (shown, await world.platform.get("/api/v1/tokens"), audit):
        assert made.json()["token"] not in later.text


async def test_a_revoked_token_opens_nothing_from_then_on(world: ApiWorld) -> None:
    made = (await world.platform.post("/api/v1/tokens", json={"name": "leaked"})).json()
    leaked = await world.client(made["token"])
    assert (await leaked.get("/api/v1/accounts")).status_code == 200
    assert (await world.platform.delete(f"/api/v1/tokens/{made['id']}")).status_code == 204
    assert (await leaked.get("/api/v1/accounts")).status_code == 401
    entry = (await world.platform.get("/api/v1/audit")).json()["items"][0]
    assert (entry["action"], entry["object_type"], entry["object_key"]) == ("delete", "token", str(made["id"]))


async def test_whoever_goes_on_with_a_revoked_token_is_slowed_down_like_a_guesser(world: ApiWorld) -> None:
    """That it was good once is forgotten."""
    made = (await world.platform.post("/api/v1/tokens", json={"name": "leaked"})).json()
    leaked = await world.client(made["token"])
    assert (await leaked.get("/api/v1/me")).status_code == 200
    await world.platform.delete(f"/api/v1/tokens/{made['id']}")
    answers = [(await leaked.get("/api/v1/me")).status_code for _ in range(FREE_GUESSES + 2)]
    assert (answers[0], answers[-1]) == (401, 429)


async def test_where_a_token_is_sent_no_cookie_counts(world: ApiWorld) -> None:
    """A program with a token does what that may, also in a browser where somebody is signed in."""
    account = await world.company()
    boss = await world.person("boss@acme.example", "platform")
    reader = await world.token(account, Scope.READ)
    with_token = {"Authorization": f"Bearer {reader}"}
    assert (await boss.client.get("/api/v1/me", headers=with_token)).json()["account"] == account
    refused = await boss.client.post(f"/api/v1/accounts/{account}/channels", json={}, headers=with_token)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:centrale:problem:scope")
    wrong = await boss.client.get("/api/v1/session", headers={"Authorization": "Bearer centrale_wrong"})
    assert wrong.status_code == 401


async def test_an_account_manages_its_own_tokens_only(world: ApiWorld) -> None:
    acme, rival = await world.company("1000", "Acme"), await world.company("2000", "Rival")
    admin = await world.as_account(acme)
    await world.token(rival, name="of the rival")
    made = await admin.post("/api/v1/tokens", json={"name": "mine"})
    assert made.json()["account"] == acme, "without being told"
    names = [token["name"] for token in (await admin.get("/api/v1/tokens")).json()["items"]]
    assert names == ["test", "mine"]
    for other in (rival, 4711):
        refused = await admin.post("/api/v1/tokens", json={"name": "theirs", "account": other})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "/account"


async def test_a_token_cannot_make_one_that_may_do_more_than_itself(world: ApiWorld) -> None:
    account = await world.company()
    writer = await world.as_account(account, Scope.WRITE)
    refused = await writer.post("/api/v1/tokens", json={"name": "more", "scopes": ["read", "write"]})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:centrale:problem:scope")
    assert (await writer.post("/api/v1/tokens", json={"name": "same", "scopes": ["write"]})).status_code == 201


async def test_looking_goes_on_while_nothing_can_be_written(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The moment of use is kept to the hour; that it cannot be kept stops nobody from looking."""

    @asynccontextmanager
    async def full(actor: str) -> AsyncIterator[Unit]:
        raise StorageUnavailable("the disk is full")
        yield

    reader = await world.client(await world.token())
    monkeypatch.setattr(world.database, "change", full)
    assert (await reader.get("/api/v1/me")).status_code == 200
    refused = await reader.post("/api/v1/accounts", json={"number": "1000", "name": "Acme"})
    assert (refused.status_code, refused.json()["detail"]) == (503, "The disk is full.")
    assert refused.headers["retry-after"]
