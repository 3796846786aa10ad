"""The queries of pictures' parts, each put together once: that costs as much as asking them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Generic, TypeVarTuple

from sqlalchemy import Result, Select, bindparam
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from centrale.routing.snapshot import AccountId

Columns = TypeVarTuple("Columns")

Accounts = Collection[AccountId] | None
"""Which accounts to read; None for all."""

Keys = Collection[str] | Collection[int] | None
"""The keys to read; None for all."""


class Part(Generic[*Columns]):
    """A part of the picture of every account, as `query` reads it. `account` and `key` are the columns by which fewer
    of it can be read: of some accounts, and of these only some things."""

    def __init__(
        self,
        query: Select[*Columns],
        account: InstrumentedAttribute[int],
        key: InstrumentedAttribute[Any] | None = None,
    ) -> None:
        self._all = query
        self._some = query.where(account.in_(bindparam("accounts", expanding=True)))
        self._one = query.where(account == bindparam("account"))
        self._things = self._one if key is None else self._one.where(key.in_(bindparam("keys", expanding=True)))

    async def read(self, session: AsyncSession, accounts: Accounts, keys: Keys = None) -> Result[*Columns]:
        """The rows. Keys are given for one account only."""
        query, given = self._asked(accounts, keys)
        return await session.execute(query, given)

    def _asked(self, accounts: Accounts, keys: Keys) -> tuple[Select[*Columns], Mapping[str, Any]]:
        if accounts is None:
            return self._all, {}
        if len(accounts) != 1:
            assert keys is None
            return self._some, {"accounts": list(accounts)}
        one = {"account": next(iter(accounts))}
        return (self._one, one) if keys is None else (self._things, one | {"keys": list(keys)})
