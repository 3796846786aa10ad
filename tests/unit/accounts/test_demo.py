"""A new exchange greets a newcomer with a demo account; open to a network, nobody gets in with what they have read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from centrale.accounts import accounts, channels, contacts_search, demo, demo_company, extensions, pins, tokens
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.contacts import COMPANY
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.routing.entrance import Arrival, from_trunk
from centrale.routing.pins import pin_problem
from centrale.routing.snapshot import AccountId, ExtensionNumber

from .conftest import SetClock

TRUNK_PORT = 5090


async def start(database: Database, home: Path, *, open_to_network: bool = False) -> demo.DemoSecrets:
    await demo.make(database, home, open_to_network=open_to_network, trunk_port=TRUNK_PORT)
    written = demo.read_secrets(home)
    assert written is not None
    return written


async def what_opens(database: Database) -> tuple[set[str], set[str], bool]:
    """The SIP passwords, the PINs that are known ones, and whether the known token opens anything."""
    async with database.read() as unit:
        account = AccountId((await accounts.find(unit, demo.ACCOUNT)).id)
        passwords = {await channels.password_of(unit, account, name) for name in demo.channel_names()}
        known_pins = set()
        for user, pin in demo._KNOWN_PINS.items():
            if await pins.matches(pin, (await extensions.load(unit, account, user)).pin_hash):
                known_pins.add(pin)
        return passwords, known_pins, await tokens.find(unit, demo.KNOWN_TOKEN) is not None


async def test_everything_that_the_first_call_needs_is_there(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    secrets = await start(database, tmp_path)
    directory = Directory(database)
    await directory.load()
    [account] = directory.current.accounts.values()
    assert {number: found.name for number, found in account.extensions.items() if found.kind == "user"} == demo.PEOPLE
    assert account.extensions["300"].settings.members == ["201", "202"]
    assert set(account.channels) == set(secrets.passwords)
    [trunk] = directory.current.trunks.values()
    assert account.trunks == (trunk,)
    entered = from_trunk(directory.current, trunk, demo.MAIN_NUMBER, "+31612345678", clock.now())
    assert isinstance(entered, Arrival)
    assert entered.destination.number == demo.GROUP
    for user, pin in secrets.pins.items():
        assert pin_problem(pin, user) is None


async def test_it_is_a_company_that_works_at_its_hours(database: Database, clock: SetClock, tmp_path: Path) -> None:
    await start(database, tmp_path)
    directory = Directory(database)
    await directory.load()
    [account] = directory.current.accounts.values()
    [trunk] = directory.current.trunks.values()

    def leads_to(number: str, at: str) -> str:
        entered = from_trunk(directory.current, trunk, number, "+31612345678", datetime.fromisoformat(at))
        assert isinstance(entered, Arrival)
        return str(entered.destination.number)

    monday, sunday = "2027-03-01T10:00+01:00", "2027-02-28T10:00+01:00"
    christmas = f"{clock.now().year}-12-25T10:00+01:00"
    assert leads_to(demo_company.SERVICE_NUMBER, monday) == demo_company.LUNCH
    assert leads_to(demo_company.SERVICE_NUMBER, sunday) == demo_company.MAILBOX
    assert leads_to(demo_company.SERVICE_NUMBER, christmas) == demo_company.MAILBOX
    for at in (monday, sunday, christmas):
        assert leads_to(demo_company.ORDER_NUMBER, at) == demo_company.QUEUE
        assert leads_to(demo.MAIN_NUMBER, at) == demo.GROUP, "`centrale demo` plays at any hour"
    assert account.agents_on(ExtensionNumber(demo_company.QUEUE)).keys() == set(demo_company.AGENTS)
    async with database.read() as unit:
        book = await contacts_search.list_all(unit, AccountId(account.id), contacts_search.Wanted((COMPANY,)))
        assert len(book.contacts) == 4


async def test_its_secrets_stand_in_a_file_that_only_the_owner_reads(database: Database, tmp_path: Path) -> None:
    secrets = await start(database, tmp_path)
    assert (tmp_path / "secrets" / "demo.json").stat().st_mode & 0o777 == 0o600
    assert secrets.token not in repr(secrets)
    async with database.read() as unit:
        assert await tokens.find(unit, secrets.token) is not None


async def test_a_second_start_changes_nothing(database: Database, tmp_path: Path) -> None:
    first = await start(database, tmp_path)
    assert await start(database, tmp_path) == first
    async with database.read() as unit:
        assert len(await accounts.list_all(unit)) == 1


async def test_an_exchange_that_is_open_gets_secrets_of_its_own(database: Database, tmp_path: Path) -> None:
    secrets = await start(database, tmp_path, open_to_network=True)
    assert not secrets.known
    passwords, known_pins, token_opens = await what_opens(database)
    assert passwords == set(secrets.passwords.values())
    assert len(passwords) == len(demo.PEOPLE)
    assert not any("demo" in password for password in passwords)
    assert not known_pins
    assert not token_opens


async def test_opening_it_later_replaces_what_is_known(database: Database, tmp_path: Path) -> None:
    assert (await start(database, tmp_path)).known
    secrets = await start(database, tmp_path, open_to_network=True)
    passwords, known_pins, token_opens = await what_opens(database)
    assert passwords == set(secrets.passwords.values())
    assert not any("demo" in password for password in passwords)
    assert not known_pins
    assert not token_opens
    async with database.read() as unit:
        assert await tokens.find(unit, secrets.token) is not None


async def test_what_an_administrator_has_set_stays(database: Database, tmp_path: Path) -> None:
    await start(database, tmp_path)
    async with database.change("administrator") as unit:
        account = AccountId((await accounts.find(unit, demo.ACCOUNT)).id)
        await channels.change(unit, account, "DEMOEC01", ChannelIn(name="DEMOEC01", password="chosen-by-hand-1"))
    await start(database, tmp_path, open_to_network=True)
    passwords, _, _ = await what_opens(database)
    assert "chosen-by-hand-1" in passwords


async def test_a_death_in_between_is_made_good_at_the_next_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(database, tmp_path)

    async def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(demo, "_replace", dies)
        with pytest.raises(KeyboardInterrupt):
            await start(database, tmp_path, open_to_network=True)
    secrets = await start(database, tmp_path, open_to_network=True)
    passwords, known_pins, token_opens = await what_opens(database)
    assert passwords == set(secrets.passwords.values())
    assert not known_pins
    assert not token_opens


async def test_a_demo_that_was_deleted_does_not_come_back(database: Database, tmp_path: Path) -> None:
    await start(database, tmp_path)
    async with database.change("administrator") as unit:
        await accounts.delete(unit, AccountId((await accounts.find(unit, demo.ACCOUNT)).id))
    await start(database, tmp_path)
    async with database.read() as unit:
        assert await accounts.list_all(unit) == []


async def test_an_exchange_with_accounts_of_its_own_gets_no_demo(database: Database, tmp_path: Path) -> None:
    async with database.change("administrator") as unit:
        await accounts.create(unit, AccountIn(number="ACME", name="Acme"))
    await demo.make(database, tmp_path, open_to_network=False, trunk_port=TRUNK_PORT)
    assert demo.read_secrets(tmp_path) is None
