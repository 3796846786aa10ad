"""A change can be taken back, if the thing still is as that change left it (ACC-8)."""

from __future__ import annotations

import pytest

from centrale.accounts import audit, channels, extensions, holidays, numbers, plans, schedules, undo, web_users
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import Invalid, NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.holidays import HolidayIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.plans_fields import PutEntry
from centrale.accounts.roles import Role
from centrale.accounts.unit import Unit
from centrale.accounts.web_users import WebUserIn
from centrale.routing.snapshot import AccountId

from .conftest import SetClock
from .office import DE_JONG, DESK, JANSEN, MAIN, MOBILE, Office, refused


async def take_back(unit: Unit, account: AccountId, id: int) -> None:
    await undo.carry_out(unit, account, await undo.prepare(unit, account, id))


async def last(office: Office, object_type: str) -> int:
    """The id of the latest change of something of this type."""
    return (await office.see(audit.list_all, object_type=object_type, limit=1))[0].id


async def test_what_was_changed_becomes_what_it_was_and_the_audit_tells_why(office: Office, clock: SetClock) -> None:
    await office.employ(DE_JONG)
    await office.settle(DE_JONG, ring_for=20)
    change = await last(office, "extension")
    clock.pass_time(minutes=1)
    office.actor = "bert"

    await office.do(take_back, change)

    assert (await office.see(extensions.get, DE_JONG)).settings["ring_for"] == 60
    undone, changed = await office.see(audit.list_all, object_type="extension", object_key=DE_JONG, limit=2)
    assert (changed.action, changed.actor) == ("change", "bert")
    assert (undone.action, undone.actor) == ("undo", "bert")
    assert undone.after is not None
    assert (undone.after["change"], undone.after["actor"]) == (change, "anna")
    assert not undo.can_be(undone)


async def test_taking_back_twice_brings_the_change_again(office: Office) -> None:
    await office.employ(DE_JONG)
    await office.settle(DE_JONG, ring_for=20)
    await office.do(take_back, await last(office, "extension"))
    _, again, *_ = await office.see(audit.list_all, object_type="extension", object_key=DE_JONG)
    await office.do(take_back, again.id)
    assert (await office.see(extensions.get, DE_JONG)).settings["ring_for"] == 20


async def test_not_what_was_changed_since(office: Office) -> None:
    await office.employ(DE_JONG)
    await office.settle(DE_JONG, ring_for=20)
    change = await last(office, "extension")
    await office.settle(DE_JONG, "De Jong-Smit", ring_for=20)

    assert "changed since: name" in str(await refused(office.do(take_back, change)))
    assert (await office.see(extensions.get, DE_JONG)).settings["ring_for"] == 20


async def test_what_was_created_goes_unless_it_is_used(office: Office) -> None:
    await office.employ(DE_JONG)
    made = await last(office, "extension")
    await office.group("300", DE_JONG)

    conflict = await refused(office.do(take_back, made))
    assert [use.key for use in conflict.uses] == ["300"]

    await office.do(take_back, await last(office, "extension"))
    await office.do(take_back, made)
    assert "is not there any more" in str(await refused(office.do(take_back, made)))


async def test_what_was_deleted_comes_back_while_its_place_is_free(office: Office, rivals: Office) -> None:
    await office.number(MAIN)
    await office.do(numbers.delete, MAIN)
    gone = await last(office, "number")
    await rivals.number(MAIN)
    assert "on the platform already" in str(await refused(office.do(take_back, gone)))
    await rivals.do(numbers.delete, MAIN)

    await office.do(take_back, gone)

    assert (await office.see(numbers.get, MAIN)).e164 == MAIN
    assert "again" in str(await refused(office.do(take_back, gone)))


async def test_every_rule_holds_for_it(office: Office) -> None:
    """Here: a personal number needs its user, who is gone by now."""
    await office.employ(DE_JONG)
    await office.number(MOBILE, DE_JONG)
    await office.do(numbers.delete, MOBILE)
    gone = await last(office, "number")
    await office.do(extensions.delete, DE_JONG)
    with pytest.raises(Invalid):
        await office.do(take_back, gone)


