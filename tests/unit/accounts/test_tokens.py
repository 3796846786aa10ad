"""Tokens of the API: shown once, kept as a digest (API-1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from centrale.accounts import accounts, audit, tokens
from centrale.accounts.database import Database
from centrale.accounts.errors import NotFound
from centrale.accounts.models import ApiTokenRow
from centrale.accounts.roles import Sight
from centrale.accounts.tokens import Scope, TokenIn, TokenOut

from .conftest import SetClock
from .office import Office, refused


async def issue(
    database: Database, name: str, account: int | None = None, text: str | None = None
) -> tuple[TokenOut, str]:
    async with database.change("anna") as unit:
        return await tokens.create(unit, TokenIn(name=name, account=account), text)


async def find(database: Database, text: str) -> TokenOut | None:
    async with database.read() as unit:
        return await tokens.find(unit, text)


async def test_a_token_is_found_by_its_text_which_is_kept_nowhere(database: Database, office: Office) -> None:
    token, text = await issue(database, "script", office.id)

    assert text.startswith("centrale_")
    assert await find(database, text) == token
    assert await find(database, text[:-1]) is None
    assert await find(database, "\ud800") is None
    async with database.read() as unit:
        row = (await unit.session.execute(select(ApiTokenRow.__table__))).one()
        entries = await audit.list_all(unit, office.id, object_type="token")
    assert text not in str(row)
    assert text not in repr(entries)
    assert entries[0].after == {
        "name": "script",
        "account": office.id,
        "scopes": ["read", "write"],
        "rights": ["devices", "order", "recordings_account", "recordings_own"],
        "id": token.id,
    }


async def test_a_revoked_token_opens_nothing(database: Database) -> None:
    token, text = await issue(database, "script")
    async with database.change("anna") as unit:
        await tokens.revoke(unit, token.id)
        await tokens.note_use(unit, token.id)
    assert await find(database, text) is None


async def test_a_token_goes_with_its_account(database: Database, office: Office) -> None:
    _, text = await issue(database, "script", office.id)
    await office.do(accounts.delete)
    assert await find(database, text) is None


async def test_an_account_sees_and_revokes_only_its_own_tokens(
    database: Database, office: Office, rivals: Office
) -> None:
    ours, _ = await issue(database, "ours", office.id)
    theirs, _ = await issue(database, "theirs", rivals.id)
    platforms, _ = await issue(database, "platform's")
    async with database.change("anna") as unit:
        assert [it.name for it in await tokens.list_all(unit, Sight(account=office.id))] == ["ours"]
        assert [it.name for it in await tokens.list_all(unit, after=ours.id)] == ["theirs", "platform's"]
        for token in (theirs, platforms):
            with pytest.raises(NotFound):
                await tokens.get(unit, token.id, Sight(account=office.id))
            with pytest.raises(NotFound):
                await tokens.revoke(unit, token.id, Sight(account=office.id))


async def test_the_last_use_is_kept_to_the_hour(database: Database, clock: SetClock) -> None:
    token, text = await issue(database, "script")
    assert tokens.use_is_news(token, clock.now())
    async with database.change("anna") as unit:
        await tokens.note_use(unit, token.id)
    used = await find(database, text)
    assert used is not None
    assert used.last_used == clock.now()
    assert not tokens.use_is_news(used, clock.now() + timedelta(minutes=59))
    assert tokens.use_is_news(used, clock.now() + timedelta(hours=1))


async def test_tokens_are_of_accounts_that_exist_and_one_of_a_kind(database: Database) -> None:
    with pytest.raises(NotFound):
        await issue(database, "script", 4711)
    await issue(database, "demo", text="known")
    await refused(issue(database, "demo", text="known"))
    with pytest.raises(ValidationError):
        TokenIn(name="script", scopes=[])
    assert TokenIn(name="script", scopes=["read"]).scopes == {Scope.READ}
