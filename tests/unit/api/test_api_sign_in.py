"""Signing in to the portal: cookies, CSRF, guessing, links by e-mail, the second factor (ROLE-1)."""

from __future__ import annotations

import re

import pyotp
import pytest
from api_world import PASSWORD, ApiWorld
from sqlalchemy import select

from centrale.accounts.models import NoticeRow, WebLinkRow, WebSessionRow, WebUserRow
from centrale.api import streaming

ANNA = "anna@acme.example"


async def test_anna_signs_in_and_is_who_she_is(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    me = (await anna.client.get("/api/v1/session")).json()
    assert (me["user"]["email"], me["user"]["role"], me["user"]["account"]) == (ANNA, "account", account)
    assert [it["id"] for it in (await anna.client.get("/api/v1/accounts")).json()["items"]] == [account]


async def test_her_address_may_be_typed_in_capitals(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    assert (await (await world.browser()).signs_in("  Anna@ACME.example ")).status_code == 201


async def test_the_cookie_is_out_of_reach_of_pages_and_of_other_sites(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    answer = await (await world.browser()).signs_in(ANNA)
    session, browser = answer.headers.get_list("set-cookie")
    assert session.startswith("centrale-8000=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(session.split("; "))
    assert browser.startswith("centrale-browser-8000=")
    assert {"HttpOnly", "SameSite=strict", "Path=/api/v1/session"} <= set(browser.split("; "))
    for cookie in (session, browser):
        text = cookie.partition("=")[2].partition(";")[0]
        assert text not in answer.text, "pages get the CSRF token, not the session"
        assert "Secure" not in cookie, "else it would not come back where nothing is encrypted"


async def test_a_change_needs_what_only_our_own_page_can_read(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    path, body = f"/api/v1/accounts/{account}/extensions/201", {"name": "Changed"}
    del anna.client.headers["X-CSRF-Token"]
    for wrong in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": "é".encode()}):
        refused = await anna.client.patch(path, json=body, headers=wrong)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:centrale:problem:csrf")
    csrf = (await anna.client.get("/api/v1/session")).json()["csrf"]
    assert (await anna.client.patch(path, json=body, headers={"X-CSRF-Token": csrf})).status_code == 200


async def test_another_browsers_csrf_token_is_none(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    other = await world.browser()
    await other.signs_in(ANNA)
    anna.client.headers["X-CSRF-Token"] = other.client.headers["X-CSRF-Token"]
    assert (await anna.client.delete("/api/v1/session")).status_code == 403


async def test_what_is_wrong_is_not_told(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    browser = await world.browser()
    unknown = await browser.signs_in("nobody@acme.example")
    wrong = await browser.signs_in(ANNA, "four wrong words here")
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())
    assert unknown.json()["type"] == "urn:centrale:problem:wrong-sign-in"


async def test_guessing_gets_slow_and_the_right_password_does_not_help_then(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    browser = await world.browser()
    for _ in range(4):
        assert (await browser.signs_in(ANNA, "four wrong words here")).status_code == 401
    locked = await browser.signs_in(ANNA)
    assert (locked.status_code, locked.json()["type"]) == (429, "urn:centrale:problem:locked")
    world.clock.pass_time(seconds=int(locked.headers["retry-after"]))
    assert (await browser.signs_in(ANNA)).status_code == 201


async def test_who_guesses_elsewhere_does_not_lock_her_out(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    elsewhere = await world.browser()
    elsewhere.client._transport.client = ("203.0.113.9", 4711)  # type: ignore[attr-defined]
    for _ in range(8):
        await elsewhere.signs_in(ANNA, "four wrong words here")
    assert (await elsewhere.signs_in(ANNA)).status_code == 429
    assert (await (await world.browser()).signs_in(ANNA)).status_code == 201


async def test_signing_out_ends_the_session_and_only_it(world: ApiWorld) -> None:
    account = await world.company()
    office, home = await world.person(ANNA, "account", account=account), await world.browser()
    await home.signs_in(ANNA)
    signed_out = await office.client.delete("/api/v1/session")
    assert signed_out.status_code == 204
    (gone,) = signed_out.headers.get_list("set-cookie")
    assert gone.startswith("centrale-8000=")
    assert {"Max-Age=0", "Path=/"} <= set(gone.split("; "))
    office.client.cookies.clear()
    assert (await office.client.get("/api/v1/session")).status_code == 401
    assert (await home.client.get("/api/v1/session")).status_code == 200


async def test_a_session_ends_when_nothing_is_done_and_at_last_in_any_case(world: ApiWorld) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    for _ in range(27):
        world.clock.pass_time(hours=11.9)
        assert (await anna.client.get("/api/v1/session")).status_code == 200, "she goes on working"
    world.clock.pass_time(hours=15)
    signed_out = await anna.client.get("/api/v1/session")
    assert (signed_out.status_code, signed_out.json()["type"]) == (401, "urn:centrale:problem:signed-out")
    await anna.signs_in(ANNA)
    for _ in range(29):
        world.clock.pass_time(hours=11.9)
        await anna.client.get("/api/v1/session")
    assert (await anna.client.get("/api/v1/session")).status_code == 401, "after 14 days"


async def test_neither_cookie_nor_password_stands_in_the_database(world: ApiWorld) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    cookie = anna.client.cookies["centrale-8000"]
    async with world.database.read() as unit:
        (session,) = (await unit.session.scalars(select(WebSessionRow))).all()
        user = (await unit.session.scalars(select(WebUserRow).where(WebUserRow.email == ANNA))).one()
    assert cookie not in repr(vars(session))
    assert anna.client.headers["X-CSRF-Token"] not in repr(vars(session))
    assert len(cookie) >= 43, "256 bits"
    assert user.password_hash is not None
    assert PASSWORD not in user.password_hash


async def test_she_sees_where_she_is_signed_in_and_ends_it_from_afar(world: ApiWorld) -> None:
    office = await world.person(ANNA, "account", account=await world.company())
    world.clock.pass_time(minutes=1)
    lost = await world.browser()
    lost.client.headers["user-agent"] = "Lost Laptop"
    await lost.signs_in(ANNA)
    browsers = (await office.client.get("/api/v1/session/browsers")).json()["items"]
    assert browsers[0]["program"] == "Lost Laptop"
    assert (await office.client.delete(f"/api/v1/session/browsers/{browsers[0]['id']}")).status_code == 204
    assert (await lost.client.get("/api/v1/session")).status_code == 401
    assert (await office.client.delete("/api/v1/session/browsers/0123456789abcdef")).status_code == 404


async def test_she_changes_her_password_and_is_signed_out_everywhere(world: ApiWorld) -> None:
    office = await world.person(ANNA, "account", account=await world.company())
    home = await world.browser()
    await home.signs_in(ANNA)
    path, new = "/api/v1/session/password", "negen blauwe boten"
    wrong = await office.client.put(path, json={"current": "not this one", "password": new})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/current")
    assert (await office.client.put(path, json={"current": PASSWORD, "password": new})).status_code == 204
    for browser in (office, home):
        assert (await browser.client.get("/api/v1/session")).status_code == 401
    assert (await office.signs_in(ANNA)).status_code == 401
    assert (await office.signs_in(ANNA, new)).status_code == 201


@pytest.mark.parametrize(
    "weak", ["short", "wachtwoord1", "anna@acme.example", "aaaaaaaaaaaaaaa", "Anna1234567890", "x" * 201]
)
async def test_a_password_that_is_easily_guessed_is_refused_with_advice(world: ApiWorld, weak: str) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    refused = await anna.client.put("/api/v1/session/password", json={"current": PASSWORD, "password": weak})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "/password"
    assert weak not in refused.text or weak == "short"


async def link_for(world: ApiWorld, email: str) -> str:
    """What stands behind the # in the newest e-mail to `email`."""
    async with world.database.read() as unit:
        query = select(NoticeRow).where(NoticeRow.recipient == email).order_by(NoticeRow.created.desc())
        notice = (await unit.session.scalars(query)).first()
    assert notice is not None
    assert notice.private
    found = re.search(r"http://127\.0\.0\.1:8000/choose-password#(\S+)", notice.body)
    assert found is not None
    return found.group(1)


async def test_who_forgot_the_password_gets_a_link_that_is_good_once(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    stranger = await world.browser()
    assert (await stranger.client.post("/api/v1/session/forgotten", json={"email": ANNA})).status_code == 202
    chosen = {"link": await link_for(world, ANNA), "password": "negen blauwe boten"}
    assert (await stranger.client.post("/api/v1/session/chosen", json={**chosen, "password": "x"})).status_code == 422
    assert (await stranger.client.post("/api/v1/session/chosen", json=chosen)).status_code == 204
    again = await stranger.client.post("/api/v1/session/chosen", json=chosen)
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "/link")
    assert (await stranger.signs_in(ANNA, "negen blauwe boten")).status_code == 201


async def test_a_link_is_good_for_an_hour(world: ApiWorld) -> None:
    await world.person(ANNA, "account", account=await world.company())
    stranger = await world.browser()
    await stranger.client.post("/api/v1/session/forgotten", json={"email": ANNA})
    chosen = {"link": await link_for(world, ANNA), "password": "negen blauwe boten"}
    world.clock.pass_time(hours=1)
    assert (await stranger.client.post("/api/v1/session/chosen", json=chosen)).status_code == 422


async def test_asking_for_a_link_does_not_tell_who_there_is(world: ApiWorld) -> None:
    stranger = await world.browser()
    answer = await stranger.client.post("/api/v1/session/forgotten", json={"email": "nobody@acme.example"})
    assert answer.status_code == 202
    async with world.database.read() as unit:
        assert (await unit.session.scalars(select(WebLinkRow))).all() == []


async def test_the_link_is_shown_to_nobody_else(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person(ANNA, "account", account=account)
    await world.person("boss@centrale.example", "platform")
    stranger = await world.browser()
    for email in (ANNA, "boss@centrale.example"):
        await stranger.client.post("/api/v1/session/forgotten", json={"email": email})
    secrets = [await link_for(world, ANNA), await link_for(world, "boss@centrale.example")]
    for client in (admin.client, world.platform):
        for path in (f"/api/v1/accounts/{account}/notices", f"/api/v1/accounts/{account}/audit", "/api/v1/audit"):
            answer = await client.get(path)
            assert not any(secret in answer.text for secret in secrets), path


async def test_with_a_second_factor_the_password_alone_is_not_enough(world: ApiWorld) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    proposed = (await anna.client.get("/api/v1/session/second-factor")).json()
    assert "Centrale" in proposed["address"]
    app = pyotp.TOTP(proposed["secret"])
    switched = {"current": PASSWORD, "secret": proposed["secret"], "code": app.at(world.clock.moment)}
    wrong = await anna.client.put("/api/v1/session/second-factor", json={**switched, "code": "000000"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "/code")
    assert (await anna.client.put("/api/v1/session/second-factor", json=switched)).status_code == 204

    browser = await world.browser()
    asked = await browser.signs_in(ANNA)
    assert (asked.status_code, asked.json()["type"]) == (401, "urn:centrale:problem:code-needed")
    assert (await browser.signs_in(ANNA, code=switched["code"])).status_code == 401, "that one was used to switch it on"
    world.clock.pass_time(seconds=30)
    code = app.at(world.clock.moment)
    assert (await browser.signs_in(ANNA, code=f"{code[:3]} {code[3:]}")).status_code == 201
    assert (await browser.signs_in(ANNA, code=code)).status_code == 401, "none is good twice"
    off = "/api/v1/session/second-factor/off"
    unattended = await anna.client.put(off, json={"current": "not this one"})
    assert (unattended.status_code, unattended.json()["errors"][0]["field"]) == (422, "/current")
    assert (await anna.client.put(off, json={"current": PASSWORD})).status_code == 204
    assert (await browser.signs_in(ANNA)).status_code == 201


async def test_codes_are_guessed_no_better_than_passwords(world: ApiWorld) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    secret = (await anna.client.get("/api/v1/session/second-factor")).json()["secret"]
    body = {"current": PASSWORD, "secret": secret, "code": pyotp.TOTP(secret).at(world.clock.moment)}
    await anna.client.put("/api/v1/session/second-factor", json=body)
    browser = await world.browser()
    answers = [(await browser.signs_in(ANNA, code="000000")).status_code for _ in range(5)]
    assert answers == [401, 401, 401, 401, 429]


async def test_who_may_not_sign_in_any_more_is_out_at_once(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    (user,) = (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
    assert (await world.platform.patch(f"/api/v1/web-users/{user['id']}", json={"disabled": True})).status_code == 200
    assert (await anna.client.get("/api/v1/session")).status_code == 401
    assert (await anna.signs_in(ANNA)).status_code == 401


@pytest.mark.parametrize("how", ["herself", "disabled", "password"])
async def test_a_stream_ends_when_its_reader_is_signed_out(
    world: ApiWorld, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(streaming, "LOOK_AGAIN_AFTER", 0.05)
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    stream = await world.events(account, anna)
    assert (await stream.next()).event == "calls"
    (user,) = (await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"]
    new = {"current": PASSWORD, "password": "negen blauwe boten"}
    answer = await {
        "herself": lambda: anna.client.delete("/api/v1/session"),
        "disabled": lambda: world.platform.patch(f"/api/v1/web-users/{user['id']}", json={"disabled": True}),
        "password": lambda: anna.client.put("/api/v1/session/password", json=new),
    }[how]()
    assert answer.is_success
    with pytest.raises(EOFError):
        await stream.next()


async def test_a_session_that_is_not_used_ends_by_itself(world: ApiWorld) -> None:
    anna = await world.person(ANNA, "account", account=await world.company())
    world.clock.pass_time(hours=12, seconds=1)
    assert (await anna.client.get("/api/v1/session")).status_code == 401
    await anna.signs_in(ANNA)
    async with world.database.read() as unit:
        assert len((await unit.session.scalars(select(WebSessionRow))).all()) == 1, "the old one is kept by nobody"


async def test_a_session_of_who_may_not_sign_in_is_none(world: ApiWorld) -> None:
    """However it came to be: it is looked at with every request."""
    anna = await world.person(ANNA, "account", account=await world.company())
    async with world.database.change("test") as unit:
        (await unit.session.scalars(select(WebUserRow).where(WebUserRow.email == ANNA))).one().disabled = True
    assert (await anna.client.get("/api/v1/session")).status_code == 401


async def test_signing_in_makes_a_session_of_its_own(world: ApiWorld) -> None:
    """Whoever put a cookie into her browser before knows nothing of the one that she gets (session fixation)."""
    await world.person(ANNA, "account", account=await world.company())
    mallory = await world.person("mallory@acme.example", "platform")
    planted = mallory.client.cookies["centrale-8000"]
    anna = await world.browser()
    anna.client.cookies.set("centrale-8000", planted, domain="exchange.example")
    answer = await anna.signs_in(ANNA)
    assert planted not in answer.headers["set-cookie"]
    for browser, email in ((mallory, "mallory@acme.example"), (anna, ANNA)):
        assert (await browser.client.get("/api/v1/session")).json()["user"]["email"] == email


async def test_nobody_sees_or_ends_the_browsers_of_others(world: ApiWorld) -> None:
    account = await world.company()
    anna = await world.person(ANNA, "account", account=account)
    ben = await world.person("ben@acme.example", "account", account=account)
    (hers,) = (await anna.client.get("/api/v1/session/browsers")).json()["items"]
    listed = (await ben.client.get("/api/v1/session/browsers")).json()["items"]
    assert hers["id"] not in [it["id"] for it in listed]
    assert len(listed) == 1
    assert (await ben.client.delete(f"/api/v1/session/browsers/{hers['id']}")).status_code == 404
    assert (await anna.client.get("/api/v1/session")).status_code == 200
