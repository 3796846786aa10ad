"""Finds out whose token a request carries, before anything else of it is read."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from centrale.accounts import tokens
from centrale.accounts.errors import AccountsError, StorageUnavailable
from centrale.accounts.tokens import TokenOut
from centrale.api.access import Principal
from centrale.api.problems import ProblemError, of_domain
from centrale.api.services import ApiServices

log = structlog.get_logger(__name__)

FREE_GUESSES = 10
"""So many wrong tokens an address may send at once; then one more every `SECONDS_PER_GUESS`."""
SECONDS_PER_GUESS = 6.0
REMEMBERED = 2_000
"""Addresses and good tokens kept in mind at most."""


OPENAPI = "/api/openapi.json"
"""The one thing under `/api/` that everybody may read: the description of the API holds nothing of this exchange."""


class Authentication:
    """ASGI middleware: no request under `/api/` comes through without a good token."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self._app = app
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/") and scope["path"] != OPENAPI:
            try:
                principal = await self._authenticator.principal(scope)
            except ProblemError as problem:
                await problem.response()(scope, receive, send)
                return
            except AccountsError as error:
                await of_domain(error).response()(scope, receive, send)
                return
            scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, receive, send)


class Authenticator:
    """Finds the token of a request, and slows down who guesses."""

    def __init__(self, services: ApiServices) -> None:
        self._services = services
        self._guesses = Guesses()

    async def principal(self, scope: Scope) -> Principal:
        """Whose request it is. Raises `ProblemError` without a good token, `StorageUnavailable` when none can be
        looked up."""
        text = bearer_token(Headers(scope=scope))
        address = scope["client"][0] if scope.get("client") else ""
        if self._guesses.too_many(address, text):
            detail = "Too many wrong tokens came from your address. Wait a little, then send the right one."
            wait = {"Retry-After": str(round(SECONDS_PER_GUESS))}
            raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=wait)
        async with self._services.database.read() as unit:
            token = await tokens.find(unit, text)
        if token is None:
            self._guesses.wrong(address, text)
            log.warning("api.wrong_token", client=address)
            raise _unauthorized("This token is not known; it may have been revoked. Use another one.")
        self._guesses.right(text)
        await self._note_use(token)
        return Principal(token)

    async def _note_use(self, token: TokenOut) -> None:
        if not tokens.use_is_news(token, self._services.clock.now()):
            return
        try:
            async with self._services.database.change("") as unit:
                await tokens.note_use(unit, token.id)
        except StorageUnavailable as error:
            # Looking must go on when nothing can be written; the use is noted another time.
            log.warning("api.use_not_noted", token_id=token.id, error=str(error))


def bearer_token(headers: Headers) -> str:
    """The token in the Authorization header, the only place where one is accepted: no cookie, no query, so that a
    page of another site can send nothing in our users' name."""
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


def _unauthorized(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": 'Bearer realm="centrale"'})
