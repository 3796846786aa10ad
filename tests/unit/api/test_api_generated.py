"""What schemathesis makes up from the API's own description: thousands of odd requests, and no answer that breaks it.

The exchange lives in the event loop that schemathesis runs apps in; a new company stands ready for each request that
deletes things, so that requests meet something and not only 404.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from api_world import ApiWorld, open_world
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    CoveragePhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from starlette.types import Receive, Scope, Send

from centrale.accounts import numbers, plans, tokens, trunks
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.api import authentication
from centrale.api.app import bare_app
from centrale.routing.snapshot import AccountId

EXAMPLES = 6
"""For each operation; the same ones in every run."""

ELSEWHERE = [ignored_auth, negative_data_rejection, positive_data_acceptance]
"""Not asked here. Tokens have stories of their own on every route. The rules of the domain know more than a schema can
say; and some of what a schema forbids is taken on purpose: the same scope twice, `"5"` for 5, or 412 before 422."""


class Exchange:
    """An ASGI app that opens a new world when it is started, in the loop that will run it."""

    template: Path
    home: Path
    world: ApiWorld
    token: str
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        self.app = bare_app()
        self.places: dict[str, Any] = {}
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            scope["client"] = tuple(scope["client"])
            await self.world.app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.loop = asyncio.get_running_loop()
        path = self.home / f"{next(self._numbers)}.db"
        shutil.copy(self.template, path)
        async with open_world(path, home=self.home, app=self.app) as self.world:
            self.token = await self.world.token()
            self.places = await self._company()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    def new_company(self) -> None:
        """From now on requests name the things of another company."""
        self.places = asyncio.run_coroutine_threadsafe(self._company(), self.loop).result(10)

    def name_things(self, case: schemathesis.Case) -> None:
        """Has a well-formed request name things that there are."""
        for name in case.path_parameters:
            place = self.places.get(name)
            if name == "name":
                place = place["trunks" if case.path.startswith("/api/v1/trunks") else "channels"]
            if place is not None:
                case.path_parameters[name] = place

    async def _company(self) -> dict[str, Any]:
        number = f"{next(self._numbers):04}"
        account = AccountId(await self.world.company(number, f"Company {number}"))
        e164, trunk = f"+3120777{number}", f"t{number}"
        async with self.world.database.change("set-up") as unit:
            await numbers.create(unit, account, NumberIn(e164=e164))
            entry = PlanEntryIn(e164=e164, destination="201")
            await plans.create_plan(unit, account, 1, PlanIn(name="Day", entries=[entry]))
            await trunks.create(unit, TrunkIn(name=trunk, host="192.0.2.1"))
            token, _ = await tokens.create(unit, TokenIn(name="x", account=account))
        name = {"channels": self.world.channels(account)[0], "trunks": trunk}
        return {
            "account": account,
            "number": "202",
            "e164": e164,
            "schema": 1,
            "plan": 1,
            "kind": "user",
            "id": token.id,
            "name": name,
        }


def _described(exchange: Exchange) -> Any:
    generation = GenerationConfig(deterministic=True, max_examples=EXAMPLES)
    # Its systematic phase makes 6,000 further requests: two minutes that no run of all tests has.
    phases = PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))
    project = ProjectConfig(generation=generation, phases=phases)
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_dict(exchange.app.openapi(), config=config)
    schema.app = exchange
    # A stream has no end to wait for; its stories are in test_api_calls.py.
    return schema.exclude(operation_id="watch_calls")


exchange = Exchange()
api = _described(exchange)


@pytest.fixture(autouse=True)
def running(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The exchange runs while there are requests for it; schemathesis ends it after each operation."""
    monkeypatch.setattr(authentication, "FREE_GUESSES", 10**6)
    exchange.template, exchange.home = migrated, tmp_path
    with asgi.get_client(exchange):
        yield


@api.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_no_made_up_request_gets_an_answer_that_the_description_does_not_know(
    case: schemathesis.Case,
) -> None:
    if case.method == "DELETE":
        exchange.new_company()
    if case.meta is None or case.meta.generation.mode.is_positive:
        exchange.name_things(case)
    case.call_and_validate(
        headers={"Authorization": f"Bearer {exchange.token}"}, excluded_checks=[positive_data_acceptance]
    )
