"""Finds out whose token or whose browser a request comes from, before anything else of it is read."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrale.accounts import sessions, tokens
from centrale.accounts.database import Database, told_when_away
from centrale.accounts.errors import AccountsError, NotFound, StorageUnavailable
from centrale.accounts.tokens import TokenOut
from centrale.accounts.unit import Unit
from centrale.api.access import SAFE_METHODS, Principal, of_session, of_token
from centrale.api.problems import ProblemError, of_domain
from centrale.api.reading import Reading
from centrale.api.services import ApiServices
from centrale.api.vouching import Vouching
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings

log = structlog.get_logger(__name__)

FREE_GUESSES = 10
"""So many wrong tokens an address may send at once; then one more every `SECONDS_PER_GUESS`."""
SECONDS_PER_GUESS = 6.0
REMEMBERED = 2_000
"""Addresses and good tokens kept in mind at most."""


OPENAPI = "/api/openapi.json"
"""The description of the API: everybody may read it, it holds nothing of this exchange."""

SIGN_IN = "/api/v1/session"

OPEN = frozenset(
    {
        ("GET", OPENAPI),
        ("HEAD", OPENAPI),
        ("POST", SIGN_IN),
        ("POST", f"{SIGN_IN}/forgotten"),
        ("POST", f"{SIGN_IN}/chosen"),
        ("GET", f"{SIGN_IN}/ways"),
        ("GET", f"{SIGN_IN}/outside"),
        ("GET", f"{SIGN_IN}/outside/back"),
    }
)
"""What everybody may ask for under `/api/`, without a token: above all, to sign in."""

CSRF = "x-csrf-token"


def cookie_name(settings: Settings) -> str:
    """Of the portal's session. Browsers do not tell ports apart, and several exchanges may run on one machine."""
    return f"centrale-{settings.http_port}"


def browser_cookie_name(settings: Settings) -> str:
    """Of a browser that somebody signed in with before."""
    return f"centrale-browser-{settings.http_port}"


class Authentication:
    """ASGI middleware: no request under `/api/` comes through without a good token."""

    def __init__(self, app: ASGIApp, database: Database, authenticator: Authenticator) -> None:
        self._app = app
        self._database = database
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        reading = state["reading"] = Reading(self._database)

        async def send_when_read(message: Message) -> None:
            await reading.close()
            await send(message)

        try:
            if scope["path"].startswith("/api/") and (scope["method"], scope["path"]) not in OPEN:
                try:
                    with told_when_away():
                        state["principal"] = await self._authenticator.principal(scope, await reading.unit())
                except (ProblemError, AccountsError) as error:
                    problem = error if isinstance(error, ProblemError) else of_domain(error)
                    await problem.response(Headers(scope=scope))(scope, receive, send_when_read)
                    return
                if scope["method"] not in SAFE_METHODS:
                    await reading.close()  # its body may be long in coming
            await self._app(scope, receive, send_when_read)
        finally:
            await reading.close()


