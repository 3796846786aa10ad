"""Every operation of the API with requests that name one account's things; what isolation and scopes are tried with.

The list comes from the OpenAPI document. An operation that has a place or a body which this file does not know yet
stops the tests: whoever adds one says here what a request for it looks like.
"""

from __future__ import annotations

import asyncio
import io
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
from api_world import ApiWorld
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from centrale.accounts.models import Base
from centrale.api.authentication import OPEN
from centrale.api.document import operations
from centrale.voice.tones import tone

LONGEST_ANSWER = 20.0


class Unknown(AssertionError):
    """This file does not know what to send to an operation."""


@dataclass(frozen=True)
class Things:
    """What one account has, by the place where it stands in an address (`channels/{name}`)."""

    account: int
    places: dict[str, str]

    def at(self, place: str) -> str:
        """What stands at `place`."""
        if place not in self.places:
            raise Unknown(f"say in every_route.py what stands at {place}")
        return self.places[place]


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    reads: bool
    streams: bool
    has_body: bool
    takes_file: bool
    query: tuple[str, ...]
    """Names of the parameters that it must have."""

    def address(self, account: int, things: Things) -> str:
        """Its path, in `account`, with the rest named after `things`."""

        def fill(match: re.Match[str]) -> str:
            return str(account) if match.group() == "accounts/{account}" else things.at(match.group())

        filled = re.sub(r"[a-z]+/\{[a-z0-9]+\}", lambda m: f"{m.group().partition('/')[0]}/{fill(m)}", self.path)
        assert "{" not in filled, self.path
        return filled

    async def send(self, client: httpx.AsyncClient, account: int, things: Things) -> httpx.Response:
        """A request that would be a good one from whom `things` belong to."""
        query = {name: things.at(f"?{name}") for name in self.query}
        body = body_of(self, things) if self.has_body and not self.takes_file else None
        contacts = ("new.csv", b"surname,mobile\nNew,0612345678\n", "text/csv")
        file = contacts if self.path.endswith("/contacts/import") else ("new.wav", a_sound(), "audio/wav")
        files = {"file": file} if self.takes_file else None
        # A stream that lets somebody in would go on for ever.
        async with asyncio.timeout(LONGEST_ANSWER):
            address = self.address(account, things)
            request = client.build_request(self.method, address, params=query, json=body, files=files)
            await request.aread()
            return await client.send(request)


def every_operation(app: FastAPI) -> list[Operation]:
    """Everything under `/api/`. Raises when the app has a route there that its document does not show."""
    document = app.openapi()
    found = [
        Operation(
            id=operation["operationId"],
            method=method,
            path=path,
            reads=method == "GET" or operation.get("x-scope") == "read",
            streams="text/event-stream" in str(operation["responses"]),
            has_body="requestBody" in operation,
            takes_file="multipart/form-data" in operation.get("requestBody", {}).get("content", {}),
            query=tuple(p["name"] for p in operation.get("parameters", ()) if p["in"] == "query" and p.get("required")),
        )
        for path, method, operation in operations(document)
        if path.startswith("/api/")
    ]
    hidden = set(_routes(app)) - {(operation.method, operation.path) for operation in found}
    if hidden:
        raise Unknown(f"routes that the OpenAPI document does not show: {hidden}")
    assert len({operation.id for operation in found}) == len(found)
    return found


