"""Phones' channels (CHN-1, LNK-1, SEC-1)."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError
from sqlalchemy import select

from centrale.accounts import channels, logons, sip
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.models import Base
from centrale.accounts.vault import UNAMBIGUOUS, Vault, VaultError

from .office import BAKKER, DE_JONG, DESK, HALL, JANSEN, MAIN, TWINNED, Office, invalid, refused


async def test_a_name_is_suggested(office: Office, rivals: Office) -> None:
    await office.phone("100EC01")
    await rivals.phone("100EC03")

    names = [(await office.do(channels.create, ChannelIn())).name for _ in range(3)]

    assert names == ["100EC02", "100EC04", "100EC05"]


async def test_a_strong_password_is_made_and_stands_nowhere_in_the_clear(database: Database, office: Office) -> None:
    created = await office.do(channels.create, ChannelIn(name=DESK))
    password = await office.see(channels.password_of, DESK)

    assert len(password) == 20
    assert set(password) <= set(UNAMBIGUOUS)
    assert "password" not in created.model_dump()
    async with database.read() as unit:
        tables = [await unit.session.execute(select(table)) for table in Base.metadata.sorted_tables]
        assert password not in str([list(rows) for rows in tables])


async def test_without_the_key_a_password_cannot_be_read(url: str, office: Office) -> None:
    await office.phone(DESK)
    stolen = Database(url, Vault(Fernet.generate_key()))
    async with stolen.read() as unit:
        with pytest.raises(VaultError, match="put back the key"):
            await channels.password_of(unit, office.id, DESK)
    await stolen.close()


async def test_a_given_password_is_kept_and_stays_when_none_is_given(office: Office) -> None:
    await office.phone(DESK, password="correct-horse")
    await office.do(channels.change, DESK, ChannelIn(call_limit=3))
    assert await office.see(channels.password_of, DESK) == "correct-horse"

    await office.do(channels.change, DESK, ChannelIn(password="another-horse"))
    assert await office.see(channels.password_of, DESK) == "another-horse"
    assert (await office.see(channels.get, DESK)).call_limit == 2


@pytest.mark.parametrize("password", ["short", "with a space in it", "naïve-password", "x" * 81, ""])
async def test_a_password_that_phones_cannot_keep_is_refused(office: Office, password: str) -> None:
    assert list(await invalid(office.phone(DESK, password=password))) == ["password"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("call_limit", 0), ("call_limit", 6), ("dtmf", "smoke"), ("name", "a b"), ("name", "trunk-x"), ("name", "-desk")],
)
def test_nonsense_is_refused_by_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        ChannelIn.model_validate({field: value})
    assert refusal.value.errors()[0]["loc"] == (field,)


async def test_a_name_is_given_out_once_on_the_whole_platform_and_stays(office: Office, rivals: Office) -> None:
    await office.phone(DESK)
    assert (await refused(rivals.phone(DESK))).field == "name"
    assert list(await invalid(office.do(channels.change, DESK, ChannelIn(name=HALL)))) == ["name"]


async def test_only_own_things_are_tied_to_a_channel(office: Office, rivals: Office) -> None:
    await rivals.number(MAIN)
    await rivals.employ(DE_JONG)
    await office.group("300")

    assert list(await invalid(office.phone(DESK, emergency_caller_id=MAIN))) == ["emergency_caller_id"]
    assert list(await invalid(office.phone(DESK, linked_user=DE_JONG))) == ["linked_user"]
    assert await invalid(office.phone(DESK, linked_user="300")) == {"linked_user": "extension 300 is not a user"}


async def test_a_user_is_linked_to_one_channel_or_with_twinning_to_two(office: Office) -> None:
    await office.phone(DESK, linked_user=JANSEN)
    assert (await refused(office.phone(HALL, linked_user=JANSEN))).field == "linked_user"

    await office.employ(DE_JONG, **TWINNED)
    await office.phone("one", linked_user=DE_JONG)
    await office.phone("two", linked_user=DE_JONG)
    assert (await refused(office.phone("three", linked_user=DE_JONG))).field == "linked_user"


async def test_twinning_needs_the_account_too(office: Office) -> None:
    await office.number(MAIN)
    await office.settings(facilities=frozenset(), emergency_caller_id=MAIN)
    await office.employ(DE_JONG, **TWINNED)
    await office.phone("one", linked_user=DE_JONG)

    await refused(office.phone("two", linked_user=DE_JONG))


async def test_who_is_logged_on_makes_place_for_a_linked_user(office: Office) -> None:
    await office.phone(DESK)
    await office.do(logons.log_on, JANSEN, DESK, exclusive=True)

    await office.do(channels.change, DESK, ChannelIn(linked_user=BAKKER))

    assert [(it.channel, it.user, it.linked) for it in await office.see(logons.list_all)] == [(DESK, BAKKER, True)]


async def test_a_deleted_channel_is_gone_with_its_logon(office: Office) -> None:
    await office.phone(DESK)
    await office.do(logons.log_on, JANSEN, DESK, exclusive=True)

    await office.do(channels.delete, DESK)

    assert await office.see(logons.list_all) == []
    with pytest.raises(NotFound):
        await office.see(channels.get, DESK)


async def test_the_switch_is_told_what_lets_phones_register(database: Database, office: Office, rivals: Office) -> None:
    await office.phone(DESK, password="correct-horse", dtmf="info", call_limit=3, language="de")
    await rivals.phone(HALL, password="another-horse")

    async with database.read() as unit:
        everyones = await sip.sip_channels(unit)
        only = await sip.sip_channels(unit, [office.id])
        assert await sip.sip_channel(unit, "attic") is None
        assert await sip.sip_channel(unit, DESK) == only[0]
    assert [(it.name, it.account, it.password) for it in everyones] == [
        (DESK, office.id, "correct-horse"),
        (HALL, rivals.id, "another-horse"),
    ]
    assert (only[0].dtmf, only[0].call_limit, only[0].language) == ("info", 3, "de")
    assert "horse" not in repr(everyones)
