"""Every administrative change is kept: who, when, what, before and after (ACC-8)."""

from __future__ import annotations

from centrale.accounts import accounts, audit, channels, extensions, numbers, plans, trunks
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.trunks import TrunkIn

from .conftest import SetClock
from .office import DE_JONG, DESK, JANSEN, MAIN, Office, refused


async def test_a_change_tells_who_when_and_what(office: Office, clock: SetClock) -> None:
    await office.phone(DESK)
    clock.pass_time(hours=1)
    office.actor = "bert"
    await office.do(channels.change, DESK, ChannelIn(call_limit=4))
    await office.do(channels.delete, DESK)

    gone, changed, made = await office.see(audit.list_all, object_type="channel", object_key=DESK)

    assert (made.action, made.actor, made.before) == ("create", "anna", None)
    assert (changed.action, changed.actor, changed.at) == ("change", "bert", clock.now())
    assert changed.before is not None
    assert changed.after is not None
    assert {k: (v, changed.after[k]) for k, v in changed.before.items() if v != changed.after[k]} == {
        "call_limit": (2, 4)
    }
    assert (gone.action, gone.before, gone.after) == ("delete", changed.after, None)


async def test_everything_an_administrator_does_is_kept(database: Database, office: Office, rivals: Office) -> None:
    await office.number(MAIN)
    await office.do(numbers.change, MAIN, NumberIn(e164=MAIN))
    await office.employ(DE_JONG)
    await office.settle(DE_JONG, ring_for=20)
    await office.do(extensions.delete, DE_JONG)
    await office.do(plans.create_plan, 1, PlanIn(name="Open", entries=[PlanEntryIn(e164=MAIN, destination=JANSEN)]))
    await office.do(plans.change_plan, 1, 1, PlanIn(name="Open"))
    await office.do(plans.set_override, 1, 1)
    await office.do(plans.set_override, 1, None)
    await office.do(plans.delete_plan, 1, 1)
    await office.do(plans.create_schema, SchemaIn(name="Branch"))
    await office.do(plans.delete_schema, 2)
    await office.settings(emergency_caller_id=MAIN)
    async with database.change("root") as unit:
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
        await trunks.choose(unit, office.id, ["carrier"])

    entries = [(it.action, it.object_type, it.object_key) for it in reversed(await office.see(audit.list_all))]

    assert entries == [
        ("create", "account", "100"),
        ("change", "account", "100"),  # the first extension fixes the length
        ("create", "extension", "201"),
        ("create", "extension", "202"),
        ("create", "number", MAIN),
        ("change", "number", MAIN),
        ("create", "extension", DE_JONG),
        ("change", "extension", DE_JONG),
        ("delete", "extension", DE_JONG),
        ("create", "plan", "1/1"),
        ("change", "plan", "1/1"),
        ("change", "schema", "1"),
        ("change", "schema", "1"),
        ("delete", "plan", "1/1"),
        ("create", "schema", "2"),
        ("delete", "schema", "2"),
        ("change", "account", "100"),
        ("change", "trunks", str(office.id)),
    ]
    overrides = await office.see(audit.list_all, object_type="schema", object_key="1")
    assert [(it.before or {})["override"] for it in overrides] == [1, None]
    async with database.read() as unit:
        platform = await audit.list_all(unit, None)
    assert [(it.action, it.object_type, it.object_key) for it in platform] == [
        ("create", "trunk", "carrier"),
        ("create", "account", str(rivals.id)),
        ("create", "account", str(office.id)),
    ]


async def test_a_changed_secret_is_told_without_it(office: Office) -> None:
    await office.phone(DESK)
    await office.do(channels.change, DESK, ChannelIn(password="correct-horse"))
    await office.employ(DE_JONG, pin="4711")
    await office.settle(DE_JONG, pin="5812")
    await office.do(extensions.set_pin, DE_JONG, "6913")

    entries = await office.see(audit.list_all)

    assert [it.after for it in entries if it.after and "changed" in it.after.values()] != []
    assert not {"correct-horse", "4711", "5812", "6913"} & set(str(entries).replace("'", " ").split())
    password = next(it for it in entries if (it.action, it.object_type) == ("change", "channel"))
    assert (password.after or {})["password"] == "changed"


async def test_what_is_refused_leaves_no_trace(office: Office) -> None:
    await office.group("300", JANSEN)
    before = await office.see(audit.list_all)
    await refused(office.do(extensions.delete, JANSEN))
    assert await office.see(audit.list_all) == before


async def test_the_audit_is_read_in_pages_and_by_account(office: Office, rivals: Office) -> None:
    everything = await office.see(audit.list_all)
    first = await office.see(audit.list_all, limit=3)
    rest = await office.see(audit.list_all, behind=first[-1].id)
    assert first + rest == everything
    assert {it.object_key for it in await rivals.see(audit.list_all, object_type="account")} == {"200"}


async def test_a_change_is_whole_or_not_at_all(database: Database, office: Office) -> None:
    async def change_and_fail() -> None:
        async with database.change("anna") as unit:
            await channels.create(unit, office.id, ChannelIn(name=DESK))
            await accounts.create(unit, AccountIn(number="100", name="Impostor"))

    await refused(change_and_fail())
    assert await office.see(channels.list_all) == []
    assert await office.see(audit.list_all, object_type="channel") == []
