"""What the API measures of itself, for `/metrics` (OPS-1)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrale.api.services import ApiServices
from centrale.clock import monotonic

NO_ROUTE = "none"
"""Label of requests that no route took: the addresses that strangers try must not become labels."""

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
"""Seconds. One series for all routes: a dozen for each would be a thousand figures that nobody reads."""


class Figures:
    """Registered once per app."""

    def __init__(self, services: ApiServices) -> None:
        registry: CollectorRegistry = services.metrics
        self.requests = Counter(
            "centrale_api_requests", "Requests answered.", ("method", "route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "centrale_api_request_seconds", "Time until the answer begins.", buckets=BUCKETS, registry=registry
        )
        calls = Gauge("centrale_live_calls", "Calls that run now.", registry=registry)
        calls.set_function(lambda: len(services.live))
        accounts = Gauge("centrale_accounts", "Accounts on the platform.", registry=registry)
        accounts.set_function(lambda: len(services.directory.current.accounts))


class Measured:
    """ASGI middleware: counts and times each request."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = monotonic()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", NO_ROUTE)
                method = scope["method"] if route != NO_ROUTE else NO_ROUTE
                self._figures.requests.labels(method, route, message["status"]).inc()
                self._figures.seconds.observe(monotonic() - began)
            await send(message)

        await self._app(scope, receive, send_measured)
