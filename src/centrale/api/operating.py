"""For those who operate the exchange: `/healthz` and `/metrics` (OPS-1)."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from ipaddress import ip_address

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from pydantic import BaseModel, Field

from centrale.accounts.tokens import Scope
from centrale.api.authentication import Authenticator
from centrale.api.problems import ProblemError
from centrale.api.services import ApiServices
from centrale.api.units import Services, read

log = structlog.get_logger(__name__)

METRICS = "/metrics"

LONGEST_LOOK = 3.0
"""Seconds that the look at our own health may take; whoever watches us gives up after some more."""


class HealthOut(BaseModel):
    """Can calls be made now?"""

    healthy: bool = Field(title="Can calls be made")
    problems: list[str] = Field(title="Why they cannot, in sentences")
    notes: list[str] = Field(title="What else is worth knowing, in sentences")


async def health_of(services: ApiServices) -> HealthOut:
    """Never fails and never hangs: not knowing is told as a problem."""
    try:
        async with asyncio.timeout(LONGEST_LOOK):
            problems = list(await services.health())
    except TimeoutError:
        problems = [f"The exchange did not find out within {LONGEST_LOOK:g} seconds whether calls can be made."]
    except Exception:  # whatever it is, "not healthy" is the answer that a watcher needs
        log.exception("api.health_unknown")
        problems = ["The exchange could not find out whether calls can be made; its log says why."]
    return HealthOut(healthy=not problems, problems=problems, notes=list(services.notes()))


router = APIRouter(tags=["operation"])


@router.get(
    "/healthz",
    response_model=HealthOut,
    responses={503: {"model": HealthOut, "description": "Calls cannot be made; `problems` says why."}},
    summary="Can calls be made now?",
)
async def health(services: Services, response: Response) -> HealthOut:
    """Needs no token. 200 only when calls can be made."""
    found = await health_of(services)
    response.status_code = HTTPStatus.OK if found.healthy else HTTPStatus.SERVICE_UNAVAILABLE
    return found


@router.get(
    METRICS,
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    summary="Figures for Prometheus",
)
async def metrics(request: Request, services: Services) -> Response:
    """For a collector on this machine, or one with a token of the platform."""
    if not from_this_machine(request):
        await _platform_token(request)
    return Response(figures(services.metrics), headers={"Content-Type": CONTENT_TYPE_LATEST})


def figures(registry: CollectorRegistry) -> bytes:
    """Everything that was measured, in the text format of Prometheus."""
    return generate_latest(registry)


def from_this_machine(request: Request) -> bool:
    """Does the request come from loopback, and not through a proxy that speaks for somebody else?"""
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers.keys())
    if request.client is None or forwarded:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _platform_token(request: Request) -> None:
    """Raises `ProblemError` unless the request carries a token of the platform that may read."""
    authenticator: Authenticator = request.app.state.authenticator
    principal = await authenticator.principal(request.scope, await read(request))
    if not principal.is_platform or Scope.READ not in principal.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, "These figures are for the platform's administrator only.")
