"""Signing in by OpenID Connect, against a provider in a process of its own, and against one that lies (SSO-1)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import orjson
import pytest
from api_world import ApiWorld
from joserfc import jwt
from joserfc.jwk import RSAKey
from provider_world import ANNA, OUTSIDE, goes_outside, known_as, with_provider

from centrale.accounts.outside_sign_in import Outsider
from centrale.api import openid
from centrale.api.openid import OpenId, OpenIdError
from centrale.phones.tools import free_port
from centrale.settings import Settings


async def test_anna_signs_in_at_the_provider(world: ApiWorld, provider: str) -> None:
    account = await world.company()
    await world.person(ANNA, "account", account=account)
    with_provider(world, provider)
    await known_as(provider, "anna-1", email=ANNA, email_verified=True)
    browser = await world.browser()
    browser.client.headers["user-agent"] = "Her browser"
    assert (await browser.client.get("/api/v1/session/ways")).json() == {"outside": "Acme ID"}
    back = await browser.client.get(await goes_outside(browser, "anna-1"))
    assert (back.status_code, back.headers["location"]) == (303, "/")
    (gone,) = [it for it in back.headers.get_list("set-cookie") if it.startswith("centrale-outside-")]
    assert {"Max-Age=0", f"Path={OUTSIDE}"} <= set(gone.split("; ")), "it was for this one sign-in"
    session = (await browser.client.get("/api/v1/session")).json()
    assert session["user"]["email"] == ANNA
    assert datetime.fromisoformat(session["user"]["last_seen"]) == world.clock.moment
    (listed,) = [
        it
        for it in (await browser.client.get("/api/v1/session/browsers")).json()["items"]
        if it["program"] == "Her browser"
    ]
    assert listed["address"] == "192.0.2.44"
    (entry,) = [
        it
        for it in (await world.platform.get(f"/api/v1/accounts/{account}/audit")).json()["items"]
        if it["action"] == "bind to OpenID"
    ]
    assert (entry["actor"], entry["object_key"]) == ("OpenID provider", ANNA)


async def test_behind_https_the_cookies_of_this_way_stay_there(world: ApiWorld, provider: str) -> None:
    await world.person(ANNA, "account", account=await world.company())
    with_provider(world, provider, public_url="https://exchange.example")
    await known_as(provider, "anna-8", email=ANNA, email_verified=True)
    client = await world.client()
    client.base_url = httpx.URL("https://exchange.example")
    there = await client.get(OUTSIDE)
    async with httpx.AsyncClient() as outside:
        back = await outside.post(there.headers["location"], data={"sub": "anna-8"})
    here = await client.get(back.headers["location"])
    assert here.headers["location"] == "/"
    (begun,) = there.headers.get_list("set-cookie")
    (session,) = [it for it in here.headers.get_list("set-cookie") if it.startswith("centrale-8000=")]
    for cookie in (begun, session):
        assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))


async def test_from_then_on_the_providers_name_counts_and_not_the_address(world: ApiWorld, provider: str) -> None:
    account = await world.company()
    await world.person(ANNA, "account", account=account)
    with_provider(world, provider)
    await known_as(provider, "anna-2", email=ANNA, email_verified=True)
    browser = await world.browser()
    await browser.client.get(await goes_outside(browser, "anna-2"))
    await known_as(provider, "anna-2", email="anna.wed@acme.example", email_verified=True)
    await known_as(provider, "successor", email=ANNA, email_verified=True)
    again, successor = await world.browser(), await world.browser()
    assert (await again.client.get(await goes_outside(again, "anna-2"))).headers["location"] == "/"
    refused = await successor.client.get(await goes_outside(successor, "successor"))
    assert refused.headers["location"] == "/?sign-in=unknown"
    assert (await successor.client.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize("claims", [{"email": ANNA}, {"email": ANNA, "email_verified": False}, {}])
async def test_an_address_that_is_not_verified_opens_nothing(
    world: ApiWorld, provider: str, claims: dict[str, Any]
) -> None:
    await world.person(ANNA, "account", account=await world.company())
    with_provider(world, provider)
    await known_as(provider, "mallory", **claims)
    browser = await world.browser()
    back = await browser.client.get(await goes_outside(browser, "mallory"))
    assert back.headers["location"] == "/?sign-in=unknown"


async def test_unless_the_operator_trusts_the_provider_with_addresses(world: ApiWorld, provider: str) -> None:
    await world.person(ANNA, "account", account=await world.company())
    with_provider(world, provider, oidc_trust_email=True)
    await known_as(provider, "anna-3", email=ANNA)
    browser = await world.browser()
    assert (await browser.client.get(await goes_outside(browser, "anna-3"))).headers["location"] == "/"


async def test_who_may_not_sign_in_may_not_by_this_way_either(world: ApiWorld, provider: str) -> None:
    account = await world.company()
    await world.person(ANNA, "account", account=account)
    (user,) = (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
    await world.platform.patch(f"/api/v1/web-users/{user['id']}", json={"disabled": True})
    with_provider(world, provider)
    await known_as(provider, "anna-4", email=ANNA, email_verified=True)
    browser = await world.browser()
    back = await browser.client.get(await goes_outside(browser, "anna-4"))
    assert back.headers["location"] == "/?sign-in=unknown"


async def test_an_answer_fits_only_the_browser_that_asked(world: ApiWorld, provider: str) -> None:
    """Else somebody could be signed in as another by a link (login CSRF)."""
    await world.person(ANNA, "account", account=await world.company())
    with_provider(world, provider)
    await known_as(provider, "anna-5", email=ANNA, email_verified=True)
    mallory, victim = await world.browser(), await world.browser()
    link = await goes_outside(mallory, "anna-5")
    assert (await victim.client.get(link)).headers["location"] == "/?sign-in=refused"
    await victim.client.get(OUTSIDE)
    assert (await victim.client.get(link)).headers["location"] == "/?sign-in=refused"
    assert (await mallory.client.get(link)).headers["location"] == "/"
    assert (await mallory.client.get(link)).headers["location"] == "/?sign-in=refused", "a code is good once"


async def test_who_stays_too_long_at_the_provider_begins_anew(world: ApiWorld, provider: str) -> None:
    with_provider(world, provider)
    browser = await world.browser()
    link = await goes_outside(browser, "anna-6")
    world.clock.pass_time(minutes=11)
    assert (await browser.client.get(link)).headers["location"] == "/?sign-in=refused"


async def test_a_provider_that_is_away_is_told_as_such(world: ApiWorld) -> None:
    with_provider(world, f"http://127.0.0.1:{free_port()}")
    answer = await (await world.browser()).client.get(OUTSIDE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sign-in=away")


async def test_without_a_provider_there_is_no_such_way(world: ApiWorld) -> None:
    stranger = await world.client()
    assert (await stranger.get("/api/v1/session/ways")).json() == {"outside": None}
    assert (await stranger.get(OUTSIDE)).status_code == 404


async def test_the_cookie_on_the_way_tells_nothing_and_is_bound_to_it(world: ApiWorld, provider: str) -> None:
    with_provider(world, provider)
    answer = await (await world.client()).get(OUTSIDE)
    cookie = answer.headers["set-cookie"]
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert {"HttpOnly", "SameSite=lax", f"Path={OUTSIDE}"} <= set(cookie.split("; "))
    for secret in (asked["state"][0], asked["nonce"][0]):
        assert secret not in cookie
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/api/v1/session/outside/back"]


ISSUER = "https://id.example.org"
KEY, OTHERS_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)


class Lying:
    """A provider whose id_token says what a story wants."""

    def __init__(self, world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = Settings(home=Path("/nonexistent"), oidc_issuer=ISSUER, oidc_client_id="centrale")
        self.party = OpenId(settings, world.database.vault, world.clock)
        self.now = world.clock.moment.timestamp()
        self.answer: dict[str, Any] = {}
        monkeypatch.setattr(openid, "_fetch", self._fetch)

    async def _fetch(self, address: str, form: dict[str, str] | None = None, *_: object) -> dict[str, Any]:
        if form is not None:
            return self.answer
        if address.endswith("/keys"):
            return {"keys": [KEY.as_dict(private=False, kid="1")]}
        places = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        ways = dict(zip(places, (f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/keys"), strict=True))
        return {"issuer": ISSUER, **ways}

    async def comes_back(self, *, signed_by: RSAKey = KEY, **wrong: Any) -> Outsider:
        """Whom our side takes the answer for."""
        address, cookie = await self.party.begin()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        right = {"iss": ISSUER, "aud": "centrale", "sub": "anna", "exp": self.now + 60, "nonce": asked["nonce"]}
        claims = {name: value for name, value in {**right, **wrong}.items() if value is not None}
        self.answer = {"id_token": jwt.encode({"alg": "RS256", "kid": "1"}, claims, signed_by)}
        return (await self.party.finish(cookie, asked["state"], "code")).outsider


@pytest.fixture
def lying(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> Lying:
    return Lying(world, monkeypatch)


async def test_an_honest_answer_is_believed(lying: Lying) -> None:
    """Else the stories below would prove nothing."""
    assert await lying.comes_back() == Outsider(ISSUER, "anna", None)
    assert await lying.comes_back(aud=["centrale", "x"], azp="centrale") == Outsider(ISSUER, "anna", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example.org"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["centrale", "somebody-else"]},
        {"aud": ["centrale", "somebody-else"], "azp": "somebody-else"},
        {"aud": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"exp": "never"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
    ],
)
async def test_an_answer_that_does_not_fit_is_refused(lying: Lying, wrong: dict[str, Any]) -> None:
    with pytest.raises(OpenIdError):
        await lying.comes_back(**wrong)


async def test_an_answer_that_somebody_else_signed_is_refused(lying: Lying) -> None:
    with pytest.raises(OpenIdError, match="not signed"):
        await lying.comes_back(signed_by=OTHERS_KEY)


async def test_nor_is_one_that_nobody_signed(lying: Lying) -> None:
    address, cookie = await lying.party.begin()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    claims = {"iss": ISSUER, "aud": "centrale", "sub": "anna", "exp": lying.now + 60, "nonce": asked["nonce"]}
    parts = [urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)]
    lying.answer = {"id_token": ".".join([*parts, ""])}
    with pytest.raises(OpenIdError, match="not signed"):
        await lying.party.finish(cookie, asked["state"], "code")
