"""The picture that calls read follows every change, whoever makes it, without reading everything again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
from sqlalchemy import event

from centrale.accounts import (
    accounts,
    channels,
    extensions,
    holidays,
    logons,
    numbers,
    plans,
    schedules,
    snapshots,
    trunks,
)
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.unit import Unit
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import E164, AccountId, ChannelName, ExtensionNumber, NumberUse, Trunk

from .conftest import SetClock
from .office_hours import day_off, whole_week

JANSEN, BAKKER = ExtensionNumber("201"), ExtensionNumber("202")
AMSTERDAM = E164("+31201234567")


@pytest.fixture
async def directory(database: Database, acme: AccountId) -> Directory:
    directory = Directory(database)
    await directory.load()
    return directory


@pytest.fixture
async def elsewhere(url: str, vault: Vault, clock: SetClock, database: Database) -> AsyncIterator[Database]:
    """The same database, used by another process."""
    other = Database(url, vault, clock)
    yield other
    await other.close()


async def furnish(database: Database, account: AccountId) -> None:
    """Phones, numbers, a plan, a trunk and people logged on."""
    async with database.change("test") as unit:
        for name in ("a1", "a2", "a3"):
            await channels.create(unit, account, ChannelIn(name=f"{name}-{account}"))
        await numbers.create(unit, account, NumberIn(e164=AMSTERDAM))
        await numbers.create(unit, account, NumberIn(e164="+31612345678", use=NumberUse.PERSONAL, user=JANSEN))
        entry = PlanEntryIn(e164=AMSTERDAM, destination=JANSEN, prefix="Sales")
        await plans.create_plan(unit, account, 1, PlanIn(name="Open", entries=[entry]))
        await plans.change_schema(unit, account, 1, SchemaIn(name="Main", standing=1))
        await trunks.create(unit, TrunkIn(name="carrier", host="192.0.2.1"))
        await trunks.choose(unit, account, ["carrier"])
        twinning = {"rights": {"twinning": True}}
        await extensions.change(
            unit, account, JANSEN, ExtensionIn(number=JANSEN, kind="user", name="Jansen", settings=twinning)
        )
        for name in ("a2", "a1"):
            await logons.log_on(unit, account, JANSEN, ChannelName(f"{name}-{account}"), exclusive=False)


async def test_an_account_is_pictured_whole(database: Database, directory: Directory, acme: AccountId) -> None:
    await furnish(database, acme)

    picture = directory.current.accounts[acme]
    assert picture.number == "100"
    assert picture.extension_length == 3
    assert picture.extensions[JANSEN].name == "Jansen"
    assert picture.extensions[JANSEN].settings.offer_second_call is True
    assert picture.schemas[0].plans[1].entries[AMSTERDAM].destination == JANSEN
    assert picture.schemas[0].standing == 1
    assert picture.trunks == (Trunk("carrier", "trunk-carrier"),)
    assert picture.logons == {f"a2-{acme}": JANSEN, f"a1-{acme}": JANSEN}
    assert set(picture.devices_of(JANSEN)) == {f"a1-{acme}", f"a2-{acme}"}
    assert directory.current.owner_of_number(AMSTERDAM) is picture
    assert directory.current.owner_of_channel(f"a1-{acme}") is picture
    assert directory.current.trunks == {"trunk-carrier": Trunk("carrier", "trunk-carrier")}


async def test_a_patched_picture_equals_one_read_anew(
    database: Database, directory: Directory, acme: AccountId
) -> None:
    await furnish(database, acme)
    async with database.change("test") as unit:
        await channels.change(unit, acme, f"a3-{acme}", ChannelIn(linked_user=BAKKER))
        await extensions.create(unit, acme, ExtensionIn(number="203", kind="user", name="De Jong"))
        await channels.delete(unit, acme, f"a2-{acme}")
    async with database.change("test") as unit:
        await plans.set_override(unit, acme, 1, 1)
        await trunks.change(unit, "carrier", TrunkIn(name="carrier", host="192.0.2.1", keeps_foreign_caller_id=True))

    anew = Directory(database)
    await anew.load()
    assert directory.current == anew.current
    assert list(directory.current.accounts[acme].logons.items()) == [(f"a3-{acme}", BAKKER), (f"a1-{acme}", JANSEN)]


IN_LONDON = AccountIn(number="100", name="Acme", timezone="Europe/London", emergency_caller_id=AMSTERDAM)

Change = Callable[[Unit, AccountId], Awaitable[object]]


async def another_schema_two(unit: Unit, account: AccountId) -> None:
    await plans.delete_schema(unit, account, 2)
    await plans.create_schema(unit, account, SchemaIn(name="Quite another"), 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda unit, id: plans.change_schema(unit, id, 2, SchemaIn(name="Renamed", standing=1)),
        lambda unit, id: plans.set_override(unit, id, 2, 1),
        lambda unit, id: plans.create_plan(unit, id, 2, PlanIn(name="Third")),
        lambda unit, id: plans.change_plan(unit, id, 2, 1, PlanIn(name="Emptied")),
        lambda unit, id: plans.delete_plan(unit, id, 2, 2),
        lambda unit, id: plans.create_schema(unit, id, SchemaIn(name="A third")),
        lambda unit, id: plans.delete_schema(unit, id, 2),
        another_schema_two,
        lambda unit, id: schedules.delete(unit, id, 2, 1),
        lambda unit, id: holidays.delete(unit, id, 2, 1),
        lambda unit, id: accounts.change(unit, id, IN_LONDON),
    ],
    ids=[
        "renamed",
        "chosen",
        "planned",
        "emptied",
        "unplanned",
        "third",
        "gone",
        "another-two",
        "no-week",
        "no-holiday",
        "moved",
    ],
)
async def test_of_plan_schemas_whatever_changed_is_read_again(
    database: Database, directory: Directory, acme: AccountId, change: Change
) -> None:
    """Some of it only, when only that can have changed."""
    async with database.change("test") as unit:
        await plans.create_schema(unit, acme, SchemaIn(name="Second"))
        await numbers.create(unit, acme, NumberIn(e164=AMSTERDAM))
        entry = PlanEntryIn(e164=AMSTERDAM, destination=JANSEN)
        await plans.create_plan(unit, acme, 2, PlanIn(name="First", entries=[entry]))
        await plans.create_plan(unit, acme, 2, PlanIn(name="Other"))
        await schedules.create(unit, acme, 2, whole_week(1))
        await holidays.create(unit, acme, 2, day_off("Party", "2026-05-01 00:00", "2026-05-02 00:00", 1))
    before = directory.current

    async with database.change("test") as unit:
        await change(unit, acme)

    anew = Directory(database)
    await anew.load()
    assert directory.current == anew.current
    assert directory.current.accounts[acme].schemas != before.accounts[acme].schemas


async def test_of_a_changed_person_queues_need_not_know(
    database: Database, directory: Directory, acme: AccountId
) -> None:
    async with database.change("test") as unit:
        await extensions.create(unit, acme, ExtensionIn(number="500", kind="queue", name="Sales"))
    before = directory.current.accounts[acme].by_kind["queue"]
    assert list(before) == ["500"]
    async with database.change("test") as unit:
        await extensions.change(unit, acme, JANSEN, ExtensionIn(number=JANSEN, kind="user", name="Jansen Jr"))
    after = directory.current.accounts[acme]
    assert after.by_kind["queue"] is before
    assert after.by_kind["user"][JANSEN].name == "Jansen Jr"
    async with database.change("test") as unit:
        await extensions.change(unit, acme, "500", ExtensionIn(number="500", kind="queue", name="Support"))
    assert directory.current.accounts[acme].by_kind["queue"]["500"].name == "Support"
    async with database.change("test") as unit:
        await extensions.delete(unit, acme, "500")
    assert not directory.current.accounts[acme].by_kind["queue"]


async def test_a_change_to_what_is_there_has_nothing_read_again(
    database: Database, directory: Directory, elsewhere: Database, acme: AccountId
) -> None:
    """Its revision is in no audit. Of what another process did, the audit has to tell."""
    before = directory.current.accounts[acme]
    async with database.change("test") as unit:
        await unit.lock(acme)
    after = directory.current.accounts[acme]
    assert after.revision == before.revision + 1
    assert after.extensions is before.extensions
    async with elsewhere.change("test") as unit:
        await unit.lock(acme)
    await directory.poll()
    assert directory.current.accounts[acme].revision == before.revision + 2
    assert directory.current.accounts[acme].extensions is not before.extensions


class Undone(Exception):
    """On second thoughts."""


async def test_who_changes_an_account_sees_it_changed_before_calls_do(
    database: Database, directory: Directory, acme: AccountId
) -> None:
    """And sees it whole: what was changed earlier, who logged on, and a trunk that goes."""
    await furnish(database, acme)
    with suppress(Undone):
        async with database.change("test") as unit:
            await extensions.change(unit, acme, BAKKER, ExtensionIn(number=BAKKER, kind="user", name="Not yet"))
            await channels.change(unit, acme, f"a3-{acme}", ChannelIn(linked_user=BAKKER))
            seen = await directory.as_seen_in(unit.session, acme)
            assert seen is not None
            assert seen == await snapshots.as_seen_in(unit.session, acme)
            assert (seen.extensions[BAKKER].name, seen.devices_of(BAKKER)) == ("Not yet", (f"a3-{acme}",))
            await trunks.change(unit, "carrier", TrunkIn(name="carrier", host="192.0.2.1", enabled=False))
            assert await directory.as_seen_in(unit.session, acme) == await snapshots.as_seen_in(unit.session, acme)
            await trunks.choose(unit, acme, [])
            await trunks.delete(unit, "carrier")
            assert await directory.as_seen_in(unit.session, acme) == await snapshots.as_seen_in(unit.session, acme)
            await accounts.delete(unit, acme)
            assert await directory.as_seen_in(unit.session, acme) is None
            raise Undone
    async with database.read() as unit:
        assert await directory.as_seen_in(unit.session, acme) == directory.current.accounts[acme]
    assert directory.current.accounts[acme].extensions[BAKKER].name != "Not yet"


async def test_a_change_is_in_the_picture_when_it_returns(
    database: Database, directory: Directory, acme: AccountId
) -> None:
    before = directory.current
    async with database.change("test") as unit:
        await channels.create(unit, acme, ChannelIn(name="desk"))
        assert directory.current is before
    assert ChannelName("desk") in directory.current.accounts[acme].channels
    assert ChannelName("desk") not in before.accounts[acme].channels


async def test_a_change_that_fails_is_never_pictured(database: Database, directory: Directory, acme: AccountId) -> None:
    before = directory.current

    async def change_and_fail() -> None:
        async with database.change("test") as unit:
            await channels.create(unit, acme, ChannelIn(name="desk"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    await directory.poll()
    assert directory.current is before


async def test_changes_by_another_process_are_found(
    directory: Directory, elsewhere: Database, database: Database, acme: AccountId
) -> None:
    await furnish(elsewhere, acme)
    assert directory.current.accounts[acme].channels == {}

    await directory.poll()

    anew = Directory(database)
    await anew.load()
    assert directory.current == anew.current


async def test_accounts_of_another_process_come_and_go(
    directory: Directory, elsewhere: Database, acme: AccountId, rival: AccountId
) -> None:
    async with elsewhere.change("test") as unit:
        created = await accounts.create(unit, AccountIn(number="300", name="New"))
        await channels.create(unit, AccountId(created.id), ChannelIn(name="new-desk"))
    await directory.poll()
    assert directory.current.account_of_channel == {"new-desk": created.id}

    async with elsewhere.change("test") as unit:
        await accounts.delete(unit, AccountId(created.id))
    await directory.poll()
    assert set(directory.current.accounts) == {acme, rival}
    assert directory.current.account_of_channel == {}


async def test_logons_of_two_processes_at_once_end_up_right(
    directory: Directory, database: Database, elsewhere: Database, acme: AccountId
) -> None:
    await furnish(database, acme)
    async with elsewhere.change("test") as unit:
        await logons.log_on(unit, acme, BAKKER, ChannelName(f"a3-{acme}"), exclusive=False)
    async with database.change("test") as unit:
        await logons.log_off(unit, acme, JANSEN, None)

    assert directory.current.accounts[acme].logons == {f"a3-{acme}": BAKKER}


async def test_reading_everything_asks_as_often_for_many_accounts_as_for_few(
    database: Database, directory: Directory, acme: AccountId
) -> None:
    """Decision 0004: one query for each kind of thing, whatever the number of accounts."""
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    await directory.load()
    for_these, already = len(statements), len(directory.current.accounts)
    async with database.change("test") as unit:
        for n in range(5):
            await accounts.create(unit, AccountIn(number=f"MANY{n}", name=f"Customer {n}"))
    statements.clear()
    await directory.load()
    assert len(statements) == for_these
    assert len(directory.current.accounts) == already + 5


async def test_a_logon_costs_no_query_for_the_picture(
    directory: Directory, database: Database, acme: AccountId
) -> None:
    await furnish(database, acme)
    reads: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT") and "cdrs" not in statement and "FROM webhooks" not in statement:
            reads.append(statement)

    async with database.change("test") as unit:
        await logons.log_on(unit, acme, JANSEN, ChannelName(f"a3-{acme}"), exclusive=True)
        reads.clear()

    assert reads == []
    assert directory.current.accounts[acme].logons == {f"a3-{acme}": JANSEN}
    await directory.poll()
    assert len(reads) == 1


async def test_listeners_hear_which_accounts_changed(
    directory: Directory, database: Database, acme: AccountId, rival: AccountId
) -> None:
    heard: list[frozenset[AccountId]] = []
    directory.on_change(lambda platform, changed: heard.append(changed))

    async with database.change("test") as unit:
        await channels.create(unit, rival, ChannelIn(name="desk"))

    assert heard == [frozenset({rival})]


async def test_an_extension_of_an_unknown_kind_does_not_stop_the_others(
    directory: Directory, database: Database, acme: AccountId
) -> None:
    async with database.change("test") as unit:
        row = await extensions.load(unit, acme, BAKKER)
        row.kind = "hologram"

    anew = Directory(database)
    await anew.load()
    assert set(anew.current.accounts[acme].extensions) == {JANSEN}
