"""An end user's own extension: own forwards, own calls, own messages, and nothing of a colleague's (ROLE-1)."""

from __future__ import annotations

import asyncio
from array import array

import httpx
from api_world import ApiWorld

from centrale.accounts import messages
from centrale.accounts.messages import Message
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import PCM, write_wav


async def leave(world: ApiWorld, account: int, mailbox: str, id: str) -> None:
    """A message with its sound."""
    message = Message(
        id=id,
        mailbox=mailbox,
        left_at=world.clock.now(),
        seconds=1,
        caller="+31612345678",
        caller_name="",
        call_id="call",
        heard_at=None,
    )
    async with world.database.change("set-up") as unit:
        await messages.add(unit, AccountId(account), message)
    file = messages.file_of(world.services.settings.home, AccountId(account), id)
    await asyncio.to_thread(write_wav, file, PCM(array("h", [1000] * 8000)))


async def jansen(world: ApiWorld, account: int) -> httpx.AsyncClient:
    """Signed in as user 201."""
    return (await world.person("jansen@a.example", "end_user", account=account, extension="201")).client


async def test_own_forwards_are_set_and_hold_for_the_next_call(world: ApiWorld) -> None:
    account = await world.company()
    me = await jansen(world, account)
    shown = (await me.get("/api/v1/me/extension")).json()
    assert (shown["account"], shown["number"], shown["forwards"]["always"]) == (account, "201", None)

    answer = await me.put("/api/v1/me/forwards", json={"always": "202", "no_answer_after": 15})

    assert answer.is_success, answer.text
    assert answer.json()["forwards"]["always"] == "202"
    stored = (await world.platform.get(f"/api/v1/accounts/{account}/extensions/201")).json()["settings"]
    assert (stored["forwards"]["always"], stored["forwards"]["no_answer_after"]) == ("202", 15)
    entry = (await world.platform.get(f"/api/v1/accounts/{account}/audit?object_key=201")).json()["items"][0]
    assert entry["actor"] == "web user jansen@a.example"


async def test_a_forward_to_nowhere_is_refused_where_it_stands(world: ApiWorld) -> None:
    me = await jansen(world, await world.company())
    answer = await me.put("/api/v1/me/forwards", json={"busy": "299"})
    assert answer.status_code == 422
    assert "busy" in answer.json()["errors"][0]["field"]


async def test_own_messages_are_heard_and_deleted_and_no_colleagues(world: ApiWorld) -> None:
    account = await world.company()
    me = await jansen(world, account)
    await leave(world, account, "201", "mine")
    await leave(world, account, "202", "hers")

    assert [it["id"] for it in (await me.get("/api/v1/me/messages")).json()["items"]] == ["mine"]
    assert (await me.get("/api/v1/me/extension")).json()["new_messages"] == 1
    assert (await me.get("/api/v1/me/messages/mine/audio")).headers["content-type"] == "audio/wav"
    assert (await me.put("/api/v1/me/messages/mine/heard", json={"heard": True})).json()["heard_at"]
    assert (await me.get("/api/v1/me/messages?new=true")).json()["items"] == []

    for nothing in ("hers", "none"):
        at = f"/api/v1/me/messages/{nothing}"
        answers = [await me.get(f"{at}/audio"), await me.put(f"{at}/heard", json={"heard": True}), await me.delete(at)]
        assert [it.status_code for it in answers] == [404, 404, 404]
    said = [(await me.delete(f"/api/v1/me/messages/{id}")).text.replace(id, "N") for id in ("hers", "none")]
    assert said[0] == said[1]

    assert (await me.delete("/api/v1/me/messages/mine")).status_code == 204
    assert (await me.get("/api/v1/me/messages")).json()["items"] == []
    hers = await world.platform.get(f"/api/v1/accounts/{account}/extensions/202/messages")
    assert [(it["id"], it["heard_at"]) for it in hers.json()["items"]] == [("hers", None)]


async def test_own_calls_only(world: ApiWorld) -> None:
    account = await world.company()
    me = await jansen(world, account)
    first, second = [await world.phone(name) for name in world.channels(account)]
    for caller, called in ((second, "201"), (second, "900")):
        calling = await caller.dials(called)
        if called == "201":
            await first.rings()
        await calling.hang_up()
        await world.exchange.idle()
    await world.writer.flush()
    everything = (await world.platform.get(f"/api/v1/accounts/{account}/records")).json()["items"]
    assert {it["called"] for it in everything} == {"201", "900"}

    own = (await me.get("/api/v1/me/records")).json()["items"]

    assert [(it["caller"], it["called"]) for it in own] == [("202", "201")]
    assert "trace" not in own[0]
    assert (await me.get(f"/api/v1/accounts/{account}/records")).status_code == 403


async def test_who_has_no_extension_is_told_so(world: ApiWorld) -> None:
    account = await world.company()
    admin = (await world.person("admin@a.example", "account", account=account)).client
    for client in (admin, world.platform):
        answer = await client.get("/api/v1/me/extension")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:centrale:problem:no-extension")
