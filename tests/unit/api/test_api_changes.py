"""An open page hears of every change at once: what is stored is in force, and everybody sees it (PTL-2)."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from api_world import ApiWorld, Browser, EventStream
from every_route import a_sound

from centrale.accounts import extensions, messages
from centrale.accounts.database import Database
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages import Message
from centrale.api.change_feed import LOGON, MESSAGE, RECORD
from centrale.routing.snapshot import AccountId

Opens = Callable[..., Awaitable[EventStream]]


@pytest.fixture
async def opens(world: ApiWorld) -> Opens:
    """A page of somebody's: a token's text, or a browser that is signed in."""

    async def opens(who: str | Browser, last: str | None = None) -> EventStream:
        page = await world.stream("/api/v1/changes", who, last)
        assert page.status == 200
        return page

    return opens


def good(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, answer.text
    return answer


async def told(page: EventStream, type_: str) -> int | None:
    """Waits until something of this type was changed, and tells of which account."""
    while True:
        event = await page.next()
        if event.event == "changed" and type_ in event.data["types"]:
            account: int | None = event.data["account"]
            return account


async def nothing_is_left(world: ApiWorld, account: int, page: EventStream) -> None:
    """Whatever was changed until now has been told. By a contact: the token that the page was opened with may have been
    told a moment ago, or come still."""
    await makes_contact(world, account)
    assert await told(page, "contact") == account


@pytest.fixture
async def company(world: ApiWorld) -> int:
    account = await world.company()
    await make_plan(world, account)
    return account


async def make_plan(world: ApiWorld, account: int) -> None:
    good(await world.platform.post(f"/api/v1/accounts/{account}/schemas/1/plans", json={"name": "Always"}))
    good(await world.platform.post(f"/api/v1/accounts/{account}/numbers", json={"e164": "+31205550100"}))


async def makes_contact(world: ApiWorld, account: int) -> None:
    good(await world.platform.post(f"/api/v1/accounts/{account}/contacts", json={"first_name": "Eva"}))


async def is_ended(page: EventStream) -> None:
    """Soon, that is: the stream tells at most what was on its way."""
    with contextlib.suppress(EOFError):
        while True:
            await page.next()


CHANGES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "an extension": ("PATCH", "extensions/201", {"name": "Jansen-Smit"}, "extension"),
    "a member of a queue": ("POST", "extensions", {"number": "500", "kind": "queue", "name": "Sales"}, "extension"),
    "a channel": ("PATCH", "channels/{channel}", {"call_limit": 3}, "channel"),
    "a number": ("POST", "numbers", {"e164": "+31205550199"}, "number"),
    "a plan": ("PATCH", "schemas/1/plans/1", {"name": "Day"}, "plan"),
    "the week": (
        "PUT",
        "schemas/1/schedule",
        {"entries": [{"days": ["monday"], "start": "09:00", "end": "17:00", "plan": 1}]},
        "schedule",
    ),
    "a holiday": (
        "PUT",
        "schemas/1/holidays",
        {"holidays": [{"description": "x", "start": "2031-05-05 00:00", "end": "2031-05-06 00:00", "plan": 1}]},
        "holiday",
    ),
    "the override": ("PUT", "schemas/1/override", {"plan": 1}, "schema"),
    "a contact": ("POST", "contacts", {"first_name": "Eva"}, "contact"),
    "the account's settings": ("PATCH", "", {"emergency_caller_id": "+31205550100"}, "account"),
    "a webhook": (
        "POST",
        "webhooks",
        {"name": "x", "url": "https://x.example/", "events": ["call.ended"]},
        "webhook",
    ),
    "a logon": ("DELETE", "logons/{channel}", {}, LOGON),
}


@pytest.mark.parametrize("what", CHANGES)
async def test_whatever_is_changed_another_page_hears_of_it(
    world: ApiWorld, opens: Opens, company: int, what: str
) -> None:
    page = await opens(await world.token(company))
    assert (await page.next()).event == "here"
    await nothing_is_left(world, company, page)
    method, path, body, type_ = CHANGES[what]
    address = f"/api/v1/accounts/{company}/{path.format(channel=world.channels(company)[0])}".rstrip("/")
    good(await world.platform.request(method, address, json=body))
    assert await told(page, type_) == company


async def test_a_message_is_told_of_when_it_is_left_heard_and_deleted_also_to_whose_it_is(
    world: ApiWorld, opens: Opens, company: int
) -> None:
    """By telephone, so that no audit tells of it: pages of mailboxes ask for nothing by the clock."""
    anna = await world.person("anna@example.org", "end_user", account=company, extension="201")
    pages = [await opens(await world.token(company)), await opens(anna)]
    await nothing_is_left(world, company, pages[0])
    account, now = AccountId(company), world.clock.now()
    left = Message(
        id="m1", mailbox="201", left_at=now, seconds=3, caller="", caller_name="", call_id="c1", heard_at=None
    )
    for act in (
        lambda unit: messages.add(unit, account, left),
        lambda unit: messages.set_heard(unit, account, "m1", now),
        lambda unit: messages.delete(unit, account, "m1"),
    ):
        async with world.database.change("telephone") as unit:
            await act(unit)
        for page in pages:
            assert await told(page, MESSAGE) == company


async def test_sounds_music_and_who_works_in_a_queue(world: ApiWorld, opens: Opens, company: int) -> None:
    base = f"/api/v1/accounts/{company}"
    settings = {"members": [{"agent": "201"}]}
    queue = {"number": "500", "kind": "queue", "name": "Sales", "settings": settings}
    good(await world.platform.post(f"{base}/extensions", json=queue))
    page = await opens(await world.token(company))
    await nothing_is_left(world, company, page)
    for what, type_ in (("sounds", "sound"), ("music", "music")):
        sent = good(await world.platform.post(f"{base}/{what}", files={"file": ("hello.wav", a_sound())}))
        assert await told(page, type_) == company
        good(await world.platform.delete(f"{base}/{what}/{sent.json()['file']}"))
        assert await told(page, type_) == company
    member = f"{base}/queues/500/members/201"
    for method in ("DELETE", "PUT"):
        good(await world.platform.request(method, member))
        assert await told(page, LOGON) == company


async def test_the_rights_of_a_web_user_too(world: ApiWorld, opens: Opens, company: int) -> None:
    page = await opens(await world.token(company))
    await nothing_is_left(world, company, page)
    user = {"email": "anna@example.org", "name": "Anna", "role": "account", "account": company}
    made = good(await world.platform.post("/api/v1/web-users", json=user)).json()
    assert await told(page, "web user") == company
    good(await world.platform.patch(f"/api/v1/web-users/{made['id']}", json={"role": "supervisor"}))
    assert await told(page, "web user") == company


async def test_who_sees_what(world: ApiWorld, opens: Opens, company: int) -> None:
    """The platform hears of trunks and of everybody; an account of itself alone; a user not even of what it is."""
    rival = await world.company("2000", "Rival")
    anna = await world.person("anna@example.org", "end_user", account=company, extension="201")
    theirs, hers = await opens(await world.token(rival)), await opens(anna)
    assert [(await page.next()).event for page in (theirs, hers)] == ["here", "here"]
    await nothing_is_left(world, rival, theirs)
    good(await world.platform.post("/api/v1/trunks", json={"name": "carrier", "host": "192.0.2.1"}))
    good(await world.platform.patch(f"/api/v1/accounts/{company}/extensions/201", json={"name": "Jansen-Smit"}))
    await makes_contact(world, rival)
    event = await theirs.next()
    assert event.data == {"account": rival, "types": ["contact"]}
    event = await hers.next()
    assert event.data == {"account": company, "types": []}


async def test_a_call_is_told_of_when_its_record_can_be_read(world: ApiWorld, opens: Opens, company: int) -> None:
    """When it ends would be too early: a list of calls that is fetched then does not have it. Anna may know, too."""
    rival = await world.company("2000", "Rival")
    anna = await world.person("anna@example.org", "end_user", account=company, extension="201")
    pages = [await opens(await world.token(company)), await opens(anna)]
    theirs = await opens(await world.token(rival))
    assert [(await page.next()).event for page in (*pages, theirs)] == ["here"] * 3
    await nothing_is_left(world, rival, theirs)
    phone = await world.phone(world.channels(company)[0])
    await (await phone.dials("900")).hang_up()
    await world.exchange.idle()
    await world.writer.flush()
    for page in pages:
        assert await told(page, RECORD) == company
    assert len((await world.platform.get(f"/api/v1/accounts/{company}/records")).json()["items"]) == 1
    await makes_contact(world, rival)
    assert (await theirs.next()).data == {"account": rival, "types": ["contact"]}


async def test_a_page_that_was_away_hears_what_it_missed_and_no_more(
    world: ApiWorld, opens: Opens, company: int
) -> None:
    token = await world.token(company)
    page = await opens(token)
    await nothing_is_left(world, company, page)
    good(await world.platform.patch(f"/api/v1/accounts/{company}/extensions/201", json={"name": "Jansen-Smit"}))
    seen = await page.next()
    await makes_contact(world, company)
    assert await told(page, "contact") == company
    again = await opens(token, last=seen.id)
    assert (await again.next()).data["types"] == ["contact"]


@pytest.mark.parametrize("last", ["", "nonsense", "0123456789abcdef", "²"])
async def test_one_that_comes_from_before_a_restart_fetches_everything(
    world: ApiWorld, opens: Opens, company: int, last: str
) -> None:
    page = await opens(await world.token(company), last=last)
    assert (await page.next()).event == "all"


async def test_one_that_was_away_for_too_long_fetches_everything(
    world: ApiWorld, opens: Opens, company: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await world.token(company)
    page = await opens(token)
    old = (await page.next()).id
    await nothing_is_left(world, company, page)
    monkeypatch.setattr(world.app.state.changes.history, "_told", deque(maxlen=0))
    assert (await (await opens(token, last=old)).next()).event == "all"


async def test_what_another_process_changes_is_told_as_well(world: ApiWorld, opens: Opens, company: int) -> None:
    page = await opens(await world.token(company))
    await nothing_is_left(world, company, page)
    other = Database(world.database.engine.url.render_as_string(hide_password=False), world.database.vault)
    try:
        async with other.change("import") as unit:
            await extensions.create(unit, AccountId(company), ExtensionIn(number="203", kind="user", name="De Jong"))
    finally:
        await other.close()
    await world.directory.poll()
    event = await page.next()
    assert event.data == {"account": company, "types": []}, "anything may be different"


async def test_who_is_signed_out_hears_nothing_more_and_others_go_on(
    world: ApiWorld, opens: Opens, company: int
) -> None:
    anna = await world.person("anna@example.org", "account", account=company)
    bert = await world.person("bert@example.org", "account", account=company)
    hers, his = await opens(anna), await opens(bert)
    users = good(await world.platform.get(f"/api/v1/web-users?account={company}")).json()["items"]
    (anna_id,) = [user["id"] for user in users if user["email"].startswith("anna")]
    good(await world.platform.patch(f"/api/v1/web-users/{anna_id}", json={"role": "supervisor"}))
    await is_ended(hers)
    await makes_contact(world, company)
    assert await told(his, "contact") == company


async def test_streams_end_with_the_exchange(world: ApiWorld, opens: Opens, company: int) -> None:
    page = await opens(await world.token(company))
    assert page.headers["x-accel-buffering"] == "no", "a proxy passes each event on"
    await page.next()
    world.app.state.changes.close()
    await is_ended(page)
