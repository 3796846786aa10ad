"""What is open to whom, route by route, and the fine rights beside the roles (ROLE-1..4)."""

from __future__ import annotations

from collections import defaultdict

import httpx
import pytest
from api_world import ApiWorld, Browser

from centrale.accounts.roles import Right, Role
from centrale.api import streaming
from centrale.api.access import ROLE
from centrale.api.authentication import OPEN
from centrale.api.document import operations

BELOW_AN_ADMINISTRATOR = {
    Role.END_USER: """
        get_own_token get_session sign_out change_own_password list_own_browsers sign_browser_out
        propose_second_factor switch_second_factor_on switch_second_factor_off
        list_accounts get_account list_kinds get_kind list_forms get_form watch_changes
        get_own_extension set_own_forwards list_own_records
        list_own_messages get_own_message_audio set_own_message_heard delete_own_message
        list_own_contacts create_own_contact get_own_contact change_own_contact delete_own_contact
        export_own_contacts import_own_contacts get_own_import_progress
    """,
    Role.SUPERVISOR: """
        list_calls watch_calls get_call end_call list_records get_record
        list_extensions get_extension list_contacts get_contact export_contacts
        list_logons list_queue_members log_on_to_queue log_off_from_queue end_wrap_up
        get_queue_now get_caller_history get_agent_history get_wallboard watch_wallboard
        get_queue_statistics get_wait_statistics get_agent_statistics
    """,
}
"""Whoever opens a route to more people than an account's administrators says so here, too."""


async def test_a_route_is_open_below_an_administrator_only_where_it_stands_here(world: ApiWorld) -> None:
    found: dict[Role, set[str]] = defaultdict(set)
    for path, method, operation in operations(world.app.openapi()):
        role = Role(operation.get(ROLE, Role.ACCOUNT))
        if role.rank < Role.ACCOUNT.rank and (method, path) not in OPEN and path.startswith("/api/"):
            found[role].add(operation["operationId"])
    assert {role: " ".join(sorted(ids)) for role, ids in found.items()} == {
        role: " ".join(sorted(ids.split())) for role, ids in BELOW_AN_ADMINISTRATOR.items()
    }


@pytest.mark.parametrize("role", Role)
async def test_only_administrators_say_who_may_pick_up_whose_calls(world: ApiWorld, role: Role) -> None:
    """Privacy as far as there is any: a group's own switches and a queue's (GRP-5, QUE-25, ROLE-3)."""
    account = await world.company()
    base = f"/api/v1/accounts/{account}/extensions"
    switches = {"group": {"others_may_pick_up": True, "others_see_notifications": True}, "queue": {"access": "closed"}}
    for number, kind in (("300", "group"), ("301", "queue")):
        made = await world.platform.post(base, json={"number": number, "kind": kind, "name": kind})
        assert made.status_code == 201, made.text
    partner = (await world.platform.post("/api/v1/partners", json={"name": "Oost"})).json()["id"]
    await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": partner})
    where: dict[str, object] = {"account": account}
    if role.rank >= Role.PARTNER.rank:
        where = {"partner": partner} if role is Role.PARTNER else {}
    if role is Role.END_USER:
        where["extension"] = "201"
    person = await world.person("p@a.example", role, rights=frozenset(Right), **where)
    may = role.rank >= Role.ACCOUNT.rank
    for number, kind in (("300", "group"), ("301", "queue")):
        before = (await world.platform.get(f"{base}/{number}")).json()["settings"]
        answers = [
            await person.client.patch(f"{base}/{number}", json={"settings": switches[kind]}),
            await person.client.delete(f"{base}/{number}"),
            await person.client.post(base, json={"number": number, "kind": kind, "name": "again"}),
        ]
        assert [it.is_success for it in answers] == [may] * 3
        if not may:
            assert (await world.platform.get(f"{base}/{number}")).json()["settings"] == before


async def invites(client: httpx.AsyncClient, account: int, *rights: Right, email: str = "new@a.example") -> int:
    """The status of inviting a supervisor with these rights."""
    person = {"email": email, "name": "New", "role": "supervisor", "account": account, "rights": sorted(rights)}
    return (await client.post("/api/v1/web-users", json=person)).status_code


async def test_a_partner_gives_every_right_in_its_own_accounts(world: ApiWorld) -> None:
    account = await world.company()
    made = (await world.platform.post("/api/v1/partners", json={"name": "Oost"})).json()["id"]
    await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": made})
    partner = await world.person("partner@a.example", "partner", partner=made)
    assert await invites(partner.client, account, *Right) == 201


async def with_rights(world: ApiWorld, account: int, *rights: Right) -> Browser:
    """An administrator who has these."""
    return await world.person("admin@a.example", "account", account=account, rights=frozenset(rights))


async def test_an_administrator_gives_the_rights_that_they_have(world: ApiWorld) -> None:
    account = await world.company()
    admin = await with_rights(world, account, Right.ORDER)
    assert await invites(admin.client, account, Right.ORDER) == 201
    assert await invites(admin.client, account, Right.ORDER, Right.DEVICES, email="more@a.example") == 403


async def test_a_token_is_no_way_to_a_right_that_one_does_not_have(world: ApiWorld) -> None:
    """Whoever makes a token could otherwise use it to give themselves everything."""
    account = await world.company()
    admin = await with_rights(world, account, Right.ORDER)
    made = await admin.client.post("/api/v1/tokens", json={"name": "script"})
    assert (made.status_code, made.json()["rights"]) == (201, ["order"])
    script = await world.client(made.json()["token"])
    assert await invites(script, account, Right.DEVICES) == 403
    assert await invites(script, account, Right.ORDER) == 201

    refused = await admin.client.post("/api/v1/tokens", json={"name": "more", "rights": ["devices"]})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "/rights")
    fewer = await script.post("/api/v1/tokens", json={"name": "fewer", "rights": []})
    assert (fewer.status_code, fewer.json()["rights"]) == (201, [])
    listed = (await admin.client.get("/api/v1/tokens")).json()["items"]
    assert {it["name"]: it["rights"] for it in listed} == {"script": ["order"], "fewer": []}