async def test_plans_with_their_week_and_holidays(office: Office) -> None:
    await office.number(MAIN)
    entries = [PlanEntryIn(e164=MAIN, destination=JANSEN)]
    await office.do(plans.create_plan, 1, PlanIn(name="Open", entries=entries))
    await office.do(plans.create_plan, 1, PlanIn(name="Closed"))
    week = [PutEntry(days=["monday"], start="09:00", end="17:00", plan=2)]  # type: ignore[arg-type,list-item]
    week += [PutEntry(days=["monday"], start="12:00", end="13:00", plan=1)]  # type: ignore[arg-type,list-item]
    first, second = await office.do(schedules.replace_all, 1, week)
    holiday = HolidayIn(description="Xmas", start="2026-12-25 00:00", end="2026-12-27 00:00", plan=2)  # type: ignore[arg-type]
    await office.do(holidays.create, 1, holiday)

    await office.do(plans.set_override, 1, 2)
    await office.do(take_back, await last(office, "schema"))
    await office.do(schedules.delete, 1, first.id)
    await office.do(take_back, await last(office, "schedule"))
    await office.do(holidays.delete, 1, 1)
    await office.do(take_back, await last(office, "holiday"))
    await office.do(plans.change_plan, 1, 1, PlanIn(name="Open"))
    await office.do(take_back, await last(office, "plan"))

    schema = await office.see(plans.get_schema, 1)
    assert schema.override is None
    assert {entry.id: entry.plan for entry in schema.schedule} == {first.id: 2, second.id: 1}
    assert [it.description for it in schema.holidays] == ["Xmas"]
    assert schema.plans[0].entries == entries


async def test_a_schema_with_plans_does_not_go_with_them(office: Office) -> None:
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    made = await last(office, "schema")
    await office.do(plans.create_plan, 2, PlanIn(name="Open"))
    assert "has plans by now" in str(await refused(office.do(take_back, made)))
    await office.do(plans.delete_plan, 2, 1)
    await office.do(take_back, made)
    with pytest.raises(NotFound):
        await office.see(plans.get_schema, 2)


async def test_nothing_whose_secret_is_gone(office: Office) -> None:
    await office.phone(DESK)
    await office.do(channels.change, DESK, ChannelIn(password="Lang-genoeg-wachtwoord-9"))  # type: ignore[arg-type]
    with_password = await last(office, "channel")
    await office.do(channels.delete, DESK)
    deleted = await last(office, "channel")
    await office.employ(DE_JONG)
    await office.settle(DE_JONG, pin="4917")
    for change in (with_password, deleted, await last(office, "extension")):
        assert "cannot be taken back" in str(await refused(office.do(take_back, change)))


async def test_a_web_user_who_was_renamed(office: Office) -> None:
    person = WebUserIn(email="anna@office.example", name="Anna", role=Role.ACCOUNT, account=office.id)
    async with office.database.change("root") as unit:
        made = await web_users.create(unit, person)
    async with office.database.change("root") as unit:
        await web_users.change(unit, made.id, person.model_copy(update={"email": "anne@office.example"}))
    await office.do(take_back, await last(office, "web user"))
    async with office.database.read() as unit:
        assert (await web_users.get(unit, made.id)).email == "anna@office.example"


async def test_a_change_of_another_account_is_not_there(office: Office, rivals: Office) -> None:
    await rivals.employ(DE_JONG)
    theirs = await last(rivals, "extension")
    with pytest.raises(NotFound):
        await office.do(take_back, theirs)
    assert (await rivals.see(extensions.get, DE_JONG)).name == "De Jong"


async def test_the_audit_is_searched_by_person_and_time(office: Office, clock: SetClock) -> None:
    await office.employ(DE_JONG)
    clock.pass_time(hours=1)
    office.actor = "web user bert@office.example"
    await office.do(numbers.create, NumberIn(e164=MAIN))
    since = clock.now()
    assert [it.object_type for it in await office.see(audit.list_all, actor="BERT@")] == ["number"]
    for nobody in ("%", "_", "b_rt", "/"):  # a character means itself
        assert await office.see(audit.list_all, actor=nobody) == [], nobody
    assert [it.object_type for it in await office.see(audit.list_all, since=since)] == ["number"]
    assert "number" not in [it.object_type for it in await office.see(audit.list_all, until=since)]


async def test_a_deleted_user_comes_back_without_a_pin(office: Office) -> None:
    await office.do(extensions.create, ExtensionIn(number="209", kind="user", name="Visser", pin="4917"))  # type: ignore[arg-type]
    await office.do(extensions.delete, "209")
    await office.do(take_back, await last(office, "extension"))
    back = await office.see(extensions.get, "209")
    assert (back.name, back.has_pin) == ("Visser", False)
