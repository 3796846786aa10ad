"""An account as one file, and an account out of a file (issue 2.10)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from cryptography.fernet import Fernet

from centrale.accounts import accounts, audit, channels, extensions, transfer, trunks
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.migrate import upgrade
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault

from .conftest import SetClock
from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, MAIN, Office
from .transfers import PASSWORD, PIN, Transfers, edited, told


@pytest.mark.parametrize("with_secrets", [False, True])
async def test_an_unchanged_file_changes_nothing(furnished_acme: Office, files: Transfers, with_secrets: bool) -> None:
    text = await files.out(furnished_acme.id, with_secrets=with_secrets)
    before = await furnished_acme.see(accounts.get), len(await furnished_acme.see(audit.list_all))

    assert (await files.plan(text)).changes == ()
    assert (await files.plan(text, str(furnished_acme.id))).account == furnished_acme.id
    assert (await furnished_acme.see(accounts.get), len(await furnished_acme.see(audit.list_all))) == before


async def test_secrets_stand_in_the_file_only_when_asked_for(furnished_acme: Office, files: Transfers) -> None:
    plain, full = await files.out(furnished_acme.id), await files.out(furnished_acme.id, with_secrets=True)

    assert PASSWORD not in plain
    assert "$argon2id$" not in plain
    assert full.count(PASSWORD) == 2
    assert full.count("$argon2id$") == 1
    assert PIN not in full


async def test_the_file_reads_like_an_account(furnished_acme: Office, files: Transfers) -> None:
    data = yaml.safe_load(await files.out(furnished_acme.id))

    assert list(data) == [
        "format",
        "account",
        "extensions",
        "channels",
        "numbers",
        "schemas",
        "sounds",
        "music",
        "trunks",
        "expectations",
        "contacts",
        "webhooks",
    ]
    assert data["account"]["facilities"] == ["twinning"]
    assert [it["number"] for it in data["extensions"]] == [JANSEN, BAKKER, DE_JONG, "300"]
    assert data["extensions"][2]["settings"]["ring_for"] == 25
    assert [it["name"] for it in data["channels"]] == [DESK, HALL]
    assert data["schemas"][0]["override"] == 7
    assert data["schemas"][0]["plans"][0]["entries"] == [{"e164": MAIN, "destination": "300", "prefix": "Sales"}]
    assert data["trunks"] == ["spare", "carrier"]


async def test_a_whole_account_comes_up_on_another_platform(
    furnished_acme: Office, files: Transfers, empty_url: str, clock: SetClock
) -> None:
    text = await files.out(furnished_acme.id, with_secrets=True)
    elsewhere = Database(empty_url, Vault(Fernet.generate_key()), clock)
    await upgrade(elsewhere)
    there = Transfers(elsewhere)
    missing = await there.problems(text)
    assert set(missing.values()) == {f"there is no trunk {name} on this platform" for name in ("spare", "carrier")}
    async with elsewhere.change("root") as unit:
        for name in ("carrier", "spare"):
            await trunks.create(unit, TrunkIn(name=name, host="192.0.2.1"))

    plan = await there.plan(text)
    assert plan.account is None
    assert {action for action, _, _ in told(plan)} == {"create"}
    id = await there.do(text)

    assert await there.out(id, with_secrets=True) == text
    async with elsewhere.read() as unit:
        assert await channels.password_of(unit, id, DESK) == PASSWORD
    await elsewhere.close()


async def test_a_copy_under_another_number_gets_secrets_of_its_own(furnished_acme: Office, files: Transfers) -> None:
    def edit(data: dict[str, Any]) -> None:
        data["account"] |= {"number": "101", "name": "Acme South"}
        for channel in data["channels"]:
            channel["name"] += "-south"

    copy = edited(await files.out(furnished_acme.id), edit).replace("+3120", "+3110").replace("+316", "+317")
    id = await files.do(copy)

    assert id != furnished_acme.id
    assert (await files.plan(copy)).changes == ()
    south = Office(furnished_acme.database, id)
    passwords = {await south.see(channels.password_of, f"{name}-south") for name in (DESK, HALL)}
    assert len(passwords) == 2
    assert PASSWORD not in passwords
    assert not (await south.see(extensions.get, DE_JONG)).has_pin
    assert (await files.plan(await files.out(furnished_acme.id))).changes == ()


async def test_an_account_is_found_by_customer_number_before_id(database: Database, office: Office) -> None:
    async with database.change("root") as unit:
        named_like_an_id = await accounts.create(unit, accounts.AccountIn(number=str(office.id), name="Confusing"))
        assert (await transfer.find(unit, str(office.id))).id == named_like_an_id.id
        assert (await transfer.find(unit, "100")).id == office.id
        assert (await transfer.find(unit, str(named_like_an_id.id))).id == named_like_an_id.id
        for nobody in ("999", "9" * 30, "²", ""):
            with pytest.raises(NotFound):
                await transfer.find(unit, nobody)


async def test_settings_of_another_version_are_exported_as_they_are(furnished_acme: Office, files: Transfers) -> None:
    async with furnished_acme.database.change("anna") as unit:
        row = await extensions.load(unit, furnished_acme.id, JANSEN)
        row.settings = {"ring_for": 12}  # before there were other settings
        row = await extensions.load(unit, furnished_acme.id, "300")
        row.settings = {"members": [], "volume": 11}  # after this version

    text = await files.out(furnished_acme.id)
    assert "volume: 11" in text
    assert list(await files.problems(text)) == ["extensions[3].settings.volume `volume: 11`"]
    await furnished_acme.do(extensions.change, "300", ExtensionIn(number="300", kind="group", name="Sales"))
    assert (await files.plan(await files.out(furnished_acme.id))).changes == ()
