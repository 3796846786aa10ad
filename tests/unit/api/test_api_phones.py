"""Channels and who is logged on to them, by API (CHN-1, LNK-1, SYS-2, SYS-3, TWN-1)."""

from __future__ import annotations

import asyncio

from api_world import ApiWorld
from starlette.types import Message, Receive, Scope, Send

from centrale.accounts.sip import sip_channel
from centrale.routing.snapshot import ChannelName, ExtensionNumber
from centrale.telephony.asterisk.registrations import Device


async def test_a_channel_is_live_before_its_making_is_answered(world: ApiWorld) -> None:
    """Who reads “201 Created” can register the phone at once: what counts is the answer's first byte."""
    account = await world.company()
    known_then: set[ChannelName] = set()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def look_and_send(message: Message) -> None:
            known_then.update(world.picture(account).channels)
            await send(message)

        await world.app(scope, receive, look_and_send if scope["method"] == "POST" else send)

    administrator = await world.client(await world.token(), app=watched)
    made = await administrator.post(f"/api/v1/accounts/{account}/channels", json={})
    assert made.status_code == 201
    name = ChannelName(made.json()["name"])
    assert name in known_then
    owner = world.directory.current.owner_of_channel(name)
    assert owner is not None
    assert owner.id == account


async def test_its_phone_gets_what_it_needs_once(world: ApiWorld) -> None:
    account = await world.company()
    made = await world.platform.post(f"/api/v1/accounts/{account}/channels", json={"call_limit": 3})
    sip = made.json()["sip"]
    assert (sip["server"], sip["port"], sip["user"]) == ("127.0.0.1", 5080, made.json()["name"])
    async with world.database.read() as unit:
        stored = await sip_channel(unit, sip["user"])
    assert stored is not None
    assert (stored.password, stored.call_limit) == (sip["password"], 3)
    for later in (
        await world.platform.get(made.headers["location"]),
        await world.platform.get(f"/api/v1/accounts/{account}/channels"),
        await world.platform.get(f"/api/v1/accounts/{account}/audit"),
    ):
        assert sip["password"] not in later.text
        assert '"password"' not in later.text


async def test_a_new_password_replaces_the_old_one_and_nothing_else(world: ApiWorld) -> None:
    account = await world.company()
    chosen = {"name": "reception", "password": "correct-horse-battery", "language": "en", "linked_user": "201"}
    made = await world.platform.post(f"/api/v1/accounts/{account}/channels", json=chosen)
    assert made.json()["sip"]["password"] == "correct-horse-battery"
    renewed = (await world.platform.post(f"{made.headers['location']}/password")).json()
    async with world.database.read() as unit:
        stored = await sip_channel(unit, "reception")
    assert stored is not None
    assert stored.password == renewed["password"] != "correct-horse-battery"
    shown = await world.platform.get(made.headers["location"])
    assert (shown.headers["etag"], shown.json()["linked_user"]) == (made.headers["etag"], "201")
    audit = (await world.platform.get(f"/api/v1/accounts/{account}/audit?limit=1")).json()["items"][0]
    assert audit["after"]["password"] == "changed"


async def test_a_channel_shows_whether_its_phone_is_there(world: ApiWorld) -> None:
    account = await world.company()
    first, _ = world.channels(account)
    place = f"/api/v1/accounts/{account}/channels"
    before = await world.platform.get(f"{place}/{first}")
    await world.phone(first)
    after = await world.platform.get(f"{place}/{first}")
    assert (before.json()["registered"], after.json()["registered"]) == (False, True)
    assert before.headers["etag"] == after.headers["etag"], "a phone that comes is no change of the channel"
    listed = {channel["name"]: channel["registered"] for channel in (await world.platform.get(place)).json()["items"]}
    assert list(listed.values()) == [True, False]


async def test_a_channels_page_tells_which_phone_is_there_and_how_to_set_one_up(world: ApiWorld) -> None:
    account = await world.company()
    first, second = world.channels(account)
    place = f"/api/v1/accounts/{account}/channels"
    moment = world.clock.now()
    device = Device("Snom D785", "203.0.113.7:5060", "192.168.1.20:5060", "udp", moment, moment)
    world.devices_on[first] = device
    await world.phone(first)
    there = (await world.platform.get(f"{place}/{first}/device")).json()
    away = (await world.platform.get(f"{place}/{second}/device")).json()
    assert (there["registered"], there["phone"]["program"]) == (True, "Snom D785")
    assert (there["phone"]["address"], there["phone"]["own_address"]) == ("203.0.113.7:5060", "192.168.1.20:5060")
    assert (away["registered"], away["phone"]) == (False, None)
    assert away["sip"] == {"server": "127.0.0.1", "port": 5080, "transports": ["udp", "tcp"], "user": second}


async def test_what_is_left_to_do_for_the_first_call(world: ApiWorld) -> None:
    account = await world.company()
    first, second = world.channels(account)
    await world.phone(first)
    shown = (await world.platform.get(f"/api/v1/accounts/{account}/first-steps")).json()
    steps = {it["step"]: (it["done"], it["there"], it["missing"]) for it in shown["steps"]}
    assert not shown["done"]
    assert steps["people"] == (True, 2, [])
    assert steps["registered"] == (False, 1, [second])
    assert steps["caller_ids"] == (False, 0, ["default_caller_id", "emergency_caller_id"])
    assert steps["call"] == (False, 0, [])


