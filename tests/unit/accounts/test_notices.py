"""The outbox (VM-3)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from centrale.accounts import accounts, notices, outbox
from centrale.accounts.database import Database
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.notices import State, Taken, Way
from centrale.routing.snapshot import AccountId

from .conftest import SetClock

LEASE = timedelta(minutes=10)


async def put(
    database: Database, account: AccountId, to: str = "anna@example.org", way: Way = Way.MAIL, message: str = "m1"
) -> str:
    before = set(await outbox_of(database, account))
    async with database.change("test") as unit:
        notices.add(
            unit, account, way=way, recipient=to, subject="x", body="y", message_id=message, now=unit.clock.now()
        )
    (id,) = set(await outbox_of(database, account)) - before
    return id


async def outbox_of(database: Database, account: AccountId, **chosen: object) -> list[str]:
    async with database.read() as unit:
        return [notice.id for notice in (await outbox.list_all(unit, account, **chosen)).notices]


async def take(database: Database, limit: int = 8, way: Way = Way.MAIL) -> list[Taken]:
    async with database.change("notices") as unit:
        now = unit.clock.now()
        return await notices.take(unit, way, now=now, until=now + LEASE, limit=limit)


async def state(database: Database, account: AccountId, id: str) -> State:
    async with database.read() as unit:
        return (await outbox.get(unit, account, id)).state


async def test_a_notice_comes_with_its_cause_or_not_at_all(database: Database, acme: AccountId) -> None:
    async def stumble() -> None:
        async with database.change("test") as unit:
            notices.add(unit, acme, way=Way.MAIL, recipient="a@example.org", subject="", body="", now=unit.clock.now())
            raise RuntimeError("the message could not be stored")

    with pytest.raises(RuntimeError):
        await stumble()
    assert await outbox_of(database, acme) == []


async def test_what_is_taken_is_left_alone_until_it_is_settled_or_its_taker_is_taken_for_dead(
    database: Database, acme: AccountId, clock: SetClock
) -> None:
    id = await put(database, acme)
    assert [notice.id for notice in await take(database)] == [id]
    assert await take(database) == []
    clock.pass_time(minutes=11)
    (again,) = await take(database)
    assert (again.id, again.tries, again.language) == (id, 2, "nl")


async def test_two_processes_take_different_notices(database: Database, acme: AccountId) -> None:
    ids = [await put(database, acme, f"user{n}@example.org") for n in range(20)]
    both = await asyncio.gather(*(take(database, limit=5) for _ in range(4)))
    taken = [notice.id for some in both for notice in some] + [notice.id for notice in await take(database, limit=20)]
    assert sorted(taken) == sorted(ids)


async def test_the_longest_due_is_taken_first(database: Database, acme: AccountId, clock: SetClock) -> None:
    first = await put(database, acme)
    clock.pass_time(seconds=1)
    second = await put(database, acme)
    assert [notice.id for notice in await take(database, limit=1)] == [first]
    assert [notice.id for notice in await take(database, limit=1)] == [second]


async def test_ways_do_not_mix(database: Database, acme: AccountId) -> None:
    await put(database, acme, "+31612345678", Way.SMS)
    assert await take(database, way=Way.MAIL) == []
    async with database.read() as unit:
        assert await notices.next_due(unit, Way.MAIL) is None
        assert (await notices.waiting(unit, Way.MAIL)).count == 0
        assert (await notices.waiting(unit, Way.SMS)).count == 1


async def test_one_that_is_cancelled_while_it_is_sent_is_told_as_what_it_is(
    database: Database, acme: AccountId
) -> None:
    sent, failed = await put(database, acme), await put(database, acme, "b@example.org")
    await take(database)
    async with database.change("anna") as unit:
        for id in (sent, failed):
            await outbox.cancel(unit, acme, id)
    async with database.change("notices") as unit:
        await notices.note_sent(unit, sent, unit.clock.now())
        await notices.note_failed(unit, failed, "no", unit.clock.now())
    assert await state(database, acme, sent) is State.SENT
    assert await state(database, acme, failed) is State.CANCELLED


async def test_what_was_given_up_or_cancelled_can_be_tried_again(database: Database, acme: AccountId) -> None:
    id = await put(database, acme)
    async with database.change("notices") as unit:
        await notices.note_given_up(unit, id, "550 no such user")
    assert await take(database) == []
    async with database.change("anna") as unit:
        again = await outbox.retry(unit, acme, id)
    assert (again.state, again.problem) == (State.WAITING, "550 no such user")
    assert len(await take(database)) == 1


async def test_what_was_sent_is_neither_sent_again_nor_cancelled(database: Database, acme: AccountId) -> None:
    id = await put(database, acme)
    async with database.change("notices") as unit:
        await notices.note_sent(unit, id, unit.clock.now())
    for act in (outbox.retry, outbox.cancel):
        with pytest.raises(Conflict):
            async with database.change("anna") as unit:
                await act(unit, acme, id)


async def test_nobody_sees_or_touches_another_accounts_notices(
    database: Database, acme: AccountId, rival: AccountId
) -> None:
    id = await put(database, acme)
    assert await outbox_of(database, rival) == []
    for act in (outbox.get, outbox.retry, outbox.cancel):
        with pytest.raises(NotFound):
            async with database.change("rival") as unit:
                await act(unit, rival, id)
    assert await state(database, acme, id) is State.WAITING


async def test_the_list_is_newest_first_by_pages_and_by_what_is_asked_for(
    database: Database, acme: AccountId, clock: SetClock
) -> None:
    ids = []
    for n in range(5):
        ids.append(await put(database, acme, message=f"m{n}"))
        clock.pass_time(seconds=1)
    async with database.read() as unit:
        first = await outbox.list_all(unit, acme, limit=2)
        second = await outbox.list_all(unit, acme, limit=2, cursor=first.next)
        with pytest.raises(Invalid):
            await outbox.list_all(unit, acme, cursor="made up")
    assert [notice.id for notice in (*first.notices, *second.notices)] == ids[:0:-1]
    async with database.change("notices") as unit:
        await notices.note_sent(unit, ids[0], unit.clock.now())
    assert await outbox_of(database, acme, state=State.SENT) == [ids[0]]
    assert await outbox_of(database, acme, message="m3") == [ids[3]]
    assert await outbox_of(database, acme, way=Way.SMS) == []


async def test_what_is_over_is_forgotten_after_a_month_and_what_waits_never(
    database: Database, acme: AccountId, clock: SetClock
) -> None:
    waits, sent = await put(database, acme), await put(database, acme, "b@example.org")
    async with database.change("notices") as unit:
        await notices.note_sent(unit, sent, unit.clock.now())
    clock.pass_time(days=31)
    async with database.change("notices") as unit:
        await notices.forget(unit, unit.clock.now() - notices.KEPT)
    assert await outbox_of(database, acme) == [waits]


async def test_an_account_takes_its_notices_along(database: Database, acme: AccountId) -> None:
    await put(database, acme)
    async with database.change("root") as unit:
        await accounts.delete(unit, acme)
    assert await take(database) == []


async def test_who_sends_is_woken_by_what_is_added_or_tried_again_only(database: Database, acme: AccountId) -> None:
    woken: list[bool] = []

    async def note(unit: notices.Unit) -> None:
        woken.append(notices.wakes(unit))

    database.on_commit(note)
    id = await put(database, acme)
    async with database.change("anna") as unit:
        await outbox.cancel(unit, acme, id)
    async with database.change("anna") as unit:
        await outbox.retry(unit, acme, id)
    assert woken == [True, False, True]
