"""Accounts and their extensions by API (ACC-1..5, ACC-8)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from api_world import ApiWorld

from centrale.kinds.registry import KINDS
from centrale.routing.snapshot import ExtensionNumber


async def test_an_account_is_there_for_calls_when_its_making_is_answered(world: ApiWorld) -> None:
    made = await world.platform.post("/api/v1/accounts", json={"number": "1000", "name": "Bakkerij ’t Hoekje"})
    assert made.status_code == 201
    assert world.picture(made.json()["id"]).name == "Bakkerij ’t Hoekje"
    shown = await world.platform.get(made.headers["location"])
    assert (shown.json(), shown.headers["etag"]) == (made.json(), made.headers["etag"])


async def test_only_the_platform_makes_and_deletes_accounts(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.as_account(account)
    for refused in (
        await admin.post("/api/v1/accounts", json={"number": "2000", "name": "More"}),
        await admin.delete(f"/api/v1/accounts/{account}"),
    ):
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:centrale:problem:platform-only")
    assert (await world.platform.delete(f"/api/v1/accounts/{account}")).status_code == 204
    assert account not in world.directory.current.accounts
    assert (await world.platform.get(f"/api/v1/accounts/{account}")).status_code == 404


async def test_settings_cannot_be_saved_without_an_emergency_caller_id(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}"
    refused = await world.platform.patch(place, json={"name": "Acme Ltd"})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "in": "body",
            "field": "/emergency_caller_id",
            "code": "required",
            "message": "Choose the number that emergency services see as a last resort.",
        }
    ]
    await world.platform.post(f"{place}/numbers", json={"e164": "+31201234567"})
    saved = await world.platform.patch(place, json={"name": "Acme Ltd", "emergency_caller_id": "+31201234567"})
    assert (saved.status_code, saved.json()["name"], saved.json()["number"]) == (200, "Acme Ltd", "1000")


async def test_an_account_cannot_give_itself_what_the_platform_sells(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}"
    await world.platform.post(f"{place}/numbers", json={"e164": "+31201234567"})
    admin = await world.as_account(account)
    patch = {"facilities": ["twinning"], "emergency_caller_id": "+31201234567"}
    refused = await admin.patch(place, json=patch)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "/facilities")
    assert (await world.platform.patch(place, json=patch)).json()["facilities"] == ["twinning"]
    renamed = await admin.patch(place, json={"name": "Acme Ltd"})
    assert (renamed.status_code, renamed.json()["facilities"]) == (200, ["twinning"])


async def test_nor_another_customer_number_and_its_partner_can_do_both(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}"
    await world.platform.post(f"{place}/numbers", json={"e164": "+31201234567"})
    east = (await world.platform.post("/api/v1/partners", json={"name": "Oost"})).json()["id"]
    await world.platform.put(f"{place}/partner", json={"partner": east})
    partner = await world.person("p@oost.example", "partner", partner=east)
    patch = {"number": "1001", "facilities": ["twinning"], "emergency_caller_id": "+31201234567"}
    refused = await (await world.as_account(account)).patch(place, json=patch)
    assert refused.status_code == 403
    assert {it["field"] for it in refused.json()["errors"]} == {"/number", "/facilities"}
    changed = await partner.client.patch(place, json=patch)
    assert (changed.status_code, changed.json()["number"], changed.json()["facilities"]) == (200, "1001", ["twinning"])


async def test_a_facility_that_somebody_uses_is_not_taken_away_under_them(world: ApiWorld) -> None:
    account = await world.company(facilities=["twinning"])
    place = f"/api/v1/accounts/{account}"
    await world.platform.post(f"{place}/numbers", json={"e164": "+31201234567"})
    await world.platform.patch(f"{place}/extensions/201", json={"settings": {"rights": {"twinning": True}}})
    for channel in world.channels(account):
        linked = await world.platform.patch(f"{place}/channels/{channel}", json={"linked_user": "201"})
        assert linked.status_code == 200
    patch = {"facilities": [], "emergency_caller_id": "+31201234567"}
    refused = await world.platform.patch(place, json=patch)
    assert refused.status_code == 409
    assert {it["key"] for it in refused.json()["used_by"]} == set(world.channels(account))
    assert (await world.platform.get(place)).json()["facilities"] == ["twinning"]


@pytest.mark.parametrize("field", ["default_caller_id", "emergency_caller_id"])
async def test_a_new_account_has_no_number_to_show_yet(world: ApiWorld, field: str) -> None:
    """Whatever number it named would be somebody else's."""
    new = {"number": "3000", "name": "New", field: "+31201234567"}
    refused = await world.platform.post("/api/v1/accounts", json=new)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, f"/{field}")


