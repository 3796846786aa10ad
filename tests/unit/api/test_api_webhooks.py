"""Webhooks over HTTP (API-1): arranged, watched and sent again by whoever administers the account."""

from __future__ import annotations

from typing import Any

import pytest
from api_world import ApiWorld

from centrale.accounts.webhooks_events import DATA, EventType
from centrale.api.webhook_section import SUMMARIES

CRM = {"name": "CRM", "url": "https://crm.example.org/calls", "events": ["call.ended", "configuration.changed"]}


@pytest.fixture
async def place(world: ApiWorld) -> str:
    return f"/api/v1/accounts/{await world.company()}/webhooks"


async def made(world: ApiWorld, place: str, **other: Any) -> dict[str, Any]:
    answer = await world.platform.post(place, json=CRM | other)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_webhook_is_made_changed_and_deleted(world: ApiWorld, place: str) -> None:
    answer = await world.platform.post(place, json=CRM)
    webhook = answer.json()
    secret = webhook.pop("secret")
    assert secret.startswith("whsec_")
    assert answer.headers["location"] == f"{place}/{webhook['id']}"
    shown = await world.platform.get(answer.headers["location"])
    assert shown.json() | {"events": sorted(webhook["events"])} == webhook | {"events": sorted(webhook["events"])}
    assert shown.headers["etag"] == answer.headers["etag"]
    assert [it["name"] for it in (await world.platform.get(place)).json()["items"]] == ["CRM"]

    paused = await world.platform.patch(
        answer.headers["location"], json={"active": False}, headers={"If-Match": shown.headers["etag"]}
    )
    assert (paused.status_code, paused.json()["active"]) == (200, False)
    stale = await world.platform.patch(
        answer.headers["location"], json={"name": "x"}, headers={"If-Match": shown.headers["etag"]}
    )
    assert stale.status_code == 412
    assert (await world.platform.delete(answer.headers["location"])).status_code == 204
    assert (await world.platform.get(answer.headers["location"])).status_code == 404


async def test_its_secret_is_told_once_and_nowhere_else(world: ApiWorld, place: str, log: list[dict[str, Any]]) -> None:
    webhook = await made(world, place)
    renewed = await world.platform.post(f"{place}/{webhook['id']}/secret")
    assert renewed.json()["secret"] not in ("", webhook["secret"])
    assert renewed.json()["old_secret_until"] == "2026-11-24T08:00:00Z"
    account = place.removesuffix("/webhooks")
    said = [str(log)]
    for path in (f"{place}/{webhook['id']}", place, f"{account}/audit", f"{place}/{webhook['id']}/deliveries"):
        said.append((await world.platform.get(path)).text)
    assert not any(secret in text for text in said for secret in (webhook["secret"], renewed.json()["secret"]))
    assert not any("whsec_" in text for text in said)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "http://crm.example.org/"}, "/url"),
        ({"url": "https://10.0.0.1/"}, "/url"),
        ({"url": "https://localhost:8443/"}, "/url"),
        ({"url": "https://a:b@crm.example.org/"}, "/url"),
        ({"url": ""}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["call.dreamt"]}, "/events/0"),
        ({"events": ["webhook.test"]}, "/events/0"),
        ({"name": ""}, "/name"),
        ({"secret": "whsec_mine"}, "/secret"),
    ],
)
async def test_what_is_wrong_is_told_where_it_is_wrong(
    world: ApiWorld, place: str, wrong: dict[str, Any], field: str
) -> None:
    answer = await world.platform.post(place, json=CRM | wrong)
    assert answer.status_code == 422
    assert [it["field"] for it in answer.json()["errors"]] == [field]


async def test_two_of_one_name_would_be_mixed_up(world: ApiWorld, place: str) -> None:
    await made(world, place)
    again = await world.platform.post(place, json=CRM, headers={"Accept-Language": "nl"})
    assert (again.status_code, again.json()["detail"]) == (409, "Er is al een webhook “CRM”")


async def test_an_operator_may_allow_private_networks(world: ApiWorld, place: str) -> None:
    settings = world.services.settings.model_copy(update={"webhooks_private": True})
    object.__setattr__(world.services, "settings", settings)
    webhook = await made(world, place, url="http://127.0.0.1:9999/")
    object.__setattr__(world.services, "settings", settings.model_copy(update={"webhooks_private": False}))
    other = await world.platform.patch(f"{place}/{webhook['id']}", json={"name": "Other"})
    assert other.status_code == 200, "what is there can be looked after"
    moved = await world.platform.patch(f"{place}/{webhook['id']}", json={"url": "http://127.0.0.1:9998/"})
    assert moved.status_code == 422


