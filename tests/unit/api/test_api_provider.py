"""What we say to an OpenID provider, and which of its answers are believed: one whose every answer is set (SSO-1)."""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from functools import partial
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

import httpx
import pytest
from api_world import ApiWorld
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from centrale.accounts.outside_sign_in import Outsider, let_in
from centrale.api import openid
from centrale.api.openid import NoLonger, OpenId, OpenIdError
from centrale.settings import Settings

ISSUER, TENANTS = "https://id.example.org", "https://login.microsoftonline.com/{tenantid}/v2.0"
KEY, NEW_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
SECRET = "hush: 100% ü"
CODE = "the-code-of-anna"


class Provider:
    """Answers what a story wants, and remembers what it was asked."""

    def __init__(self, world: ApiWorld, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
        wanted = {"oidc_issuer": ISSUER, "oidc_client_id": "centrale:1", "oidc_client_secret": SECRET, **settings}
        self.party = OpenId(Settings(home=world.services.settings.home, **wanted), world.database.vault, world.clock)
        self.now = world.clock.moment.timestamp()
        self.description: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/a",
            "token_endpoint": f"{ISSUER}/t?hint=private",
            "jwks_uri": f"{ISSUER}/keys",
        }
        self.keys: list[Any] = [KEY.as_dict(private=False, kid="1")]
        self.answer = httpx.Response(200, json={})
        self.asked: list[httpx.Request] = []
        client = partial(httpx.AsyncClient, transport=httpx.MockTransport(self._answer))
        monkeypatch.setattr(openid, "httpx", SimpleNamespace(AsyncClient=client, HTTPError=httpx.HTTPError))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        match request.url.path:
            case "/t":
                return self.answer
            case "/keys":
                return httpx.Response(200, json={"keys": self.keys})
            case _:
                return httpx.Response(200, json=self.description)

    async def comes_back(
        self, *, signed_by: RSAKey | OctKey = KEY, signed_as: str = "RS256", **claims: Any
    ) -> tuple[Outsider, dict[str, str]]:
        """Whom our side takes the answer for, and what had been asked of the browser."""
        address, cookie = await self.party.begin()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        right = {"iss": ISSUER, "aud": "centrale:1", "sub": "anna", "exp": self.now + 60, "nonce": asked["nonce"]}
        token = jwt.encode({"alg": signed_as, "kid": "1"}, right | claims, signed_by, algorithms=[signed_as])
        self.answer = httpx.Response(200, json={"id_token": token})
        return (await self.party.finish(cookie, asked["state"], CODE)).outsider, asked

    @property
    def form(self) -> dict[str, str]:
        """What was sent to it last as a form."""
        return dict(parse_qsl(next(it for it in reversed(self.asked) if it.method == "POST").content.decode()))

    @property
    def signed_with(self) -> tuple[str, ...] | None:
        """Name and secret in the header of that request."""
        said = next(it for it in reversed(self.asked) if it.method == "POST").headers.get("authorization")
        return None if said is None else tuple(b64decode(said.removeprefix("Basic ")).decode().split(":"))


