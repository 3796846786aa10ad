"""The web application: what `bootstrap` hands to uvicorn."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from centrale import __version__
from centrale.api import operating, problems
from centrale.api.authentication import Authentication, Authenticator
from centrale.api.guards import Faults, KnownHost, LimitedBody, SafeHeaders
from centrale.api.services import ApiServices


def create_app(services: ApiServices) -> FastAPI:
    """The API, health and metrics over `services`. Serve it with one worker: it shares memory with the calls."""
    authenticator = Authenticator(services)
    app = FastAPI(
        title="Centrale",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            # The first is the outermost.
            Middleware(SafeHeaders),
            Middleware(Faults),
            Middleware(KnownHost, services=services),
            Middleware(LimitedBody),
            Middleware(Authentication, authenticator=authenticator),
        ],
    )
    app.state.services = services
    app.state.authenticator = authenticator
    problems.install(app)
    app.include_router(operating.router)
    return app
