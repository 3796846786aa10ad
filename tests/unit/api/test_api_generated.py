"""What schemathesis makes up from the API's own description: thousands of odd requests, and no answer that breaks it.

A new company stands ready for each operation, and for each request that deletes things, so that requests meet something
and not only 404. Half of the requests come with a token of the platform, the others from people in each role (ROLE-1).

`GENERATED_EXAMPLES=40` looks longer, for whoever has a quarter of an hour.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

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

from centrale.accounts import accounts, numbers, partners, plans, sessions, tokens, trunks, web_users, webhooks
from centrale.accounts.numbers import NumberIn
from centrale.accounts.partners import PartnerIn
from centrale.accounts.plans import PlanEntryIn, PlanIn
from centrale.accounts.roles import Role
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.web_users import WebUserIn
from centrale.accounts.webhooks import WebhookIn
from centrale.accounts.webhooks_events import EventType
from centrale.api.app import bare_app
from centrale.api.authentication import CSRF, cookie_name
from centrale.routing.snapshot import AccountId

T = TypeVar("T")

EXAMPLES = int(os.environ.get("GENERATED_EXAMPLES", "5"))
"""For each operation; the same ones in every run."""

PROGRAM = None
SPEAKERS = [PROGRAM] * 4 + [Role.PARTNER, Role.ACCOUNT, Role.SUPERVISOR, Role.END_USER]

ELSEWHERE = [ignored_auth, negative_data_rejection, positive_data_acceptance]
"""Not asked here. Tokens have stories of their own on every route. The rules of the domain know more than a schema can
say; and some of what a schema forbids is taken on purpose: the same scope twice, `"5"` for 5, or 412 before 422."""


class Exchange:
    """An ASGI app whose world lives in the loop that schemathesis runs apps in, from one operation to the next."""

    world: ApiWorld
    token: str
    people: dict[Role, dict[str, str]]
    """What requests of the company's people carry, of those who are signed in yet."""

    def __init__(self) -> None:
        self.app = bare_app()
        self.places: dict[str, Any] = {}
        self._loop: asyncio.AbstractEventLoop
        self._numbers = itertools.count(1)
        self._open = AsyncExitStack()
        self._operation = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # schemathesis ends the app with each operation; the world goes on
            self._loop = asyncio.get_running_loop()
            for done in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{done}.complete"})
        else:
            scope["client"] = tuple(scope["client"])
            await self.world.app(scope, receive, send)

    def begin(self, path: Path) -> None:
        """Open the world on the empty database at `path`."""

        async def begin() -> None:
            self.world = await self._open.enter_async_context(open_world(path, home=path.parent, app=self.app))

        self._there(begin())

    def end(self) -> None:
        """Close the world."""
        self._there(self._open.aclose())

    def new_company(self) -> None:
        """From now on requests name the things of another company, and come with another token."""
        self.places = self._there(self._company())
        self.token = self._there(self.world.token())
        self.people = {}

    def speaker(self, role: Role | None) -> dict[str, str]:
        """Headers of a request by a program of the platform, or by somebody who is signed in in a role."""
        if role is None:
            return {"Authorization": f"Bearer {self.token}"}
        if role not in self.people:
            self.people[role] = self._there(self._somebody(role))
        return self.people[role]

    async def _somebody(self, role: Role) -> dict[str, str]:
        account = AccountId(self.places["account"])
        async with self.world.database.change("set-up") as unit:
            where: dict[str, Any] = {"account": account}
            if role is Role.PARTNER:
                partner = await partners.create(unit, PartnerIn(name=f"Partner {account}"))
                await accounts.hand_over(unit, account, partner.id)
                where = {"partner": partner.id}
            extension = "201" if role is Role.END_USER else None
            email = f"{role.value}-{account}@example.org"
            wanted = WebUserIn(email=email, name="Anna", role=role, extension=extension, **where)
            person = await web_users.create(unit, wanted)
            text = await sessions.begin(unit, person.id, address="192.0.2.44", program="generated")
        return {"Cookie": f"{cookie_name(self.world.services.settings)}={text}", CSRF: sessions.token_of(text)}

    def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def knows(self, case: schemathesis.Case) -> bool:
        """Was the company made for this operation?"""
        known, self._operation = self._operation == case.operation.label, case.operation.label
        return known

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
            hook = WebhookIn(name="x", url="https://example.org/", events=frozenset(EventType))
            webhook = (await webhooks.create(unit, account, hook))[0].id
            delivery = await webhooks.send_test(unit, account, webhook)
        name = {"channels": self.world.channels(account)[0], "trunks": trunk}
        return {
            "account": account,
            "number": "202",
            "e164": e164,
            "schema": 1,
            "plan": 1,
            "kind": "user",
            "id": token.id,
            "webhook": webhook,
            "delivery": delivery,
            "name": name,
        }


def who_sends(case: schemathesis.Case) -> Role | None:
    """Somebody, the same one whenever the case is tried again."""
    contents = repr((case.operation.label, case.path_parameters, case.query, case.body))
    return SPEAKERS[crc32(contents.encode()) % len(SPEAKERS)]


def _described(exchange: Exchange) -> Any:
    generation = GenerationConfig(deterministic=True, max_examples=EXAMPLES)
    # Its systematic phase makes 6,000 further requests: two minutes that no run of all tests has.
    phases = PhasesConfig(coverage=CoveragePhaseConfig(enabled=False))
    project = ProjectConfig(generation=generation, phases=phases)
    config = SchemathesisConfig(projects=ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_dict(exchange.app.openapi(), config=config)
    schema.app = exchange
    # A stream has no end to wait for; their stories are in test_api_calls.py and test_api_wallboard.py.
    return schema.exclude(operation_id=["watch_calls", "watch_wallboard", "watch_changes"])


exchange = Exchange()
api = _described(exchange)


@pytest.fixture(scope="module", autouse=True)
def running(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The exchange runs while there are requests for it."""
    path = tmp_path_factory.mktemp("generated") / "centrale.db"
    shutil.copy(migrated, path)
    with asgi.get_client(exchange):
        exchange.begin(path)
    yield
    exchange.end()


@api.parametrize()
@settings(
    max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_no_made_up_request_gets_an_answer_that_the_description_does_not_know(
    case: schemathesis.Case,
) -> None:
    role = who_sends(case)
    if case.method == "DELETE" or not exchange.knows(case):
        exchange.new_company()
    if case.meta is None or case.meta.generation.mode.is_positive:
        exchange.name_things(case)
    case.call_and_validate(headers=exchange.speaker(role), excluded_checks=ELSEWHERE)
