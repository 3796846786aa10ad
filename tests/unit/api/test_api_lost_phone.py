"""Who lost the telephone with the authenticator is helped by an administrator, and by nobody else (ROLE-1)."""

from __future__ import annotations

import pyotp
import pytest
from api_world import PASSWORD, ApiWorld, Browser
from sqlalchemy import select

from centrale.accounts.models import NoticeRow
from centrale.accounts.roles import Right

ANNA = "anna@acme.example"


async def with_a_code(world: ApiWorld, email: str, role: str, **where: object) -> tuple[Browser, int]:
    """Somebody who is asked for a code, and their id."""
    person = await world.person(email, role, **where)
    secret = (await person.client.get("/api/v1/session/second-factor")).json()["secret"]
    body = {"current": PASSWORD, "secret": secret, "code": pyotp.TOTP(secret).at(world.clock.moment)}
    assert (await person.client.put("/api/v1/session/second-factor", json=body)).is_success
    return person, (await person.client.get("/api/v1/session")).json()["user"]["id"]


def place(id: int) -> str:
    return f"/api/v1/web-users/{id}/second-factor"


async def is_asked(world: ApiWorld, id: int) -> bool:
    return bool((await world.platform.get(f"/api/v1/web-users/{id}")).json()["second_factor"])


async def test_an_administrator_switches_it_off_and_she_is_told(world: ApiWorld) -> None:
    account = await world.company()
    anna, id = await with_a_code(world, ANNA, "supervisor", account=account)
    admin = await world.person("admin@acme.example", "account", account=account)
    assert (await anna.signs_in(ANNA)).json()["type"] == "urn:centrale:problem:code-needed"
    assert (await admin.client.delete(place(id))).status_code == 204
    assert (await anna.client.get("/api/v1/session")).status_code == 401, "whoever found the telephone is out, too"
    assert (await anna.signs_in(ANNA)).status_code == 201

    async with world.database.read() as unit:
        (notice,) = await unit.session.scalars(select(NoticeRow))
    assert (notice.recipient, notice.account_id, notice.way) == (ANNA, account, "mail")
    assert "Beste Anna" in notice.body
    assert "Anna heeft uw authenticator-app losgekoppeld" in notice.body, "the administrator is called so, too"
    assert "http://127.0.0.1:8000" in notice.body

    entries = (await admin.client.get(f"/api/v1/accounts/{account}/audit")).json()["items"]
    (entry,) = [it for it in entries if it["action"] == "reset second factor"]
    assert (entry["actor"], entry["object_type"], entry["object_key"]) == (
        "web user admin@acme.example",
        "web user",
        ANNA,
    )
    assert (entry["before"], entry["after"], entry["undoable"]) == (None, None, False)
    undo = await admin.client.post(f"/api/v1/accounts/{account}/audit/{entry['id']}/undo")
    assert undo.status_code == 409
    again = await admin.client.delete(place(id))
    assert (again.status_code, f"No code is asked for when {ANNA} signs in" in again.json()["detail"]) == (409, True)


async def test_she_is_told_in_her_own_language(world: ApiWorld) -> None:
    account = await world.company()
    _, id = await with_a_code(world, ANNA, "supervisor", account=account)
    assert (await world.platform.patch(f"/api/v1/web-users/{id}", json={"language": "en"})).is_success
    assert (await world.platform.delete(place(id))).status_code == 204
    async with world.database.read() as unit:
        (notice,) = await unit.session.scalars(select(NoticeRow))
    assert "Dear Anna" in notice.body
    assert "has disconnected your authenticator app" in notice.body


@pytest.mark.parametrize("role", ["end_user", "supervisor"])
async def test_nobody_below_an_administrator_does(world: ApiWorld, role: str) -> None:
    account = await world.company()
    where = {"account": account} | ({"extension": "201"} if role == "end_user" else {})
    colleague = await world.person("ben@acme.example", role, **where)
    _, id = await with_a_code(world, ANNA, "supervisor", account=account)
    refused = await colleague.client.delete(place(id))
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:centrale:problem:role")
    assert await is_asked(world, id)


async def test_nor_for_somebody_above_or_with_a_right_that_one_lacks_or_elsewhere(world: ApiWorld) -> None:
    account, other = await world.company(), await world.company("2000", "Rival")
    partner = (await world.platform.post("/api/v1/partners", json={"name": "Oost"})).json()["id"]
    assert (await world.platform.put(f"/api/v1/accounts/{account}/partner", json={"partner": partner})).is_success
    admin = await world.person("admin@acme.example", "account", account=account)
    boss = await world.person("boss@oost.example", "partner", partner=partner)
    _, orders = await with_a_code(world, ANNA, "supervisor", account=account, rights=frozenset({Right.ORDER}))
    _, rival = await with_a_code(world, "r@rival.example", "supervisor", account=other)
    _, of_partner = await with_a_code(world, "p@oost.example", "partner", partner=partner)
    _, of_platform = await with_a_code(world, "x@platform.example", "platform")
    for who, id, status in (
        (admin, orders, 403),
        (admin, rival, 404),
        (admin, of_partner, 404),
        (admin, of_platform, 404),
        (boss, rival, 404),
        (boss, of_platform, 404),
    ):
        assert (await who.client.delete(place(id))).status_code == status
        assert await is_asked(world, id)
    for who, id in ((boss, orders), (boss, of_partner)):
        assert (await who.client.delete(place(id))).status_code == 204
    assert (await world.platform.delete(place(of_platform))).status_code == 204


async def test_nor_anybody_for_themselves_in_a_browser_that_stands_open(world: ApiWorld) -> None:
    admin, id = await with_a_code(world, ANNA, "account", account=await world.company())
    refused = await admin.client.delete(place(id))
    assert (refused.status_code, "takes your password" in refused.json()["detail"]) == (409, True)
    assert (await admin.client.get("/api/v1/session")).json()["user"]["second_factor"] is True


async def test_a_page_of_another_site_cannot_have_it_done(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person("admin@acme.example", "account", account=account)
    _, id = await with_a_code(world, ANNA, "supervisor", account=account)
    del admin.client.headers["X-CSRF-Token"]
    assert (await admin.client.delete(place(id))).status_code == 403
    assert await is_asked(world, id)
