"""Telephone numbers (ACC-6)."""

from __future__ import annotations

import pytest

from centrale.accounts import channels, numbers, plans
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import NotFound, Use
from centrale.accounts.numbers import NumberIn, OrderStatus
from centrale.accounts.plans import PlanEntryIn, PlanIn
from centrale.routing.snapshot import NumberUse

from .office import DESK, JANSEN, MAIN, MOBILE, SECOND, Office, invalid, refused


async def test_a_number_belongs_to_one_account(office: Office, rivals: Office) -> None:
    await office.number(MAIN)

    assert (await refused(rivals.number(MAIN))).field == "e164"
    with pytest.raises(NotFound):
        await rivals.see(numbers.get, MAIN)
    assert [it.e164 for it in await office.see(numbers.list_all)] == [MAIN]


async def test_a_number_is_business_or_somebodys(office: Office) -> None:
    personal = NumberIn(e164=MOBILE, use=NumberUse.PERSONAL)
    assert list(await invalid(office.do(numbers.create, personal))) == ["user"]
    owned = NumberIn(e164=MAIN, use=NumberUse.BUSINESS, user=JANSEN)
    assert list(await invalid(office.do(numbers.create, owned))) == ["user"]
    await office.group("300")
    assert await invalid(office.number(MOBILE, user="300")) == {"user": "extension 300 is not a user"}

    await office.number(MOBILE, user=JANSEN)
    assert (await office.see(numbers.get, MOBILE)).user == JANSEN


async def test_a_number_page_shows_its_uses_and_a_used_number_stays(office: Office) -> None:
    await office.number(MAIN)
    await office.settings(emergency_caller_id=MAIN, default_caller_id=MAIN)
    await office.phone(DESK, emergency_caller_id=MAIN)
    await office.settle(JANSEN, default_caller_id=MAIN)
    await office.do(plans.create_plan, 1, PlanIn(name="Open", entries=[PlanEntryIn(e164=MAIN, destination=JANSEN)]))

    uses = await office.see(numbers.uses, MAIN)

    assert set(uses) == {
        Use("plan", "1/1", f"entries.{MAIN}"),
        Use("account", "100", "default_caller_id"),
        Use("account", "100", "emergency_caller_id"),
        Use("channel", DESK, "emergency_caller_id"),
        Use("extension", JANSEN, "settings.default_caller_id", "user"),
    }
    assert set((await refused(office.do(numbers.delete, MAIN))).uses) == set(uses)


async def test_a_number_in_a_plan_does_not_become_personal(office: Office) -> None:
    await office.number(MAIN)
    await office.do(plans.create_plan, 1, PlanIn(name="Open", entries=[PlanEntryIn(e164=MAIN, destination=JANSEN)]))

    refusal = await refused(office.do(numbers.change, MAIN, NumberIn(e164=MAIN, use="personal", user=JANSEN)))
    assert (refusal.field, [use.key for use in refusal.uses]) == ("use", ["1/1"])

    await office.do(plans.change_plan, 1, 1, PlanIn(name="Open"))
    await office.do(numbers.change, MAIN, NumberIn(e164=MAIN, use="personal", user=JANSEN))


async def test_a_number_in_use_does_not_become_inactive(office: Office) -> None:
    await office.number(MAIN)
    await office.phone(DESK, emergency_caller_id=MAIN)
    ordered = NumberIn(e164=MAIN, status=OrderStatus.ORDERED)

    assert (await refused(office.do(numbers.change, MAIN, ordered))).field == "status"

    await office.do(channels.change, DESK, ChannelIn())
    assert (await office.do(numbers.change, MAIN, ordered)).status is OrderStatus.ORDERED


async def test_a_number_is_not_turned_into_another(office: Office) -> None:
    await office.number(MAIN)
    assert list(await invalid(office.do(numbers.change, MAIN, NumberIn(e164=SECOND)))) == ["e164"]


async def test_an_unused_number_goes(office: Office) -> None:
    await office.number(MAIN)
    await office.do(numbers.delete, MAIN)
    with pytest.raises(NotFound):
        await office.see(numbers.get, MAIN)
