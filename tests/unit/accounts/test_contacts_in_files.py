"""An account's file carries its phone books: the company's, and each user's own (ACC-7)."""

from __future__ import annotations

import pytest
import yaml

from centrale.accounts import contacts
from centrale.accounts.account_file import BadFile
from centrale.accounts.contacts_fields import ContactIn, ContactNumber
from centrale.accounts.database import Database
from centrale.accounts.transfer_contacts import stored
from centrale.routing.snapshot import AccountId

from .office import JANSEN
from .transfers import Transfers, edited


def someone(surname: str, *numbers: str, **more: str) -> ContactIn:
    return ContactIn(surname=surname, numbers=[ContactNumber(number=it) for it in numbers], **more)


@pytest.fixture
async def books(database: Database, acme: AccountId) -> None:
    async with database.change("anna") as unit:
        await contacts.create(unit, acme, None, someone("Vos", "0612345678", company="Bakkerij"))
        await contacts.create(unit, acme, None, someone("Smit", "0205550001"))
        await contacts.create(unit, acme, None, someone("Smit", "0205550002"))
        await contacts.create(unit, acme, JANSEN, someone("Mum", "0701234567"))


async def phone_books(database: Database, account: AccountId) -> list[tuple[str | None, str, list[str]]]:
    async with database.read() as unit:
        return [(it.owner, it.shown_as, [n.number for n in it.numbers]) for it in await stored(unit, account)]


@pytest.mark.usefixtures("books")
async def test_phone_books_go_out_and_come_back(acme: AccountId, files: Transfers, database: Database) -> None:
    text, before = await files.out(acme), await phone_books(database, acme)
    assert len(before) == 4
    assert (await files.plan(text)).changes == ()
    await files.do(edited(text, lambda data: data["contacts"].clear()))
    assert await phone_books(database, acme) == []
    await files.do(text)
    assert await phone_books(database, acme) == before


@pytest.mark.usefixtures("books")
async def test_what_differs_is_changed_and_what_is_missing_goes(
    acme: AccountId, files: Transfers, database: Database
) -> None:
    data = yaml.safe_load(await files.out(acme))
    vos, first, _, mum = data["contacts"]
    vos["numbers"][0]["number"] = "06-87654321"  # as people write it
    data["contacts"] = [vos, first, {"surname": "New"}, mum]
    text = yaml.safe_dump(data)
    plan = await files.plan(text)
    assert [(it.action.value, it.key) for it in plan.changes if it.object_type == "contact"] == [
        ("change", "Vos (Bakkerij)"),
        ("create", "New"),
        ("delete", "Smit #2"),
    ]
    await files.do(text)
    assert await phone_books(database, acme) == [
        (None, "Vos", ["+31687654321"]),
        (None, "Smit", ["+31205550001"]),
        (None, "New", []),
        (JANSEN, "Mum", ["+31701234567"]),
    ]
    assert (await files.plan(text)).changes == ()


@pytest.mark.usefixtures("books")
async def test_a_file_without_the_list_leaves_them_as_they_are(acme: AccountId, files: Transfers) -> None:
    data = yaml.safe_load(await files.out(acme))
    del data["contacts"]
    assert (await files.plan(yaml.safe_dump(data))).changes == ()


@pytest.mark.usefixtures("books")
async def test_what_is_no_number_is_told_with_its_line(acme: AccountId, files: Transfers) -> None:
    data = yaml.safe_load(await files.out(acme))
    data["contacts"].append({"surname": "Wrong", "numbers": [{"number": "0612345678"}, {"number": "abc"}]})
    with pytest.raises(BadFile) as refused:
        await files.plan(yaml.safe_dump(data))
    (problem,) = refused.value.problems
    assert problem.path == "contacts[4].numbers[1].number"
