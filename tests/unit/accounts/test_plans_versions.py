"""Versions of a plan schema: who changed what when, what differs, and going back (NP-10)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.accounts import audit, extensions, holidays, plans, plans_versions, schedules
from centrale.accounts.errors import NotFound
from centrale.accounts.models import SchemaVersionRow
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.plans_override import override_temporarily
from centrale.accounts.plans_roll_back import roll_back
from centrale.accounts.plans_versions import diff, get_version, versions
from centrale.api.changing import version_of

from .conftest import SetClock
from .office import BAKKER, DE_JONG, JANSEN, MAIN, Office, invalid, refused
from .office_hours import CLOSED, DAY, LUNCH, NIGHT, close, daily, day_off, here, open_up


async def newest(office: Office) -> int:
    return (await office.see(versions, 1))[0].version


async def told(office: Office, a: int, b: int | None = None) -> dict[str, tuple[str | None, str | None]]:
    return {it.name: (it.before, it.after) for it in await office.see(diff, 1, a, b)}


async def whole(office: Office) -> dict[str, Any]:
    return (await office.see(plans.get_schema, 1)).model_dump(mode="json")


async def test_each_change_keeps_a_version_with_who_and_when(office: Office, clock: SetClock) -> None:
    assert await office.see(versions, 1) == []
    await office.do(plans.create_plan, 1, PlanIn(number=DAY, name="Day"))
    clock.pass_time(hours=1)
    ben = Office(office.database, office.id, actor="ben")
    await ben.do(plans.change_schema, 1, SchemaIn(name="Main", standing=DAY))

    kept = await office.see(versions, 1)
    assert [(it.version, it.actor, it.at) for it in kept] == [
        (3, "ben", clock.now()),
        (2, "anna", here("2026-03-02 10:00")),
        (1, "", here("2026-03-02 10:00")),  # as it was before the first change
    ]
    assert (await office.see(get_version, 1, 1)).plans == []
    assert await office.see(get_version, 1, 3) == await office.see(plans.get_schema, 1)
    assert await office.see(versions, 1, limit=1) == kept[:1]


async def test_what_one_transaction_does_is_one_version_and_nothing_is_none(office: Office) -> None:
    await open_up(office)
    before = await newest(office)
    async with office.database.change("anna") as unit:
        await plans.create_plan(unit, office.id, 1, PlanIn(number=7, name="Party"))
        await schedules.create(unit, office.id, 1, daily(7, "16:00", "17:00", ["friday"]))
        await plans.change_schema(unit, office.id, 1, SchemaIn(name="Main", standing=7))
    assert await newest(office) == before + 1
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=7))
    await refused(office.do(plans.delete_plan, 1, 7))
    assert await newest(office) == before + 1


async def test_every_kind_of_change_makes_a_version(office: Office, clock: SetClock) -> None:
    await open_up(office)
    holiday = await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    for change in (
        office.do(plans.create_plan, 1, PlanIn(number=7, name="Party")),
        office.do(plans.change_plan, 1, 7, PlanIn(name="Drinks")),
        office.do(plans.copy_plan, 1, DAY, 7),
        office.do(plans.delete_plan, 1, 7),
        office.do(plans.set_override, 1, NIGHT),
        office.do(schedules.create, 1, daily(DAY, "18:00", "19:00")),
        office.do(schedules.change, 1, 4, daily(DAY, "18:30", "19:00")),
        office.do(schedules.delete, 1, 4),
        office.do(holidays.change, 1, holiday.id, day_off("Kerst", "2026-12-25 00:00", "2026-12-27 00:00")),
        office.do(holidays.delete, 1, holiday.id),
        office.do(override_temporarily, 1, NIGHT, clock.now()),
    ):
        before = await newest(office)
        await change
        assert await newest(office) == before + 1


async def test_a_new_schema_begins_with_itself(office: Office) -> None:
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    [first] = await office.see(versions, 2)
    assert (first.version, first.actor) == (1, "anna")
    assert (await office.see(get_version, 2, 1)).name == "Branch"


async def test_another_schema_under_the_same_number_begins_with_itself(office: Office) -> None:
    """Also when one transaction changes the old one, deletes it, and makes and fills the new one."""
    await office.do(plans.create_schema, SchemaIn(name="Old"))
    async with office.database.change("anna") as unit:
        await plans.create_plan(unit, office.id, 2, PlanIn(number=7, name="Party"))
        await plans.delete_schema(unit, office.id, 2)
        await plans.create_schema(unit, office.id, SchemaIn(name="New"), 2)
        await plans.create_plan(unit, office.id, 2, PlanIn(number=8, name="Wake"))
        made = await plans.change_schema(unit, office.id, 2, SchemaIn(name="New", standing=8))
    assert made == await office.see(plans.get_schema, 2)
    first, second = await office.see(get_version, 2, 1), await office.see(get_version, 2, 2)
    assert (first.name, first.plans) == ("New", [])
    assert second == made
    assert len(await office.see(versions, 2)) == 2


async def test_differences_are_told_in_words(office: Office) -> None:
    await open_up(office)
    a = await newest(office)
    entries = [PlanEntryIn(e164=MAIN, destination=BAKKER, prefix="Sales")]
    await office.do(plans.change_plan, 1, DAY, PlanIn(name="Day", entries=entries))
    await office.do(schedules.change, 1, 3, daily(LUNCH, "12:00", "12:30"))
    await office.do(schedules.delete, 1, 2)
    await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=NIGHT))
    expected: dict[str, tuple[str | None, str | None]] = {
        "name": ("Acme", "Main"),
        "standing": (None, "plan 3"),
        f"plans.1.entries.{MAIN}": (JANSEN, f"{BAKKER} as “Sales”"),
        "schedule.2": ("Mon–Fri 08:30–17:30: plan 1", None),
        "schedule.3": ("Mon–Fri 12:30–13:00: plan 2", "Mon–Fri 12:00–12:30: plan 2"),
        "holidays.1": (None, "Christmas, 2026-12-25 00:00 – 2026-12-27 00:00: plan 4"),
    }
    assert await told(office, a, await newest(office)) == expected
    assert await told(office, a) == expected
    assert await told(office, await newest(office), a) == {name: (b, a) for name, (a, b) in expected.items()}
    assert await told(office, a, a) == {}


async def test_rolling_back_restores_everything_and_is_a_version_itself(office: Office) -> None:
    await open_up(office)
    await close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00"))
    await office.do(plans.change_schema, 1, SchemaIn(name="Main", standing=NIGHT, override=CLOSED))
    good, before = await newest(office), await whole(office)

    await office.do(plans.change_schema, 1, SchemaIn(name="Spoilt"))
    await office.do(schedules.replace_all, 1, [])
    await office.do(holidays.replace_all, 1, [])
    await office.do(plans.delete_plan, 1, LUNCH)
    await office.do(plans.create_plan, 1, PlanIn(number=9, name="New"))
    await office.do(plans.change_schema, 1, SchemaIn(name="Spoilt", standing=9))
    await office.do(plans.change_plan, 1, DAY, PlanIn(name="Emptied"))
    bad = await newest(office)

    restored = await office.do(roll_back, 1, good)
    assert restored.model_dump(mode="json") == before == await whole(office)
    latest, *_ = await office.see(versions, 1)
    assert (latest.version, latest.restored, latest.actor) == (bad + 1, good, "anna")

    await office.do(roll_back, 1, bad)
    assert (await office.see(plans.get_schema, 1)).name == "Spoilt"
    assert await told(office, bad) == {}


async def test_rolling_back_to_what_is_there_changes_nothing(office: Office) -> None:
    await open_up(office)
    version, told = await newest(office), await office.see(audit.list_all)
    await office.do(roll_back, 1, version)
    assert await newest(office) == version
    assert await office.see(audit.list_all) == told


async def test_what_cannot_be_any_more_is_told_and_nothing_is_changed(office: Office) -> None:
    await open_up(office)
    await office.employ(DE_JONG)
    entries = [PlanEntryIn(e164=MAIN, destination=DE_JONG)]
    for plan in (LUNCH, CLOSED):
        await office.do(plans.change_plan, 1, plan, PlanIn(name="With De Jong", entries=entries))
    good = await newest(office)
    for plan in (LUNCH, CLOSED):
        await office.do(plans.change_plan, 1, plan, PlanIn(name="Without"))
    await office.do(extensions.delete, DE_JONG)
    before = await whole(office)

    assert await invalid(office.do(roll_back, 1, good)) == {
        "plans.2.entries[0].destination": "there is no extension 203",
        "plans.4.entries[0].destination": "there is no extension 203",
    }
    assert await whole(office) == before


async def test_a_temporary_change_that_has_ended_stays_away(office: Office, clock: SetClock) -> None:
    await open_up(office)
    await office.do(override_temporarily, 1, CLOSED, clock.now())
    during = await newest(office)
    assert [it.temporary for it in (await office.do(roll_back, 1, during)).holidays] == [True]
    clock.pass_time(days=1)
    assert (await office.do(roll_back, 1, during)).holidays == []


async def test_unknown_and_unreadable_versions(office: Office) -> None:
    await open_up(office)
    for attempt in (
        office.see(versions, 2),
        office.see(get_version, 1, 99),
        office.see(diff, 1, 99),
        office.do(roll_back, 1, 99),
        office.do(roll_back, 2, 1),
    ):
        with pytest.raises(NotFound):
            await attempt
    async with office.database.change("anna") as unit:
        row = await unit.session.get_one(SchemaVersionRow, (office.id, 1, 1))
        row.contents = {"name": "From the future", "tides": []}
    assert "another version of Centrale" in str(await refused(office.do(roll_back, 1, 1)))


async def test_the_latest_versions_are_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans_versions, "KEEP", 3)
    for name in "abcde":
        await office.do(plans.change_schema, 1, SchemaIn(name=name))
    assert [it.version for it in await office.see(versions, 1)] == [6, 5, 4]
    assert (await office.see(get_version, 1, 4)).name == "c"


async def test_whatever_is_in_a_schema_is_in_its_etag(office: Office) -> None:
    """Two administrators who change the same schema: the second is told (If-Match)."""
    await open_up(office)
    seen: set[str] = set()

    async def is_another() -> bool:
        tag = version_of(await office.see(plans.get_schema, 1))
        known = tag in seen
        seen.add(tag)
        return not known

    assert await is_another()
    for change in (
        office.do(plans.set_override, 1, NIGHT),
        office.do(plans.change_plan, 1, DAY, PlanIn(name="Emptied")),
        office.do(schedules.change, 1, 3, daily(LUNCH, "12:00", "12:30")),
        close(office, day_off("Christmas", "2026-12-25 00:00", "2026-12-27 00:00")),
        office.do(schedules.delete, 1, 3),
    ):
        await change
        assert await is_another()
    await office.employ(DE_JONG)
    assert not await is_another()
