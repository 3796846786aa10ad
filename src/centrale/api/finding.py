"""Which routes a request is looked up among: those whose addresses begin as its own does.

FastAPI asks one router after the other, and each asks its routes: with some thirty routers that takes longer than what
most requests are about. A router of ours looks at the beginning of the address first.
"""

from __future__ import annotations

import re

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Match
from starlette.types import Scope


class Beginning(APIRouter):
    """A router that is asked about every request, and answers for those whose address begins as its routes do."""

    begins: re.Pattern[str]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As its routes say, which are not asked in vain."""
        if self.begins.match(scope["path"]) is None:
            return Match.NONE, {}
        return super().matches(scope)


def look_at_the_beginning(router: APIRouter, prefix: str) -> None:
    """Has `router`, which is about to be included under `prefix`, do so."""
    # Routers are made in thirty files; here none can be forgotten.
    router.__class__ = Beginning
    assert isinstance(router, Beginning)
    fixed = re.split(r"\{[a-z_]+\}", prefix + router.prefix)
    router.begins = re.compile("[^/]+".join(map(re.escape, fixed)) + "(?:/|$)")


def prepare(app: FastAPI) -> None:
    """Has FastAPI take its look at every route now: it would do so at the first request to each router, for a tenth of
    a second in which calls stand still."""
    for _ in iter_route_contexts(app.routes):
        pass
