"""OpenID Connect, the relying party's side (SSO-1): authorization code with PKCE, state and nonce (RFC 9700).

What has to be remembered while somebody is at the provider's page travels in a cookie of their own browser, sealed by
the vault: nothing is kept here, and nobody else's answer fits. With `offline_access` among the scopes the provider
gives a refresh token, by which `renew` asks later whether somebody still may sign in.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from centrale.accounts.outside_sign_in import Outsider
from centrale.accounts.vault import Vault, VaultError
from centrale.clock import Clock
from centrale.settings import Settings

SIGNED_WITH = ["RS256", "PS256", "ES256", "EdDSA"]
"""Algorithms of signatures that are believed; `none` and shared secrets are not among them."""

BASIC = "client_secret_basic"
"""The way to say who we are that holds when a provider names none (OpenID Connect Discovery §3)."""

MAY_TAKE = 600
"""Seconds that somebody may stay at the provider's page."""

CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may differ from ours."""

PLAIN_SCOPES = "openid profile email"
ENTRA_HOST = "login.microsoftonline.com"
ENTRA_SCOPES = "openid profile email offline_access User.Read"
"""What the handbook has Microsoft Entra ID asked for (SSO-1)."""

TENANT = "{tenantid}"
"""Stands in the issuer of Microsoft Entra ID's description when people of any tenant may sign in."""


class OpenIdError(Exception):
    """It did not work out; says why, for the log. Whoever signs in is told only that it did not."""


class NoLonger(OpenIdError):
    """The provider does not vouch for somebody any more."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Who came back, and what the provider is asked with later, if it gave anything (a refresh token)."""

    outsider: Outsider
    refresh: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """What is remembered from the way there to the way back."""

    state: str
    nonce: str
    verifier: str
    until: float


