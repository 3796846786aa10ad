"""Requests that may be sent twice and are carried out once: the `Idempotency-Key` header (API-1).

It holds for every POST that makes or changes something, without a word in the resources: `v1` makes each of them an
`OnceOnly` route. The answer is kept before the transaction of the request is committed, so that there is no moment at
which the thing is made and its answer is not kept. What is made in several steps (an uploaded sound) has its answer
kept right after.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders

from centrale.accounts import idempotency
from centrale.accounts.errors import Conflict
from centrale.accounts.idempotency import Asked, Kept, OtherRequest
from centrale.accounts.unit import Unit
from centrale.api.access import READS, Principal
from centrale.api.problems import FieldProblem, Place, ProblemError
from centrale.api.services import ApiServices
from centrale.routing.snapshot import AccountId

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 255

ABOUT = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "title": "Idempotency key"},
    "description": "Of your own choice, such as a UUID; another one for each thing. The same request with the same key "
    f"within 24 hours gets the same answer, with the header {REPLAYED}, and makes nothing again. Another request with "
    "that key is refused (422), and one that comes while the first is being carried out, too (409).",
}
"""The header in the description of the API."""

_KEY = re.compile(r"[\x21\x23-\x7e]{1,255}")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def is_for(route: APIRoute) -> bool:
    """Does the route make or change something?"""
    return "POST" in (route.methods or ()) and not READS.items() <= (route.openapi_extra or {}).items()


def make_once_only(router: APIRouter) -> None:
    """Has every route of `router` that makes something heed the header."""
    for route in router.routes:
        if isinstance(route, APIRoute) and is_for(route):
            # Routers are made in thirty files; here none can be forgotten.
            route.__class__ = OnceOnly


class OnceOnly(APIRoute):
    """A route that gives the same answer again to who asks the same again."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def once(request: Request) -> Response:
            if HEADER not in request.headers:
                return await handler(request)
            return await _once(request, handler)

        return once


async def _once(request: Request, handler: Handler) -> Response:
    services, principal = request.app.state.services, request.state.principal
    assert isinstance(services, ApiServices)
    assert isinstance(principal, Principal)
    if not _sees(principal, request):
        return await handler(request)  # which says that there is no such account
    asked = Asked(_asker(principal), _key(request.headers.getlist(HEADER)), await _digest(request))
    running: set[tuple[str, str]] = request.app.state.running
    if (asked.asker, asked.key) in running:
        raise _still_running()
    running.add((asked.asker, asked.key))
    try:
        if (kept := await _find(services, asked)) is not None:
            return _again(kept)
        answer = await handler(request)
        if 200 <= answer.status_code < 300:
            await _keep(services, request, asked, answer)
        return answer
    finally:
        running.discard((asked.asker, asked.key))


async def _find(services: ApiServices, asked: Asked) -> Kept | None:
    try:
        async with services.database.read() as unit:
            return await idempotency.find(unit, asked)
    except OtherRequest as error:
        message = "This key was sent with another request. Take a new one for each thing that you make."
        wrong = FieldProblem(place=Place.HEADER, field=f"/{HEADER}", code="used_before", message=message)
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, message, kind="idempotency-key", errors=[wrong]) from error


async def _keep(services: ApiServices, request: Request, asked: Asked, answer: Response) -> None:
    headers = [(name, value) for name, value in answer.headers.items() if name != "content-length"]
    kept = Kept(answer.status_code, tuple(headers), bytes(answer.body))
    unit = getattr(request.state, "unit", None)
    try:
        if isinstance(unit, Unit):
            await idempotency.keep(unit, asked, kept)  # in the transaction of the request, which is still open
        else:
            async with services.database.change("") as unit:
                await idempotency.keep(unit, asked, kept)
    except Conflict as error:
        raise _still_running() from error


def _again(kept: Kept) -> Response:
    answer = Response(kept.body, kept.status)
    headers = MutableHeaders(raw=answer.raw_headers)
    for name, value in kept.headers:
        headers[name] = value
    headers[REPLAYED] = "true"
    return answer


def _still_running() -> ProblemError:
    detail = "The same request is being carried out. Ask again in a moment for its answer."
    return ProblemError(HTTPStatus.CONFLICT, detail, kind="idempotency-key", headers={"Retry-After": "1"})


def _sees(principal: Principal, request: Request) -> bool:
    account = str(request.path_params.get("account", ""))
    number = account.isascii() and account.isdigit() and len(account) < 11  # "²" is a digit, and no number
    return not account or (number and principal.sees(AccountId(int(account))))


def _asker(principal: Principal) -> str:
    """With what it may see: whose role or account has changed is somebody else."""
    who = f"token {principal.token.id}" if principal.token is not None else ""
    if principal.session is not None:
        who = f"web user {principal.session.who.id}"
    return f"{who} {principal.role} {principal.partner or '-'} {principal.account or '-'}"


def _key(values: list[str]) -> str:
    """As a plain word, or in the quotation marks of a structured field (RFC 9651)."""
    key = values[0].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if len(values) > 1 or not _KEY.fullmatch(key):
        message = "One key of 1 to 255 printable characters, such as a UUID."
        wrong = FieldProblem(place=Place.HEADER, field=f"/{HEADER}", code="key", message=message)
        raise ProblemError(HTTPStatus.BAD_REQUEST, message, kind="idempotency-key", errors=[wrong])
    return key


async def _digest(request: Request) -> str:
    """Of all that the request asks for. A form is cut into parts by a line that browsers make anew each time."""
    body = await request.body()
    media = request.headers.get("content-type", "")
    boundary = re.search(r'boundary="?([^";]+)', media)
    asked = f"{request.method} {request.url.path}?{request.url.query}\n{media.partition(';')[0].strip().lower()}\n"

    def digest() -> str:
        content = body.replace(boundary.group(1).encode("utf-8", "replace"), b"") if boundary else body
        return sha256(asked.encode("utf-8", "replace") + content).hexdigest()

    # A sound of 30 MB takes a tenth of a second, in which no call should stand still.
    return await asyncio.to_thread(digest) if len(body) > 100_000 else digest()
