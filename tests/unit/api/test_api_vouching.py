"""An OpenID provider is asked again and again whether somebody still may sign in (SSO-1)."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from api_world import ApiWorld, Browser
from provider_world import ANNA, OUTSIDE, goes_outside, known_as, with_provider
from sqlalchemy import select
from structlog.testing import capture_logs

from centrale.accounts.models import WebSessionRow
from centrale.api import openid, vouching
from centrale.api.openid import NoLonger, OpenId, OpenIdError
from centrale.settings import Settings

ENTRA = "openid profile email offline_access User.Read"
"""What the handbook asks Microsoft Entra ID for."""


async def comes_back_as(world: ApiWorld, provider: str, subject: str, scopes: str = ENTRA) -> Browser:
    """Anna, signed in at the provider under this name."""
    await world.person(ANNA, "account", account=await world.company())
    with_provider(world, provider, oidc_scopes=scopes)
    await known_as(provider, subject, email=ANNA, email_verified=True)
    browser = await world.browser()
    back = await browser.client.get(await goes_outside(browser, subject))
    assert back.headers["location"] == "/"
    return browser


async def session_of(world: ApiWorld) -> WebSessionRow:
    async with world.database.read() as unit:
        return (await unit.session.scalars(select(WebSessionRow).where(WebSessionRow.refresh.is_not(None)))).one()


async def asks(world: ApiWorld, browser: Browser) -> int:
    """The status of a request, after what it set going is done."""
    answer = await browser.client.get("/api/v1/session")
    await world.app.state.vouching.settled()
    return answer.status_code


async def test_the_provider_is_asked_for_the_scopes_of_the_handbook(world: ApiWorld, provider: str) -> None:
    with_provider(world, provider, oidc_scopes=ENTRA)
    there = (await (await world.client()).get(OUTSIDE)).headers["location"]
    assert parse_qs(urlsplit(there).query)["scope"] == [ENTRA]


async def test_entra_is_asked_for_them_unasked_and_others_for_as_little_as_will_do(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for issuer in (TENANTS, "https://id.example", "https://login.microsoftonline.com.evil.example"):
        party = await of_any_tenant(world, monkeypatch, issuer, oidc_issuer=issuer)
        asked += parse_qs(urlsplit((await party.begin())[0]).query)["scope"]
    assert asked == [ENTRA, "openid profile email", "openid profile email"]


async def test_who_still_may_goes_on_working(world: ApiWorld, provider: str) -> None:
    anna = await comes_back_as(world, provider, "anna-20")
    first = await session_of(world)
    assert first.refresh is not None
    world.clock.pass_time(minutes=59)
    assert await asks(world, anna) == 200
    assert (await session_of(world)).refresh == first.refresh, "not asked yet"
    for _ in range(2):
        world.clock.pass_time(minutes=61)
        assert await asks(world, anna) == 200
        assert (await session_of(world)).vouched == world.clock.moment
    assert await asks(world, anna) == 200


async def test_whoever_may_no_longer_there_is_out_here_within_the_hour(world: ApiWorld, provider: str) -> None:
    anna = await comes_back_as(world, provider, "anna-21")
    async with httpx.AsyncClient() as client:
        assert (await client.post(f"{provider}/users/anna-21/revoke-tokens")).is_success
    assert await asks(world, anna) == 200
    world.clock.pass_time(minutes=60)
    await asks(world, anna)
    assert await asks(world, anna) == 401
    account = world.directory.current.accounts
    entry = (await world.platform.get(f"/api/v1/accounts/{next(iter(account))}/audit")).json()["items"][0]
    assert (entry["action"], entry["actor"], entry["object_key"]) == ("end session", "OpenID provider", ANNA)


async def test_a_provider_that_is_away_ends_nothing_and_is_not_asked_with_every_request(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await comes_back_as(world, provider, "anna-22")
    asked: list[str] = []

    async def away(address: str, form: dict[str, str] | None = None, *_: object) -> dict[str, Any]:
        asked.append(address)
        raise OpenIdError("cannot be used now")

    monkeypatch.setattr(openid, "_fetch", away)
    world.clock.pass_time(hours=2)
    assert [await asks(world, anna) for _ in range(3)] == [200, 200, 200]
    assert len(asked) == 1


async def test_a_provider_that_was_away_is_asked_again_after_a_while(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await comes_back_as(world, provider, "anna-24")
    monkeypatch.setattr(vouching, "AGAIN_AFTER", 0.0)
    asked: list[object] = []

    async def away(*form: object) -> dict[str, Any]:
        asked.append(form)
        raise OpenIdError("cannot be used now")

    monkeypatch.setattr(openid, "_fetch", away)
    world.clock.pass_time(hours=2)
    assert [await asks(world, anna) for _ in range(3)] == [200, 200, 200]
    assert len(asked) == 3


class Asked:
    """The provider's answer to whether somebody still may, once a story gives it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.with_: list[str] = []
        self.answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(openid, "_fetch", self._fetch)

    async def _fetch(self, address: str, form: dict[str, str] | None = None, *_: object) -> dict[str, Any]:
        assert form is not None
        self.with_.append(form["refresh_token"])
        return await asyncio.shield(self.answer)


