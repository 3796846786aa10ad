"""Customers of the platform (ACC-1..5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

import centrale
from centrale.accounts import accounts, audit, tokens, trunks
from centrale.accounts.accounts import NOT_YET, AccountIn
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.models import Base, CallRow
from centrale.accounts.records import store
from centrale.accounts.tokens import TokenIn
from centrale.accounts.trunks import TrunkIn
from centrale.routing.snapshot import WORKING, AccountId, Facility

from .ended_calls import call
from .office import MAIN, MOBILE, SECOND, Office, invalid, refused


async def test_an_account_is_found_by_its_customer_number(database: Database, office: Office) -> None:
    async with database.read() as unit:
        found = await accounts.find(unit, "100")
        everyone = await accounts.list_all(unit)
    assert (found.id, found.name, found.timezone, found.extension_length) == (office.id, "Acme", "Europe/Amsterdam", 3)
    assert [it.number for it in everyone] == ["100", "200"]


async def test_accounts_are_listed_in_pages(database: Database, office: Office, rivals: Office) -> None:
    async with database.read() as unit:
        first = await accounts.list_all(unit, limit=1)
        second = await accounts.list_all(unit, after=first[-1].number, limit=1)
        assert await accounts.list_all(unit, after=second[-1].number) == []
    assert [it.number for it in first + second] == ["100", "200"]


async def test_a_customer_number_is_given_out_once(database: Database, office: Office, rivals: Office) -> None:
    async def another() -> None:
        async with database.change("anna") as unit:
            await accounts.create(unit, AccountIn(number="100", name="Impostor"))

    assert (await refused(another())).field == "number"

    async def renumbered() -> None:
        async with database.change("anna") as unit:
            await accounts.change(unit, rivals.id, AccountIn(number="100", name="Rival", emergency_caller_id=MAIN))

    await rivals.number(MAIN)
    assert (await refused(renumbered())).field == "number"


async def test_settings_need_an_emergency_caller_id(office: Office) -> None:
    await office.number(MAIN)

    assert "emergency_caller_id" in await invalid(office.settings(name="Acme Ltd"))  # ACC-4

    await office.settings(name="Acme Ltd", emergency_caller_id=MAIN)
    assert (await office.see(accounts.get)).name == "Acme Ltd"


async def test_only_own_active_numbers_are_shown(office: Office, rivals: Office) -> None:
    await office.number(MAIN)
    await office.number(MOBILE, status="ordered")
    await rivals.number(SECOND)

    strange = {"emergency_caller_id": MAIN, "default_caller_id": SECOND}
    assert await invalid(office.settings(**strange)) == {
        "default_caller_id": f"{SECOND} is not a number of this account"
    }
    assert "not active" in (await invalid(office.settings(emergency_caller_id=MOBILE)))["emergency_caller_id"]


async def test_a_new_account_has_no_numbers_to_show(database: Database) -> None:
    async def create() -> None:
        async with database.change("anna") as unit:
            await accounts.create(unit, AccountIn(number="300", name="New", default_caller_id=MAIN))

    assert "add the number to the account first" in (await invalid(create()))["default_caller_id"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timezone", "Amsterdam"),
        ("country", "Netherlands"),
        ("language", "fr"),
        ("area_code", "20"),
        ("area_code", "0٢٠"),
        ("number", "1 00"),
        ("name", "two\nlines"),
        ("name", "  "),
        ("facilities", ["free coffee"]),
        ("colour", "blue"),
    ],
)
def test_nonsense_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        AccountIn.model_validate({"number": "100", "name": "Acme", field: value})
    assert refusal.value.errors()[0]["loc"][0] == field


async def test_a_deleted_account_leaves_only_its_calls_and_its_audit(
    database: Database, office: Office, rivals: Office
) -> None:
    for it in (office, rivals):
        await it.number(f"+3120000000{it.id}")
        await it.settings(
            emergency_caller_id=f"+3120000000{it.id}", default_caller_id=f"+3120000000{it.id}", area_code="020"
        )
        await it.phone(f"desk{it.id}", linked_user="201")
        await it.group("300", "201", "202")
    async with database.change("anna") as unit:
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
        await trunks.choose(unit, office.id, ["carrier"])
        await tokens.create(unit, TokenIn(name="script", account=office.id))
    async with database.connection() as connection:
        await store(connection, [call("c1", account=office.id)])

    await office.do(accounts.delete)

    async with database.read() as unit:
        with pytest.raises(NotFound):
            await accounts.get(unit, office.id)
        left = {
            table.name
            for table in Base.metadata.sorted_tables
            if "account_id" in table.c
            and await unit.session.scalar(select(func.count()).where(table.c.account_id == office.id))
        }
        assert left == {"audit", "cdrs", "cdr_parties"}
        assert await unit.session.get(CallRow, "c1") is not None
        assert (await audit.list_all(unit, office.id, object_type="account"))[0].action == "delete"
        assert (await accounts.get(unit, rivals.id)).name == "Rival"


async def test_the_id_of_a_deleted_account_is_never_given_out_again(database: Database, rivals: Office) -> None:
    await rivals.do(accounts.delete)

    async with database.change("anna") as unit:
        created = await accounts.create(unit, AccountIn(number="200", name="Rival again"))
    assert AccountId(created.id) != rivals.id


def test_a_facility_that_nothing_reads_is_not_shown_as_if_it_worked() -> None:
    """ACC-3: who writes the part that reads one says so in `WORKING`, and the portal lets it be switched on."""
    source = Path(centrale.__file__).parent
    code = "\n".join(it.read_text("utf-8") for it in source.rglob("*.py") if it.name != "snapshot.py")
    assert {it for it in Facility if f"Facility.{it.name}" in code} == WORKING
    field = AccountIn.model_json_schema()["properties"]["facilities"]
    assert set(field[NOT_YET]) == set(Facility) - WORKING