async def test_who_was_slower_is_told_so_and_overwrites_nothing(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions/201"
    seen = (await world.platform.get(place)).headers["etag"]
    await world.platform.post(f"/api/v1/accounts/{account}/channels", json={})  # no change of the extension
    first = await world.platform.patch(place, json={"name": "De Jong"}, headers={"If-Match": seen})
    second = await world.platform.patch(place, json={"name": "De Vries"}, headers={"If-Match": seen})
    gone = await world.platform.delete(place, headers={"If-Match": seen})
    assert (first.status_code, second.status_code, gone.status_code) == (200, 412, 412)
    assert world.picture(account).extensions[ExtensionNumber("201")].name == "De Jong"
    again = await world.platform.patch(
        place, json={"name": "De Vries"}, headers={"If-Match": f'"other", {first.headers["etag"]}'}
    )
    assert again.status_code == 200


async def test_a_patch_leaves_alone_what_it_does_not_name_and_null_takes_back(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions/201"
    await world.platform.patch(place, json={"settings": {"ring_for": 20, "rights": {"twinning": True}}})
    changed = await world.platform.patch(place, json={"settings": {"ring_for": None, "language": "en"}})
    settings = changed.json()["settings"]
    assert (settings["ring_for"], settings["language"], settings["rights"]["twinning"]) == (60, "en", True)
    assert changed.json()["name"] == "Jansen"


async def test_settings_are_checked_by_the_kind_and_each_wrong_field_is_named(world: ApiWorld) -> None:
    account = await world.company()
    settings = {"members": ["201", "999"], "inside": {"no_answer_after": 0}, "colour": "red"}
    body = {"number": "300", "kind": "group", "name": "Sales", "settings": settings}
    refused = await world.platform.post(f"/api/v1/accounts/{account}/extensions", json=body)
    fields = {error["field"]: error["message"] for error in refused.json()["errors"]}
    assert fields.keys() == {"/settings/inside/no_answer_after", "/settings/colour"}
    assert fields["/settings/colour"] == "Is not a field here; check the spelling."
    body["settings"] = {"members": ["201", "999"]}
    refused = await world.platform.post(f"/api/v1/accounts/{account}/extensions", json=body)
    assert [error["field"] for error in refused.json()["errors"]] == ["/settings/members/1"]


async def test_who_still_types_is_told_what_it_would_do_and_what_is_wrong_and_nothing_is_stored(
    world: ApiWorld,
) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    body = {"number": "300", "kind": "group", "name": "Sales", "settings": {"members": ["201"]}}
    told = await world.platform.post(f"{place}/check?language=en", json=body)
    assert (told.status_code, "Jansen" in told.json()["summary"]) == (200, True)
    assert (await world.platform.get(f"{place}/300")).status_code == 404
    assert told.json()["problems"] == []


async def test_what_is_not_right_yet_is_an_answer_with_everything_that_saving_would_be_refused_for(
    world: ApiWorld,
) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    typed = {"number": "201", "kind": "group", "name": "", "settings": {"members": ["201", "999"]}}
    told = await world.platform.post(f"{place}/check", json=typed, headers={"Accept-Language": "nl"})
    assert told.status_code == 200
    assert told.json()["summary"] is None
    problems = {it["field"]: it for it in told.json()["problems"]}
    assert problems.keys() == {"/number", "/name", "/settings/members/1"}
    assert problems["/number"] == {
        "in": "body",
        "field": "/number",
        "code": "conflict",
        "message": "Extensie 201 bestaat al.",
    }
    refused = await world.platform.post(place, json=typed | {"number": "300", "name": "Sales"})
    assert refused.json()["errors"][0]["code"] == problems["/settings/members/1"]["code"]


async def test_a_sentence_comes_before_there_is_a_number_or_a_name(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    told = await world.platform.post(f"{place}/check", json={"kind": "group", "settings": {"members": ["201"]}})
    assert "Jansen" in told.json()["summary"]
    assert {it["field"] for it in told.json()["problems"]} == {"/number", "/name"}


async def test_a_change_is_checked_as_one_of_what_exists_and_only_there(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    jansen = {"number": "201", "kind": "user", "name": "Jansen"}
    assert (await world.platform.post(f"{place}/check?exists=true", json=jansen)).json()["problems"] == []
    nobody = await world.platform.post(f"{place}/check?exists=true", json=jansen | {"number": "299"})
    assert nobody.status_code == 404
    other = await world.platform.post("/api/v1/accounts/987654/extensions/check", json=jansen)
    assert other.status_code == 404


@pytest.mark.parametrize("strange", [{"kind": "spaceship"}, {"kind": "group", "settings": {"\ud800": {"\ud800": 1}}}])
async def test_whatever_is_typed_there_is_an_answer(world: ApiWorld, strange: dict[str, Any]) -> None:
    account = await world.company()
    content = json.dumps({"number": "3", "name": "x" * 500} | strange)
    told = await world.platform.post(
        f"/api/v1/accounts/{account}/extensions/check",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert told.status_code in (200, 422)


async def test_an_extension_in_use_cannot_go_and_says_where_it_is_used(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    body = {"number": "300", "kind": "group", "name": "Sales", "settings": {"members": ["202", "201"]}}
    await world.platform.post(place, json=body)
    use = {
        "object_type": "extension",
        "key": "300",
        "field": "settings.members[1]",
        "kind": "group",
        "words": "extension 300, member 2",
    }
    assert (await world.platform.get(f"{place}/201/uses")).json()["items"] == [use]
    refused = await world.platform.delete(f"{place}/201")
    assert (refused.status_code, refused.json()["used_by"]) == (409, [use])
    await world.platform.delete(f"{place}/300")
    assert (await world.platform.delete(f"{place}/201")).status_code == 204
    assert ExtensionNumber("201") not in world.picture(account).extensions


async def test_a_pin_goes_in_and_never_comes_out(world: ApiWorld) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions/201"
    changed = await world.platform.patch(place, json={"pin": "86420"})
    assert changed.json()["has_pin"] is True
    for answer in (
        changed,
        await world.platform.get(place),
        await world.platform.get(f"/api/v1/accounts/{account}/audit"),
    ):
        assert "86420" not in answer.text
    weak = await world.platform.patch(place, json={"pin": "3333"})
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "/pin")
    assert "3333" not in weak.text


async def test_every_kind_shows_what_its_settings_look_like(world: ApiWorld) -> None:
    kinds = {kind["name"]: kind for kind in (await world.platform.get("/api/v1/kinds")).json()["items"]}
    assert kinds.keys() == KINDS.keys()
    group = (await world.platform.get("/api/v1/kinds/group")).json()
    assert group["title"]["nl"] == "Groep"
    assert group["settings"]["properties"]["members"]["items"]["x-centrale"] == "extension"
    assert (await world.platform.get("/api/v1/kinds/toaster")).status_code == 404


@pytest.mark.parametrize("limit", [1, 2, 100])
async def test_lists_come_in_pages_that_leave_nothing_out(world: ApiWorld, limit: int) -> None:
    account = await world.company()
    place = f"/api/v1/accounts/{account}/extensions"
    for number in ("203", "204", "205"):
        await world.platform.post(place, json={"number": number, "kind": "user", "name": f"User {number}"})
    found, after = [], None
    while True:
        query = {"limit": limit} | ({"after": after} if after else {})
        page = (await world.platform.get(place, params=query)).json()
        assert len(page["items"]) <= limit
        found += [extension["number"] for extension in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == ["201", "202", "203", "204", "205"]


async def test_every_change_is_kept_with_who_and_what(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.as_account(account)
    await admin.patch(f"/api/v1/accounts/{account}/extensions/201", json={"name": "De Jong"})
    query = {"object_type": "extension", "object_key": "201", "limit": 1}
    page = (await admin.get(f"/api/v1/accounts/{account}/audit", params=query)).json()
    (change,) = page["items"]
    assert (change["action"], change["before"]["name"], change["after"]["name"]) == ("change", "Jansen", "De Jong")
    assert change["actor"].endswith("(test)")
    older = (await admin.get(f"/api/v1/accounts/{account}/audit", params={**query, "after": page["next"]})).json()
    assert [entry["action"] for entry in older["items"]] == ["create"]
    assert (await admin.get("/api/v1/audit")).status_code == 403
    platform = (await world.platform.get("/api/v1/audit", params={"object_type": "account"})).json()
    assert [entry["object_key"] for entry in platform["items"]] == [str(account)]
