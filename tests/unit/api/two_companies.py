"""A company with something of everything, and somebody of another one who tries to get at it (ACC-1)."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
from api_world import ApiWorld
from every_route import Operation, Things, a_sound, every_operation
from fastapi import FastAPI

from centrale.accounts import messages, notices, outbox
from centrale.accounts.messages import Message
from centrale.accounts.notices import Way
from centrale.routing.snapshot import AccountId
from centrale.voice.pcm import PCM, write_wav

NOBODYS = 4711
"""The id of an account that does not exist."""


@dataclass(frozen=True)
class Scene:
    """A company with something of everything, in the midst of a call, and an intruder who may do all in a rival's."""

    world: ApiWorld
    theirs: Things
    own: int
    intruder: httpx.AsyncClient
    marks: frozenset[str]
    """Texts that stand in the company's things and nowhere else."""


async def make_scene(world: ApiWorld) -> Scene:
    """The company, in a call, and the rival."""
    account = await world.company("7070", "Mark-account")
    rival = await world.company("8080", "Rival")
    base, platform = f"/api/v1/accounts/{account}", world.platform

    async def make(path: str, **body: Any) -> dict[str, Any]:
        made = await platform.post(path, json=body)
        assert made.is_success, made.text
        return dict(made.json())

    await make(f"{base}/extensions", number="777", kind="user", name="Mark-user")
    await make(f"{base}/channels", name="mark-channel", linked_user="777")
    await make(f"{base}/extensions", number="778", kind="queue", name="Mark-queue")
    assert (await platform.put(f"{base}/queues/778/members/777")).is_success
    await make(f"{base}/numbers", e164="+31207770777")
    entries = [{"e164": "+31207770777", "destination": "777", "prefix": "Mark-prefix"}]
    await make(f"{base}/schemas/1/plans", name="Mark-plan", entries=entries)
    await make("/api/v1/trunks", name="mark-trunk", host="192.0.2.77")
    assert (await platform.put(f"{base}/trunks", json={"trunks": ["mark-trunk"]})).is_success
    expectation = await make(
        f"{base}/expectations",
        name="Mark-expectation",
        at="monday 10:00",
        caller="anonymous",
        called="+31207770777",
        outcome={"reaches": "777"},
    )
    sound = {"file": ("mark-sound.wav", a_sound(), "audio/wav")}
    sounds = (await platform.post(f"{base}/sounds", files=sound)).json()["file"]
    music = (await platform.post(f"{base}/music", files=sound)).json()["file"]
    contact = await make(f"{base}/contacts", surname="Mark-contact", numbers=[{"number": "+31207770777"}])
    token = await make("/api/v1/tokens", name="Mark-token", account=account)
    partner = await make("/api/v1/partners", name="Mark-partner")
    person = {"email": "mark-person@example.org", "name": "Mark-person", "role": "account"}
    web_user = await make("/api/v1/web-users", account=account, **person)

    hook = {"name": "Mark-hook", "url": "https://mark-hook.example.org/", "events": ["configuration.changed"]}
    webhook = await make(f"{base}/webhooks", **hook)
    delivery = await make(f"{base}/webhooks/{webhook['id']}/test")

    phone, other = await world.phone("mark-channel"), await world.phone(world.channels(account)[0])
    await phone.dials("201")
    await other.rings()
    (running,) = world.calls.live.of()
    places = {
        "extensions/{number}": "777",
        "channels/{name}": "mark-channel",
        "logons/{name}": "mark-channel",
        "queues/{queue}": "778",
        "members/{agent}": "777",
        "callers/{call}": running.id,
        "numbers/{e164}": "+31207770777",
        "schemas/{schema}": "1",
        "plans/{plan}": "1",
        "versions/{version}": "1",
        "trunks/{name}": "mark-trunk",
        "expectations/{expectation}": str(expectation["id"]),
        "contacts/{contact}": str(contact["id"]),
        "sounds/{file}": sounds,
        "music/{file}": music,
        "tokens/{id}": str(token["id"]),
        "records/{call}": running.id,
        "calls/{call}": running.id,
        "kinds/{kind}": "user",
        "forms/{form}": "channel",
        "messages/{message}": await _leave_a_message(world, account),
        "notices/{notice}": await _put_into_the_outbox(world, account),
        "users/{id}": str(web_user["id"]),
        "partners/{id}": str(partner["id"]),
        "webhooks/{webhook}": str(webhook["id"]),
        "deliveries/{delivery}": str(delivery["id"]),
        "browsers/{browser}": "0123456789abcdef",
        "audit/{change}": str((await platform.get(f"{base}/audit?object_type=number")).json()["items"][0]["id"]),
        "?user": "777",
    }
    marks = frozenset(
        {"mark-", "+31207770777", "7070", running.id, "192.0.2.77", str(token["token"]), webhook["secret"]}
    )
    return Scene(world, Things(account, places), rival, await world.as_account(rival), marks)


