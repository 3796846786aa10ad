"""The account that is measured, put into the database before the exchange starts."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.people import PASSWORD, Pair
from centrale.accounts import accounts, channels, extensions, tokens
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import ChannelRow, ExtensionRow
from centrale.accounts.tokens import TokenIn
from centrale.bootstrap import open_database
from centrale.routing.snapshot import AccountId
from centrale.settings import Settings
from centrale.voice.at_home import prompt_library

ACCOUNT = "BENCH"
LANGUAGE = "nl"
CALL_LIMIT = 5
"""The highest; so that one phone can stand for five in a test of many calls at once."""


async def furnish(settings: Settings, people: Sequence[Pair]) -> tuple[AccountId, str]:
    """Make the account with `people`, each with a channel linked to them; gives it and a token of the API."""
    (number, channel), *others = (phone for pair in people for phone in pair.phones)
    database = await open_database(settings)
    try:
        async with database.change("bench") as unit:
            account = AccountId(
                (await accounts.create(unit, AccountIn(number=ACCOUNT, name="Measured", language=LANGUAGE))).id
            )
            await extensions.create(unit, account, ExtensionIn(number=number, kind="user", name="Person"))
            phone = ChannelIn(name=channel, password=SecretStr(PASSWORD), call_limit=CALL_LIMIT, linked_user=number)
            await channels.create(unit, account, phone)
            _, token = await tokens.create(unit, TokenIn(name="bench"))
        async with database.connection() as connection:
            await _repeat(connection, others)
    finally:
        await database.close()
    await _speak_prompts(settings)
    return account, token


async def _speak_prompts(settings: Settings) -> None:
    """Before the exchange does so in the background of what is measured."""
    prompts = prompt_library(settings)
    try:
        await prompts.warm((LANGUAGE, "en"))
    finally:
        await prompts.aclose()


async def _repeat(connection: AsyncConnection, phones: Sequence[tuple[str, str]]) -> None:
    """Rows like the first person's for the others: one by one, 10,000 of them would take minutes."""
    if not phones:
        return
    user = (await connection.execute(select(ExtensionRow.__table__))).mappings().one()
    channel = (await connection.execute(select(ChannelRow.__table__))).mappings().one()
    await connection.execute(insert(ExtensionRow.__table__), [{**user, "number": number} for number, _ in phones])
    await connection.execute(
        insert(ChannelRow.__table__), [{**channel, "name": name, "linked_user": number} for number, name in phones]
    )
