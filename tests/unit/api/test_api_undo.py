"""Taking a change back over HTTP: nobody takes back what they could not do by hand (ACC-8, ROLE-1)."""

from __future__ import annotations

from typing import Any

import httpx
from api_world import ApiWorld

NUMBER = "+31201234567"


async def latest(client: httpx.AsyncClient, account: int, object_type: str) -> dict[str, Any]:
    """The latest change of something of this type."""
    found = await client.get(f"/api/v1/accounts/{account}/audit", params={"object_type": object_type, "limit": 1})
    return dict(found.json()["items"][0])


async def test_an_administrator_takes_back_a_change(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    admin = (await world.person("admin@a.example", "account", account=account)).client
    assert (await admin.patch(f"{base}/extensions/201", json={"name": "Renamed"})).is_success
    change = await latest(admin, account, "extension")
    assert change["undoable"]

    answer = await admin.post(f"{base}/audit/{change['id']}/undo")

    assert answer.status_code == 204
    assert (await admin.get(f"{base}/extensions/201")).json()["name"] != "Renamed"
    again = await admin.post(f"{base}/audit/{change['id']}/undo")
    assert again.status_code == 409
    assert "changed since: name" in again.json()["detail"]
    undone = await latest(admin, account, "extension")
    assert (undone["action"], undone["actor"], undone["undoable"]) == ("undo", "web user admin@a.example", False)


async def test_numbers_and_facilities_stay_the_platforms(world: ApiWorld) -> None:
    account = await world.company()
    base = f"/api/v1/accounts/{account}"
    admin = (await world.person("admin@a.example", "account", account=account)).client
    assert (await world.platform.post(f"{base}/numbers", json={"e164": "+31201230000"})).is_success
    made = (await latest(admin, account, "number"))["id"]
    assert (await world.platform.delete(f"{base}/numbers/+31201230000")).is_success
    deleted = (await latest(admin, account, "number"))["id"]
    await world.platform.post(f"{base}/numbers", json={"e164": NUMBER})
    settings = {"emergency_caller_id": NUMBER, "facilities": ["presence"]}
    assert (await world.platform.patch(base, json=settings)).is_success
    assert (await world.platform.patch(base, json={"facilities": []})).is_success
    facilities = (await latest(admin, account, "account"))["id"]

    for change in (deleted, facilities):
        answer = await admin.post(f"{base}/audit/{change}/undo")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:centrale:problem:platform-only"), change
    assert (await world.platform.post(f"{base}/audit/{deleted}/undo")).status_code == 204
    assert (await admin.post(f"{base}/audit/{made}/undo")).status_code == 403
    assert (await world.platform.post(f"{base}/audit/{facilities}/undo")).status_code == 204
    assert (await admin.get(base)).json()["facilities"] == ["presence"]


async def test_nobody_gives_a_right_that_they_lack_or_shuts_themselves_out(world: ApiWorld) -> None:
    account = await world.company()
    admin = (await world.person("admin@a.example", "account", account=account)).client
    person = {"email": "piet@a.example", "name": "Piet", "role": "supervisor", "rights": ["order"], "account": account}
    id = (await world.platform.post("/api/v1/web-users", json=person)).json()["id"]
    assert (await world.platform.patch(f"/api/v1/web-users/{id}", json={"rights": []})).is_success
    change = (await latest(admin, account, "web user"))["id"]
    assert (await admin.post(f"/api/v1/accounts/{account}/audit/{change}/undo")).status_code == 403

    me = (await admin.get("/api/v1/session")).json()["user"]
    assert (await world.platform.patch(f"/api/v1/web-users/{me['id']}", json={"name": "Me"})).is_success
    change = (await latest(admin, account, "web user"))["id"]
    assert (await admin.post(f"/api/v1/accounts/{account}/audit/{change}/undo")).status_code == 409


async def test_the_platforms_own_changes_are_not_offered(world: ApiWorld) -> None:
    await world.company()
    found = (await world.platform.get("/api/v1/audit")).json()["items"]
    assert found
    assert not any(entry["undoable"] for entry in found)
