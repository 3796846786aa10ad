"""Messages over HTTP: listed, heard, fetched, deleted (VM-4, ACC-8)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from api_world import ApiWorld

from centrale.accounts import messages
from centrale.accounts.messages import Message
from centrale.phones.audio import tone
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import PCM, write_wav


class Box:
    """The voicemail of user 201 of a company."""

    def __init__(self, world: ApiWorld, account: int, client: httpx.AsyncClient) -> None:
        self.world = world
        self.account = AccountId(account)
        self.client = client
        self.base = f"/api/v1/accounts/{account}"

    async def gets(self, id: str, *, ago: int = 0) -> Path:
        """A message of a second, left `ago` minutes ago."""
        message = Message(
            id=id,
            mailbox="201",
            left_at=self.world.clock.now() - timedelta(minutes=ago),
            seconds=1,
            caller="+31301234567",
            caller_name="De Jong",
            call_id="call",
            heard_at=None,
        )
        async with self.world.database.change("set-up") as unit:
            await messages.add(unit, self.account, message)
        file = messages.file_of(self.world.services.settings.home, self.account, id)
        await asyncio.to_thread(write_wav, file, PCM.from_bytes(tone(440, 8000, 1.0)))
        return file

    async def listed(self, **query: str) -> list[str]:
        answer = await self.client.get(f"{self.base}/extensions/201/messages", params=query)
        assert answer.status_code == 200, answer.text
        return [message["id"] for message in answer.json()["items"]]


@pytest.fixture
async def box(world: ApiWorld) -> Box:
    account = await world.company("7070", "Acme")
    return Box(world, account, await world.as_account(account))


async def test_the_newest_first_page_by_page(box: Box) -> None:
    for n in range(3):
        await box.gets(f"m{n}", ago=n)
    assert await box.listed() == ["m0", "m1", "m2"]
    first = (await box.client.get(f"{box.base}/extensions/201/messages?limit=2")).json()
    second = (
        await box.client.get(f"{box.base}/extensions/201/messages", params={"limit": 2, "after": first["next"]})
    ).json()
    assert [message["id"] for message in second["items"]] == ["m2"]
    assert second["next"] is None
    assert (await box.client.get(f"{box.base}/extensions/209/messages")).status_code == 404
    made_up = await box.client.get(f"{box.base}/extensions/201/messages?after=made-up")
    assert made_up.status_code == 422


async def test_heard_and_new_again_and_the_audit_knows_who(box: Box) -> None:
    await box.gets("m0")
    for heard, new in ((True, []), (True, []), (False, ["m0"])):
        answer = await box.client.put(f"{box.base}/messages/m0/heard", json={"heard": heard})
        assert (answer.json()["heard_at"] is not None) is heard
        assert await box.listed(new="true") == new
    audit = (await box.client.get(f"{box.base}/audit?object_type=message")).json()["items"]
    assert [(change["action"], change["after"]["heard"]) for change in audit] == [("change", False), ("change", True)]


async def test_the_sound_whole_and_in_parts(box: Box) -> None:
    file = await box.gets("m0")
    whole = await box.client.get(f"{box.base}/messages/m0/audio")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.content == file.read_bytes()
    part = await box.client.get(f"{box.base}/messages/m0/audio", headers={"Range": "bytes=44-143"})
    assert part.status_code == 206
    assert part.content == whole.content[44:144]
    assert await box.listed(new="true") == ["m0"], "fetching it is not having heard it"


async def test_a_sound_that_is_gone_is_told(box: Box) -> None:
    file = await box.gets("m0")
    file.unlink()
    answer = await box.client.get(f"{box.base}/messages/m0/audio")
    assert answer.status_code == 404
    assert "sound of message m0" in answer.text


async def test_deleted_for_good_with_its_sound(box: Box) -> None:
    file = await box.gets("m0")
    assert (await box.client.delete(f"{box.base}/messages/m0")).status_code == 204
    assert await box.listed() == []
    assert not file.exists()
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/audio")):
        assert (await box.client.request(method, f"{box.base}/messages/m0{path}")).status_code == 404
    [change] = (await box.client.get(f"{box.base}/audit?object_type=message")).json()["items"]
    assert (change["action"], change["before"]["caller"]) == ("delete", "+31301234567")


@pytest.mark.parametrize("id", ["..%2F..%2Fcentrale.db", "%2e%2e", "x" * 65])
async def test_no_id_leads_elsewhere(box: Box, id: str) -> None:
    answer = await box.client.get(f"{box.base}/messages/{id}/audio")
    assert answer.status_code in (404, 422)
