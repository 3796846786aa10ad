"""What people, pages of other sites and programs that mean harm send to the door (issue 5, bad input)."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from api_world import PASSWORD, ApiWorld
from every_route import Things, every_operation
from prometheus_client import CollectorRegistry
from pydantic import HttpUrl
from sqlalchemy import select

from centrale.accounts.models import NoticeRow, WebUserRow
from centrale.accounts.outside_sign_in import Outsider, let_in
from centrale.api import guards
from centrale.api.app import attach
from centrale.api.uploads import LARGEST_UPLOAD
from centrale.notices.letter import letter

ANNA = "anna@acme.example"
HTML = "<img src=x onerror=alert(1)>"


async def test_no_address_is_believed_that_only_looks_like_anothers(world: ApiWorld) -> None:
    """The Kelvin sign is a k to who makes letters small; a Cyrillic а looks like a Latin one."""
    account = await world.company()
    await world.person("karel@acme.example", "account", account=account)
    for alike in ("\u212aarel@acme.example", "k\u0430rel@acme.example"):
        assert (await (await world.browser()).signs_in(alike)).status_code == 401
        async with world.database.change("test") as unit:
            assert await let_in(unit, Outsider("https://id.example.org", "m", alike), address="", program="") is None
        stranger = await world.client()
        await stranger.post("/api/v1/session/forgotten", json={"email": alike})
    async with world.database.read() as unit:
        assert list(await unit.session.scalars(select(NoticeRow))) == []


@pytest.mark.parametrize("field", ["email", "password", "code"])
@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u202e", "a\r\nb", "' OR 1=1 --", "{{7*7}}", "%s%n", "é" * 20])
async def test_nothing_that_can_be_typed_breaks_signing_in(world: ApiWorld, field: str, text: str) -> None:
    await world.person(ANNA, "platform")
    body = {"email": ANNA, "password": PASSWORD, "code": "000000", field: text}
    if field == "code":
        body["password"] = "wrong " + PASSWORD
    answer = await (await world.client()).post(
        "/api/v1/session", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in (401, 422), answer.text


async def test_html_in_names_is_only_text_in_e_mails_and_tables(world: ApiWorld) -> None:
    account = await world.company()
    admin = await world.person(ANNA, "account", account=account)
    base = f"/api/v1/accounts/{account}"
    person = {"email": "new@acme.example", "name": HTML, "role": "account", "account": account}
    assert (await admin.client.post("/api/v1/web-users", json=person)).status_code == 201
    async with world.database.read() as unit:
        (notice,) = await unit.session.scalars(select(NoticeRow))
    mail = letter(notice, "exchange@example.org", None)  # type: ignore[arg-type]  # it reads the same fields
    assert [part.get_content_type() for part in mail.walk()] == ["text/plain"]
    assert HTML in mail.get_content()

    await admin.client.post(f"{base}/contacts", json={"surname": HTML, "company": "=HYPERLINK(1)"})
    table = await admin.client.get(f"{base}/contacts/export")
    assert table.headers["content-type"].startswith("text/csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert HTML in table.text
    assert "'=HYPERLINK(1)" in table.text


async def test_links_in_e_mails_lead_to_us_whatever_the_request_calls_us(world: ApiWorld) -> None:
    """Else somebody could have Anna's link mailed to her with their own address in it."""
    await world.person(ANNA, "platform")
    stranger = await world.client()
    foreign = await stranger.post("/api/v1/session/forgotten", json={"email": ANNA}, headers={"Host": "evil.example"})
    assert foreign.status_code == 421
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "Origin": "http://evil.example"}
    assert (await stranger.post("/api/v1/session/forgotten", json={"email": ANNA}, headers=headers)).is_success
    async with world.database.read() as unit:
        (notice,) = await unit.session.scalars(select(NoticeRow))
    assert "http://127.0.0.1:8000/choose-password#" in notice.body
    assert "evil" not in notice.body


@pytest.mark.parametrize("query", ["next=https://evil.example", "redirect_uri=//evil.example", "state=//evil.example"])
async def test_whoever_comes_back_from_signing_in_lands_here(world: ApiWorld, query: str) -> None:
    settings = world.services.settings.model_copy(
        update={"oidc_issuer": HttpUrl("http://127.0.0.1:9"), "oidc_client_id": "centrale"}
    )
    attach(world.app, replace(world.services, settings=settings, metrics=CollectorRegistry()))
    stranger = await world.client()
    for way in ("/api/v1/session/outside", "/api/v1/session/outside/back"):
        answer = await stranger.get(f"{way}?{query}&code=x")
        assert answer.status_code == 303
        assert answer.headers["location"] in ("/?sign-in=away", "/?sign-in=refused")


async def test_no_answer_can_be_framed_cached_or_read_by_another_site(world: ApiWorld) -> None:
    account = await world.company()
    page = {"Origin": "https://evil.example", "Accept": "text/html"}
    stranger = await world.client()
    answers = [await stranger.get("/", headers=page), await stranger.get("/api/v1/session/ways", headers=page)]
    nothing = Things(account, {})
    for operation in every_operation(world.app):
        needs_something = operation.query or "{" in operation.path.replace("{account}", "")
        if operation.method == "GET" and not operation.streams and not needs_something:
            address = operation.address(account, nothing)
            answers.append(await world.platform.get(address, headers={"Origin": "https://evil.example"}))
    assert len(answers) > 30
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, answer.url
        assert "frame-ancestors 'none'" in policy, answer.url
        assert "unsafe" not in policy, answer.url
        assert answer.headers["x-frame-options"] == "DENY", answer.url
        assert answer.headers["referrer-policy"] == "no-referrer", answer.url
        assert answer.headers["cross-origin-resource-policy"] == "same-origin", answer.url
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["x-content-type-options"] == "nosniff", answer.url
        assert "access-control-allow-origin" not in answer.headers, answer.url
        assert "strict-transport-security" not in answer.headers, "browsers would refuse http:// from then on"


