"""Who is on which phone (SYS-2, SYS-3, LNK-1, TWN-1)."""

from __future__ import annotations

import asyncio

import pytest

from centrale.accounts import accounts, audit, logons
from centrale.accounts.errors import NotFound

from .conftest import SetClock
from .office import ATTIC, BAKKER, DE_JONG, DESK, HALL, JANSEN, TWINNED, Office, invalid, refused


async def on(office: Office, user: str, channel: str, *, alone: bool = True) -> None:
    await office.do(logons.log_on, user, channel, exclusive=alone)


async def who_is_where(office: Office) -> list[tuple[str, str]]:
    return [(it.channel, it.user) for it in await office.see(logons.list_all)]


@pytest.fixture
async def phones(office: Office) -> None:
    for name in (DESK, HALL, ATTIC):
        await office.phone(name)


@pytest.mark.usefixtures("phones")
async def test_logging_on_moves_a_user_and_puts_off_who_was_there(office: Office) -> None:
    await on(office, JANSEN, DESK)
    await on(office, BAKKER, HALL)
    await on(office, JANSEN, HALL)

    assert await who_is_where(office) == [(HALL, JANSEN)]


@pytest.mark.usefixtures("phones")
async def test_logons_are_listed_oldest_first(office: Office, clock: SetClock) -> None:
    await on(office, JANSEN, HALL)
    clock.pass_time(minutes=1)
    await on(office, BAKKER, DESK)

    found = await office.see(logons.list_all)
    assert [(it.channel, it.since) for it in found] == [
        (HALL, clock.now().replace(minute=0)),
        (DESK, clock.now()),
    ]


@pytest.mark.usefixtures("phones")
async def test_twinning_is_two_phones_at_once_never_three(office: Office) -> None:
    await office.employ(DE_JONG, **TWINNED)
    await on(office, DE_JONG, DESK, alone=False)
    await on(office, DE_JONG, HALL, alone=False)
    await on(office, DE_JONG, HALL, alone=False)  # once more on the same phone takes no further place

    refusal = await refused(office.do(logons.log_on, DE_JONG, ATTIC, exclusive=False))

    assert {use.key for use in refusal.uses} == {DESK, HALL}
    assert {channel for channel, _ in await who_is_where(office)} == {DESK, HALL}
    await on(office, DE_JONG, ATTIC)
    assert await who_is_where(office) == [(ATTIC, DE_JONG)]


@pytest.mark.usefixtures("phones")
async def test_without_twinning_a_second_phone_is_refused(office: Office) -> None:
    await on(office, JANSEN, DESK, alone=False)
    await refused(office.do(logons.log_on, JANSEN, HALL, exclusive=False))


async def test_a_linked_phone_is_one_of_the_two(office: Office) -> None:
    await office.employ(DE_JONG, **TWINNED)
    await office.phone(DESK, linked_user=DE_JONG)
    await office.phone(HALL)
    await office.phone(ATTIC)
    await on(office, DE_JONG, HALL, alone=False)

    await refused(office.do(logons.log_on, DE_JONG, ATTIC, exclusive=False))


@pytest.mark.usefixtures("phones")
async def test_two_phones_at_the_same_moment_take_turns(office: Office) -> None:
    outcomes = await asyncio.gather(
        *(office.do(logons.log_on, JANSEN, phone, exclusive=False) for phone in (DESK, HALL, ATTIC)),
        return_exceptions=True,
    )
    assert sorted(type(it).__name__ for it in outcomes) == ["Conflict", "Conflict", "NoneType"]
    assert len(await who_is_where(office)) == 1


async def test_a_linked_phone_takes_no_logon_and_no_logoff(office: Office) -> None:
    await office.phone(DESK, linked_user=JANSEN)
    await office.phone(HALL)
    await on(office, JANSEN, HALL)

    assert (await refused(office.do(logons.log_on, BAKKER, DESK, exclusive=True))).field == "channel"
    assert (await refused(office.do(logons.log_off, JANSEN, DESK))).field == "channel"
    await office.do(logons.log_off, JANSEN, None)

    assert await who_is_where(office) == [(DESK, JANSEN)]


@pytest.mark.usefixtures("phones")
async def test_logging_off_here_or_everywhere(office: Office) -> None:
    await office.employ(DE_JONG, **TWINNED)
    for phone in (DESK, HALL):
        await on(office, DE_JONG, phone, alone=False)
    await on(office, BAKKER, ATTIC)

    await office.do(logons.log_off, DE_JONG, ATTIC)  # that is Bakker's
    assert len(await who_is_where(office)) == 3
    await office.do(logons.log_off, DE_JONG, DESK)
    assert set(await who_is_where(office)) == {(HALL, DE_JONG), (ATTIC, BAKKER)}
    await office.do(logons.log_off, DE_JONG, None)
    assert await who_is_where(office) == [(ATTIC, BAKKER)]


@pytest.mark.usefixtures("phones")
async def test_only_users_log_on_and_only_to_phones_that_are_there(office: Office) -> None:
    await office.group("300")
    assert list(await invalid(office.do(logons.log_on, "300", DESK, exclusive=True))) == ["user"]
    assert list(await invalid(office.do(logons.log_on, "209", DESK, exclusive=True))) == ["user"]
    with pytest.raises(NotFound):
        await on(office, JANSEN, "cellar")


@pytest.mark.usefixtures("phones")
async def test_a_logon_leaves_the_configuration_alone(office: Office) -> None:
    """It is no change of an administrator: no audit, and nothing but logons to read again."""
    before = (await office.see(accounts.get)).revision, len(await office.see(audit.list_all))
    await on(office, JANSEN, DESK)
    assert ((await office.see(accounts.get)).revision, len(await office.see(audit.list_all))) == before
