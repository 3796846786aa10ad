"""Two customers on one exchange: neither can reach, hear, see or change the other, on any path (ACC-1)."""

from __future__ import annotations

import asyncio
import re

import pytest
import pytest_asyncio

from centrale.api.authentication import OPENAPI
from centrale.phones.digest import Credentials
from centrale.phones.phone import RegistrationRefused, WaitedInVain
from centrale.phones.wire import WirePhone
from tests.e2e.exchange.api import Api
from tests.e2e.exchange.conftest import OpenOffice
from tests.e2e.exchange.office import Office, steps


@pytest_asyncio.fixture(loop_scope="session")
async def acme(open_office: OpenOffice) -> Office:
    """Has 201 Jansen and 203 De Jong, a group 300 and a carrier."""
    acme = await open_office()
    await acme.user("201", "Jansen")
    await acme.user("203", "De Jong")
    await acme.group("300", "Verkoop", "201")
    await acme.plan((acme.main, "201", ""))
    return acme


@pytest_asyncio.fixture(loop_scope="session")
async def globex(open_office: OpenOffice) -> Office:
    """Has 201 Gomez and 202 Garcia, a carrier of its own."""
    globex = await open_office()
    await globex.user("201", "Gomez", pin="5937")
    await globex.user("202", "Garcia", pin="5937")
    await globex.plan((globex.main, "201", ""))
    return globex


async def test_the_same_extension_is_the_own_colleague_and_a_foreign_one_does_not_exist(
    acme: Office, globex: Office
) -> None:
    jansen, de_jong = await acme.wire_phone("201"), await acme.wire_phone("203")
    gomez, garcia = await globex.phone("201"), await globex.phone("202")

    call = await de_jong.dials("201")
    assert (await jansen.rings()).caller_name == "De Jong"
    with pytest.raises(WaitedInVain):
        await gomez.rings(timeout=0.5)
    await call.hang_up()
    await acme.record(1)

    async def reaches_nobody(phone: WirePhone, number: str) -> None:
        call = await phone.dials(number)
        assert (await call.ended(timeout=20)).code == 404, number

    channel = f"{globex.customer}EC02"
    await asyncio.gather(
        reaches_nobody(jansen, "202"),
        reaches_nobody(jansen, f"{globex.customer}-202"),
        reaches_nobody(de_jong, channel),
        reaches_nobody(de_jong, f"sip:{channel}"),
    )
    assert not garcia._calls
    assert await globex.records() == [], "nothing of it is in the neighbour's records"


async def test_the_neighbour_s_telephone_number_is_an_outside_number(acme: Office, globex: Office) -> None:
    jansen, gomez = await acme.phone("201"), await globex.phone("201")
    call = await jansen.dials(globex.main)
    await call.ended(timeout=20)
    assert ("refuse", "lines_unavailable") in steps(await acme.record(1)), "without a trunk there is no way there"

    ours, theirs = await acme.carrier(), await globex.carrier()
    call = await jansen.dials(globex.main)
    leaving = await ours.rings()
    assert globex.main in leaving.dialog.invite.start
    assert not gomez._calls
    assert not theirs.received, "the neighbour's carrier is not ours to use"
    await call.hang_up()
    await leaving.ended()

    await ours.calls(globex.main, caller="+31612345678")
    assert (await gomez.rings()).caller_number == "0612345678", "whoever brings it: a number leads to its owner"


async def test_a_channel_s_password_opens_that_channel_only(acme: Office, globex: Office) -> None:
    ours, theirs = await acme.channel("201"), await globex.channel("201")
    async with WirePhone("thief", acme.exchange.server, credentials=ours) as thief:
        thief.username = theirs.username
        with pytest.raises(RegistrationRefused):
            await thief.register()
        outcome = await (await thief.dials("202")).ended()
        assert outcome.code in (401, 403)
        thief.credentials = Credentials(theirs.username, ours.password)
        with pytest.raises(RegistrationRefused):
            await thief.register()
    assert await acme.records() == await globex.records() == []


