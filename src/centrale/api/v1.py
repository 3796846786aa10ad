"""Version 1 of the API: every resource, and what holds for all of them."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from centrale.api.access import bearer, enough_scope
from centrale.api.changing import json_only
from centrale.api.resources import (
    accounts,
    audit,
    calls,
    channels,
    explain,
    extensions,
    kinds,
    logons,
    numbers,
    plans,
    records,
    schemas,
    tokens,
    trunks,
)
from centrale.api.services import ApiServices

PREFIX = "/api/v1"


def router_for(services: ApiServices) -> APIRouter:
    """Every route of version 1. The dependencies stand here, so that no resource can forget them."""
    router = APIRouter(prefix=PREFIX, dependencies=[Depends(bearer), Depends(enough_scope), Depends(json_only)])
    for resource in (accounts, kinds, extensions, channels, numbers, schemas, plans, logons, records, calls):
        router.include_router(resource.router)
    router.include_router(trunks.router)
    router.include_router(trunks.choice)
    if services.explain is not None:
        router.include_router(explain.router_for(services.explain))
    router.include_router(audit.router)
    router.include_router(tokens.router)
    return router
