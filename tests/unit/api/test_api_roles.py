"""Roles and hierarchy, tried on every endpoint there is (ROLE-1, ACC-1)."""

from __future__ import annotations

import pytest
from api_world import ApiWorld, Browser
from every_route import Things, closed_operations, everything_stored

from centrale.accounts.roles import Role
from centrale.api.access import ROLE
from centrale.api.document import operations

ROLES = list(Role)


async def people(world: ApiWorld, account: int, partner: int) -> dict[Role, Browser]:
    """One person in each role, those of the account with its user 201."""
    return {
        Role.END_USER: await world.person("end@a.example", "end_user", account=account, extension="201"),
        Role.SUPERVISOR: await world.person("super@a.example", "supervisor", account=account),
        Role.ACCOUNT: await world.person("admin@a.example", "account", account=account),
        Role.PARTNER: await world.person("partner@a.example", "partner", partner=partner),
        Role.PLATFORM: await world.person("platform@a.example", "platform"),
    }


async def partner(world: ApiWorld, name: str = "Oost", *accounts: int) -> int:
    made = (await world.platform.post("/api/v1/partners", json={"name": name})).json()["id"]
    for account in accounts:
        assert (await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": made})).is_success
    return int(made)


class Anything(dict[str, str]):
    """Something at every place of an address."""

    def __contains__(self, place: object) -> bool:
        return True

    def __missing__(self, place: str) -> str:
        if "e164" in place:
            return "+31201234567"
        if place in ("extensions/{number}", "?user", "queues/{queue}", "members/{agent}"):
            return "201"
        return "x.wav" if "{file}" in place else "1"


async def test_every_role_on_every_endpoint_of_another_account(world: ApiWorld) -> None:
    """What is another account's is not there: 404, or 403 where the role may not even ask (in either account)."""
    own, foreign = await world.company("1000", "Acme"), await world.company("2000", "Rival")
    browsers = await people(world, own, await partner(world, "Oost", own))
    before = await everything_stored(world, but_of=own)
    for operation in closed_operations(world.app):
        if "{account}" not in operation.path:
            continue
        for role, browser in browsers.items():
            if role is Role.PLATFORM:
                continue
            answer = await operation.send(browser.client, foreign, Things(foreign, Anything()))
            nothing = await operation.send(browser.client, 4711, Things(4711, Anything()))
            assert answer.status_code in (403, 404), (role, operation.method, operation.path, answer.text)
            assert answer.status_code == nothing.status_code, (role, operation.method, operation.path)
    after = await everything_stored(world, but_of=own)
    for table in ("web_sessions", "lockouts"):
        before.pop(table), after.pop(table)
    assert after == before


async def test_every_endpoint_refuses_the_roles_below_the_one_it_names(world: ApiWorld) -> None:
    account = await world.company()
    browsers = await people(world, account, await partner(world, "Oost", account))
    documented = {
        (method, path): Role(operation.get(ROLE, Role.ACCOUNT))
        for path, method, operation in operations(world.app.openapi())
    }
    before = await everything_stored(world)
    for operation in closed_operations(world.app):
        lowest = documented[operation.method, operation.path]
        for role, browser in browsers.items():
            if role.rank < lowest.rank:
                answer = await operation.send(browser.client, account, Things(account, Anything()))
                assert answer.status_code == 403, (role, operation.method, operation.path, answer.text)
                assert answer.json()["type"].rpartition(":")[2] in ("role", "platform-only")
    assert await everything_stored(world) == before


@pytest.mark.parametrize(
    ("role", "path", "may"),
    [
        ("end_user", "extensions", False),
        ("end_user", "records", False),
        ("supervisor", "extensions", True),
        ("supervisor", "records", True),
        ("supervisor", "calls", True),
        ("supervisor", "channels", False),
        ("supervisor", "audit", False),
        ("account", "channels", True),
        ("account", "audit", True),
    ],
)
async def test_what_each_role_sees(world: ApiWorld, role: str, path: str, may: bool) -> None:
    account = await world.company()
    where = {"account": account} | ({"extension": "201"} if role == "end_user" else {})
    person = await world.person("p@a.example", role, **where)
    answer = await person.client.get(f"/api/v1/accounts/{account}/{path}")
    assert answer.status_code == (200 if may else 403)


async def test_a_partner_makes_and_manages_its_own_customers_only(world: ApiWorld) -> None:
    other = await world.company("9000", "Of nobody")
    east, west = await partner(world, "Oost"), await partner(world, "West")
    anna = await world.person("anna@oost.example", "partner", partner=east)
    ben = await world.person("ben@west.example", "partner", partner=west)
    made = await anna.client.post("/api/v1/accounts", json={"number": "1000", "name": "Acme"})
    assert (made.status_code, made.json()["partner"]) == (201, east)
    account = made.json()["id"]
    number = await anna.client.post(f"/api/v1/accounts/{account}/numbers", json={"e164": "+31201111111"})
    assert number.status_code == 201
    assert [it["number"] for it in (await anna.client.get("/api/v1/accounts")).json()["items"]] == ["1000"]
    assert (await ben.client.get("/api/v1/accounts")).json()["items"] == []
    for foreign in (account, other):
        assert (await ben.client.get(f"/api/v1/accounts/{foreign}")).status_code == 404
    assert (await anna.client.get("/api/v1/trunks")).status_code == 403
    assert (await anna.client.get("/api/v1/audit")).status_code == 403


async def test_an_account_that_is_handed_over_is_the_old_partners_no_more(world: ApiWorld) -> None:
    account = await world.company()
    east, west = await partner(world, "Oost", account), await partner(world, "West")
    anna = await world.person("anna@oost.example", "partner", partner=east)
    assert (await anna.client.get(f"/api/v1/accounts/{account}")).status_code == 200
    assert (await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": west})).status_code == 200
    assert (await anna.client.get(f"/api/v1/accounts/{account}")).status_code == 404


async def test_a_partner_in_use_is_not_deleted(world: ApiWorld) -> None:
    account = await world.company()
    east = await partner(world, "Oost", account)
    refused = await world.platform.delete(f"/api/v1/partners/{east}")
    assert (refused.status_code, refused.json()["used_by"][0]["object_type"]) == (409, "account")


@pytest.mark.parametrize("role", ["partner", "platform"])
async def test_nobody_makes_somebody_who_may_more(world: ApiWorld, role: str) -> None:
    account = await world.company()
    east = await partner(world, "Oost", account)
    admin = await world.person("admin@a.example", "account", account=account)
    where = {"partner": east} if role == "partner" else {}
    wanted = {"email": "new@a.example", "name": "New", "role": role, **where}
    refused = await admin.client.post("/api/v1/web-users", json=wanted)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (403, "/role")


async def test_nor_gives_rights_that_one_does_not_have(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person("admin@a.example", "account", account=account)
    wanted = {"email": "n@a.example", "name": "N", "role": "supervisor", "account": account, "rights": ["order"]}
    assert (await admin.client.post("/api/v1/web-users", json=wanted)).status_code == 403
    assert (await world.platform.post("/api/v1/web-users", json=wanted)).status_code == 201


async def test_an_administrator_invites_a_colleague_who_chooses_a_password(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person("admin@a.example", "account", account=account)
    wanted = {"email": "New@A.example", "name": "New", "role": "supervisor", "account": account}
    made = await admin.client.post("/api/v1/web-users", json=wanted)
    assert (made.status_code, made.json()["email"], made.json()["password"]) == (201, "new@a.example", False)
    colleague = await world.browser()
    assert (await colleague.signs_in("new@a.example")).status_code == 401
    chosen = {"link": made.json()["link"].partition("#")[2], "password": "vier rode fietsen"}
    assert (await colleague.client.post("/api/v1/session/chosen", json=chosen)).status_code == 204
    assert (await colleague.signs_in("new@a.example")).status_code == 201
    again = await admin.client.post("/api/v1/web-users", json=wanted)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "/email")


async def test_web_users_of_others_are_not_there(world: ApiWorld) -> None:
    own, foreign = await world.company("1000", "Acme"), await world.company("2000", "Rival")
    admin = await world.person("admin@a.example", "account", account=own)
    rival = await world.person("rival@b.example", "account", account=foreign)
    id = (await rival.client.get("/api/v1/session")).json()["user"]["id"]
    listed = (await admin.client.get("/api/v1/web-users")).json()["items"]
    assert [it["email"] for it in listed] == ["admin@a.example"]
    assert (await admin.client.get(f"/api/v1/web-users?account={foreign}")).json()["items"] == []
    for request in (
        admin.client.get(f"/api/v1/web-users/{id}"),
        admin.client.patch(f"/api/v1/web-users/{id}", json={"name": "Mine"}),
        admin.client.delete(f"/api/v1/web-users/{id}"),
        admin.client.post(f"/api/v1/web-users/{id}/invitation"),
        admin.client.delete(f"/api/v1/web-users/{id}/sessions"),
    ):
        assert (await request).status_code == 404
    elsewhere = {"email": "x@b.example", "name": "X", "role": "account", "account": foreign}
    assert (await admin.client.post("/api/v1/web-users", json=elsewhere)).status_code == 422


async def test_a_supervisor_cannot_take_over_an_administrator(world: ApiWorld) -> None:
    account = await world.company()
    await world.person("admin@a.example", "account", account=account)
    boss = await world.person("partner@a.example", "partner", partner=await partner(world, "Oost", account))
    id = (await boss.client.get("/api/v1/session")).json()["user"]["id"]
    admin = await world.browser()
    await admin.signs_in("admin@a.example")
    assert (await admin.client.post(f"/api/v1/web-users/{id}/invitation")).status_code == 404


async def test_one_cannot_shut_oneself_out(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person("admin@a.example", "account", account=account)
    path = f"/api/v1/web-users/{(await admin.client.get('/api/v1/session')).json()['user']['id']}"
    for request in (
        admin.client.patch(path, json={"disabled": True}),
        admin.client.patch(path, json={"role": "supervisor"}),
        admin.client.delete(path),
    ):
        assert (await request).status_code == 409
    assert (await admin.client.patch(path, json={"name": "Anna B."})).status_code == 200


async def test_a_user_extension_with_a_web_user_is_not_deleted_under_it(world: ApiWorld) -> None:
    account = await world.company()
    await world.person("end@a.example", "end_user", account=account, extension="201")
    refused = await world.platform.delete(f"/api/v1/accounts/{account}/extensions/201")
    assert refused.status_code == 409
    uses = [(it["object_type"], it["key"], it["field"]) for it in refused.json()["used_by"]]
    assert ("web user", "end@a.example", "extension") in uses


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "account"},
        {"role": "platform", "account": 1},
        {"role": "partner", "account": 1},
        {"role": "end_user", "account": 1},
        {"role": "platform", "extension": "201"},
        {"role": "king"},
        {"role": "account", "account": 1, "email": "no address"},
        {"role": "account", "account": 1, "email": "a@b@c.example"},
        {"role": "account", "account": 1, "email": "a\r\nBcc: b@c.example"},
        {"role": "account", "account": 1, "extension": "999"},
    ],
)
async def test_web_users_that_make_no_sense_are_refused(world: ApiWorld, wrong: dict[str, object]) -> None:
    await world.company()
    wanted = {"email": "x@a.example", "name": "X", **wrong}
    assert (await world.platform.post("/api/v1/web-users", json=wanted)).status_code == 422


async def test_changes_stand_in_the_audit_under_the_persons_name(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person("admin@a.example", "account", account=account)
    await admin.client.patch(f"/api/v1/accounts/{account}/extensions/201", json={"name": "De Wit"})
    audit = (await admin.client.get(f"/api/v1/accounts/{account}/audit")).json()["items"]
    assert audit[0]["actor"] == "web user admin@a.example"
