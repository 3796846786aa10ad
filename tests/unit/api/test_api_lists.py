"""Every list of the API, whatever it is of: its pages, its file, and questions that it does not know (PTL-4, API-1)."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import orjson
import pytest
from api_world import ApiWorld
from every_route import Operation, every_operation
from fastapi.routing import iter_route_contexts
from two_companies import Scene

from centrale.accounts import records
from centrale.accounts.records import Record
from centrale.api import exports
from centrale.api.exports import ExportCut
from centrale.calls.record import Direction, Outcome

Things = list[dict[str, Any]]

GROW = {
    "list_extensions": ("extensions", lambda nth: {"number": f"{300 + 7 * nth % 400}", "kind": "user", "name": "New"}),
    "list_channels": ("channels", lambda nth: {}),
    "list_numbers": ("numbers", lambda nth: {"e164": f"+3120777{7 * nth % 10}9{nth:02}"}),
    "list_contacts": ("contacts", lambda nth: {"surname": f"{'ZANM'[nth % 4]}{nth}"}),
    "list_account_changes": ("contacts", lambda nth: {"surname": f"{nth}"}),
    "list_webhooks": ("webhooks", lambda nth: {"name": f"{nth}", "url": "https://x.example", "events": ["call.ended"]}),
    "list_schemas": ("schemas", lambda nth: {"name": f"New {nth}"}),
}
"""Lists that many people add to, and what they add, before and behind what was seen."""


async def as_owner(scene: Scene, operation: Operation) -> httpx.AsyncClient:
    """Somebody who sees the list: for `/me` and `/session` a user in a browser, else a token of the platform."""
    if not operation.path.startswith(("/api/v1/me/", "/api/v1/session/")):
        return scene.world.platform
    number = len(scene.world._clients._exit_callbacks)  # type: ignore[attr-defined]
    person = await scene.world.person(
        f"user{number}@example.org", "end_user", account=scene.theirs.account, extension="777"
    )
    return person.client


def lists(scene: Scene) -> list[Operation]:
    """Those that come in pages."""
    paths = scene.world.app.openapi()["paths"]
    found = [
        operation
        for operation in every_operation(scene.world.app)
        if operation.method == "GET"
        and {"limit", "after"} <= {it["name"] for it in paths[operation.path]["get"].get("parameters", ())}
    ]
    assert len(found) > 25
    return found


async def walk(client: httpx.AsyncClient, address: str, size: int, **wanted: str) -> Things:
    """All of a list, page by page."""
    found: Things = []
    after: dict[str, str] = {}
    while True:
        page = (await client.get(address, params={"limit": size, **wanted, **after})).json()
        assert len(page["items"]) <= size
        found += page["items"]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


def cell(value: Any) -> str:
    """A value as it stands in a file."""
    if value is None:
        return ""
    text = orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "-", "@")) else text


def at(line: dict[str, Any], column: str) -> Any:
    """What stands under `column`, which has dots where it is inside something."""
    value: Any = line
    for name in column.split("."):
        value = None if value is None else value[name]
    return value


async def test_every_list_is_the_same_in_whatever_pages_and_as_a_file(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    seen = 0
    for operation in lists(scene):
        client = await as_owner(scene, operation)
        address = operation.address(scene.theirs.account, scene.theirs)
        whole = await walk(client, address, 500)
        assert await walk(client, address, 1) == whole, operation.id
        file = await client.get(address, params={"format": "csv"})
        assert file.headers["content-type"].startswith("text/csv"), operation.id
        head, *rows = csv.reader(io.StringIO(file.text))
        assert rows == [[cell(at(line, column)) for column in head] for line in whole], operation.id
        for line in whole:  # no field is left out
            assert {column.partition(".")[0] for column in head} >= line.keys(), operation.id
        seen += len(whole) > 1
    assert seen > 8, "most lists need two things to tell anything"


async def test_every_list_is_written_as_it_is_described(scene: Scene) -> None:
    """Also where nobody looks at its fields before they are sent (`api/answers.py`)."""
    await _store_a_call(scene, caller="777", called="201")
    described = {
        route.path: route.response_model
        for route in iter_route_contexts(scene.world.app.routes)
        if "GET" in (route.methods or ()) and getattr(route, "response_model", None) is not None
    }
    for operation in lists(scene):
        client = await as_owner(scene, operation)
        page = (await client.get(operation.address(scene.theirs.account, scene.theirs))).content
        as_described = described[operation.path].model_validate_json(page).model_dump_json(by_alias=True)
        assert _without_order(orjson.loads(page)) == _without_order(orjson.loads(as_described)), operation.id
        assert operation.id not in ("list_records", "list_own_records") or '"caller":"777"' in as_described


async def test_no_thing_is_lost_or_doubled_while_others_are_added(scene: Scene) -> None:
    found = {operation.id: operation for operation in lists(scene)}
    client, account = scene.world.platform, scene.theirs.account
    for name, (place, thing) in GROW.items():
        for nth in range(3):
            await _make(client, account, place, thing(nth))
        address = found[name].address(account, scene.theirs)
        before = await walk(client, address, 500)
        walked: list[str] = []
        after: dict[str, str] = {}
        for nth in count(3):
            page = (await client.get(address, params={"limit": 1, **after})).json()
            walked += [orjson.dumps(item).decode() for item in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
            if nth < 9:
                await _make(client, account, place, thing(nth))
        assert len(set(walked)) == len(walked), name
        assert [each for each in map(_text, before) if each in walked] == list(map(_text, before)), name


SORTED = {
    "list_accounts": {"number": "number", "name": "name"},
    "list_account_changes": {"at": "id"},
}
"""The orders of a list, and the field that shows each."""


async def test_a_list_is_sorted_by_the_exchange_across_its_pages(scene: Scene) -> None:
    """Not only the page that is shown."""
    found = {operation.id: operation for operation in lists(scene)}
    client, account = scene.world.platform, scene.theirs.account
    for number, name in (
        ("9001", "Zwart"),
        ("9002", "anders"),
        ("9003", "Bakker ~ co"),
        ("9004", "bakker ~ co"),
        ("9005", "Éclair"),
    ):
        assert (await client.post("/api/v1/accounts", json={"number": number, "name": name})).is_success
    for operation, orders in SORTED.items():
        address = found[operation].address(account, scene.theirs)
        for order, field in orders.items():
            up, down = [await walk(client, address, 1, sort=sign + order) for sign in ("", "-")]
            assert up == down[::-1], (operation, order)
            assert len(up) > 1, operation
            keys = [it[field].lower() if isinstance(it[field], str) else it[field] for it in up]
            assert sorted(keys) == keys, (operation, order)


async def test_call_records_begin_with_the_newest_or_the_oldest(world: ApiWorld) -> None:
    account = await world.company()
    phone = await world.phone(world.channels(account)[0])
    for called in ("900", "901", "902"):
        await (await phone.dials(called)).hang_up()
        await world.exchange.idle()
        world.clock.pass_time(minutes=1)
    await world.writer.flush()
    address = f"/api/v1/accounts/{account}/records"
    for sort, order in (("started", ["900", "901", "902"]), ("-started", ["902", "901", "900"])):
        assert [it["called"] for it in await walk(world.platform, address, 1, sort=sort)] == order


async def test_a_question_that_a_list_does_not_know_is_refused_by_name(scene: Scene) -> None:
    """Else a misspelt filter would show everything, and look as if it had been heeded."""
    for operation in lists(scene):
        client = await as_owner(scene, operation)
        address = operation.address(scene.theirs.account, scene.theirs)
        for wrong in ({"sortt": "name"}, {"format": "csv", "filter[x]": "1"}, {"format": "xlsx"}):
            answer = await client.get(address, params=wrong)
            assert answer.status_code == 422, (operation.id, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            (name,) = [each for each in wrong if (each, wrong[each]) != ("format", "csv")]
            assert [each["field"] for each in answer.json()["errors"]] == [f"/{name}"], operation.id


async def test_a_file_holds_the_whole_list(world: ApiWorld) -> None:
    account = await world.company()
    for wrong in ("limit=5", "after=MjAx"):
        answer = await world.platform.get(f"/api/v1/accounts/{account}/extensions?format=csv&{wrong}")
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "whole_only"


async def test_nothing_in_a_file_is_a_formula(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}/contacts"
    for name in ("=1+1", "+cmd", "-2", "@SUM(A1)", "plain"):
        assert (await world.platform.post(base, json={"surname": name})).is_success
    file = (await world.platform.get(f"{base}?format=csv")).text
    found = {row["surname"] for row in csv.DictReader(io.StringIO(file))}
    assert found == {"'=1+1", "'+cmd", "'-2", "'@SUM(A1)", "plain"}


async def test_a_file_ends_for_a_token_that_is_revoked_meanwhile(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not as if it were whole."""
    account = await world.company()
    text = await world.token(account)
    mine = max(it["id"] for it in (await world.platform.get("/api/v1/tokens")).json()["items"])
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    page = exports.Exports._page

    async def page_of(self: exports.Exports, scope: Any, asked: Any, after: str) -> exports.Answer:
        if after:
            assert (await world.platform.delete(f"/api/v1/tokens/{mine}")).is_success
        return await page(self, scope, asked, after)

    monkeypatch.setattr(exports.Exports, "_page", page_of)
    client = await world.client(text)
    with pytest.raises(ExportCut):
        await client.get(f"/api/v1/accounts/{account}/extensions?format=csv")