async def test_what_happens_stands_in_the_log_and_can_be_sent_again(world: ApiWorld, place: str) -> None:
    webhook = await made(world, place, active=False)
    account = place.removesuffix("/webhooks")
    for name in ("Visser", "Smit", "Mulder"):
        assert (await world.platform.patch(f"{account}/extensions/201", json={"name": name})).is_success
    log = f"{place}/{webhook['id']}/deliveries"
    first = (await world.platform.get(log, params={"limit": 2})).json()
    second = (await world.platform.get(log, params={"limit": 2, "after": first["next"]})).json()
    states = [it["state"] for it in first["items"] + second["items"]]
    assert (states, second["next"]) == (["held"] * 4, None), "of its own making, too"
    for query, count in (
        ({"state": "held"}, 4),
        ({"state": "delivered"}, 0),
        ({"type": "call.ended"}, 0),
        ({"type": "configuration.changed"}, 4),
        ({"since": "2026-11-23T08:00:00Z"}, 4),
        ({"until": "2026-11-23T08:00:00Z"}, 0),
    ):
        assert len((await world.platform.get(log, params=query)).json()["items"]) == count, query
    whole = (await world.platform.get(f"{log}/{first['items'][0]['id']}")).json()
    assert whole["body"]["data"]["after"]["name"] == "Mulder"
    assert whole["body"]["data"]["before"]["name"] == "Smit"
    assert whole["attempts"] == []

    since = {"since": "2026-11-23T00:00:00Z"}
    paused = await world.platform.post(f"{place}/{webhook['id']}/replay", json=since)
    assert paused.status_code == 409
    await world.platform.patch(f"{place}/{webhook['id']}", json={"active": True})
    one = await world.platform.post(f"{log}/{whole['id']}/replay")
    assert (one.status_code, one.json()["state"]) == (202, "waiting")
    rest = await world.platform.post(f"{place}/{webhook['id']}/replay", json=since)
    assert (rest.status_code, rest.json()) == (202, {"deliveries": 3})


async def test_a_trial_is_on_its_way_at_once(world: ApiWorld, place: str) -> None:
    webhook = await made(world, place)
    sent = await world.platform.post(f"{place}/{webhook['id']}/test")
    assert (sent.status_code, sent.json()["type"], sent.json()["state"]) == (202, "webhook.test", "waiting")


async def test_others_of_the_same_account_keep_out(world: ApiWorld, place: str) -> None:
    account = int(place.split("/")[4])
    webhook = await made(world, place)
    boss = await world.person("boss@example.org", "account", account=account)
    assert (await boss.client.get(f"{place}/{webhook['id']}")).status_code == 200
    supervisor = await world.person("super@example.org", "supervisor", account=account)
    assert (await supervisor.client.get(place)).status_code == 403
    rivals = await world.company("2000", "Rivals")
    theirs = await world.as_account(rivals)
    for path in ("", f"/{webhook['id']}", f"/{webhook['id']}/deliveries"):
        assert (await theirs.get(f"{place}{path}")).status_code == 404
        own = await theirs.get(f"/api/v1/accounts/{rivals}/webhooks{path}")
        assert own.status_code == (404 if path else 200)


async def test_a_change_can_be_taken_back(world: ApiWorld, place: str) -> None:
    webhook = await made(world, place)
    account = place.removesuffix("/webhooks")
    await world.platform.patch(f"{place}/{webhook['id']}", json={"events": ["call.started"]})
    (change,) = (await world.platform.get(f"{account}/audit?object_type=webhook&limit=1")).json()["items"]
    undone = await world.platform.post(f"{account}/audit/{change['id']}/undo")
    assert undone.status_code == 204, undone.text
    assert sorted((await world.platform.get(f"{place}/{webhook['id']}")).json()["events"]) == sorted(CRM["events"])
    await world.platform.post(f"{place}/{webhook['id']}/secret")
    (change,) = (await world.platform.get(f"{account}/audit?object_type=webhook&limit=1")).json()["items"]
    assert (await world.platform.post(f"{account}/audit/{change['id']}/undo")).status_code == 409


async def test_every_event_stands_in_the_description(world: ApiWorld) -> None:
    document = world.app.openapi()
    assert set(document["webhooks"]) == {*EventType, "webhook.test"} == set(DATA) == set(SUMMARIES)
    schema = document["webhooks"]["call.ended"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    data = document["components"]["schemas"][schema["properties"]["data"]["$ref"].rpartition("/")[2]]
    assert {"outcome", "talked", "caller"} <= set(data["properties"])
