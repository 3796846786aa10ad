"""Webhooks in the file of an account: all but their secrets."""

from __future__ import annotations

from typing import Any

import yaml

from centrale.accounts import webhooks
from centrale.accounts.database import Database
from centrale.accounts.webhooks import WebhookIn
from centrale.accounts.webhooks_events import EventType
from centrale.routing.snapshot import AccountId

from .transfers import Transfers, edited, told

CRM = WebhookIn(name="CRM", url="https://crm.example.org/calls", events=frozenset({EventType.CALL_ENDED}))


async def test_webhooks_go_along_without_their_secrets(acme: AccountId, files: Transfers, database: Database) -> None:
    async with database.change("test") as unit:
        made, secret = await webhooks.create(unit, acme, CRM)
    for with_secrets in (False, True):
        text = await files.out(acme, with_secrets=with_secrets)
        assert secret not in text
        assert "whsec" not in text
    assert yaml.safe_load(text)["webhooks"] == [
        {"name": "CRM", "url": CRM.url, "events": ["call.ended"], "active": True}
    ]
    assert told(await files.plan(text)) == []

    def edit(data: dict[str, Any]) -> None:
        data["webhooks"][0]["active"] = False
        data["webhooks"].append({"name": "Board", "url": "https://board.example.org/", "events": ["plan.changed"]})

    wanted = edited(text, edit)
    assert told(await files.plan(wanted)) == [
        ("change", "webhook CRM", {"active": (True, False)}),
        (
            "create",
            "webhook Board",
            {
                "url": (None, "https://board.example.org/"),
                "events": (None, ["plan.changed"]),
                "active": (None, True),
                "secret": (None, "(made)"),
            },
        ),
    ]
    await files.do(wanted)
    async with database.read() as unit:
        found = await webhooks.list_all(unit, acme)
        row = await webhooks.load(unit, acme, made.id)
    assert [(it.name, it.active) for it in found] == [("CRM", False), ("Board", True)]
    assert unit.vault.unseal(row.secret) == secret, "who has it can go on"


async def test_a_file_that_does_not_speak_of_webhooks_leaves_them(
    acme: AccountId, files: Transfers, database: Database
) -> None:
    async with database.change("test") as unit:
        await webhooks.create(unit, acme, CRM)
    text = await files.out(acme)
    assert told(await files.plan(edited(text, lambda data: data.pop("webhooks")))) == []
    gone = edited(text, lambda data: data.update(webhooks=[]))
    assert [(it[0], it[1]) for it in told(await files.plan(gone))] == [("delete", "webhook CRM")]
    twice = edited(text, lambda data: data["webhooks"].append(data["webhooks"][0] | {"events": ["call.started"]}))
    assert list((await files.problems(twice)).values()) == ["CRM stands here twice"]


async def test_an_address_that_makes_no_sense_is_told_with_its_line(acme: AccountId, files: Transfers) -> None:
    text = await files.out(acme)
    hook = {"name": "CRM", "url": "https://anna:secret@crm.example.org/", "events": ["call.ended"]}
    problems = await files.problems(edited(text, lambda data: data.update(webhooks=[hook])))
    assert list(problems.values()) == ["may not have a name or password in it: deliveries are signed instead"]