async def test_a_file_is_for_who_may_see_the_list(world: ApiWorld) -> None:
    account, other = await world.company(), await world.company("2000", "Other")
    client = await world.as_account(other)
    assert (await client.get(f"/api/v1/accounts/{account}/extensions?format=csv")).status_code == 404
    assert (await client.get("/api/v1/trunks?format=csv")).status_code == 403
    assert (await (await world.client()).get("/api/v1/accounts?format=csv")).status_code == 401


async def test_long_answers_are_packed_for_who_can_unpack_them(world: ApiWorld) -> None:
    account = await world.company()
    for suffix in ("", "?format=csv"):
        address = f"/api/v1/accounts/{account}/extensions{suffix}"
        plain = await world.platform.get(address, headers={"Accept-Encoding": "identity"})
        packed = await world.platform.get(address, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in plain.headers["vary"]
        assert "Accept-Encoding" in packed.headers["vary"]
        assert packed.content == plain.content
        refused = await world.platform.get(address, headers={"Accept-Encoding": "gzip;q=0"})
        assert "content-encoding" not in refused.headers


async def test_what_has_a_version_a_secret_or_events_is_not_packed(world: ApiWorld) -> None:
    """A strong ETag is of the bytes that are sent; packed secrets can be told by their length (BREACH)."""
    account = await world.company()
    token = await world.token(account)
    client = await world.client(token)
    client.headers["Accept-Encoding"] = "gzip"
    long = {"surname": "Long", "notes": "x" * 1500}
    made = await client.post(f"/api/v1/accounts/{account}/contacts", json=long)
    assert "content-encoding" not in made.headers, "a POST may show a secret"
    one = await client.get(f"/api/v1/accounts/{account}/contacts/{made.json()['id']}")
    assert "content-encoding" not in one.headers
    assert len(one.content) > 1000
    change = await client.patch(
        one.request.url.path,
        json={"surname": "Longer"},
        headers={"If-Match": one.headers["etag"], "Content-Type": "application/merge-patch+json"},
    )
    assert change.status_code == 200
    browser = await world.person("anna@example.org", "account", account=account)
    session = await browser.client.get("/api/v1/session", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in session.headers
    stream = await world.events(account, token)
    assert "content-encoding" not in stream.headers


async def test_what_is_packed_in_parts_is_one_file(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    account = await world.company()
    parts: list[bytes] = []
    request = {"Accept-Encoding": "gzip"}
    async with world.platform.stream(
        "GET", f"/api/v1/accounts/{account}/extensions?format=csv", headers=request
    ) as answer:
        async for part in answer.aiter_raw():
            parts.append(part)
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(b"".join(parts)).decode())))
    assert [row["number"] for row in rows] == ["201", "202"]


def _text(thing: dict[str, Any]) -> str:
    return orjson.dumps(thing).decode()


async def _make(client: httpx.AsyncClient, account: int, place: str, body: dict[str, Any]) -> None:
    made = await client.post(f"/api/v1/accounts/{account}/{place}", json=body)
    assert made.is_success, made.text


def _without_order(value: Any) -> Any:
    """Scopes and rights come in any order."""
    if isinstance(value, dict):
        return {name: _without_order(inner) for name, inner in value.items()}
    return sorted(map(repr, map(_without_order, value))) if isinstance(value, list) else value


async def _store_a_call(scene: Scene, caller: str, called: str) -> None:
    """The record of one that ended unanswered."""
    began = scene.world.clock.now()
    record = Record(
        id="ended",
        account=scene.theirs.account,
        started=began,
        ringing=began + timedelta(seconds=0.25),
        ended=began + timedelta(seconds=9),
        direction=Direction.INSIDE,
        caller=caller,
        called=called,
        outcome=Outcome.UNANSWERED,
    )
    async with scene.world.services.database.connection() as connection:
        await records.store(connection, [record])
