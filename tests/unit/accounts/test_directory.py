"""The picture that calls read follows every change, whoever makes it, without reading everything again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event

from centrale.accounts import accounts, channels, extensions, logons, numbers, plans, trunks
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanEntryIn, PlanIn, SchemaIn
from centrale.accounts.trunks import TrunkIn
from centrale.accounts.vault import Vault
from centrale.routing.snapshot import E164, AccountId, ChannelName, ExtensionNumber, NumberUse, Trunk

from .conftest import SetClock

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
