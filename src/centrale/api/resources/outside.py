"""Signing in by OpenID Connect (SSO-1): the way to the provider, and the way back."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import RedirectResponse

from centrale.accounts.outside_sign_in import let_in
from centrale.api.openid import MAY_TAKE, OpenId, OpenIdError
from centrale.api.problems import MEDIA_TYPE, ProblemError
from centrale.api.resources.session import address_of, set_cookie
from centrale.api.units import Services

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/session", tags=["session"])
"""Open to everybody (`authentication.OPEN`): who comes here has yet to sign in."""

PATH = "/api/v1/session/outside"


NO_PROVIDER: dict[int | str, dict[str, Any]] = {
    404: {
        "description": "No OpenID provider is set here.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class Ways(BaseModel):
    """How one can sign in here."""

    outside: str | None = Field(title="Name of the OpenID provider", description="Empty: there is none.")


@router.get("/ways", summary="How can one sign in here?")
async def get_ways(services: Services) -> Ways:
    """By password always; by an OpenID provider when one is set."""
    settings = services.settings
    return Ways(outside=settings.oidc_name if settings.oidc_issuer is not None else None)


@router.get(
    "/outside",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=Response,
    responses=NO_PROVIDER,
    summary="Sign in at the provider",
)
async def go_outside(services: Services, request: Request) -> Response:
    """Leads to the provider's page. 404 when no provider is set."""
    provider = _provider(request)
    try:
        address, begun = await provider.begin()
    except OpenIdError as problem:
        log.warning("api.openid", problem=str(problem))
        return RedirectResponse("/?sign-in=away", HTTPStatus.SEE_OTHER)
    response = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        _cookie(services.settings.http_port),
        begun,
        max_age=MAY_TAKE,
        path=PATH,
        secure=services.settings.https,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    "/outside/back",
    status_code=HTTPStatus.SEE_OTHER,
    response_class=Response,
    responses=NO_PROVIDER,
    summary="Where the provider leads back to",
)
async def come_back(
    services: Services,
    request: Request,
    state: Annotated[str, Query(max_length=1000, title="State")] = "",
    code: Annotated[str, Query(max_length=4000, title="Code")] = "",
) -> Response:
    """Signs in whom the provider vouches for, and leads to the portal; else to its sign-in page, which says why not."""
    name = _cookie(services.settings.http_port)
    begun = request.cookies.get(name)
    cookie, why = None, "refused"
    try:
        if begun is None or not code:
            raise OpenIdError("the provider let nobody in")
        back = await _provider(request).finish(begun, state, code)
        program = request.headers.get("user-agent", "").encode("utf-8", "replace").decode()
        async with services.database.change("OpenID provider") as unit:
            cookie = await let_in(
                unit, back.outsider, address=address_of(request), program=program, refresh=back.refresh
            )
        why = "unknown"
    except OpenIdError as problem:
        log.warning("api.openid", problem=str(problem))
    response = RedirectResponse("/" if cookie else f"/?sign-in={why}", HTTPStatus.SEE_OTHER)
    response.delete_cookie(name, path=PATH)
    if cookie is not None:
        set_cookie(response, services, cookie)
    return response


def _provider(request: Request) -> OpenId:
    provider: OpenId | None = request.app.state.openid
    if provider is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "No OpenID provider is set here. Sign in with your password.")
    return provider


def _cookie(port: int) -> str:
    return f"centrale-outside-{port}"
