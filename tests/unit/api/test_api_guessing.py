"""Guessing passwords and filling mailboxes gets slow, and keeps nobody out who has done neither (ROLE-1)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest
from api_world import PASSWORD, ApiWorld, Browser
from argon2 import PasswordHasher
from sqlalchemy import select

from centrale.accounts.models import LockoutRow, NoticeRow, WebLinkRow, WebUserRow
from centrale.accounts.sign_in import place_of

ANNA, BEN = "anna@acme.example", "ben@acme.example"
WRONG = "four wrong words here"


async def at(world: ApiWorld, address: str) -> Browser:
    """A new browser at `address`."""
    browser = await world.browser()
    browser.client._transport.client = (address, 4711)  # type: ignore[attr-defined]
    return browser


@pytest.fixture
async def account(world: ApiWorld) -> int:
    """A company whose people sign in at 198.51.100.7, Anna and Ben."""
    account = await world.company()
    for email in (ANNA, BEN):
        await world.person(email, "account", account=account)
    return account


async def guesses(world: ApiWorld, address: str, email: str, times: int) -> list[int]:
    """What somebody at `address` is answered who guesses so many times."""
    browser = await at(world, address)
    return [(await browser.signs_in(email, WRONG)).status_code for _ in range(times)]


async def test_one_colleague_who_fails_does_not_lock_out_the_office(world: ApiWorld, account: int) -> None:
    """They share an address: that of the company's router."""
    assert 429 in await guesses(world, "198.51.100.7", ANNA, 12)
    assert (await (await at(world, "198.51.100.7")).signs_in(BEN)).status_code == 201


async def test_who_tries_everybody_from_one_address_gets_slow_too(world: ApiWorld, account: int) -> None:
    mallory = await at(world, "203.0.113.9")
    answers = [(await mallory.signs_in(f"person{n}@acme.example", WRONG)).status_code for n in range(33)]
    assert answers == [401] * 31 + [429] * 2
    locked = await (await at(world, "203.0.113.9")).signs_in(BEN)
    assert int(locked.headers["retry-after"]) <= 120, "nobody who sits there, too, is kept out for long"


async def test_she_gets_in_with_a_browser_of_before_whatever_others_do(world: ApiWorld, account: int) -> None:
    home = await at(world, "192.0.2.50")
    assert (await home.signs_in(ANNA)).status_code == 201
    for n in range(32):
        assert (await guesses(world, f"203.0.113.{n}", ANNA, 1)) == [401 if n < 31 else 429]
    assert (await (await at(world, "192.0.2.60")).signs_in(ANNA)).status_code == 429, "elsewhere she has to wait"
    assert (await home.signs_in(ANNA)).status_code == 201
    assert [(await home.signs_in(ANNA, WRONG)).status_code for _ in range(5)] == [401] * 4 + [429], "her own count"


async def test_a_known_browser_is_known_to_one_person(world: ApiWorld, account: int) -> None:
    """Else whoever may sign in somewhere could guess everybody else's password from there."""
    mallory = await at(world, "203.0.113.9")
    assert (await mallory.signs_in(BEN)).status_code == 201
    answers = [(await mallory.signs_in(ANNA, WRONG)).status_code for _ in range(5)]
    assert answers == [401] * 4 + [429]
    assert (await mallory.signs_in(BEN)).status_code == 201
    async with world.database.read() as unit:
        subjects = set(await unit.session.scalars(select(LockoutRow.subject)))
    assert f"web:203.0.113.9:{ANNA}" in subjects


@pytest.mark.parametrize("made_up", ["x", "é", "gAAAAABmade-up", "known browser 1 abc"])
async def test_a_made_up_browser_is_not_known(world: ApiWorld, account: int, made_up: str) -> None:
    mallory = await at(world, "203.0.113.9")
    answers = []
    for n in range(5):
        headers = {"Cookie": f"centrale-browser-8000={made_up}{n}".encode()}
        body = {"email": ANNA, "password": WRONG}
        answers.append((await mallory.client.post("/api/v1/session", json=body, headers=headers)).status_code)
    assert answers == [401] * 4 + [429]


def test_whoever_has_a_network_of_addresses_sits_in_one_place() -> None:
    assert place_of("2001:db8:1:2:3::4") == place_of("2001:db8:1:2:ffff::") == "2001:db8:1:2::/64"
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1") == "192.0.2.1"
    assert place_of("fe80::1%eth0") == "fe80::/64"
    assert place_of("") == ""


async def test_names_of_any_length_are_counted_apart(world: ApiWorld, account: int) -> None:
    long = "x" * 150
    assert 429 in await guesses(world, "203.0.113.9", f"{long}1@a.example", 5)
    assert 429 not in await guesses(world, "203.0.113.9", f"{long}2@a.example", 3)


async def test_a_hash_of_less_work_is_made_anew_when_she_signs_in(world: ApiWorld, account: int) -> None:
    dated = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    async with world.database.change("test") as unit:
        row = (await unit.session.scalars(select(WebUserRow).where(WebUserRow.email == ANNA))).one()
        row.password_hash = dated
    assert (await (await world.browser()).signs_in(ANNA, WRONG)).status_code == 401
    assert await _hash_of(world) == dated
    assert (await (await world.browser()).signs_in(ANNA)).status_code == 201
    renewed = await _hash_of(world)
    assert renewed != dated
    assert (await (await world.browser()).signs_in(ANNA)).status_code == 201
    assert await _hash_of(world) == renewed


async def _hash_of(world: ApiWorld) -> str | None:
    async with world.database.read() as unit:
        row = (await unit.session.scalars(select(WebUserRow).where(WebUserRow.email == ANNA))).one()
        return row.password_hash


