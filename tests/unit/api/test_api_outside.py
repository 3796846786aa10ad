"""Numbers, plans and trunks by API (ACC-6, NP-1..3, NP-7)."""

from __future__ import annotations

import pytest
from api_world import ApiWorld

from centrale.routing.snapshot import E164

MAIN = E164("+31201234567")
OTHER = E164("+31201234568")


@pytest.fixture
async def account(world: ApiWorld) -> int:
    """A company with two numbers that lead nowhere yet."""
    account = await world.company()
    for number in (MAIN, OTHER):
        assert (await world.platform.post(f"/api/v1/accounts/{account}/numbers", json={"e164": number})).is_success
    return account


def entry(number: str, destination: str, prefix: str = "") -> dict[str, str]:
    return {"e164": number, "destination": destination, "prefix": prefix}


async def test_the_plan_chosen_by_hand_counts_at_once_and_says_why(world: ApiWorld, account: int) -> None:
    schema = f"/api/v1/accounts/{account}/schemas/1"
    for name, destination in (("Day", "201"), ("Night", "202")):
        body = {"name": name, "entries": [entry(MAIN, destination, name)]}
        made = await world.platform.post(f"{schema}/plans", json=body)
        assert made.status_code == 201
    active = f"{schema}/active"
    assert (await world.platform.get(active)).json()["chosen_by"] == "nothing"
    await world.platform.patch(schema, json={"standing": 1})
    assert (await world.platform.get(active)).json()["chosen_by"] == "standing plan"
    await world.platform.put(f"{schema}/override", json={"plan": 2})
    now = (await world.platform.get(active)).json()
    assert (now["plan"], now["name"], now["chosen_by"]) == (2, "Night", "manual override")
    assert world.picture(account).schemas[0].override == 2
    at = (await world.platform.get(active, params={"at": "2026-12-25T10:00:00+01:00"})).json()
    assert (at["plan"], at["at"]) == (2, "2026-12-25T10:00:00+01:00")
    for until, ends in (("2026-11-23 18:00", "2026-11-23 18:00"), ("change", None)):
        chosen = (await world.platform.put(f"{schema}/override", json={"plan": 2, "until": until})).json()
        assert [it["end"] for it in chosen["holidays"]] == ([ends] if ends else [])
        assert chosen["override"] == (None if ends else 2)  # nothing is scheduled: it stays
    late = await world.platform.put(f"{schema}/override", json={"plan": 2, "until": "2026-11-23 09:00"})
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "/until")
    await world.platform.put(f"{schema}/override", json={"plan": None})
    assert (await world.platform.get(active)).json()["chosen_by"] == "standing plan"
    used = await world.platform.delete(f"{schema}/plans/1")
    assert (used.status_code, used.json()["used_by"][0]["field"]) == (409, "standing")


async def test_every_wrong_line_of_a_plan_is_named(world: ApiWorld, account: int) -> None:
    schema = f"/api/v1/accounts/{account}/schemas/1"
    entries = [entry(MAIN, "201"), entry(MAIN, "999"), entry("+4930123456", "201")]
    refused = await world.platform.post(f"{schema}/plans", json={"name": "Day", "entries": entries})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [
        "/entries/1/e164",
        "/entries/1/destination",
        "/entries/2/e164",
    ]
    unknown = await world.platform.put(f"{schema}/override", json={"plan": 7})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "/plan")


async def test_a_plan_is_copied_and_keeps_its_name(world: ApiWorld, account: int) -> None:
    schema = f"/api/v1/accounts/{account}/schemas/1"
    await world.platform.post(f"{schema}/plans", json={"name": "Day", "entries": [entry(MAIN, "201")]})
    made = await world.platform.post(f"{schema}/plans", json={"name": "Friday"})
    copied = await world.platform.post(f"{made.headers['location']}/copy", json={"plan": 1})
    assert (copied.json()["name"], copied.json()["entries"]) == ("Friday", [entry(MAIN, "201")])
    missing = await world.platform.post(f"{made.headers['location']}/copy", json={"plan": 9})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "/plan")
    listed = (await world.platform.get(f"{schema}/plans?limit=1")).json()
    rest = (await world.platform.get(f"{schema}/plans", params={"after": listed["next"]})).json()
    assert [plan["name"] for plan in listed["items"] + rest["items"]] == ["Day", "Friday"]


