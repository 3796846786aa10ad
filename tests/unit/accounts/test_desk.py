"""The logon desk: what 901, 902 and 907 ask of storage (SYS-2, SYS-3, SYS-8, USR-2)."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from centrale.accounts import extensions, logons
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk
from centrale.accounts.models import LockoutRow
from centrale.accounts.vault import Vault
from centrale.calls.ports import PinVerdict, Whence
from centrale.routing.lockout import REMEMBERED
from centrale.routing.snapshot import ChannelName, ExtensionNumber

from .conftest import SetClock
from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, Office, invalid

RIGHT, WRONG = "4711", "5812"


class Caller:
    """Somebody on a phone who dials 901."""

    def __init__(self, desk: Desk, office: Office, clock: SetClock) -> None:
        self.desk = desk
        self.office = office
        self.clock = clock

    async def tries(
        self, pin: str, user: ExtensionNumber = DE_JONG, channel: ChannelName = DESK, *, office: Office | None = None
    ) -> PinVerdict:
        return await self.desk.try_pin((office or self.office).id, Whence(channel), user, pin, self.clock.now())

    async def dials_in(self, pin: str, user: ExtensionNumber = DE_JONG, number: str = "+31612345678") -> PinVerdict:
        """From outside; `number` is empty when it is withheld."""
        return await self.desk.try_pin(self.office.id, Whence(number, outside=True), user, pin, self.clock.now())


@pytest.fixture
async def caller(database: Database, office: Office, clock: SetClock) -> Caller:
    await office.employ(DE_JONG, pin=RIGHT)
    return Caller(Desk(database), office, clock)


async def test_number_and_pin_must_fit(caller: Caller) -> None:
    assert await caller.tries(RIGHT) is PinVerdict.RIGHT
    assert await caller.tries(WRONG) is PinVerdict.WRONG
    assert await caller.tries(RIGHT, BAKKER) is PinVerdict.WRONG  # has none
    assert await caller.tries(RIGHT, ExtensionNumber("209")) is PinVerdict.WRONG  # is nobody


async def test_0000_makes_the_user_choose(caller: Caller) -> None:
    await caller.office.settle(DE_JONG, pin="0000")
    assert await caller.tries("0000") is PinVerdict.MUST_CHOOSE

    assert list(await invalid(caller.desk.choose_pin(caller.office.id, DE_JONG, "1234"))) == ["pin"]
    assert list(await invalid(caller.desk.choose_pin(caller.office.id, DE_JONG, "0000"))) == ["pin"]
    await caller.desk.choose_pin(caller.office.id, DE_JONG, WRONG)

    assert await caller.tries(WRONG) is PinVerdict.RIGHT
    assert await caller.tries("0000") is PinVerdict.WRONG


async def test_guessing_locks_even_the_right_pin_out_and_for_longer_each_time(caller: Caller) -> None:
    for _ in range(4):
        assert await caller.tries(WRONG) is PinVerdict.WRONG
    assert await caller.tries(RIGHT) is PinVerdict.LOCKED

    caller.clock.pass_time(seconds=29)
    assert await caller.tries(RIGHT) is PinVerdict.LOCKED
    caller.clock.pass_time(seconds=1)
    assert await caller.tries(WRONG) is PinVerdict.WRONG
    caller.clock.pass_time(seconds=59)
    assert await caller.tries(RIGHT) is PinVerdict.LOCKED
    caller.clock.pass_time(seconds=1)
    assert await caller.tries(RIGHT) is PinVerdict.RIGHT
    assert await caller.tries(WRONG) is PinVerdict.WRONG  # the count has begun anew


async def test_a_restart_gives_no_fresh_start(caller: Caller, url: str, vault: Vault, clock: SetClock) -> None:
    for _ in range(4):
        await caller.tries(WRONG)

    again = Database(url, vault, clock)
    assert await Caller(Desk(again), caller.office, clock).tries(RIGHT) is PinVerdict.LOCKED
    await again.close()


async def test_many_attempts_at_once_are_counted_one_by_one(caller: Caller) -> None:
    verdicts = await asyncio.gather(*(caller.tries(WRONG) for _ in range(12)))
    assert [verdicts.count(it) for it in (PinVerdict.WRONG, PinVerdict.LOCKED)] == [4, 8]


async def test_trying_one_pin_on_many_users_locks_the_phone(caller: Caller) -> None:
    for number in range(210, 216):
        assert await caller.tries(WRONG, ExtensionNumber(str(number))) is PinVerdict.WRONG

    assert await caller.tries(RIGHT) is PinVerdict.LOCKED
    assert await caller.tries(RIGHT, channel=HALL) is PinVerdict.RIGHT


async def test_guessing_from_outside_locks_outside_only(caller: Caller) -> None:
    """Expected daily: it must not keep anyone from logging on at a desk."""
    for number in ("+31612345671", "+31612345672", "+31612345673", ""):
        assert await caller.dials_in(WRONG, number=number) is PinVerdict.WRONG
    assert await caller.dials_in(RIGHT, number="+31687654321") is PinVerdict.LOCKED
    assert await caller.tries(RIGHT) is PinVerdict.RIGHT
    assert await caller.dials_in(RIGHT) is PinVerdict.LOCKED  # and logging on at the desk frees nothing outside


@pytest.mark.parametrize("number", ["+31612345678", ""])
async def test_one_caller_who_tries_many_users_is_locked_withheld_or_not(caller: Caller, number: str) -> None:
    for user in range(210, 216):
        assert await caller.dials_in(WRONG, ExtensionNumber(str(user)), number) is PinVerdict.WRONG
    assert await caller.dials_in(RIGHT, number=number) is PinVerdict.LOCKED
    assert await caller.dials_in(RIGHT, number="+31687654321") is PinVerdict.RIGHT


async def test_callers_who_show_another_number_each_time_lock_the_account_from_outside(caller: Caller) -> None:
    for n in range(31):
        assert await caller.dials_in(WRONG, ExtensionNumber(str(300 + n)), f"+316000000{n:02}") is PinVerdict.WRONG
    assert await caller.dials_in(RIGHT, number="+31687654321") is PinVerdict.LOCKED
    assert await caller.tries(RIGHT) is PinVerdict.RIGHT


async def test_callers_of_long_ago_are_forgotten(caller: Caller, database: Database) -> None:
    async def remembered() -> int:
        async with database.read() as unit:
            return await unit.session.scalar(select(func.count()).select_from(LockoutRow)) or 0

    for n in range(5):
        await caller.dials_in(WRONG, ExtensionNumber(str(300 + n)), f"+316000000{n:02}")
    assert await remembered() == 11  # five users, five callers, one account
    caller.clock.pass_time(seconds=REMEMBERED.total_seconds() + 1)
    await caller.dials_in(WRONG)
    assert await remembered() == 3


async def test_a_lock_is_one_accounts_affair(caller: Caller, rivals: Office) -> None:
    await rivals.employ(DE_JONG, pin=RIGHT)
    for _ in range(4):
        await caller.tries(WRONG)

    assert await caller.tries(RIGHT, office=rivals) is PinVerdict.RIGHT


async def test_an_administrator_who_sets_a_pin_unlocks(caller: Caller) -> None:
    for _ in range(4):
        await caller.tries(WRONG)
        await caller.dials_in(WRONG)

    await caller.office.settle(DE_JONG, pin=WRONG)

    assert await caller.tries(WRONG) is PinVerdict.RIGHT
    assert await caller.dials_in(WRONG) is PinVerdict.RIGHT


async def test_a_new_user_under_an_old_number_is_not_locked(caller: Caller) -> None:
    for _ in range(4):
        await caller.tries(WRONG)
    await caller.office.do(extensions.delete, DE_JONG)
    await caller.office.employ(DE_JONG, pin=WRONG)

    assert await caller.tries(WRONG) is PinVerdict.RIGHT


async def test_the_desk_logs_on_and_off(caller: Caller, clock: SetClock) -> None:
    office, desk = caller.office, caller.desk
    for phone in (DESK, HALL):
        await office.phone(phone)
    await desk.log_on(office.id, JANSEN, DESK, alone=True, now=clock.now())
    await desk.log_on(office.id, JANSEN, HALL, alone=True, now=clock.now())
    assert [it.channel for it in await office.see(logons.list_all)] == [HALL]

    await desk.log_off(office.id, JANSEN, DESK, everywhere=False, now=clock.now())
    assert len(await office.see(logons.list_all)) == 1
    await desk.log_off(office.id, JANSEN, DESK, everywhere=True, now=clock.now())
    assert await office.see(logons.list_all) == []
