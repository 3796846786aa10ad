"""Saved expectations over HTTP: what would break one is refused with the trace of its call (NP-10)."""

from __future__ import annotations

from typing import Any

import pytest
from api_world import ApiWorld

MAIN = "+31201110300"
SALES = {
    "name": "Sales on Mondays",
    "at": "Monday 10:00",
    "caller": "+4930123456",
    "called": MAIN,
    "outcome": {"reaches": "201"},
}
MONDAYS = {"entries": [{"days": ["monday"], "start": "9:00", "end": "17:00", "plan": 2}]}


@pytest.fixture
async def base(world: ApiWorld) -> str:
    """A company whose main number leads to 201 by plan 1, and to 202 by plan 2."""
    account = await world.company()
    base, admin = f"/api/v1/accounts/{account}", world.platform
    await admin.post(f"{base}/numbers", json={"e164": MAIN})
    for number, to in ((1, "201"), (2, "202")):
        plan = {"number": number, "name": f"Plan {number}", "entries": [{"e164": MAIN, "destination": to}]}
        assert (await admin.post(f"{base}/schemas/1/plans", json=plan)).status_code == 201
    await admin.patch(f"{base}/schemas/1", json={"standing": 1})
    await admin.post("/api/v1/trunks", json={"name": "carrier", "host": "192.0.2.1"})
    await admin.put(f"{base}/trunks", json={"trunks": ["carrier"]})
    return base


async def saved(world: ApiWorld, base: str, **other: Any) -> dict[str, Any]:
    made = await world.platform.post(f"{base}/expectations", json=SALES | other)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def test_an_expectation_is_saved_changed_and_deleted(world: ApiWorld, base: str) -> None:
    made = await saved(world, base)
    assert (made["at"], made["outcome"]["reaches"]) == ("monday 10:00", "201")
    path = f"{base}/expectations/{made['id']}"
    busy = {"people": "busy", "outcome": {"reaches": None, "is_told": "busy"}}
    changed = (await world.platform.patch(path, json=busy)).json()
    assert (changed["outcome"]["reaches"], changed["outcome"]["is_told"]) == (None, "busy")
    assert (await world.platform.get(path)).json() == changed
    assert (await world.platform.get(f"{base}/expectations")).json()["items"] == [changed]
    assert (await world.platform.post(f"{base}/expectations", json=SALES)).status_code == 409
    assert (await world.platform.delete(path)).status_code == 204
    assert (await world.platform.get(path)).status_code == 404


async def test_a_change_that_would_break_it_is_refused_with_the_trace(world: ApiWorld, base: str) -> None:
    made = await saved(world, base)
    refused = await world.platform.put(f"{base}/schemas/1/schedule", json=MONDAYS)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "urn:centrale:problem:breaks-expectations"
    assert "add ?despite_expectations=true" in problem["detail"]
    [broken] = problem["broken"]
    assert (broken["id"], broken["name"]) == (made["id"], "Sales on Mondays")
    assert broken["expected"] == f"Monday 10:00, from +4930123456 to {MAIN}: reaches 201"
    assert broken["found"] == f"{MAIN} → 202 Bakker. Answered by 202 Bakker after 3 s."
    assert [step["outcome"] for step in broken["trace"] if step["rule"] == "number-plan"] == ["extension 202"]
    assert (await world.platform.get(f"{base}/schemas/1/schedule")).json() == []


async def test_who_insists_is_obeyed_and_the_audit_tells(world: ApiWorld, base: str) -> None:
    made = await saved(world, base)
    query = {"despite_expectations": "true"}
    assert (await world.platform.put(f"{base}/schemas/1/schedule", json=MONDAYS, params=query)).status_code == 200
    [entry] = (await world.platform.get(f"{base}/audit", params={"object_type": "expectation", "limit": 1})).json()[
        "items"
    ]
    assert (entry["action"], entry["object_key"]) == ("break", str(made["id"]))
    assert entry["actor"].endswith("(administrator)")
    assert "202 Bakker" in entry["after"]["found"]


