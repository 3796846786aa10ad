"""915: the number plan is chosen by phone (SYS-12, NP-8)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from centrale.routing.snapshot import ExtensionNumber, NumberPlan, PlanEntry, PlanSchema
from centrale.telephony.simulated import SimulatedPhone
from tests.scenarios.hearing import answers, said, story, words
from tests.scenarios.world import Company, World

MAIN = "+31201110300"


@pytest.fixture
async def anna(acme: Company) -> SimulatedPhone:
    acme.user("201", "Anna Jansen", rights={"time_configuration": True})
    acme.user("202", "Ben Bakker")
    number = acme.number(MAIN)
    plans = {
        n: NumberPlan(n, name, {number: PlanEntry(ExtensionNumber(to))})
        for n, name, to in ((1, "Open", "201"), (12, "Closed", "202"))
    }
    acme.world.books.change(acme.id, schemas=(PlanSchema(1, "Acme", plans, standing=1),))
    return await acme.phone("anna", logged_on="201")


async def test_a_plan_is_chosen_until_further_notice_and_calls_follow_it(
    world: World, acme: Company, anna: SimulatedPhone
) -> None:
    ben = await acme.phone("ben", logged_on="202")
    carrier = await world.carrier("carrier", acme)
    call = await anna.dials("915")
    await answers(call, "plan_menu", "2#")
    await answers(call, "ask_plan", "12#")
    assert (await call.ended(20)).code == 200
    assert words(world, call)[-1] == "Het nummerplan Closed is actief tot nader order."
    outside = await carrier.calls(MAIN, caller="+31612345678")
    await ben.rings()
    await outside.hang_up()
    back = await anna.dials("915")
    await answers(back, "plan_menu", "3#")
    await back.ended(20)
    assert words(world, back)[-1] == "Het schema is weer van kracht. Het nummerplan Open is actief."
    again = await carrier.calls(MAIN, caller="+31612345678")
    await anna.rings()
    await again.hang_up()
    await world.over()


async def test_with_several_schemas_one_is_asked_for(world: World, acme: Company, anna: SimulatedPhone) -> None:
    [first] = acme.account.schemas
    world.books.change(acme.id, schemas=(first, replace(first, number=2, name="Shop")))
    call = await anna.dials("915")
    await answers(call, "plan_menu", "2#")
    await answers(call, "ask_schema", "7#")
    await answers(call, "ask_schema", "02#", time=2)
    await answers(call, "ask_plan", "12#")
    await call.ended(20)
    assert "schema_unknown" in said(call)
    assert [schema.override for schema in acme.account.schemas] == [None, 12]
    await world.over()


async def test_a_plan_that_is_not_there_is_told(world: World, acme: Company, anna: SimulatedPhone) -> None:
    call = await anna.dials("915")
    await answers(call, "plan_menu", "1#")
    for time in (1, 2, 3):
        await answers(call, "ask_plan", "99#", time=time)
    await call.ended(30)
    assert said(call).count("plan_unknown") == 3
    assert said(call)[-1] == "goodbye"
    assert [schema.override for schema in acme.account.schemas] == [None]
    await world.over()


async def test_without_the_right_nothing_can_be_changed(world: World, acme: Company, anna: SimulatedPhone) -> None:
    acme.user("201", "Anna Jansen")
    call = await anna.dials("915")
    await call.ended(20)
    assert said(call) == ["no_right"]
    await world.over()
    assert any("the right 'time configuration' is missing" in line for line in story(world.last_record))
