"""The web application: what `bootstrap` hands to uvicorn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.middleware import Middleware

from centrale import __version__
from centrale.accounts.sign_in import SignIn
from centrale.api import docs_page, operating, portal, problems, v1
from centrale.api.authentication import OPENAPI, Authentication, Authenticator
from centrale.api.change_feed import ChangeFeed
from centrale.api.document import describe
from centrale.api.exports import Exports, Lists
from centrale.api.finding import prepare
from centrale.api.guards import Faults, KnownHost, LimitedBody, SafeHeaders
from centrale.api.live_feed import LiveFeed
from centrale.api.measuring import Figures, Measured
from centrale.api.openid import openid_of
from centrale.api.packing import Packing
from centrale.api.services import ApiServices
from centrale.api.streaming import Door
from centrale.api.turns import Turns
from centrale.api.vouching import Vouching
from centrale.api.wallboard_feed import WallboardFeed


def create_app(services: ApiServices) -> FastAPI:
    """The API, health and metrics over `services`. Serve it with one worker: it shares memory with the calls.

    `end_streams` ends the event streams; call it before waiting for the server to stop.
    """
    app = bare_app()
    attach(app, services)
    return app


def bare_app() -> FastAPI:
    """The app without an exchange behind it: all that its description needs (`bare_app().openapi()`)."""
    app = Described(
        title="Centrale",
        version=__version__,
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    problems.install(app)
    app.include_router(operating.router)
    v1.install(app)
    _describe(app)
    portal.install(app)
    prepare(app)
    app.state.lists = Lists(app)
    return app


def attach(app: FastAPI, services: ApiServices) -> None:
    """Has `app` speak for `services`. Apart from making it, which takes FastAPI a while: tests have many exchanges."""
    openid = openid_of(services.settings, services.database.vault, services.clock)
    vouching = None if openid is None else Vouching(services.database, openid)
    authenticator = Authenticator(services, vouching)
    app.state.services = services
    app.state.authenticator = authenticator
    app.state.sign_in = SignIn(services.database)
    app.state.openid = openid
    app.state.vouching = vouching
    app.state.running = set()
    app.state.feed = LiveFeed(services.live)
    app.state.wallboard = WallboardFeed(services)
    app.state.changes = ChangeFeed(services)
    app.state.door = Door(services)
    for feed in (app.state.feed, app.state.wallboard, app.state.changes):
        app.state.door.wakes(feed.wake)
    app.user_middleware = [
        # The first is the outermost.
        Middleware(Measured, figures=Figures(services)),
        Middleware(SafeHeaders, https=services.settings.https),
        Middleware(Faults),
        Middleware(KnownHost, services=services),
        Middleware(Packing),
        Middleware(Exports, lists=app.state.lists),
        Middleware(LimitedBody),
        Middleware(Turns),  # within Exports: each page of a long file takes a turn of its own
        Middleware(Authentication, database=services.database, authenticator=authenticator),
    ]
    app.middleware_stack = None


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    end_streams(app)


def end_streams(app: FastAPI) -> None:
    """Every event stream ends; their readers come back by themselves."""
    for feed in (app.state.feed, app.state.wallboard, app.state.changes):
        feed.close()


class Described(FastAPI):
    """FastAPI, with our own description of the API."""

    def openapi(self) -> dict[str, Any]:
        return describe(self)


def _operation_id(route: APIRoute) -> str:
    """The function's own name: generated clients call theirs so."""
    return route.name


def _describe(app: FastAPI) -> None:
    @app.get(OPENAPI, include_in_schema=False)
    async def openapi_document() -> dict[str, Any]:
        return app.openapi()

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        headers = {"Content-Security-Policy": docs_page.CONTENT_SECURITY_POLICY}
        return HTMLResponse(docs_page.page(app.openapi(), OPENAPI), headers=headers)
