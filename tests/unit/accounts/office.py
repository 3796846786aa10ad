"""One account as its administrator sees it: things are done to it, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import pytest

from centrale.accounts import accounts, channels, extensions, numbers
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.database import Database
from centrale.accounts.errors import Conflict, Invalid
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import NumberIn
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ChannelName, ExtensionNumber, Facility, NumberUse

P = ParamSpec("P")
T = TypeVar("T")

JANSEN, BAKKER, DE_JONG = ExtensionNumber("201"), ExtensionNumber("202"), ExtensionNumber("203")
MAIN, SECOND, MOBILE = "+31201234567", "+31201234568", "+31612345678"
DESK, HALL, ATTIC = ChannelName("desk"), ChannelName("hall"), ChannelName("attic")


class Office:
    """`do` changes something, `see` looks; both take a function of an aggregate and leave out unit and account."""

    def __init__(self, database: Database, id: AccountId, actor: str = "anna") -> None:
        self.database = database
        self.id = id
        self.actor = actor

    async def do(
        self, function: Callable[Concatenate[Unit, AccountId, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self.database.change(self.actor) as unit:
            return await function(unit, self.id, *args, **kwargs)

    async def see(
        self, function: Callable[Concatenate[Unit, AccountId, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self.database.read() as unit:
            return await function(unit, self.id, *args, **kwargs)

    async def employ(self, number: str, name: str = "De Jong", pin: str | None = None, **settings: Any) -> None:
        await self.do(extensions.create, person(number, name, pin, **settings))

    async def settle(self, number: str, name: str = "De Jong", pin: str | None = None, **settings: Any) -> None:
        """Sets a user's settings anew."""
        await self.do(extensions.change, number, person(number, name, pin, **settings))

    async def group(self, number: str, *members: str) -> None:
        settings = {"members": list(members)}
        await self.do(extensions.create, ExtensionIn(number=number, kind="group", name="Sales", settings=settings))

    async def phone(self, name: str = DESK, **fields: Any) -> None:
        await self.do(channels.create, ChannelIn(name=name, **fields))

    async def number(self, e164: str = MAIN, user: str | None = None, **fields: Any) -> None:
        use = NumberUse.BUSINESS if user is None else NumberUse.PERSONAL
        await self.do(numbers.create, NumberIn(e164=e164, user=user, use=use, **fields))

    async def settings(self, **changed: Any) -> None:
        """Changes some of the account's settings."""
        now = await self.see(accounts.get)
        await self.do(accounts.change, AccountIn(**now.model_dump(include=set(AccountIn.model_fields)) | changed))

    async def without_twinning(self) -> None:
        await self.settings(facilities=frozenset())


TWINNED = {"rights": {"twinning": True}}
WITH_TWINNING = frozenset({Facility.TWINNING})


def person(number: str, name: str = "De Jong", pin: str | None = None, **settings: Any) -> ExtensionIn:
    return ExtensionIn(number=number, kind="user", name=name, pin=pin, settings=settings)


async def refused(attempt: Awaitable[object]) -> Conflict:
    """The conflict that `attempt` ends in."""
    with pytest.raises(Conflict) as refusal:
        await attempt
    return refusal.value


async def invalid(attempt: Awaitable[object]) -> dict[str, str]:
    """What `attempt` finds wrong: a message per field."""
    with pytest.raises(Invalid) as refusal:
        await attempt
    return {problem.field: problem.message for problem in refusal.value.problems}