async def test_a_deleted_channel_is_gone_at_once_and_its_name_is_free(world: ApiWorld) -> None:
    account = await world.company()
    first, second = world.channels(account)
    place = f"/api/v1/accounts/{account}/channels"
    taken = await world.platform.post(place, json={"name": second})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "/name")
    assert (await world.platform.delete(f"{place}/{first}")).status_code == 204
    assert world.channels(account) == [second]
    assert world.devices(account, "201") == ()
    assert (await world.platform.get(f"{place}/{first}")).status_code == 404


async def test_an_administrator_logs_people_on_and_off(world: ApiWorld) -> None:
    account = await world.company()
    first, second = world.channels(account)
    place = f"/api/v1/accounts/{account}/logons"
    listed = (await world.platform.get(place)).json()["items"]
    assert [(logon["channel"], logon["user"], logon["linked"]) for logon in listed] == [
        (first, "201", False),
        (second, "202", False),
    ]
    moved = await world.platform.put(f"{place}/{second}", json={"user": "201"})
    assert (moved.status_code, moved.json()["user"]) == (200, "201")
    assert world.devices(account, "201") == (second,), "without twinning one phone at a time"
    assert world.devices(account, "202") == ()
    assert (await world.platform.delete(f"{place}/{second}")).status_code == 204
    assert (await world.platform.delete(f"{place}/{second}")).status_code == 204, "nobody there: nothing happens"
    assert not world.picture(account).logons
    audit = (await world.platform.get(f"/api/v1/accounts/{account}/audit?object_type=logon")).json()["items"]
    assert [entry["action"] for entry in audit] == ["log off", "log on"]


async def test_who_has_twinning_may_be_on_two_phones(world: ApiWorld) -> None:
    account = await world.company(facilities=["twinning"])
    first, second = world.channels(account)
    await world.platform.patch(
        f"/api/v1/accounts/{account}/extensions/201", json={"settings": {"rights": {"twinning": True}}}
    )
    place = f"/api/v1/accounts/{account}/logons"
    await world.platform.put(f"{place}/{second}", json={"user": "201"})
    assert set(world.devices(account, "201")) == {first, second}
    await world.platform.put(f"{place}/{second}", json={"user": "201", "nowhere_else": True})
    assert world.devices(account, "201") == (second,)
    assert (await world.platform.delete(place, params={"user": "201"})).status_code == 204
    assert world.devices(account, "201") == ()


async def test_twinning_needs_the_account_and_the_user(world: ApiWorld) -> None:
    for number, facilities, right in (("1", [], True), ("2", ["twinning"], False)):
        account = await world.company(number, facilities=facilities)
        _, second = world.channels(account)
        user = f"/api/v1/accounts/{account}/extensions/201"
        await world.platform.patch(user, json={"settings": {"rights": {"twinning": right}}})
        await world.platform.put(f"/api/v1/accounts/{account}/logons/{second}", json={"user": "201"})
        assert world.devices(account, "201") == (second,)


async def test_a_linked_channel_stays_as_it_is(world: ApiWorld) -> None:
    account = await world.company()
    first, second = world.channels(account)
    await world.platform.patch(f"/api/v1/accounts/{account}/channels/{first}", json={"linked_user": "202"})
    place = f"/api/v1/accounts/{account}/logons"
    for refused in (
        await world.platform.put(f"{place}/{first}", json={"user": "201"}),
        await world.platform.delete(f"{place}/{first}"),
    ):
        assert refused.status_code == 409
    await world.platform.delete(place, params={"user": "202"})
    assert world.devices(account, "202") == (first,)
    assert second not in world.picture(account).logons


async def test_a_logon_needs_a_user_and_a_channel_of_the_account(world: ApiWorld) -> None:
    account = await world.company()
    rival = await world.company("2000", "Rival")
    first, theirs = world.channels(account)[0], world.channels(rival)[0]
    group = {"number": "300", "kind": "group", "name": "Sales"}
    await world.platform.post(f"/api/v1/accounts/{account}/extensions", json=group)
    place = f"/api/v1/accounts/{account}/logons"
    for user in ("999", "300"):
        refused = await world.platform.put(f"{place}/{first}", json={"user": user})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/user")
    for request in (
        world.platform.put(f"{place}/{theirs}", json={"user": "201"}),
        world.platform.delete(f"{place}/{theirs}"),
    ):
        assert (await request).status_code == 404
    assert world.picture(rival).logons[theirs] == ExtensionNumber("201")


async def test_two_administrators_at_once_do_not_lose_each_others_channels(world: ApiWorld) -> None:
    account = await world.company()
    requests = [world.platform.post(f"/api/v1/accounts/{account}/channels", json={}) for _ in range(8)]
    made = await asyncio.gather(*requests)
    assert [answer.status_code for answer in made] == [201] * 8
    assert len({answer.json()["name"] for answer in made}) == 8
    assert len(world.channels(account)) == 10
