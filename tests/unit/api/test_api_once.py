"""Who asks twice because the answer was lost has it done once (API-1): `Idempotency-Key` on every POST."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from api_world import ApiWorld
from every_route import a_sound
from sqlalchemy import select

from centrale.accounts import idempotency
from centrale.accounts.models import KeptAnswerRow
from centrale.api import once
from centrale.api.authentication import OPEN

SALES = {"number": "300", "kind": "group", "name": "Sales"}
KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


async def names(world: ApiWorld, place: str) -> list[str]:
    return [it["name"] for it in (await world.platform.get(place)).json()["items"]]


def without_fresh(answer: httpx.Response) -> dict[str, str]:
    return {name: it for name, it in answer.headers.items() if name not in ("idempotent-replayed",)}


async def test_the_same_request_makes_one_thing_and_gets_one_answer(world: ApiWorld) -> None:
    place = f"/api/v1/accounts/{await world.company()}/extensions"
    body = SALES
    first = await world.platform.post(place, json=body, headers=KEY)
    again = await world.platform.post(place, json=body, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert without_fresh(again) == dict(first.headers)
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert (await names(world, place)).count("Sales") == 1
    assert (await world.platform.post(place, json=body)).status_code == 409, "without the key it is another request"


async def test_a_password_that_is_shown_once_is_shown_again_to_who_lost_it_and_kept_sealed(world: ApiWorld) -> None:
    place = f"/api/v1/accounts/{await world.company()}/channels"
    first = await world.platform.post(place, json={}, headers=KEY)
    again = await world.platform.post(place, json={}, headers=KEY)
    password = first.json()["sip"]["password"]
    assert again.json()["sip"]["password"] == password
    async with world.database.read() as unit:
        (row,) = await unit.session.scalars(select(KeptAnswerRow))
    assert password not in f"{row.answer}{row.request}{row.key}{row.asker}"
    assert password in str(idempotency.b64decode(idempotency.orjson.loads(unit.vault.unseal(row.answer))["body"]))


@pytest.mark.parametrize("other", [{"name": "Rivals"}, {"number": "3001"}])
async def test_another_request_with_the_same_key_is_refused(world: ApiWorld, other: dict[str, str]) -> None:
    body = {"number": "3000", "name": "Acme"}
    assert (await world.platform.post("/api/v1/accounts", json=body, headers=KEY)).status_code == 201
    refused = await world.platform.post("/api/v1/accounts", json=body | other, headers=KEY)
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:centrale:problem:idempotency-key")
    elsewhere = await world.platform.post("/api/v1/partners", json={"name": "Acme"}, headers=KEY)
    assert elsewhere.status_code == 422


async def test_one_that_comes_while_the_first_is_carried_out_has_to_wait(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, body = (
        f"/api/v1/accounts/{await world.company()}/extensions",
        {"number": "300", "kind": "group", "name": "S"},
    )
    carried_out, go_on = asyncio.Event(), asyncio.Event()
    keep = once._keep

    async def slowly(*rest: Any) -> None:
        carried_out.set()
        await go_on.wait()
        await keep(*rest)

    monkeypatch.setattr(once, "_keep", slowly)
    first = asyncio.create_task(world.platform.post(place, json=body, headers=KEY))
    await asyncio.wait_for(carried_out.wait(), 5)
    meanwhile = await world.platform.post(place, json=body, headers=KEY)
    assert (meanwhile.status_code, meanwhile.headers["retry-after"]) == (409, "1")
    go_on.set()
    assert (await first).status_code == 201
    assert (await world.platform.post(place, json=body, headers=KEY)).headers["idempotent-replayed"] == "true"


async def test_of_two_processes_one_makes_it(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database decides, when nobody's memory can."""
    place, body = (
        f"/api/v1/accounts/{await world.company()}/extensions",
        {"number": "300", "kind": "group", "name": "S"},
    )

    async def knows_nothing(*_: object) -> None:
        return None

    assert (await world.platform.post(place, json=body, headers=KEY)).status_code == 201
    monkeypatch.setattr(once, "_find", knows_nothing)
    late = await world.platform.post(place, json=body | {"number": "301"}, headers=KEY)
    assert late.status_code == 409
    assert "301" not in str((await world.platform.get(place)).json())


async def test_a_refusal_is_not_kept(world: ApiWorld) -> None:
    place = f"/api/v1/accounts/{await world.company()}/extensions"
    wrong = await world.platform.post(place, json={"number": "300", "kind": "group"}, headers=KEY)
    assert wrong.status_code == 422
    right = await world.platform.post(place, json={"number": "300", "kind": "group", "name": "S"}, headers=KEY)
    assert (right.status_code, "idempotent-replayed" in right.headers) == (201, False)


