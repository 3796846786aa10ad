"""The week, holidays, the preview and earlier versions of a plan schema (NP-4..6, NP-10)."""

from __future__ import annotations

from typing import Any

import pytest
from api_world import ApiWorld

WEEK = [
    {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "start": "9:00", "end": "17:00", "plan": 1},
    {"start_day": "friday", "start": "17:00", "end_day": "monday", "end": "9:00", "plan": 2},
]
CHRISTMAS = {"description": "Christmas", "start": "2026-12-25 00:00", "end": "2026-12-27 00:00", "plan": 2}


@pytest.fixture
async def account(world: ApiWorld) -> int:
    return await world.company()


@pytest.fixture
async def schema(world: ApiWorld, account: int) -> str:
    """The main schema with two plans."""
    schema = f"/api/v1/accounts/{account}/schemas/1"
    for name in ("Open", "Closed"):
        assert (await world.platform.post(f"{schema}/plans", json={"name": name})).status_code == 201
    return schema


async def test_a_week_is_set_whole_and_decides(world: ApiWorld, schema: str) -> None:
    made = await world.platform.put(f"{schema}/schedule", json={"entries": WEEK})
    assert made.status_code == 200
    first, second = made.json()
    assert (first["start"], second["end_day"]) == ("09:00", "monday")
    active = await world.platform.get(f"{schema}/active", params={"at": "2026-03-02T10:00:00+01:00"})
    assert (active.json()["name"], active.json()["chosen_by"]) == ("Open", "weekly schedule")
    kept = {**first, "end": "18:00"}
    changed = await world.platform.put(f"{schema}/schedule", json={"entries": [kept]})
    assert [(entry["id"], entry["end"]) for entry in changed.json()] == [(first["id"], "18:00")]
    assert (await world.platform.get(f"{schema}/schedule")).json() == changed.json()


async def test_holidays_go_before_the_week_and_can_be_cleared(world: ApiWorld, schema: str) -> None:
    await world.platform.put(f"{schema}/schedule", json={"entries": WEEK})
    past = {"description": "Past", "start": "2020-01-01 00:00", "end": "2020-01-02 00:00", "plan": 2}
    await world.platform.put(f"{schema}/holidays", json={"holidays": [CHRISTMAS, past]})
    active = await world.platform.get(f"{schema}/active", params={"at": "2026-12-25T10:00:00+01:00"})
    assert (active.json()["name"], active.json()["chosen_by"]) == ("Closed", "holiday")
    removed = await world.platform.post(f"{schema}/holidays/remove-expired")
    assert [holiday["description"] for holiday in removed.json()] == ["Past"]
    assert [holiday["description"] for holiday in (await world.platform.get(f"{schema}/holidays")).json()] == [
        "Christmas"
    ]


async def test_the_preview_tells_what_comes_and_what_is_not_covered(world: ApiWorld, schema: str) -> None:
    await world.platform.put(f"{schema}/schedule", json={"entries": WEEK})
    monday = {"at": "2026-03-02T10:00:00+01:00", "days": 1}
    told: Any = (await world.platform.get(f"{schema}/preview", params=monday)).json()
    assert [(stretch["name"], stretch["end"][:16]) for stretch in told["stretches"]] == [
        ("Open", "2026-03-02T17:00"),
        (None, "2026-03-03T09:00"),
        ("Open", "2026-03-03T10:00"),
    ]
    assert "Mon 17:00 – Tue 09:00" in told["uncovered"]
    await world.platform.patch(schema, json={"standing": 2})
    assert (await world.platform.get(f"{schema}/preview")).json()["uncovered"] == []


async def test_an_earlier_version_is_compared_and_restored(world: ApiWorld, schema: str) -> None:
    await world.platform.put(f"{schema}/schedule", json={"entries": WEEK})
    good = (await world.platform.get(f"{schema}/versions")).json()["items"][0]["version"]
    await world.platform.put(f"{schema}/schedule", json={"entries": []})
    differences = (await world.platform.get(f"{schema}/versions/{good}")).json()
    assert any("Fri 17:00" in str(difference["before"]) for difference in differences)
    assert not any("Fri 17:00" in str(difference["after"]) for difference in differences)
    restored = await world.platform.post(f"{schema}/versions/{good}/restore")
    assert len(restored.json()["schedule"]) == 2
    assert (await world.platform.get(f"{schema}/versions")).json()["items"][0]["restored"] == good


async def test_two_administrators_who_change_the_same_week(world: ApiWorld, schema: str) -> None:
    seen = (await world.platform.get(schema)).headers["etag"]
    await world.platform.put(f"{schema}/schedule", json={"entries": WEEK[:1]}, headers={"If-Match": seen})
    second = await world.platform.put(f"{schema}/schedule", json={"entries": WEEK[1:]}, headers={"If-Match": seen})
    assert second.status_code == 412
    assert len((await world.platform.get(f"{schema}/schedule")).json()) == 1


async def test_two_administrators_who_change_the_same_plan(world: ApiWorld, schema: str) -> None:
    plan = f"{schema}/plans/1"
    seen = {"If-Match": (await world.platform.get(plan)).headers["etag"]}
    first = await world.platform.patch(plan, json={"name": "Mornings"}, headers=seen)
    assert first.status_code == 200
    for refused in (
        await world.platform.patch(plan, json={"name": "Afternoons"}, headers=seen),
        await world.platform.post(f"{plan}/copy", json={"plan": 2}, headers=seen),
        await world.platform.delete(plan, headers=seen),
    ):
        assert refused.status_code == 412
        assert refused.json()["detail"] == "It was changed meanwhile. Fetch it again, then repeat your change."
    assert (await world.platform.get(plan)).json()["name"] == "Mornings"
    again = {"If-Match": first.headers["etag"]}
    assert (await world.platform.patch(plan, json={"name": "Afternoons"}, headers=again)).status_code == 200


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (WEEK[0] | {"plan": 9}, "/entries/0/plan"),
        (WEEK[0] | {"start": "25:00"}, "/entries/0/start"),
        (WEEK[0] | {"days": None}, "/entries/0/days"),
    ],
)
async def test_what_is_wrong_is_told_by_field(world: ApiWorld, schema: str, entry: dict[str, Any], field: str) -> None:
    refused = await world.platform.put(f"{schema}/schedule", json={"entries": [entry]})
    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.json()["errors"]] == [field]


async def test_a_schema_that_is_not_there(world: ApiWorld, account: int, schema: str) -> None:
    for path in ("schedule", "holidays", "preview", "versions", "versions/1"):
        assert (await world.platform.get(f"/api/v1/accounts/{account}/schemas/7/{path}")).status_code == 404
    assert (await world.platform.get(f"{schema}/versions/99")).status_code == 404