class OpenId:
    """One provider."""

    def __init__(self, settings: Settings, vault: Vault, clock: Clock) -> None:
        assert settings.oidc_issuer is not None
        self._issuer = str(settings.oidc_issuer).rstrip("/")
        self._settings = settings
        self._vault = vault
        self._clock = clock
        self._description: dict[str, Any] | None = None
        self._keys: KeySet | None = None

    @property
    def back(self) -> str:
        """The redirect URI; it has to be registered at the provider."""
        return f"{self._settings.portal}/api/v1/session/outside/back"

    async def begin(self) -> tuple[str, str]:
        """The provider's page to send the browser to, and the cookie to send along. Raises `OpenIdError`."""
        description = await self._describe()
        begun = Begun(
            state=secrets.token_urlsafe(24),
            nonce=secrets.token_urlsafe(24),
            verifier=secrets.token_urlsafe(48),
            until=self._clock.now().timestamp() + MAY_TAKE,
        )
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self.back,
            "scope": self._settings.oidc_scopes or _scopes_of(self._issuer),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": urlsafe_b64encode(sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        page = description["authorization_endpoint"]
        address = f"{page}{'&' if '?' in page else '?'}{urlencode(asked)}"
        return address, self._vault.seal(json.dumps(asdict(begun)))

    async def finish(self, cookie: str, state: str, code: str) -> CameBack:
        """Who came back. Raises `OpenIdError`."""
        begun = self._remembered(cookie)
        if not secrets.compare_digest(begun.state.encode(), state.encode("utf-8", "replace")):
            raise OpenIdError("the answer belongs to another sign-in")
        description = await self._describe()
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.back,
            "code_verifier": begun.verifier,
        }
        answer = await self._ask(description, asked)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OpenIdError("the provider sent no id_token")
        claims = await self._verified(token, description["jwks_uri"])
        self._check(claims, begun.nonce, description["issuer"])
        return CameBack(self._outsider(claims, description["issuer"]), _refresh_of(answer))

    async def renew(self, refresh: str) -> str:
        """Asks whether the person still may sign in, and gives what to ask with next time (RFC 6749 §6).

        Raises `NoLonger` when the provider says no, and `OpenIdError` when it cannot be asked now.
        """
        description = await self._describe()
        answer = await self._ask(description, {"grant_type": "refresh_token", "refresh_token": refresh})
        return _refresh_of(answer) or refresh

    def _remembered(self, cookie: str) -> Begun:
        try:
            begun = Begun(**json.loads(self._vault.unseal(cookie)))
        except (VaultError, ValueError, TypeError) as error:
            raise OpenIdError("the browser did not bring back what it was given") from error
        if begun.until < self._clock.now().timestamp():
            raise OpenIdError("it took too long at the provider's page")
        return begun

    async def _describe(self) -> dict[str, Any]:
        if self._description is None:
            found = await _fetch(f"{self._issuer}/.well-known/openid-configuration")
            told = str(found.get("issuer", "")).rstrip("/")
            elsewhere = urlsplit(told).netloc != urlsplit(self._issuer).netloc
            if told != self._issuer and (TENANT not in told or elsewhere):
                raise OpenIdError(f"the provider calls itself {told}")
            for needed in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not isinstance(found.get(needed), str):
                    raise OpenIdError(f"the provider's description lacks {needed}")
            self._description = found
        return self._description

    async def _ask(self, description: Mapping[str, Any], asked: Mapping[str, str]) -> Mapping[str, Any]:
        """What the provider answers to us in particular. Our secret goes where every provider takes it (RFC 6749
        §2.3.1), else in the form when it says that it takes it only there."""
        endpoint, form = description["token_endpoint"], {**asked, "client_id": self._settings.oidc_client_id or ""}
        if self._settings.oidc_client_secret is None:
            return await _fetch(endpoint, form)
        secret = self._settings.oidc_client_secret.get_secret_value()
        ways = description.get("token_endpoint_auth_methods_supported", [BASIC])
        if isinstance(ways, list) and BASIC not in ways:
            return await _fetch(endpoint, {**form, "client_secret": secret})
        return await _fetch(endpoint, form, (quote(form["client_id"], safe=""), quote(secret, safe="")))

    async def _verified(self, token: str, keys: str) -> dict[str, Any]:
        """The claims, when one of the provider's keys signed them. Providers change keys: one look anew is allowed."""
        for anew in (False, True):
            if self._keys is None or anew:
                self._keys = KeySet.import_key_set(await _fetch(keys))  # type: ignore[arg-type]
            try:
                return dict(jwt.decode(token, self._keys, algorithms=SIGNED_WITH).claims)
            except (JoseError, ValueError) as error:
                problem = error
        raise OpenIdError(f"the id_token is not signed by the provider ({problem})")

    def _check(self, claims: Mapping[str, Any], nonce: str, issuer: str) -> None:
        wanted = issuer.replace(TENANT, str(claims.get("tid", "")))
        if str(claims.get("iss", "")).rstrip("/") != wanted.rstrip("/"):
            raise OpenIdError("the id_token is another provider's")
        audience = claims.get("aud")
        ours = self._settings.oidc_client_id
        if ours not in (audience if isinstance(audience, list) else [audience]):
            raise OpenIdError("the id_token is meant for somebody else")
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != ours:
            raise OpenIdError("the id_token was made for another client")
        now = self._clock.now().timestamp()
        expires = claims.get("exp")
        if not isinstance(expires, int | float) or expires + CLOCKS_DIFFER < now:
            raise OpenIdError("the id_token has expired")
        if claims.get("nonce") != nonce:
            raise OpenIdError("the id_token belongs to another sign-in")

    def _outsider(self, claims: Mapping[str, Any], issuer: str) -> Outsider:
        subject, email = claims.get("sub"), claims.get("email")
        if not isinstance(subject, str) or not subject or len(subject) > 255:
            raise OpenIdError("the id_token names nobody")
        # Where people of any tenant may sign in, anybody can make one and give themselves any address in it.
        trusted = self._settings.oidc_trust_email and TENANT not in issuer
        believed = claims.get("email_verified") is True or trusted
        return Outsider(str(claims["iss"]), subject, email if isinstance(email, str) and believed else None)


def openid_of(settings: Settings, vault: Vault, clock: Clock) -> OpenId | None:
    """The provider that is set, if any."""
    return None if settings.oidc_issuer is None else OpenId(settings, vault, clock)


async def _fetch(
    address: str, form: dict[str, str] | None = None, who: tuple[str, str] | None = None
) -> dict[str, Any]:
    try:
        async with asyncio.timeout(15), httpx.AsyncClient(timeout=10, auth=who) as client:
            answer = await (client.get(address) if form is None else client.post(address, data=form))
        if form is not None and answer.status_code == HTTPStatus.BAD_REQUEST:
            raise _refused(answer)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, TimeoutError, ValueError) as error:
        # Not the error's text where a form was sent: it could name the code.
        raise OpenIdError(f"{address.partition('?')[0]} cannot be used now ({type(error).__name__})") from error
    if not isinstance(found, dict):
        raise OpenIdError(f"{address.partition('?')[0]} did not answer with an object")
    return found


def _scopes_of(issuer: str) -> str:
    return ENTRA_SCOPES if urlsplit(issuer).hostname == ENTRA_HOST else PLAIN_SCOPES


def _refused(answer: httpx.Response) -> OpenIdError:
    """RFC 6749 §5.2. Only `invalid_grant` is about the person; the rest is about how we asked."""
    try:
        told = answer.json()
        code = str(told["error"])[:40]
    except (ValueError, KeyError, TypeError):
        code = "no reason"
    return (NoLonger if code == "invalid_grant" else OpenIdError)(f"the provider refused ({code})")


def _refresh_of(answer: Mapping[str, Any]) -> str | None:
    refresh = answer.get("refresh_token")
    return refresh if isinstance(refresh, str) and refresh else None
