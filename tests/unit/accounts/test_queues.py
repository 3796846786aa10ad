"""Who is a member of a queue and who is logged on to it (QUE-14..16, QUE-18)."""

from __future__ import annotations

from typing import Any

import pytest

from centrale.accounts import audit, extensions, queues
from centrale.accounts.database import Database
from centrale.accounts.directory import Directory
from centrale.accounts.errors import NotFound
from centrale.accounts.extensions import ExtensionIn
from centrale.calls.ports import QueueVerdict
from centrale.routing.snapshot import AccountId

from .conftest import SetClock
from .office import BAKKER, DE_JONG, JANSEN, Office, invalid, refused
from .transfers import Transfers

SUPPORT = "300"


def queue(number: str = SUPPORT, *members: str, **settings: Any) -> ExtensionIn:
    settings |= {"members": [{"agent": agent} for agent in members]}
    return ExtensionIn(number=number, kind="queue", name="Support", settings=settings)


async def members(office: Office) -> list[tuple[str, bool, bool]]:
    """By rank: who, logged on, chosen by an administrator."""
    return [(it.agent, it.active, it.chosen) for it in await office.see(queues.members, SUPPORT)]


async def test_who_is_added_is_offered_calls_at_once_and_keeps_rank_over_logoff_and_logon(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, JANSEN, BAKKER))
    assert await members(office) == [(JANSEN, True, True), (BAKKER, True, True)]

    assert await office.do(queues.log_off, SUPPORT, JANSEN) is QueueVerdict.LOGGED_OFF
    assert await members(office) == [(JANSEN, False, True), (BAKKER, True, True)]

    assert await office.do(queues.log_on, SUPPORT, JANSEN) is QueueVerdict.LOGGED_ON
    assert await members(office) == [(JANSEN, True, True), (BAKKER, True, True)]


async def test_other_settings_leave_alone_who_is_logged_off(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, JANSEN, BAKKER))
    await office.do(queues.log_off, SUPPORT, JANSEN)

    await office.do(extensions.change, SUPPORT, queue(SUPPORT, BAKKER, JANSEN, wrap_up=10))

    assert await members(office) == [(BAKKER, True, True), (JANSEN, False, True)]


async def test_an_open_queue_takes_any_user_as_a_member_until_logoff(office: Office, clock: SetClock) -> None:
    await office.employ(DE_JONG)
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    for user in (JANSEN, DE_JONG):
        clock.pass_time(minutes=1)
        assert await office.do(queues.log_on, SUPPORT, user) is QueueVerdict.LOGGED_ON
    assert await members(office) == [(BAKKER, True, True), (JANSEN, True, False), (DE_JONG, True, False)]

    await office.do(queues.log_off, SUPPORT, JANSEN)
    assert await members(office) == [(BAKKER, True, True), (DE_JONG, True, False)]
    assert await office.do(queues.log_off, SUPPORT, JANSEN) is QueueVerdict.NOT_LOGGED_ON


async def test_a_closed_queue_takes_members_only(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, BAKKER, access="closed"))

    assert await office.do(queues.log_on, SUPPORT, JANSEN) is QueueVerdict.MEMBERS_ONLY
    assert await office.do(queues.log_on, SUPPORT, BAKKER) is QueueVerdict.ALREADY
    assert "closed" in str(await refused(office.do(queues.admit, SUPPORT, JANSEN)))
    assert await members(office) == [(BAKKER, True, True)]


async def test_closing_a_queue_puts_off_who_came_by_themselves(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    await office.do(queues.log_on, SUPPORT, JANSEN)

    await office.do(extensions.change, SUPPORT, queue(SUPPORT, BAKKER, access="closed"))

    assert await members(office) == [(BAKKER, True, True)]


async def test_who_is_taken_off_the_list_is_logged_off(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, JANSEN, BAKKER))
    await office.do(extensions.change, SUPPORT, queue(SUPPORT, BAKKER))

    assert await members(office) == [(BAKKER, True, True)]


async def test_ringing_all_has_fifteen_members_at_most(office: Office) -> None:
    people = [str(number) for number in range(210, 226)]
    for person in people:
        await office.employ(person)
    told = await invalid(office.do(extensions.create, queue(SUPPORT, *people, strategy="ring_all")))
    assert "at most 15" in str(told)

    await office.do(extensions.create, queue(SUPPORT, *people[:14], strategy="ring_all"))
    assert await office.do(queues.log_on, SUPPORT, people[14]) is QueueVerdict.LOGGED_ON
    assert await office.do(queues.log_on, SUPPORT, people[15]) is QueueVerdict.FULL
    assert "has 15 members" in str(await refused(office.do(queues.admit, SUPPORT, people[15])))

    # Another strategy takes more; going back lets those go who came last.
    await office.do(extensions.change, SUPPORT, queue(SUPPORT, *people[:14]))
    assert await office.do(queues.log_on, SUPPORT, people[15]) is QueueVerdict.LOGGED_ON
    await office.do(extensions.change, SUPPORT, queue(SUPPORT, *people[:14], strategy="ring_all"))
    assert len(await members(office)) == 15


async def test_an_agent_is_a_user_or_a_forward(office: Office) -> None:
    mobile = ExtensionIn(number="500", kind="forward", name="Mobile", settings={"number": "0612345678"})
    await office.do(extensions.create, mobile)
    await office.group("400", JANSEN)

    told = await invalid(office.do(extensions.create, queue(SUPPORT, JANSEN, "400")))
    assert told == {"settings.members[1].agent": "extension 400 is not a user or a forward"}

    await office.do(extensions.create, queue(SUPPORT, JANSEN, "500"))
    assert await members(office) == [(JANSEN, True, True), ("500", True, True)]
    await office.do(queues.log_off, SUPPORT, "500")
    await office.do(queues.admit, SUPPORT, "500")
    with pytest.raises(NotFound):
        await office.do(queues.admit, SUPPORT, "400")