async def test_what_is_broken_already_stops_nobody(world: ApiWorld, base: str) -> None:
    await saved(world, base)
    await world.platform.put(f"{base}/schemas/1/schedule", json=MONDAYS, params={"despite_expectations": "true"})
    renamed = await world.platform.patch(f"{base}/schemas/1/plans/2", json={"name": "Mondays"})
    assert renamed.status_code == 200


LEADING_ELSEWHERE: list[tuple[str, str, dict[str, Any]]] = [
    ("PUT", "schemas/1/override", {"plan": 2}),
    ("PATCH", "schemas/1", {"standing": 2}),
    ("PATCH", "schemas/1/plans/1", {"entries": []}),
    ("POST", "schemas/1/plans/1/copy", {"plan": 2}),
    ("PUT", "schemas/1/schedule", MONDAYS),
    ("PATCH", "extensions/201", {"settings": {"forwards": {"always": "202"}}}),
]


async def test_whatever_leads_calls_elsewhere_is_checked(world: ApiWorld, base: str) -> None:
    await saved(world, base, outcome={"rings": ["201"]})
    for method, path, body in LEADING_ELSEWHERE:
        answer = await world.platform.request(method, f"{base}/{path}", json=body)
        assert answer.status_code == 409, (path, answer.text)
        assert "Sales on Mondays" in answer.json()["detail"]


async def test_a_holiday_is_no_usual_monday(world: ApiWorld, base: str) -> None:
    await saved(world, base)
    monday = {"description": "Closed", "start": "2026-11-30 00:00", "end": "2026-12-01 00:00", "plan": 2}
    assert (await world.platform.put(f"{base}/schemas/1/holidays", json={"holidays": [monday]})).status_code == 200
    await saved(world, base, name="That very day", at="2026-11-30 10:00", outcome={"reaches": "202"})
    refused = await world.platform.put(f"{base}/schemas/1/holidays", json={"holidays": []})
    assert [broken["name"] for broken in refused.json()["broken"]] == ["That very day"]


async def test_all_are_run_on_the_account_as_it_is_and_on_a_draft(world: ApiWorld, base: str) -> None:
    await saved(world, base)
    await saved(world, base, name="A dream", outcome={"goes_outside_to": "+31687654321"})
    now = (await world.platform.post(f"{base}/expectations/check", json={})).json()
    assert [(it["name"], it["holds"]) for it in now["verdicts"]] == [("Sales on Mondays", True), ("A dream", False)]
    assert now["holds"] is False
    assert now["verdicts"][0]["at"] == "2026-11-23T10:00:00+01:00"
    draft = (await world.platform.get(f"{base}/schemas/1")).json() | {"standing": 2}
    then = (await world.platform.post(f"{base}/expectations/check", json={"draft": draft})).json()
    assert [it["holds"] for it in then["verdicts"]] == [False, False]
    assert (await world.platform.get(f"{base}/schemas/1")).json()["standing"] == 1


async def test_a_draft_that_cannot_be_is_told(world: ApiWorld, base: str) -> None:
    draft = (await world.platform.get(f"{base}/schemas/1")).json() | {"standing": 9}
    refused = await world.platform.post(f"{base}/expectations/check", json={"draft": draft})
    assert refused.status_code == 422
    assert "schema 1 has no plan 9" in refused.json()["detail"].lower()


NO_EXPECTATIONS: list[tuple[dict[str, Any], str]] = [
    ({"at": "someday"}, "/at"),
    ({"at": "monday 25:00"}, "/at"),
    ({"outcome": {}}, "/outcome"),
    ({"outcome": {"reaches": "201", "hears": "x"}}, "/outcome"),
    ({"choices": ["two"]}, "/choices/0"),
]


async def test_what_is_no_expectation_is_told_by_field(world: ApiWorld, base: str) -> None:
    for wrong, told in NO_EXPECTATIONS:
        refused = await world.platform.post(f"{base}/expectations", json=SALES | wrong)
        assert refused.status_code == 422, wrong
        assert [error["field"] for error in refused.json()["errors"]] == [told]


async def test_who_is_logged_on_does_not_matter(world: ApiWorld, base: str) -> None:
    await saved(world, base, outcome={"rings": ["201"]})
    await world.platform.delete(f"{base}/logons", params={"user": "201"})
    assert (await world.platform.post(f"{base}/expectations/check", json={})).json()["holds"] is True
