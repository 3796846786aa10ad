"""Accounts as files: what an administrator does with them, and an account that has one of everything."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from centrale.accounts import accounts, plans, transfer, trunks
from centrale.accounts.account_file import BadFile
from centrale.accounts.database import Database
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.transfer import ImportPlan
from centrale.accounts.trunks import TrunkIn
from centrale.routing.snapshot import AccountId

from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, MAIN, MOBILE, SECOND, TWINNED, Office

PASSWORD, PIN = "correct-horse", "4711"


async def furnish(database: Database) -> None:
    """Gives Acme one of everything."""
    async with database.read() as unit:
        office = Office(database, AccountId((await accounts.find(unit, "100")).id))
    async with database.change("root") as unit:
        for name in ("carrier", "spare"):
            await trunks.create(unit, TrunkIn(name=name, host="192.0.2.1"))
        await trunks.choose(unit, office.id, ["spare", "carrier"])
    await office.number(MAIN)
    await office.number(SECOND)
    await office.settings(emergency_caller_id=MAIN, default_caller_id=MAIN, area_code="020")
    await office.employ(DE_JONG, pin=PIN, default_caller_id=MAIN, ring_for=25, **TWINNED)
    await office.number(MOBILE, user=JANSEN)
    await office.group("300", JANSEN, BAKKER)
    for name in (DESK, HALL):
        await office.phone(name, linked_user=DE_JONG, password=PASSWORD, emergency_caller_id=MAIN, call_limit=3)
    entry = PlanEntryIn(e164=MAIN, destination="300", prefix="Sales")
    await office.do(plans.create_plan, 1, PlanIn(number=1, name="Open", entries=[entry]))
    await office.do(plans.create_plan, 1, PlanIn(number=7, name="Shut"))
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=1, override=7))
    await office.do(plans.create_schema, SchemaIn(name="Gone"))
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    await office.do(plans.delete_schema, 2)
    branch = PlanIn(number=2, name="Open", entries=[PlanEntryIn(e164=SECOND, destination=JANSEN)])
    await office.do(plans.create_plan, 3, branch)


class Transfers:
    """What an administrator does with files."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def out(self, account: AccountId, *, with_secrets: bool = False) -> str:
        async with self.database.read() as unit:
            return await transfer.export(unit, account, with_secrets=with_secrets)

    async def plan(self, text: str, account: str | None = None) -> ImportPlan:
        return await transfer.rehearse(self.database, "anna", text, account)

    async def do(self, text: str, account: str | None = None) -> AccountId:
        return await transfer.perform(self.database, "anna", text, account, await self.plan(text, account))

    async def problems(self, text: str, account: str | None = None) -> dict[str, str]:
        with pytest.raises(BadFile) as refusal:
            await self.plan(text, account)
        lines = text.splitlines()
        assert all(0 < it.line <= len(lines) and it.message and it.remedy for it in refusal.value.problems)
        return {f"{it.path} `{lines[it.line - 1].strip()}`": it.message for it in refusal.value.problems}


def edited(text: str, edit: Any) -> str:
    """The file after `edit(its data)`."""
    data = yaml.safe_load(text)
    edit(data)
    return yaml.safe_dump(data, sort_keys=False)


def told(plan: ImportPlan) -> list[tuple[str, str, dict[str, tuple[Any, Any]]]]:
    return [
        (it.action.value, f"{it.object_type} {it.key}".strip(), {f.name: (f.before, f.after) for f in it.fields})
        for it in plan.changes
    ]
