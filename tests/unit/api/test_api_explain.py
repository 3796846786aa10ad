"""Dry runs over HTTP, with the caller's choices and with what others do (NP-10, OPS-2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from api_world import ApiWorld

from centrale.explain import explainer

MAIN = "+31201110700"


@pytest.fixture
async def base(world: ApiWorld, tmp_path: Path) -> str:
    """A company with a menu that leads to 201, to routing by postcode and to a mailbox."""
    object.__setattr__(world.services, "explain", explainer(world.directory, tmp_path / "sounds"))
    account = await world.company()
    base, admin = f"/api/v1/accounts/{account}", world.platform

    async def make(path: str, **body: Any) -> None:
        made = await admin.post(f"{base}/{path}", json=body)
        assert made.is_success, made.text

    await make("extensions", number="203", kind="user", name="Visser")
    await make("extensions", number="800", kind="mailbox", name="Messages")
    rows = [{"match": "3000-3999", "destination": "202"}]
    routing = {"by": "postcode", "rows": rows, "fallback": {"destination": "201"}}
    await make("extensions", number="750", kind="location_routing", name="Where", settings=routing)
    options = [{"digits": digits, "destination": to} for digits, to in (("1", "201"), ("2", "750"), ("3", "800"))]
    menu = {"question": {"text": "Choose."}, "options": options}
    await make("extensions", number="700", kind="menu", name="Main", settings=menu)
    await make("numbers", e164=MAIN)
    await make("schemas/1/plans", number=1, name="Day", entries=[{"e164": MAIN, "destination": "700"}])
    await admin.patch(f"{base}/schemas/1", json={"standing": 1})
    assert (await admin.post("/api/v1/trunks", json={"name": "carrier", "host": "192.0.2.1"})).is_success
    await admin.put(f"{base}/trunks", json={"trunks": ["carrier"]})
    return base


async def tried(world: ApiWorld, base: str, **call: Any) -> dict[str, Any]:
    answer = await world.platform.post(f"{base}/explain", json={"caller": "+31612345678", "called": MAIN} | call)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


CASES: list[tuple[dict[str, Any], str | None, str]] = [
    ({"choices": ["1"]}, "201 Jansen", "answered"),
    ({"choices": ["2", "3012"]}, "202 Bakker", "answered"),
    ({"choices": ["2", "1012"]}, "201 Jansen", "answered"),
    ({"choices": ["1"], "busy": ["201"]}, None, "unanswered"),
    ({"choices": ["1"], "declining": ["201"]}, None, "unanswered"),
    ({"choices": ["1"], "switched_off": ["201"]}, None, "unanswered"),
    ({"choices": ["1"], "answering": ["202"]}, None, "unanswered"),
    ({"choices": ["1"], "nobody_answers": True, "hang_up_after": 9}, None, "abandoned"),
    ({"caller": "201", "called": "203"}, None, "unanswered"),
    ({"caller": "201", "called": "203", "everybody_there": True}, "203 Visser", "answered"),
    ({"choices": ["3"], "speak": 4}, None, "served"),
]
"""What is assumed, who answers, and how it ends up."""


async def test_caller_and_others_do_as_was_said(world: ApiWorld, base: str) -> None:
    for call, answered_by, outcome in CASES:
        record = await tried(world, base, **call)
        assert (record["answered_by"], record["outcome"]) == (answered_by, outcome), call


async def test_where_choices_run_out_the_trace_says_at_which_question(world: ApiWorld, base: str) -> None:
    record = await tried(world, base, choices=["2"], hang_up_after=20)
    [step] = [step for step in record["trace"] if step["rule"] == "choices"]
    assert (step["outcome"], step["facts"]["hears"]) == ("none is left", "Toets de vier cijfers van uw postcode in.")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"choices": ["two"]}, "/choices/0"),
    ({"choices": ["1"] * 21}, "/choices"),
    ({"busy": ["999"]}, "/busy"),
    ({"hang_up_after": 0}, "/hang_up_after"),
]


async def test_what_cannot_be_is_told_by_field(world: ApiWorld, base: str) -> None:
    for wrong, field in WRONG:
        refused = await world.platform.post(f"{base}/explain", json={"caller": "201", "called": "202"} | wrong)
        assert refused.status_code == 422, wrong
        assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_a_trace_is_told_in_the_readers_language_beside_what_was_noted(world: ApiWorld, base: str) -> None:
    call = {"caller": "+31301234567", "called": MAIN, "choices": ["1"], "everybody_there": True}
    dutch = await world.platform.post(f"{base}/explain", json=call, headers={"Accept-Language": "nl"})
    english = await world.platform.post(f"{base}/explain", json=call)
    assert (dutch.headers["content-language"], dutch.headers["vary"]) == ("nl", "Accept-Language")
    [plan] = [step for step in dutch.json()["trace"] if step["rule"] == "number-plan"]
    [same] = [step for step in english.json()["trace"] if step["rule"] == "number-plan"]
    assert plan["title"] == "Nummerplan"
    assert plan["words"].startswith(f"{MAIN} leidt naar extensie 700 Main in nummerplan “Day” van schema")
    assert {"name": "actief door", "value": "vast nummerplan"} in plan["weighed"]
    assert same["words"].startswith(f"{MAIN} leads to extension 700 Main in plan “Day” of schema")
    noted = ("rule", "outcome", "facts", "rejected")
    assert {key: plan[key] for key in noted} == {key: same[key] for key in noted}