async def test_what_the_platform_hands_out_has_all_rights_unless_it_says_otherwise(world: ApiWorld) -> None:
    account = await world.company()
    made = (await world.platform.post("/api/v1/tokens", json={"name": "whole", "account": account})).json()
    assert set(made["rights"]) == set(Right)
    less = {"name": "less", "account": account, "rights": ["order"]}
    assert (await world.platform.post("/api/v1/tokens", json=less)).json()["rights"] == ["order"]
    ours = (await world.platform.post("/api/v1/tokens", json={"name": "ours", "rights": ["order"]})).json()
    assert set(ours["rights"]) == set(Right), "it could give itself what it lacks, so it is shown with all"
    assert await invites(await world.client(ours["token"]), account, Right.DEVICES) == 201


async def test_whose_rights_are_taken_is_out_at_once(world: ApiWorld) -> None:
    account = await world.company()
    admin = await with_rights(world, account, Right.ORDER, Right.DEVICES)
    me = (await admin.client.get("/api/v1/session")).json()["user"]["id"]
    assert (await world.platform.patch(f"/api/v1/web-users/{me}", json={"name": "Anna B."})).is_success
    assert (await admin.client.get("/api/v1/session")).status_code == 200, "a new name takes nothing away"
    assert (await world.platform.patch(f"/api/v1/web-users/{me}", json={"rights": ["order"]})).is_success
    assert (await admin.client.get("/api/v1/session")).status_code == 401
    await admin.signs_in("admin@a.example")
    assert (await world.platform.patch(f"/api/v1/web-users/{me}", json={"role": "supervisor"})).is_success
    assert (await admin.client.get("/api/v1/session")).status_code == 401


async def test_nobody_takes_over_who_has_a_right_that_they_lack(world: ApiWorld) -> None:
    account = await world.company()
    admin = await with_rights(world, account)
    assert await invites(world.platform, account, Right.ORDER) == 201
    (id,) = [
        it["id"]
        for it in (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
        if it["email"] == "new@a.example"
    ]
    place = f"/api/v1/web-users/{id}"
    for request in (
        admin.client.patch(place, json={"email": "mine@a.example", "rights": []}),
        admin.client.delete(place),
        admin.client.post(f"{place}/invitation"),
        admin.client.delete(f"{place}/sessions"),
    ):
        assert (await request).status_code == 403


async def test_web_users_stay_where_they_are(world: ApiWorld) -> None:
    account, other = await world.company(), await world.company("2000", "Other")
    assert await invites(world.platform, account) == 201
    (user,) = (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
    moved = await world.platform.patch(f"/api/v1/web-users/{user['id']}", json={"account": other})
    assert (moved.status_code, moved.json()["errors"][0]["field"]) == (422, "/account")


async def test_a_partner_manages_its_own_people_and_those_of_its_accounts_and_no_others(world: ApiWorld) -> None:
    ours, theirs = await world.company(), await world.company("2000", "Theirs")
    ids = [(await world.platform.post("/api/v1/partners", json={"name": it})).json()["id"] for it in ("Oost", "West")]
    for account, partner in zip((ours, theirs), ids, strict=True):
        await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": partner})
    anna = await world.person("anna@oost.example", "partner", partner=ids[0])
    await world.person("ben@west.example", "partner", partner=ids[1])
    await world.person("boss@platform.example", "platform")
    for account, email in ((ours, "ours@a.example"), (theirs, "theirs@b.example")):
        assert await invites(world.platform, account, email=email) == 201
        assert (await world.platform.post("/api/v1/tokens", json={"name": email, "account": account})).is_success

    listed = (await anna.client.get("/api/v1/web-users")).json()["items"]
    assert {it["email"] for it in listed} == {"anna@oost.example", "ours@a.example"}
    assert [it["name"] for it in (await anna.client.get("/api/v1/tokens")).json()["items"]] == ["ours@a.example"]
    assert await invites(anna.client, ours, email="more@a.example") == 201
    assert await invites(anna.client, theirs, email="more@b.example") == 422
    colleague = {"email": "c@oost.example", "name": "C", "role": "partner"}
    assert (await anna.client.post("/api/v1/web-users", json=colleague | {"partner": ids[0]})).status_code == 201
    refused = await anna.client.post(
        "/api/v1/web-users", json=colleague | {"partner": ids[1], "email": "d@oost.example"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/partner")
    platform = await anna.client.post("/api/v1/tokens", json={"name": "everything"})
    assert (platform.status_code, platform.json()["errors"][0]["field"]) == (422, "/account")
    elsewhere = await anna.client.post("/api/v1/tokens", json={"name": "x", "account": theirs})
    assert elsewhere.status_code == 422


async def test_a_stream_ends_for_a_partner_whose_customer_is_handed_over(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LOOK_AGAIN_AFTER", 0.05)
    account = await world.company()
    ids = [(await world.platform.post("/api/v1/partners", json={"name": it})).json()["id"] for it in ("Oost", "West")]
    await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": ids[0]})
    anna = await world.person("anna@oost.example", "partner", partner=ids[0])
    stream = await world.events(account, anna)
    assert (await stream.next()).event == "calls"
    await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": ids[1]})
    with pytest.raises(EOFError):
        await stream.next()
