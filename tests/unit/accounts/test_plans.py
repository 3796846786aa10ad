"""Number plans: which extension a number reaches, and which plan counts (NP-1, NP-2, NP-3, NP-7)."""

from __future__ import annotations

import pytest

from centrale.accounts import numbers, plans
from centrale.accounts.directory import Directory
from centrale.accounts.errors import NotFound, Use
from centrale.accounts.models import PlanRow
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn

from .office import BAKKER, JANSEN, MAIN, MOBILE, SECOND, Office, invalid, refused


def plan(name: str = "Open", /, number: int | None = None, **entries: str) -> PlanIn:
    """Numbers are given by name of the constant: `plan("Open", MAIN=JANSEN)`."""
    known = {"MAIN": MAIN, "SECOND": SECOND, "MOBILE": MOBILE}
    return PlanIn(
        name=name,
        number=number,
        entries=[PlanEntryIn(e164=known[number], destination=destination) for number, destination in entries.items()],
    )


async def test_an_account_has_a_main_schema_that_stays(office: Office) -> None:
    schemas = await office.see(plans.list_schemas)
    assert [(it.number, it.name, it.plans) for it in schemas] == [(1, "Acme", [])]
    assert "main schema" in str(await refused(office.do(plans.delete_schema, 1)))


async def test_further_schemas_are_numbered_in_sequence(office: Office) -> None:
    for name in ("Branch", "Shop"):
        await office.do(plans.create_schema, SchemaIn(name=name))
    await office.do(plans.delete_schema, 2)
    created = await office.do(plans.create_schema, SchemaIn(name="Depot"))
    assert created.number == 4
    assert [it.number for it in await office.see(plans.list_schemas)] == [1, 3, 4]


async def test_a_plan_gets_the_first_free_number_of_99(office: Office) -> None:
    await office.do(plans.create_plan, 1, plan("Open", 1))
    await office.do(plans.create_plan, 1, plan("Night", 3))
    assert (await office.do(plans.create_plan, 1, plan("Lunch"))).number == 2
    assert (await refused(office.do(plans.create_plan, 1, plan("Again", 2)))).field == "number"

    async with office.database.change("anna") as unit:
        unit.session.add_all(
            PlanRow(account_id=office.id, schema_number=1, number=number, name="More") for number in range(4, 100)
        )
    assert "99 plans at most" in str(await refused(office.do(plans.create_plan, 1, plan("One more"))))


async def test_entries_must_be_usable(office: Office, rivals: Office) -> None:
    await office.number(MAIN)
    await office.number(MOBILE, user=JANSEN)
    await office.number("+31201230000", status="ordered")
    await rivals.number(SECOND)
    entries = [
        PlanEntryIn(e164=MAIN, destination="209"),
        PlanEntryIn(e164=SECOND, destination=JANSEN),
        PlanEntryIn(e164=MOBILE, destination=JANSEN),
        PlanEntryIn(e164="+31201230000", destination=JANSEN),
        PlanEntryIn(e164=MAIN, destination=JANSEN),
    ]

    problems = await invalid(office.do(plans.create_plan, 1, PlanIn(name="Open", entries=entries)))

    assert problems == {
        "entries[0].destination": "there is no extension 209",
        "entries[1].e164": f"{SECOND} is not a number of this account",
        "entries[2].e164": f"{MOBILE} is a personal number",
        "entries[3].e164": "+31201230000 is not active yet",
        "entries[4].e164": f"{MAIN} stands in this plan twice",
    }


async def test_a_number_stands_in_any_plan_of_one_schema(office: Office) -> None:
    await office.number(MAIN)
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    await office.do(plans.create_plan, 1, plan("Open", MAIN=JANSEN))
    await office.do(plans.create_plan, 1, plan("Night", MAIN=BAKKER))

    problems = await invalid(office.do(plans.create_plan, 2, plan("Open", MAIN=JANSEN)))

    assert problems == {"entries[0].e164": f"{MAIN} stands in schema 1 already"}


async def test_an_override_holds_until_it_is_taken_away(office: Office) -> None:
    directory = Directory(office.database)
    await directory.load()
    for name in ("Open", "Night"):
        await office.do(plans.create_plan, 1, plan(name))
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=1))

    await office.do(plans.set_override, 1, 2)
    chosen = directory.current.accounts[office.id].schemas[0]
    assert (chosen.standing, chosen.override) == (1, 2)

    await office.do(plans.set_override, 1, None)
    assert directory.current.accounts[office.id].schemas[0].override is None
    assert list(await invalid(office.do(plans.set_override, 1, 3))) == ["override"]


async def test_a_plan_that_is_chosen_stays(office: Office) -> None:
    await office.do(plans.create_plan, 1, plan("Open"))
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=1, override=1))
    assert (await refused(office.do(plans.delete_plan, 1, 1))).uses == (
        Use("schema", "1", "standing"),
        Use("schema", "1", "override"),
    )

    await office.do(plans.change_schema, 1, SchemaIn(name="Main"))
    await office.do(plans.delete_plan, 1, 1)
    with pytest.raises(NotFound):
        await office.see(plans.get_plan, 1, 1)


async def test_a_plan_copied_over_another_keeps_the_others_name(office: Office) -> None:
    await office.number(MAIN)
    await office.do(plans.create_plan, 1, plan("Open", MAIN=JANSEN))
    await office.do(plans.create_plan, 1, plan("Night"))

    copied = await office.do(plans.copy_plan, 1, 1, 2)

    assert (copied.name, copied.entries) == ("Night", (await office.see(plans.get_plan, 1, 1)).entries)


async def test_a_schema_goes_with_its_plans_and_frees_its_numbers(office: Office) -> None:
    await office.number(MAIN)
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    await office.do(plans.create_plan, 2, plan("Open", MAIN=JANSEN))

    await office.do(plans.delete_schema, 2)

    assert await office.see(numbers.uses, MAIN) == []
    await office.do(plans.create_plan, 1, plan("Open", MAIN=JANSEN))


async def test_a_prefix_is_one_short_line() -> None:
    with pytest.raises(ValueError, match="control characters"):
        PlanEntryIn(e164=MAIN, destination=JANSEN, prefix="Sales\r\nX: y")