async def test_a_member_cannot_be_deleted_and_who_came_by_themselves_can(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    await office.do(queues.log_on, SUPPORT, JANSEN)

    refusal = await refused(office.do(extensions.delete, BAKKER))
    assert [(use.key, use.field) for use in refusal.uses] == [(SUPPORT, "settings.members[0].agent")]

    await office.do(extensions.delete, JANSEN)
    assert await members(office) == [(BAKKER, True, True)]
    await office.do(extensions.delete, SUPPORT)
    with pytest.raises(NotFound):
        await members(office)


async def test_a_queues_name_has_no_special_characters(office: Office) -> None:
    told = await invalid(office.do(extensions.create, queue().model_copy(update={"name": "Sales & <Support>"})))
    assert list(told) == ["name"]
    await office.do(extensions.create, queue().model_copy(update={"name": "Klantenservice 2.0 - Café"}))
    told = await invalid(office.do(extensions.change, SUPPORT, queue().model_copy(update={"name": "Support!"})))
    assert list(told) == ["name"]


async def test_no_queue_is_told(office: Office) -> None:
    assert await office.do(queues.log_on, JANSEN, BAKKER) is QueueVerdict.NO_QUEUE
    assert await office.do(queues.log_off, "399", BAKKER) is QueueVerdict.NO_QUEUE


async def test_a_queue_of_one_customer_is_none_of_anothers(office: Office, rivals: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT, JANSEN))

    assert await rivals.do(queues.log_on, SUPPORT, JANSEN) is QueueVerdict.NO_QUEUE
    await rivals.do(extensions.create, queue(SUPPORT))
    await rivals.do(queues.log_on, SUPPORT, BAKKER)
    assert await members(office) == [(JANSEN, True, True)]


# -- what calls see ------------------------------------------------------------------------------------------------


@pytest.fixture
async def directory(database: Database) -> Directory:
    directory = Directory(database)
    await directory.load()
    return directory


def seen(directory: Directory, account: AccountId) -> dict[str, list[str]]:
    logons = directory.current.accounts[account].queue_logons
    return {queue: list(agents) for queue, agents in logons.items()}


async def test_calls_see_a_logon_at_once(
    office: Office, acme: AccountId, directory: Directory, clock: SetClock
) -> None:
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    clock.pass_time(minutes=1)
    assert seen(directory, acme) == {SUPPORT: [BAKKER]}

    held = directory.current.accounts[acme]
    await office.do(queues.log_on, SUPPORT, JANSEN)
    assert seen(directory, acme) == {SUPPORT: [BAKKER, JANSEN]}
    assert directory.current.accounts[acme].revision == held.revision  # the configuration is as it was

    await office.do(queues.log_off, SUPPORT, BAKKER)
    await office.do(queues.log_off, SUPPORT, JANSEN)
    assert seen(directory, acme) == {}


async def test_calls_see_what_another_process_did(
    office: Office, acme: AccountId, directory: Directory, url: str, database: Database, clock: SetClock
) -> None:
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    clock.pass_time(minutes=1)
    other = Database(url, database.vault, database.clock)
    try:
        elsewhere = Office(other, acme)
        await elsewhere.do(queues.log_on, SUPPORT, JANSEN)
        assert seen(directory, acme) == {SUPPORT: [BAKKER]}
        await directory.poll()
        assert seen(directory, acme) == {SUPPORT: [BAKKER, JANSEN]}
        await elsewhere.do(extensions.delete, JANSEN)
        await directory.poll()
        assert seen(directory, acme) == {SUPPORT: [BAKKER]}
    finally:
        await other.close()


async def test_a_fresh_look_finds_the_same(office: Office, acme: AccountId, database: Database) -> None:
    followed, fresh = Directory(database), Directory(database)
    await followed.load()
    await office.do(extensions.create, queue(SUPPORT, BAKKER))
    await office.do(queues.log_on, SUPPORT, JANSEN)
    await office.do(extensions.change, SUPPORT, queue(SUPPORT))
    await fresh.load()

    assert followed.current.accounts[acme].queue_logons == fresh.current.accounts[acme].queue_logons
    assert seen(fresh, acme) == {SUPPORT: [JANSEN]}


async def test_logons_are_no_changes_of_the_configuration(office: Office) -> None:
    await office.do(extensions.create, queue(SUPPORT))
    before = len(await office.see(audit.list_all))
    await office.do(queues.log_on, SUPPORT, JANSEN)

    assert len(await office.see(audit.list_all)) == before


# -- files ---------------------------------------------------------------------------------------------------------


async def test_a_file_carries_a_queue_with_members_that_come_later_in_it(
    office: Office, acme: AccountId, files: Transfers
) -> None:
    settings = {"access": "closed", "strategy": "round_robin", "breakout": JANSEN, "infotainment": []}
    await office.do(extensions.create, queue("200", JANSEN, BAKKER, **settings))
    text = await files.out(acme)
    await office.do(extensions.delete, "200")

    await files.do(text)

    found = await office.see(queues.members, "200")
    assert [(it.agent, it.active) for it in found] == [(JANSEN, True), (BAKKER, True)]
    assert await files.out(acme) == text
