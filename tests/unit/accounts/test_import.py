"""An import is a plan: shown field by field, then done, all or nothing (issue 2.10)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.accounts import accounts, audit, channels, extensions, logons, transfer
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.vault import Vault

from .conftest import SetClock
from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, MAIN, MOBILE, SECOND, WITH_TWINNING, Office
from .transfers import PASSWORD, PIN, Transfers, edited, told


async def test_changes_are_told_field_by_field_and_then_done(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"]["name"] = "Acme Ltd"
        data["extensions"][0]["name"] = "Jansen-Smit"
        data["extensions"][2]["settings"]["rights"]["call_parking"] = True
        data["channels"][0]["call_limit"] = 5
        data["schemas"][0]["override"] = None
        data["schemas"][0]["plans"][0]["entries"][0]["destination"] = JANSEN
        data["trunks"] = ["carrier"]

    text = edited(await files.out(furnished_acme.id), edit)
    plan = await files.plan(text)

    assert told(plan) == [
        ("change", "account", {"name": ("Acme", "Acme Ltd")}),
        ("change", "extension 201", {"name": ("Jansen", "Jansen-Smit")}),
        ("change", "extension 203", {"settings.rights.call_parking": (False, True)}),
        ("change", "channel desk", {"call_limit": (3, 5)}),
        ("change", "schema 1", {"override": (7, None)}),
        ("change", "plan 1/1", {f"entries.{MAIN}": ("300 as “Sales”", "201 as “Sales”")}),
        ("change", "trunks", {"trunks": (["spare", "carrier"], ["carrier"])}),
    ]
    assert (await furnished_acme.see(accounts.get)).name == "Acme"  # so far it is only a plan

    await files.do(text)

    assert (await files.plan(text)).changes == ()
    assert (await furnished_acme.see(extensions.get, JANSEN)).name == "Jansen-Smit"
    assert await furnished_acme.see(channels.password_of, DESK) == PASSWORD
    assert {it.actor for it in await furnished_acme.see(audit.list_all, object_type="channel", limit=1)} == {"anna"}


async def test_what_the_file_leaves_out_goes(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["extensions"] = data["extensions"][:1]
        data["channels"] = []
        data["numbers"] = data["numbers"][:1]
        data["schemas"] = [{"number": 1, "name": "Main", "plans": [], "schedule": [], "holidays": []}]
        data["trunks"] = []

    text = edited(await files.out(furnished_acme.id), edit)
    plan = await files.plan(text)

    assert [what for action, what, _ in told(plan) if action == "delete"] == [
        "extension 202",
        "extension 203",
        "extension 300",
        f"number {SECOND}",
        f"number {MOBILE}",
        "channel desk",
        "channel hall",
        "schema 3",
        "plan 1/1",
        "plan 1/7",
        "plan 3/2",
    ]
    await files.do(text)
    assert await files.out(furnished_acme.id) != text
    assert (await files.plan(text)).changes == ()
    assert [it.number for it in await furnished_acme.see(extensions.list_all)] == [JANSEN]


async def test_a_file_is_put_into_the_account_that_is_named(
    furnished_acme: Office, files: Transfers, rivals: Office
) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["channels"], data["numbers"], data["trunks"] = [], [{"e164": "+31301234567"}], []
        data["account"] |= {"default_caller_id": None, "emergency_caller_id": "+31301234567"}
        data["extensions"] = [it | {"settings": {}} for it in data["extensions"][:3]]
        data["schemas"] = [{"number": 1, "name": "Main", "plans": [], "schedule": [], "holidays": []}]

    text = edited(await files.out(furnished_acme.id), edit)
    for account in ("200", str(rivals.id)):
        plan = await files.plan(text, account)
        assert (plan.account, plan.number) == (rivals.id, "200")
        assert ("create", "extension 203") in {(action, what) for action, what, _ in told(plan)}
    assert (await files.plan(text, "new")).account is None
    assert "account.number" in next(iter(await files.problems(text, "not a number")))


async def test_two_groups_may_lead_to_each_other(furnished_acme: Office, files: Transfers) -> None:
    def group(number: str, other: str) -> dict[str, Any]:
        return {"number": number, "kind": "group", "name": "Loop", "settings": {"inside": {"busy": other}}}

    def edit(data: dict[str, Any]) -> None:
        data["extensions"] += [group("401", "402"), group("402", "401")]

    text = edited(await files.out(furnished_acme.id), edit)
    await files.do(text)
    assert (await furnished_acme.see(extensions.get, "401")).settings["inside"]["busy"] == "402"

    await files.do(edited(text, lambda data: data.update(extensions=data["extensions"][:-2])))
    with pytest.raises(NotFound):
        await furnished_acme.see(extensions.get, "401")


async def test_people_and_phones_change_places(furnished_acme: Office, files: Transfers) -> None:
    """Nothing that is free at the end is in the way before it."""

    def edit(data: dict[str, Any]) -> None:
        # The twins' phones go to Jansen and Bakker; the branch's number goes to the main schema, whose own becomes
        # Bakker's; the account shows another number; 203 and the old override go.
        data["channels"][0]["linked_user"] = JANSEN
        data["channels"][1]["linked_user"] = BAKKER
        for channel in data["channels"]:
            channel["emergency_caller_id"] = SECOND
        data["account"] |= {"default_caller_id": SECOND, "emergency_caller_id": SECOND, "facilities": []}
        data["numbers"][0] |= {"use": "personal", "user": BAKKER}
        data["numbers"][2] |= {"use": "business", "user": None}
        main, branch = data["schemas"]
        main["plans"] = [main["plans"][0] | {"number": 2, "entries": branch["plans"][0]["entries"]}]
        main |= {"standing": 2, "override": None}
        branch["plans"][0]["entries"] = [{"e164": MOBILE, "destination": "300"}]
        data["extensions"] = [it for it in data["extensions"] if it["number"] != DE_JONG]

    text = edited(await files.out(furnished_acme.id), edit)
    await files.do(text)
    assert (await files.plan(text)).changes == ()


async def test_a_used_number_becomes_inactive_together_with_its_use(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["numbers"][0]["status"] = "ordered"
        data["account"] |= {"default_caller_id": SECOND, "emergency_caller_id": SECOND}
        data["extensions"][2]["settings"]["default_caller_id"] = None
        for channel in data["channels"]:
            channel["emergency_caller_id"] = None
        data["schemas"][0]["plans"][0]["entries"] = []

    text = edited(await files.out(furnished_acme.id), edit)
    await files.do(text)
    assert (await files.plan(text)).changes == ()


async def test_twinning_goes_with_the_second_phone_or_not_at_all(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"]["facilities"] = []

    text = edited(await files.out(furnished_acme.id), edit)
    assert list((await files.problems(text)).values()) == [f"user {DE_JONG} is linked to another channel already"]
    await files.do(edited(text, lambda data: data["channels"][1].update(linked_user=None)))
    assert (await furnished_acme.see(accounts.get)).facilities != WITH_TWINNING


async def test_given_secrets_are_set_and_only_told_to_differ(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["channels"][0]["password"] = "another-horse"
        data["channels"][1]["password"] = PASSWORD
        data["extensions"][2]["pin"] = PIN
        data["extensions"][0]["pin"] = "5812"
        data["extensions"][1]["pin"] = "6913"

    text = edited(await files.out(furnished_acme.id), edit)
    plan = await files.plan(text)

    assert [(what, list(fields)) for _, what, fields in told(plan)] == [
        ("extension 201", ["pin"]),
        ("extension 202", ["pin"]),
        ("channel desk", ["password"]),
    ]
    assert not {"another-horse", "5812", "6913"} & set(repr(plan).replace("'", " ").split())
    await files.do(text)
    assert await furnished_acme.see(channels.password_of, DESK) == "another-horse"
    assert (await files.plan(text)).changes == ()


async def test_a_change_in_between_is_not_overwritten(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"]["name"] = "Acme Ltd"

    text = edited(await files.out(furnished_acme.id), edit)
    shown = await files.plan(text)
    await furnished_acme.do(channels.change, DESK, ChannelIn(linked_user=DE_JONG))

    with pytest.raises(Conflict, match="changed meanwhile"):
        await transfer.perform(files.database, "anna", text, None, shown)
    assert (await furnished_acme.see(accounts.get)).name == "Acme"


async def test_an_import_that_fails_at_its_last_step_has_done_nothing(
    furnished_acme: Office, files: Transfers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await files.out(furnished_acme.id, with_secrets=True)
    text = edited(before, lambda data: data.update(extensions=data["extensions"][:1], channels=[], trunks=[]))
    text = edited(text, lambda data: data["account"].update(default_caller_id=SECOND, emergency_caller_id=SECOND))
    text = edited(text, lambda data: data["schemas"][0]["plans"][0].update(entries=[]))
    shown = await files.plan(text)

    async def fail(*_: object) -> None:
        raise OSError("the power goes")

    monkeypatch.setattr(extensions, "delete", fail)
    with pytest.raises(OSError, match="power"):
        await transfer.perform(files.database, "anna", text, None, shown)
    assert await files.out(furnished_acme.id, with_secrets=True) == before


async def test_an_import_of_another_process_is_live_when_the_directory_has_seen_it(
    furnished_acme: Office, files: Transfers, url: str, vault: Vault, clock: SetClock
) -> None:
    running = Database(url, vault, clock)
    directory = Directory(running)
    await directory.load()
    text = edited(await files.out(furnished_acme.id), lambda data: data["schemas"][0].update(override=None))
    text = edited(text, lambda data: data["channels"].pop())

    await files.do(text)
    await directory.poll()

    anew = Directory(running)
    await anew.load()
    assert directory.current == anew.current
    assert directory.current.accounts[furnished_acme.id].schemas[0].override is None
    assert HALL not in directory.current.account_of_channel
    await running.close()


async def test_who_is_logged_on_stays_logged_on(furnished_acme: Office, files: Transfers) -> None:
    await furnished_acme.phone("third")
    await furnished_acme.do(logons.log_on, JANSEN, "third", exclusive=True)
    text = edited(await files.out(furnished_acme.id), lambda data: data["extensions"][0].update(name="Jansen-Smit"))
    await files.do(text)
    assert (JANSEN, "third") in {(it.user, it.channel) for it in await furnished_acme.see(logons.list_all)}