async def test_it_is_asked_once_at_a_time_however_many_requests_come(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await comes_back_as(world, provider, "anna-25")
    asked = Asked(monkeypatch)
    world.clock.pass_time(hours=2)
    for _ in range(3):
        assert (await anna.client.get("/api/v1/session")).status_code == 200, "nobody waits for the answer"
    await asyncio.sleep(0)
    asked.answer.set_result({})
    await world.app.state.vouching.settled()
    assert len(asked.with_) == 1


async def test_what_it_is_asked_with_changes_when_the_provider_changes_it(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many providers take each refresh token once."""
    anna = await comes_back_as(world, provider, "anna-26")
    asked = Asked(monkeypatch)
    asked.answer.set_result({"refresh_token": "the second"})
    for _ in range(3):
        world.clock.pass_time(hours=2)
        assert await asks(world, anna) == 200
    assert asked.with_[1:] == ["the second", "the second"]
    assert asked.with_[0] != "the second"


async def test_only_what_the_provider_vouched_for_ends(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her browser that came in with the password stays; the password is ours to take away."""
    anna = await comes_back_as(world, provider, "anna-27")
    with_password = await world.browser()
    await with_password.signs_in(ANNA)
    asked = Asked(monkeypatch)
    asked.answer.set_exception(NoLonger("no longer"))
    world.clock.pass_time(hours=2)
    await asks(world, anna)
    assert await asks(world, anna) == 401
    assert await asks(world, with_password) == 200


async def test_who_signs_out_while_the_provider_is_asked_has_signed_out(
    world: ApiWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = await comes_back_as(world, provider, "anna-28")
    asked = Asked(monkeypatch)
    world.clock.pass_time(hours=2)
    anna.client.headers["X-CSRF-Token"] = (await anna.client.get("/api/v1/session")).json()["csrf"]
    assert (await anna.client.delete("/api/v1/session")).status_code == 204
    asked.answer.set_exception(NoLonger("no longer"))
    await world.app.state.vouching.settled()
    account = next(iter(world.directory.current.accounts))
    audit = (await world.platform.get(f"/api/v1/accounts/{account}/audit")).json()["items"]
    assert "end session" not in [it["action"] for it in audit], "it was she who ended it"


async def test_what_cannot_be_opened_any_more_ends_nothing(world: ApiWorld, provider: str) -> None:
    """The key of the vault was changed."""
    anna = await comes_back_as(world, provider, "anna-29")
    async with world.database.change("test") as unit:
        (
            await unit.session.scalars(select(WebSessionRow).where(WebSessionRow.refresh.is_not(None)))
        ).one().refresh = "x"
    world.clock.pass_time(hours=2)
    with capture_logs() as told:
        assert [await asks(world, anna) for _ in range(3)] == [200, 200, 200]
    assert [it["event"] for it in told] == ["api.not_vouched_now"], "tried once for now"


async def test_without_a_refresh_token_nobody_is_asked(world: ApiWorld, provider: str) -> None:
    """A provider that gives none, and people who sign in with a password."""
    with_password = await world.person("ben@acme.example", "platform")
    with_provider(world, provider)
    world.clock.pass_time(hours=2)
    async with world.database.read() as unit:
        assert (await unit.session.scalars(select(WebSessionRow.vouched))).all() == [None]
    await with_password.signs_in("ben@acme.example")
    assert await asks(world, with_password) == 200


async def test_what_it_is_asked_with_is_kept_sealed_and_shown_to_nobody(world: ApiWorld, provider: str) -> None:
    anna = await comes_back_as(world, provider, "anna-23")
    sealed = (await session_of(world)).refresh
    assert sealed is not None
    refresh = world.database.vault.unseal(sealed)
    assert refresh != sealed
    for path in ("/api/v1/session", "/api/v1/session/browsers"):
        answer = await anna.client.get(path)
        assert sealed not in answer.text
        assert refresh not in answer.text


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), NoLonger),
        (httpx.Response(400, json={"error": "invalid_client"}), OpenIdError),
        (httpx.Response(400, json=["invalid_grant"]), OpenIdError),
        (httpx.Response(400, text="no json"), OpenIdError),
    ],
)
def test_only_a_refusal_of_the_person_ends_a_session(answer: httpx.Response, refusal: type[OpenIdError]) -> None:
    """A secret that was changed at the provider must not sign everybody out."""
    assert type(openid._refused(answer)) is refusal


TENANTS = "https://login.microsoftonline.com/organizations/v2.0"


async def of_any_tenant(world: ApiWorld, monkeypatch: pytest.MonkeyPatch, issuer: str, **settings: Any) -> OpenId:
    """A provider where people of every tenant sign in, as its description says."""

    async def describes(address: str, form: dict[str, str] | None = None, *_: object) -> dict[str, Any]:
        places = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), "https://x.example")
        return {"issuer": issuer, **places}

    monkeypatch.setattr(openid, "_fetch", describes)
    wanted = {"oidc_issuer": TENANTS, "oidc_client_id": "centrale", **settings}
    return OpenId(Settings(home=world.services.settings.home, **wanted), world.database.vault, world.clock)


async def test_where_anybody_can_make_a_tenant_no_address_is_trusted(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever makes a tenant gives themselves Anna's address in it, and is Anna here."""
    issuer = "https://login.microsoftonline.com/{tenantid}/v2.0"
    party = await of_any_tenant(world, monkeypatch, issuer, oidc_trust_email=True)
    description = await party._describe()
    claims = {"iss": issuer.replace("{tenantid}", "evil"), "sub": "mallory", "email": ANNA}
    assert party._outsider(claims, description["issuer"]).email is None
    assert party._outsider(claims | {"email_verified": True}, description["issuer"]).email == ANNA


async def test_the_issuer_of_a_tenant_is_at_the_same_host(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    party = await of_any_tenant(world, monkeypatch, "https://evil.example/{tenantid}/v2.0")
    with pytest.raises(OpenIdError, match="calls itself"):
        await party._describe()