async def mails(world: ApiWorld, email: str = ANNA) -> list[str]:
    async with world.database.read() as unit:
        query = select(NoticeRow).where(NoticeRow.recipient == email).order_by(NoticeRow.created, NoticeRow.id)
        return [notice.body for notice in await unit.session.scalars(query)]


async def forgets(world: ApiWorld, email: str = ANNA, address: str = "203.0.113.9") -> int:
    browser = await at(world, address)
    return (await browser.client.post("/api/v1/session/forgotten", json={"email": email})).status_code


async def test_nobodys_mailbox_is_filled_with_links(world: ApiWorld, account: int) -> None:
    assert [await forgets(world, address=f"203.0.113.{n}") for n in range(9)] == [202] * 9, "and it is not told"
    assert len(await mails(world)) == 4
    world.clock.pass_time(minutes=6)
    await forgets(world)
    assert len(await mails(world)) == 5


async def test_nor_are_those_of_a_whole_company(world: ApiWorld, account: int) -> None:
    for n in range(40):
        await forgets(world, f"person{n}@acme.example")
    await forgets(world, BEN)
    assert await mails(world, BEN) == []
    await forgets(world, BEN, "192.0.2.60")
    assert len(await mails(world, BEN)) == 1


async def test_asking_for_a_link_leaves_an_invitation_good(world: ApiWorld, account: int) -> None:
    """Anybody can say that somebody forgot a password."""
    person = {"email": "new@acme.example", "name": "New", "role": "account", "account": account}
    made = (await world.platform.post("/api/v1/web-users", json=person)).json()
    await forgets(world, "new@acme.example")
    world.clock.pass_time(days=6)
    link = made["link"].partition("#")[2]
    stranger = await world.browser()
    chosen = await stranger.client.post("/api/v1/session/chosen", json={"link": link, "password": PASSWORD})
    assert chosen.status_code == 204
    async with world.database.read() as unit:
        assert list(await unit.session.scalars(select(WebLinkRow))) == [], "once it is used, none is left"


@pytest.mark.parametrize("change", [{"email": "anna.wed@acme.example"}, {"disabled": True}])
async def test_a_link_to_an_address_of_before_opens_nothing(
    world: ApiWorld, account: int, change: dict[str, object]
) -> None:
    await forgets(world)
    (body,) = await mails(world)
    link = body.partition("#")[2].split()[0]
    (id,) = [it["id"] for it in await _people(world, account) if it["email"] == ANNA]
    assert (await world.platform.patch(f"/api/v1/web-users/{id}", json=change)).is_success
    stranger = await world.browser()
    chosen = await stranger.client.post("/api/v1/session/chosen", json={"link": link, "password": PASSWORD})
    assert (chosen.status_code, chosen.json()["errors"][0]["field"]) == (422, "/link")


async def test_of_two_who_choose_a_password_with_one_link_one_does(world: ApiWorld, account: int) -> None:
    await forgets(world)
    (body,) = await mails(world)
    link = body.partition("#")[2].split()[0]
    words = ("negen blauwe boten", "zeven gele treinen")
    clients = [(await world.browser()).client for _ in words]
    answers = await asyncio.gather(
        *(
            client.post("/api/v1/session/chosen", json={"link": link, "password": password})
            for client, password in zip(clients, words, strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 422]


async def test_a_code_of_a_clock_that_differs_by_half_a_minute_is_good_and_of_two_minutes_is_not(
    world: ApiWorld, account: int
) -> None:
    anna = await world.browser()
    await anna.signs_in(ANNA)
    secret = (await anna.client.get("/api/v1/session/second-factor")).json()["secret"]
    app = pyotp.TOTP(secret)
    body = {"current": PASSWORD, "secret": secret, "code": app.at(world.clock.moment)}
    assert (await anna.client.put("/api/v1/session/second-factor", json=body)).status_code == 204
    world.clock.pass_time(minutes=10)
    for seconds, status in ((-120, 401), (120, 401), (-30, 201)):
        code = app.at(world.clock.moment + timedelta(seconds=seconds))
        assert (await anna.signs_in(ANNA, code=code)).status_code == status, seconds
    async with world.database.read() as unit:
        row = (await unit.session.scalars(select(WebUserRow).where(WebUserRow.email == ANNA))).one()
    assert secret not in str(row.totp_secret), "kept sealed"


async def _people(world: ApiWorld, account: int) -> list[dict[str, object]]:
    return list((await world.platform.get(f"/api/v1/web-users?account={account}")).json()["items"])


async def test_an_unattended_browser_is_no_place_to_guess_the_password_at(world: ApiWorld, account: int) -> None:
    anna = await world.browser()
    await anna.signs_in(ANNA)
    secret = (await anna.client.get("/api/v1/session/second-factor")).json()["secret"]
    code = pyotp.TOTP(secret).at(world.clock.moment)
    ways: list[tuple[str, dict[str, str]]] = [
        ("password", {"password": "negen blauwe boten"}),
        ("second-factor", {"secret": secret, "code": code}),
        ("second-factor/off", {}),
        ("password", {"password": "negen blauwe boten"}),
    ]
    for place, body in ways:
        answer = await anna.client.put(f"/api/v1/session/{place}", json={"current": WRONG, **body})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "/current")
    for place, body in ways:
        locked = await anna.client.put(f"/api/v1/session/{place}", json={"current": PASSWORD, **body})
        assert (locked.status_code, locked.json()["type"]) == (429, "urn:centrale:problem:locked")
    assert (await (await world.browser()).signs_in(ANNA)).status_code == 201, "she signs in as ever"
    world.clock.pass_time(seconds=int(locked.headers["retry-after"]))
    place, body = ways[0]
    assert (await anna.client.put(f"/api/v1/session/{place}", json={"current": PASSWORD, **body})).status_code == 204