class Authenticator:
    """Finds the token of a request, and slows down who guesses."""

    def __init__(self, services: ApiServices, vouching: Vouching | None = None) -> None:
        self._services = services
        self._guesses = Guesses()
        self._vouching = vouching

    async def principal(self, scope: Scope, unit: Unit) -> Principal:
        """Whose request it is. Raises `ProblemError` without a good token or session."""
        headers = Headers(scope=scope)
        cookie = cookie_parser(headers.get("cookie", "")).get(cookie_name(self._services.settings))
        if cookie is not None and "authorization" not in headers:
            return await self._signed_in(unit, cookie, scope["method"], headers)
        text = bearer_token(headers)
        address = scope["client"][0] if scope.get("client") else ""
        if self._guesses.too_many(address, text):
            detail = "Too many wrong tokens came from your address. Wait a little, then send the right one."
            wait = {"Retry-After": str(round(SECONDS_PER_GUESS))}
            raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=wait)
        token = await tokens.find(unit, text)
        if token is None:
            self._guesses.wrong(address, text)
            log.warning("api.wrong_token", client=address)
            raise _unauthorized("This token is not known; it may have been revoked. Use another one.")
        self._guesses.right(text)
        await self._note_use(token)
        return of_token(token)

    async def _signed_in(self, unit: Unit, cookie: str, method: str, headers: Headers) -> Principal:
        """A browser sends the cookie by itself, also when a page of another site has it send something. So a change
        has to carry what only our own page can read, too."""
        now = self._services.clock.now()
        session = await sessions.find(unit, cookie, now)
        if session is None:
            raise _unauthorized("You are not signed in any more. Sign in again.", kind="signed-out")
        if method not in SAFE_METHODS:
            given = headers.get(CSRF, "").encode("utf-8", "replace")
            if not compare_digest(given, sessions.token_of(cookie).encode()):
                detail = "This change did not come from the portal itself. Load the page again and repeat it."
                raise ProblemError(HTTPStatus.FORBIDDEN, detail, kind="csrf")
        if sessions.use_is_news(session, now):
            await self._note(lambda unit: sessions.note_use(unit, session))
        if self._vouching is not None and sessions.to_be_vouched(session, now):
            self._vouching.ask(session)
        return of_session(session, self._partner_of)

    def _partner_of(self, account: AccountId) -> int | None:
        found = self._services.directory.current.accounts.get(account)
        return None if found is None else found.partner

    async def _note_use(self, token: TokenOut) -> None:
        if tokens.use_is_news(token, self._services.clock.now()):
            await self._note(lambda unit: tokens.note_use(unit, token.id))

    async def _note(self, use: Callable[[Unit], Awaitable[None]]) -> None:
        try:
            async with self._services.database.change("") as unit:
                await use(unit)
        except StorageUnavailable as error:
            # Looking must go on when nothing can be written; the use is noted another time.
            log.warning("api.use_not_noted", error=str(error))


def bearer_token(headers: Headers) -> str:
    """The token in the Authorization header, the only place where one is accepted: no cookie, no query, so that a
    page of another site can send nothing in its owner's name."""
    kind, _, text = headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise _unauthorized("Send a token: “Authorization: Bearer centrale_…”.")
    return text.strip()


class Guesses:
    """Slows down who sends wrong tokens. Tokens that were good before pass at all times, so that a guesser behind the
    same router shuts nobody out."""

    def __init__(self) -> None:
        self._debt: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Per address: wrong tokens not yet forgiven, and when that was reckoned."""
        self._good: OrderedDict[str, None] = OrderedDict()

    def too_many(self, address: str, text: str) -> bool:
        """Should this one not even be looked up?"""
        return tokens.digest(text) not in self._good and self._owed(address) > FREE_GUESSES - 1

    def wrong(self, address: str, text: str) -> None:
        """It opened nothing."""
        self._good.pop(tokens.digest(text), None)
        self._debt[address] = (self._owed(address) + 1, _now())
        self._debt.move_to_end(address)
        _trim(self._debt)

    def right(self, text: str) -> None:
        """It was good."""
        self._good[tokens.digest(text)] = None
        self._good.move_to_end(tokens.digest(text))
        _trim(self._good)

    def _owed(self, address: str) -> float:
        debt, at = self._debt.get(address, (0.0, 0.0))
        return max(0.0, debt - (_now() - at) / SECONDS_PER_GUESS)


def _trim(kept: OrderedDict[str, object] | OrderedDict[str, None] | OrderedDict[str, tuple[float, float]]) -> None:
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)


def _now() -> float:
    return asyncio.get_running_loop().time()


async def still_good(unit: Unit, principal: Principal) -> bool:
    """May who was let in before still come in? For streams, which are long."""
    if principal.session is not None:
        return await sessions.again(unit, principal.session.digest, unit.clock.now()) is not None
    assert principal.token is not None
    try:
        await tokens.get(unit, principal.token.id)
    except NotFound:
        return False
    return True


def _unauthorized(detail: str, kind: str | None = None) -> ProblemError:
    headers = {"WWW-Authenticate": 'Bearer realm="centrale"'}
    return ProblemError(HTTPStatus.UNAUTHORIZED, detail, kind=kind, headers=headers)