async def _leave_a_message(world: ApiWorld, account: int) -> str:
    """A message for their user, with its sound."""
    id = "mark-message"
    message = Message(
        id=id,
        mailbox="777",
        left_at=world.clock.now(),
        seconds=1,
        caller="+31207770777",
        caller_name="Mark-caller",
        call_id="mark-call",
        heard_at=None,
    )
    async with world.database.change("set-up") as unit:
        await messages.add(unit, AccountId(account), message)
    file = messages.file_of(world.services.settings.home, AccountId(account), id)
    await asyncio.to_thread(write_wav, file, PCM(array("h", [1000] * 8000)))
    return id


async def _put_into_the_outbox(world: ApiWorld, account: int) -> str:
    """An e-mail to them that waits."""
    async with world.database.change("set-up") as unit:
        notices.add(
            unit,
            AccountId(account),
            way=Way.MAIL,
            recipient="mark-person@example.org",
            subject="Mark-subject",
            body="Mark-body",
            now=world.clock.now(),
        )
    async with world.database.read() as unit:
        found = (await outbox.list_all(unit, AccountId(account))).notices
    return next(notice.id for notice in found if notice.subject == "Mark-subject")


SIGNS_OUT = "sign_out"
"""The one operation that would be the last of somebody in a browser."""


async def leaks(scene: Scene, app: FastAPI | None = None) -> list[str]:
    """What the intruder gets at, route by route; empty when there is nothing. `app`: another one, with a token."""
    world = scene.world
    intruder = scene.intruder if app is None else await world.client(await world.token(scene.own), app=app)
    found: list[str] = []
    for operation in every_operation(app or world.app):
        name = f"{operation.method} {operation.path}"
        if operation.id == SIGNS_OUT:
            continue
        if "{account}" in operation.path:
            answer = await operation.send(intruder, scene.theirs.account, scene.theirs)
            nothing = await operation.send(intruder, NOBODYS, scene.theirs)
            if answer.status_code not in (403, 404):
                found.append(f"{name} on the other account: {answer.status_code}")
            if _said(answer, scene.theirs.account) != _said(nothing, NOBODYS):
                found.append(f"{name} tells an account that exists from one that does not")
        if not operation.streams:  # its own story is in test_api_calls.py
            answer = await operation.send(intruder, scene.own, scene.theirs)
            found += [f"{name} shows {mark}" for mark in _shown(scene, operation, answer)]
    return found


def _said(answer: httpx.Response, account: int) -> tuple[int, str]:
    return answer.status_code, answer.text.replace(str(account), "N")


def _shown(scene: Scene, operation: Operation, answer: httpx.Response) -> Iterable[str]:
    """Marks in the answer that the intruder did not bring along."""
    brought = answer.request.url.raw_path + answer.request.content
    text = f"{answer.text} {answer.headers}".lower()
    for sent in scene.theirs.places.values():
        if sent.encode() in brought:
            text = text.replace(sent.lower(), "")
    return [mark for mark in scene.marks if mark.lower() in text]