async def test_further_schemas_come_and_go_but_for_the_main_one(world: ApiWorld, account: int) -> None:
    schemas = f"/api/v1/accounts/{account}/schemas"
    made = await world.platform.post(schemas, json={"name": "Branch"})
    assert (made.status_code, made.json()["number"]) == (201, 2)
    assert [schema["name"] for schema in (await world.platform.get(schemas)).json()["items"]] == ["Acme", "Branch"]
    assert (await world.platform.delete(f"{schemas}/2")).status_code == 204
    assert (await world.platform.delete(f"{schemas}/1")).status_code == 409
    for nothing in (f"{schemas}/2/active", f"{schemas}/2", f"{schemas}/2/plans", f"{schemas}/1/plans/5"):
        assert (await world.platform.get(nothing)).status_code == 404, nothing


async def test_an_account_cannot_take_numbers_only_use_them(world: ApiWorld, account: int) -> None:
    """Else it could have anybody's calls, and call in anybody's name."""
    admin = await world.as_account(account)
    numbers = f"/api/v1/accounts/{account}/numbers"
    assert (await admin.post(numbers, json={"e164": "+31209999999"})).status_code == 403
    assert (await admin.delete(f"{numbers}/{MAIN}")).status_code == 403
    await world.platform.patch(f"{numbers}/{OTHER}", json={"status": "ordered"})
    refused = await admin.patch(f"{numbers}/{OTHER}", json={"status": "active"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "/status")
    used = await admin.patch(f"{numbers}/{MAIN}", json={"use": "personal", "user": "201"})
    assert (used.status_code, used.json()["user"]) == (200, "201")
    assert world.picture(account).numbers[MAIN].user == "201"


async def test_a_number_shows_where_it_is_used_and_stays_while_it_is(world: ApiWorld, account: int) -> None:
    base = f"/api/v1/accounts/{account}"
    await world.platform.post(f"{base}/schemas/1/plans", json={"name": "Day", "entries": [entry(MAIN, "201")]})
    uses = (await world.platform.get(f"{base}/numbers/{MAIN}/uses")).json()["items"]
    [use] = uses
    assert (use["object_type"], use["key"], use["field"]) == ("plan", "1/1", f"entries.{MAIN}")
    assert use["words"] == f"plan 1, {MAIN}"
    refused = await world.platform.delete(f"{base}/numbers/{MAIN}")
    assert refused.status_code == 409
    assert [told["words"] for told in refused.json()["used_by"]] == [use["words"]]
    assert (await world.platform.delete(f"{base}/numbers/{OTHER}")).status_code == 204
    assert OTHER not in world.directory.current.account_of_number


async def test_a_number_is_on_the_platform_once(world: ApiWorld, account: int) -> None:
    rival = await world.company("2000", "Rival")
    taken = await world.platform.post(f"/api/v1/accounts/{rival}/numbers", json={"e164": MAIN})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "/e164")


async def test_the_platform_has_trunks_and_accounts_use_them_in_order(world: ApiWorld, account: int) -> None:
    for name in ("first", "second"):
        body = {
            "name": name,
            "host": "192.0.2.7",
            "mode": "registration",
            "username": "us",
            "password": "hush-hush-hush",
        }
        made = await world.platform.post("/api/v1/trunks", json=body)
        assert (made.status_code, made.json()["has_password"]) == (201, True)
    choice = f"/api/v1/accounts/{account}/trunks"
    chosen = await world.platform.put(choice, json={"trunks": ["second", "first"]})
    assert chosen.status_code == 200
    assert [trunk.name for trunk in world.picture(account).trunks] == ["second", "first"]
    assert (await world.platform.get(choice)).json() == {"trunks": ["second", "first"]}
    wrong = await world.platform.put(choice, json={"trunks": ["first", "third"]})
    assert wrong.json()["errors"][0]["field"] == "/trunks/1"
    used = await world.platform.delete("/api/v1/trunks/first")
    assert (used.status_code, used.json()["used_by"][0]["key"]) == (409, "1000")
    off = await world.platform.patch("/api/v1/trunks/first", json={"enabled": False})
    assert (off.json()["enabled"], off.json()["has_password"]) == (False, True)
    assert [trunk.name for trunk in world.picture(account).trunks] == ["second"]
    for answer in (await world.platform.get("/api/v1/trunks"), await world.platform.get("/api/v1/audit"), off):
        assert "hush" not in answer.text


async def test_an_account_sees_nothing_of_the_platforms_carriers(world: ApiWorld, account: int) -> None:
    admin = await world.as_account(account)
    for path in ("/api/v1/trunks", "/api/v1/trunks/any", f"/api/v1/accounts/{account}/trunks"):
        assert (await admin.get(path)).status_code == 403