async def test_nobody_logs_on_as_a_neighbour(acme: Office, globex: Office) -> None:
    phone = await acme.wire_phone()
    call = await phone.dials("901")
    await call.answered()
    await call.press("202")
    await call.press("5937#")
    await call.falls_silent(during=0.2)
    await call.hears_speech()
    await call.hang_up()
    record = await acme.record(1)
    assert ("pin", "wrong") in steps(record)
    assert (await globex.api.get(f"{globex.path}/logons"))["items"] == []
    assert (await acme.api.get(f"{acme.path}/logons"))["items"] == []


async def test_settings_cannot_name_what_is_the_neighbour_s(acme: Office, globex: Office) -> None:
    api, foreign = acme.api.http, (await globex.channel()).username
    tries = [
        ("POST", "extensions", {"number": "301", "kind": "group", "name": "x", "settings": {"members": ["202"]}}),
        ("PATCH", "extensions/201", {"settings": {"default_caller_id": globex.main}}),
        ("PATCH", "", {"default_caller_id": globex.main}),
        ("PATCH", "", {"emergency_caller_id": globex.main}),
        (
            "POST",
            "schemas/1/plans",
            {"number": 5, "name": "x", "entries": [{"e164": globex.main, "destination": "201"}]},
        ),
        ("POST", "channels", {"linked_user": "202"}),
        ("POST", "channels", {"name": foreign}),
        ("POST", "numbers", {"e164": globex.main}),
        ("PUT", f"logons/{foreign}", {"user": "201"}),
        ("DELETE", f"logons/{foreign}", None),
        ("DELETE", f"channels/{foreign}", None),
        ("PATCH", f"channels/{foreign}", {"call_limit": 5}),
        ("DELETE", "extensions/202", None),
        ("DELETE", f"numbers/{globex.main}", None),
    ]
    before = await globex.api.get(f"{globex.path}/audit")
    for verb, path, fields in tries:
        answer = await api.request(verb, f"/api/v1/{acme.path}/{path}".rstrip("/"), json=fields)
        assert answer.status_code in (404, 409, 422), f"{verb} {path} {fields}: {answer.status_code} {answer.text}"
    assert await globex.api.get(f"{globex.path}/audit") == before


async def test_a_customer_s_token_sees_and_changes_its_own_account_only(acme: Office, globex: Office) -> None:
    """Every operation of the API's description, with the neighbour's account in the path."""
    made = await acme.api.post("tokens", name="Acme's administrator", account=acme.id, scopes=["read", "write"])
    token: Api = acme.api.as_(made["token"])
    try:
        document = (await token.http.get(OPENAPI)).json()
        tried = 0
        for path, operations in document["paths"].items():
            if "{account}" not in path:
                continue
            address = re.sub(r"\{(\w+)\}", lambda name: {"account": str(globex.id)}.get(name[1], "201"), path)
            for verb in operations.keys() & {"get", "post", "put", "patch", "delete"}:
                answer = await token.http.request(verb, address, json=None if verb in ("get", "delete") else {})
                refused = (403, 404, 415)  # 415: it wants a file, whosever account it is
                assert answer.status_code in refused, f"{verb} {address}: {answer.status_code}"
                assert "Gomez" not in answer.text
                tried += 1
        assert tried > 40

        listed = await token.get("accounts")
        assert [account["id"] for account in listed["items"]] == [acme.id]
        for platforms_own in ("trunks", "tokens", "audit"):
            answer = await token.http.get(f"/api/v1/{platforms_own}")
            assert globex.customer not in answer.text
            assert answer.status_code in (200, 403, 404)
        assert (await token.http.post("/api/v1/accounts", json={"number": "X", "name": "X"})).status_code == 403
    finally:
        await token.close()


async def test_the_stream_of_events_tells_nothing_of_the_neighbour(acme: Office, globex: Office) -> None:
    jansen, de_jong, gomez = await acme.phone("201"), await acme.phone("203"), await globex.phone("201")
    async with acme.api.events(acme.id) as events:
        await events.next()
        foreign = await gomez.dials("202")
        await foreign.ended(timeout=20)
        await globex.record(1)
        own = await de_jong.dials("201")
        await jansen.rings()
        name, began = await events.next()
        assert (name, began["caller"]) == ("began", "203")
        await own.hang_up()