@pytest.fixture
def scripted(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> Provider:
    return Provider(world, monkeypatch)


async def test_a_code_that_was_stolen_on_the_way_is_of_no_use(scripted: Provider) -> None:
    """Only who began knows what the challenge was made of (PKCE)."""
    _, asked = await scripted.comes_back()
    verifier = scripted.form["code_verifier"]
    assert len(verifier) >= 43
    assert asked["code_challenge"] == urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert verifier not in asked.values()


async def test_our_secret_goes_into_the_header_whatever_signs_are_in_it(scripted: Provider) -> None:
    await scripted.comes_back()
    assert scripted.signed_with is not None
    assert tuple(map(unquote, scripted.signed_with)) == ("centrale:1", SECRET)
    assert "client_secret" not in scripted.form


async def test_or_into_the_form_where_the_provider_takes_it_only_there(scripted: Provider) -> None:
    scripted.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    await scripted.comes_back()
    assert (scripted.signed_with, scripted.form["client_secret"]) == (None, SECRET)


async def test_without_a_secret_there_is_none(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Provider(world, monkeypatch, oidc_client_secret=None)
    await provider.comes_back()
    assert (provider.signed_with, provider.form["client_id"]) == (None, "centrale:1")
    assert "client_secret" not in provider.form


async def test_a_provider_may_change_its_keys(scripted: Provider) -> None:
    assert (await scripted.comes_back())[0].subject == "anna"
    scripted.keys = [NEW_KEY.as_dict(private=False, kid="1")]
    assert (await scripted.comes_back(signed_by=NEW_KEY))[0].subject == "anna"
    looks = [it for it in scripted.asked if it.url.path == "/keys"]
    assert len(looks) == 2, "not with every sign-in"
    with pytest.raises(OpenIdError, match="not signed"):
        await scripted.comes_back(signed_by=KEY)


async def test_a_signature_that_others_can_make_is_none(scripted: Provider) -> None:
    """A secret among the keys that everybody can read."""
    known = OctKey.import_key("everybody-reads-this-in-the-key-set-of-it")
    scripted.keys = [known.as_dict(private=True, kid="1")]
    with pytest.raises(OpenIdError, match="not signed"):
        await scripted.comes_back(signed_by=known, signed_as="HS256")


@pytest.mark.parametrize(("seconds", "believed"), [(59, True), (61, False)])
async def test_clocks_may_differ_by_a_minute(scripted: Provider, seconds: int, believed: bool) -> None:
    if believed:
        assert (await scripted.comes_back(exp=scripted.now - seconds))[0].subject == "anna"
    else:
        with pytest.raises(OpenIdError, match="expired"):
            await scripted.comes_back(exp=scripted.now - seconds)


async def test_of_several_tenants_each_speaks_for_its_own_people(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = Provider(world, monkeypatch, oidc_issuer="https://login.microsoftonline.com/organizations/v2.0")
    provider.description["issuer"] = TENANTS
    ours = TENANTS.replace("{tenantid}", "t1")
    assert (await provider.comes_back(iss=ours, tid="t1"))[0] == Outsider(ours, "anna", None)
    for iss, tid in ((ours, "t2"), (ours, None), ("https://evil.example/t1/v2.0", "t1"), (TENANTS, "t1")):
        with pytest.raises(OpenIdError, match="another provider's"):
            await provider.comes_back(iss=iss, tid=tid)


@pytest.mark.parametrize(("verified", "believed"), [(True, True), ("true", False), (1, False), ([True], False)])
async def test_an_address_is_verified_when_the_provider_says_yes_and_nothing_else(
    scripted: Provider, verified: object, believed: bool
) -> None:
    outsider, _ = await scripted.comes_back(email="anna@acme.example", email_verified=verified)
    assert outsider.email == ("anna@acme.example" if believed else None)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_only_a_refusal_as_the_standard_has_it_is_about_the_person(scripted: Provider, status: int) -> None:
    """Else a provider in trouble signs everybody out."""
    scripted.answer = httpx.Response(status, json={"error": "invalid_grant"})
    with pytest.raises(OpenIdError) as trouble:
        await scripted.party.renew("refresh")
    assert not isinstance(trouble.value, NoLonger)
    scripted.answer = httpx.Response(400, json={"error": "invalid_grant"})
    with pytest.raises(NoLonger):
        await scripted.party.renew("refresh")


@pytest.mark.parametrize("answer", [httpx.Response(500, text=CODE), httpx.Response(200, text="no json")])
async def test_what_is_said_of_trouble_names_no_secret(scripted: Provider, answer: httpx.Response) -> None:
    """It is logged."""
    address, cookie = await scripted.party.begin()
    scripted.answer = answer
    with pytest.raises(OpenIdError) as trouble:
        await scripted.party.finish(cookie, parse_qs(urlsplit(address).query)["state"][0], CODE)
    said = str(trouble.value)
    assert f"{ISSUER}/t cannot be used now" in said
    assert not any(secret in said for secret in (CODE, SECRET, "private"))


async def test_a_name_of_one_provider_is_nobodys_at_another(world: ApiWorld) -> None:
    """An exchange that changes its provider: whoever is `7` there is somebody else."""
    anna = "anna@acme.example"
    await world.person(anna, "account", account=await world.company())

    async def comes(issuer: str, email: str | None) -> bool:
        async with world.database.change("test") as unit:
            return await let_in(unit, Outsider(issuer, "7", email), address="", program="") is not None

    assert await comes(ISSUER, anna)
    assert not await comes("https://other.example", None)
    assert not await comes("https://other.example", anna), "bound for ever: an address may go to somebody else"
    assert await comes(ISSUER, None)


async def test_an_address_is_the_same_in_whatever_letters_the_provider_writes_it(world: ApiWorld) -> None:
    await world.person("anna@acme.example", "account", account=await world.company())
    async with world.database.change("test") as unit:
        assert await let_in(unit, Outsider(ISSUER, "7", "Anna@ACME.example"), address="", program="") is not None