async def test_nothing_is_kept_of_what_did_not_happen(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are in one transaction: when it fails at its very end, the next request does it."""
    place, body = (
        f"/api/v1/accounts/{await world.company()}/extensions",
        {"number": "300", "kind": "group", "name": "S"},
    )

    async def fails(unit: object) -> None:
        raise RuntimeError("the machine stumbles at the last moment")

    world.database.before_commit(fails)
    assert (await world.platform.post(place, json=body, headers=KEY)).status_code == 500
    world.database._examiners.remove(fails)
    again = await world.platform.post(place, json=body, headers=KEY)
    assert (again.status_code, "idempotent-replayed" in again.headers) == (201, False)


async def test_after_a_day_it_is_forgotten(world: ApiWorld) -> None:
    body = {"name": "Partner"}
    assert (await world.platform.post("/api/v1/partners", json=body, headers=KEY)).status_code == 201
    world.clock.pass_time(hours=23, minutes=59)
    assert (await world.platform.post("/api/v1/partners", json=body, headers=KEY)).status_code == 201
    world.clock.pass_time(minutes=2)
    assert (await world.platform.post("/api/v1/partners", json=body, headers=KEY)).status_code == 409
    other = await world.platform.post("/api/v1/partners", json={"name": "Other"}, headers=KEY)
    assert other.status_code == 201, "the old answer makes room"
    async with world.database.change("") as unit:
        world.clock.pass_time(hours=25)
        await idempotency.forget(unit, unit.clock.now() - idempotency.KEPT)
        assert list(await unit.session.scalars(select(KeptAnswerRow))) == []


async def test_keys_of_others_are_others(world: ApiWorld) -> None:
    acme, rivals = await world.company(), await world.company("2000", "Rivals")
    body = SALES
    for account in (acme, rivals):
        client = await world.as_account(account)
        made = await client.post(f"/api/v1/accounts/{account}/extensions", json=body, headers=KEY)
        assert (made.status_code, "idempotent-replayed" in made.headers) == (201, False)
    ours, theirs = await world.as_account(acme), f"/api/v1/accounts/{rivals}/extensions"
    assert (await ours.post(theirs, json=body, headers=KEY)).status_code == 404


async def test_whoever_may_less_by_now_does_not_get_the_answer(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person("anna@example.org", "account", account=account)
    place, body = f"/api/v1/accounts/{account}/channels", {"name": "reception"}
    assert (await anna.client.post(place, json=body, headers=KEY)).status_code == 201
    id = next(
        it["id"]
        for it in (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
        if it["email"] == "anna@example.org"
    )
    assert (await world.platform.patch(f"/api/v1/web-users/{id}", json={"role": "supervisor"})).is_success
    await anna.signs_in("anna@example.org")
    assert (await anna.client.post(place, json=body, headers=KEY)).status_code == 403


async def test_whoever_sees_the_account_no_more_does_not_get_it_either(world: ApiWorld) -> None:
    account = await world.company()
    ids = [(await world.platform.post("/api/v1/partners", json={"name": it})).json()["id"] for it in ("Oost", "West")]
    partner = f"/api/v1/accounts/{account}/partner"
    await world.platform.put(partner, json={"partner": ids[0]})
    anna = await world.person("anna@oost.example", "partner", partner=ids[0])
    place, body = f"/api/v1/accounts/{account}/channels", {"name": "reception"}
    assert (await anna.client.post(place, json=body, headers=KEY)).status_code == 201
    await world.platform.put(partner, json={"partner": ids[1]})
    late = await anna.client.post(place, json=body, headers=KEY)
    assert (late.status_code, "password" in late.text) == (404, False)


async def test_an_uploaded_file_counts_and_not_how_the_form_is_cut(world: ApiWorld) -> None:
    place = f"/api/v1/accounts/{await world.company()}/sounds"
    file = {"file": ("hours.wav", a_sound(), "audio/wav")}
    first = await world.platform.post(place, files=file, headers=KEY)
    again = await world.platform.post(place, files=file, headers=KEY)
    assert first.request.headers["content-type"] != again.request.headers["content-type"], "another boundary"
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = await world.platform.post(place, files={"file": ("hours.wav", a_sound()[:-2], "audio/wav")}, headers=KEY)
    assert other.status_code == 422


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 256, "a b", "é"])
async def test_a_key_that_is_none(world: ApiWorld, key: str) -> None:
    headers = {b"Idempotency-Key": key.encode()}
    answer = await world.platform.post("/api/v1/partners", json={"name": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "/Idempotency-Key")


async def test_a_key_in_quotation_marks_is_the_same_key(world: ApiWorld) -> None:
    plain, quoted = {"Idempotency-Key": "k1"}, {"Idempotency-Key": '"k1"'}
    assert (await world.platform.post("/api/v1/partners", json={"name": "x"}, headers=plain)).status_code == 201
    again = await world.platform.post("/api/v1/partners", json={"name": "x"}, headers=quoted)
    assert again.headers["idempotent-replayed"] == "true"


async def test_every_post_that_makes_something_says_so_and_no_other(world: ApiWorld) -> None:
    found = {}
    for path, methods in world.app.openapi()["paths"].items():
        for method, operation in methods.items():
            takes = any(it["name"] == "Idempotency-Key" for it in operation.get("parameters", ()))
            makes = method == "post" and ("POST", path) not in OPEN and operation.get("x-scope") != "read"
            if takes != (makes and path.startswith("/api/v1")):
                found[path] = method
    assert found == {}


async def test_a_key_on_a_question_changes_nothing(world: ApiWorld) -> None:
    account = await world.company()
    body = {"caller": "201", "called": "202"}
    for _ in range(2):
        answer = await world.platform.post(f"/api/v1/accounts/{account}/explain", json=body, headers=KEY)
        assert (answer.status_code, "idempotent-replayed" in answer.headers) == (200, False)