@cache
def a_sound() -> bytes:
    """A tenth of a second of a tone, as a file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(tone(440, seconds=0.1).to_bytes())
    return file.getvalue()


def closed_operations(app: FastAPI) -> list[Operation]:
    """The same, without the few that are for those who have yet to sign in; test_api_sign_in.py tells of them."""
    found = [it for it in every_operation(app) if (it.method, it.path) not in OPEN]
    assert len(found) == len(every_operation(app)) - 6
    return found


def _routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        assert isinstance(context.original_route, APIRoute), "a mount or a web socket would need a test of its own"
        if context.path.startswith("/api/") and context.path != "/api/openapi.json":
            yield from ((method, context.path) for method in context.methods or ())


def body_of(operation: Operation, things: Things) -> dict[str, Any]:
    """A body that names what the account has."""
    at = things.at
    entries = [{"e164": at("numbers/{e164}"), "destination": at("extensions/{number}"), "prefix": "x"}]
    entry = {"days": ["monday"], "start": "09:00", "end": "17:00", "plan": int(at("plans/{plan}"))}
    holiday = {"description": "x", "start": "2026-12-25 00:00", "end": "2026-12-26 00:00", "plan": entry["plan"]}
    expectation = {
        "at": "monday 10:00",
        "caller": "+31612345678",
        "called": at("numbers/{e164}"),
        "outcome": {"reaches": at("extensions/{number}")},
    }
    bodies: dict[str, dict[str, Any]] = {
        "create_account": {"number": "9999", "name": "New"},
        "change_account": {"emergency_caller_id": at("numbers/{e164}")},
        "create_extension": {"number": "888", "kind": "user", "name": "New"},
        "change_extension": {"name": "Changed"},
        "check_extension": {"number": "888", "kind": "user", "name": "New"},
        "create_channel": {"linked_user": at("extensions/{number}")},
        "change_channel": {"emergency_caller_id": at("numbers/{e164}")},
        "create_contact": {"surname": "New", "numbers": [{"number": "0612345678"}]},
        "change_contact": {"surname": "Changed"},
        "create_own_contact": {"surname": "New"},
        "change_own_contact": {"surname": "Changed"},
        "create_number": {"e164": "+31209999999"},
        "change_number": {"use": "personal", "user": at("extensions/{number}")},
        "create_schema": {"name": "New"},
        "change_schema": {"standing": int(at("plans/{plan}"))},
        "set_override": {"plan": int(at("plans/{plan}"))},
        "set_schedule": {"entries": [entry]},
        "set_holidays": {"holidays": [holiday]},
        "create_plan": {"name": "New", "entries": entries},
        "change_plan": {"entries": entries},
        "copy_plan": {"plan": int(at("plans/{plan}"))},
        "set_message_heard": {"heard": True},
        "set_own_message_heard": {"heard": True},
        "set_own_forwards": {"always": at("extensions/{number}")},
        "change_sound": {"name": "Changed"},
        "copy_sound": {"extension": at("extensions/{number}"), "field": "voicemail.welcome"},
        "speak_sound": {"text": "Hello", "language": "en", "name": "New"},
        "change_music": {"name": "Changed"},
        "order_music": {"files": [at("music/{file}")]},
        "log_on": {"user": at("extensions/{number}")},
        "create_trunk": {"name": "new", "host": "192.0.2.9"},
        "change_trunk": {"host": "192.0.2.9"},
        "choose_trunks": {"trunks": [at("trunks/{name}")]},
        "create_token": {"name": "New", "account": things.account},
        "create_expectation": expectation | {"name": "New"},
        "change_expectation": {"name": "Other"},
        "check_expectations": {},
        "sign_in": {"email": "nobody@example.org", "password": "no password of anybody"},
        "forgot_password": {"email": "nobody@example.org"},
        "choose_password": {"link": "x", "password": "no password of anybody"},
        "change_own_password": {"current": "x", "password": "no password of anybody"},
        "switch_second_factor_on": {"current": "x", "secret": "X", "code": "000000"},
        "switch_second_factor_off": {"current": "x"},
        "create_web_user": {"email": "new@example.org", "name": "New", "role": "account", "account": things.account},
        "change_web_user": {"name": "Changed"},
        "create_partner": {"name": "New"},
        "create_webhook": {"name": "New", "url": "https://example.org/new", "events": ["call.ended"]},
        "change_webhook": {"name": "Changed"},
        "replay_webhook": {"since": "2026-01-01T00:00:00Z"},
        "change_partner": {"name": "Changed"},
        "hand_account_over": {"partner": int(at("partners/{id}"))},
        "explain_call": {"caller": at("extensions/{number}"), "called": at("extensions/{number}")},
    }
    if operation.id not in bodies:
        raise Unknown(f"say in every_route.py what a body of {operation.id} looks like")
    return bodies[operation.id]


async def everything_stored(world: ApiWorld, *, but_of: int | None = None) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without when tokens were used; `but_of`: without what belongs to that account."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with world.database.read() as unit:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name != "last_used"]
            owner = "id" if table.name == "accounts" else "account_id"
            rows = await unit.session.execute(table.select().with_only_columns(*columns).order_by(*table.primary_key))
            found[table.name] = [
                dict(row) for row in rows.mappings() if but_of is None or row.get(owner, None) != but_of
            ]
    return found