async def test_behind_https_browsers_are_told_to_stay_there_and_cookies_too(world: ApiWorld) -> None:
    await world.person(ANNA, "platform")
    settings = world.services.settings.model_copy(update={"public_url": HttpUrl("https://exchange.example")})
    attach(world.app, replace(world.services, settings=settings, metrics=CollectorRegistry()))
    answer = await (await world.browser()).signs_in(ANNA)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie.split("; ") for cookie in cookies)


async def pieces(*parts: bytes, then: float = 0) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    await asyncio.sleep(then)


async def test_a_body_that_stops_coming_holds_no_connection(world: ApiWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "NEXT_PIECE_WITHIN", 0.05)
    for path, media in (("/api/v1/accounts", "application/json"), ("/api/v1/session", "application/json")):
        stopped = await world.platform.post(
            path, content=pieces(b'{"number": ', then=30), headers={"Content-Type": media}
        )
        assert (stopped.status_code, stopped.headers["content-type"]) == (408, "application/problem+json"), path


class Untouched:
    """A body that must not be asked for."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        raise AssertionError("it was read")
        yield b""


@pytest.mark.parametrize("length", [str(LARGEST_UPLOAD + 1), "9" * 40, "-1", "1e3", "\u0663"])
async def test_a_huge_upload_is_refused_before_it_is_read(world: ApiWorld, length: str) -> None:
    account = await world.company()
    headers = {b"Content-Length": length.encode(), b"Content-Type": b"multipart/form-data; boundary=x"}
    for place in ("sounds", "music", "contacts/import"):
        refused = await world.platform.post(f"/api/v1/accounts/{account}/{place}", content=Untouched(), headers=headers)
        assert refused.status_code == 413, place


async def test_nobody_has_a_body_read_without_signing_in(world: ApiWorld) -> None:
    stranger = await world.client()
    headers = {"Content-Length": "1000000", "Content-Type": "application/json"}
    assert (await stranger.post("/api/v1/accounts", content=Untouched(), headers=headers)).status_code == 401


async def test_only_our_own_page_can_have_somebody_sign_in(world: ApiWorld) -> None:
    """A form of another site can send neither JSON nor a header; so nobody is signed in as another unawares."""
    await world.person(ANNA, "platform")
    stranger = await world.client()
    body = json.dumps({"email": ANNA, "password": PASSWORD}).encode()
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        refused = await stranger.post("/api/v1/session", content=body, headers={"Content-Type": media})
        assert refused.status_code == 415
        assert "set-cookie" not in refused.headers


async def test_an_address_too_long_for_the_audit_is_refused(world: ApiWorld) -> None:
    person = {"email": f"{'x' * 60}@{'y' * 20}.example", "name": "X", "role": "platform"}
    refused = await world.platform.post("/api/v1/web-users", json=person)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/email")


@pytest.mark.parametrize("link", ["", "x", "\x00", "x" * 1001, "\ud800"])
async def test_a_link_that_is_none_opens_nothing(world: ApiWorld, link: str) -> None:
    body = json.dumps({"link": link, "password": PASSWORD})
    answer = await (await world.client()).post(
        "/api/v1/session/chosen", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("cookie", ["", "x", "é", "x" * 5000, '"; Path=/', "a=b; centrale-8000=c"])
async def test_a_made_up_cookie_signs_nobody_in(world: ApiWorld, cookie: str) -> None:
    headers = {b"Cookie": b"centrale-8000=" + cookie.encode()}
    answer = await (await world.client()).get("/api/v1/session", headers=headers)
    assert answer.status_code == 401


async def test_signing_in_takes_the_same_answer_for_who_is_there_and_who_is_not(world: ApiWorld) -> None:
    """Also for who was invited and has no password yet, and for who may not sign in any more."""
    account = await world.company()
    await world.person(ANNA, "account", account=account)
    await world.person("out@acme.example", "account", account=account)
    person = {"email": "invited@acme.example", "name": "I", "role": "account", "account": account}
    assert (await world.platform.post("/api/v1/web-users", json=person)).is_success
    async with world.database.change("test") as unit:
        query = select(WebUserRow).where(WebUserRow.email == "out@acme.example")
        (await unit.session.scalars(query)).one().disabled = True

    def told(answer: httpx.Response) -> tuple[Any, ...]:
        return answer.status_code, answer.text, tuple(sorted(answer.headers))

    answers = {
        told(await (await world.browser()).signs_in(email, "four wrong words here"))
        for email in (ANNA, "out@acme.example", "invited@acme.example", "nobody@acme.example")
    }
    assert len({(status, text) for status, text, _ in answers}) == 1
    assert len({tuple(names) for *_, names in answers}) == 1


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1b[31m", "a\r\nb"])
async def test_a_cursor_with_characters_that_no_key_has_is_refused(world: ApiWorld, text: str) -> None:
    after = urlsafe_b64encode(text.encode()).decode()
    refused = await world.platform.get("/api/v1/accounts", params={"after": after})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/after")
