"""The lists that belong to a plan schema, weekly entries and holidays: how they are kept, which is alike for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select

from centrale.accounts.errors import Conflict, Invalid, NotFound, Problem
from centrale.accounts.fields import Input
from centrale.accounts.models import HolidayRow, PlanRow, ScheduleEntryRow
from centrale.accounts.plans_changing import begin
from centrale.accounts.plans_fields import Put
from centrale.accounts.rows import remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

R = TypeVar("R", bound=ScheduleEntryRow | HolidayRow)
P = TypeVar("P", bound=Put)
O = TypeVar("O", bound=Input)  # noqa: E741 - what is told of an item


def numbered(wanted: Sequence[P]) -> list[P]:
    """With the ids of those that have none: the ones behind the highest, in their order."""
    last = max((it.id for it in wanted if it.id is not None), default=0)
    ids = count(last + 1)
    return [_with_id(it, ids) for it in wanted]


def _with_id(it: P, ids: Iterator[int]) -> P:
    return it.model_copy(update={"id": next(ids)}) if it.id is None else it


class Items(Generic[R, P, O]):
    """Keeps items in rows. Their ids count up within a schema: the higher one is the later created (NP-5)."""

    def __init__(
        self, row: type[R], name: str, at_most: int, columns: Callable[[P], dict[str, Any]], out: Callable[[R], O]
    ) -> None:
        self._row = row
        self._name = name
        self._at_most = at_most
        self._columns = columns
        self._out = out

    async def load(self, unit: Unit, account: AccountId, schema: int, id: int) -> R:
        """The row; raises `NotFound`."""
        row = await unit.session.get(self._row, (account, schema, id))
        if row is None:
            raise NotFound(self._name, f"{schema}/{id}")
        return row

    async def create(self, unit: Unit, account: AccountId, schema: int, data: P) -> O:
        """Raises `Invalid` for a plan that the schema does not have, `Conflict` when there are too many."""
        await begin(unit, account, schema)
        await self._check_plans(unit, account, schema, [("plan", data)])
        query = select(func.count(), func.max(self._row.id))
        many, last = (await unit.session.execute(query.where(*self._of(account, schema)))).one()
        if many >= self._at_most:
            raise Conflict(f"there are {self._at_most} already, which is the most; delete one first")
        return await self._add(unit, account, schema, (last or 0) + 1, data)

    async def change(self, unit: Unit, account: AccountId, schema: int, id: int, data: P) -> O:
        """Sets all of it anew; its place in the order of creation stays. Raises `NotFound` and `Invalid`."""
        await begin(unit, account, schema)
        row = await self.load(unit, account, schema, id)
        await self._check_plans(unit, account, schema, [("plan", data)])
        return await self._set(unit, row, data)

    async def delete(self, unit: Unit, account: AccountId, schema: int, id: int) -> None:
        """Raises `NotFound`."""
        await begin(unit, account, schema)
        await self._remove(unit, await self.load(unit, account, schema, id))

    async def replace_all(self, unit: Unit, account: AccountId, schema: int, wanted: Sequence[P]) -> None:
        """Makes the list what is `wanted`: what is not in it goes. Raises `Invalid` with paths such as `[2].plan`."""
        await begin(unit, account, schema)
        self._check_list(wanted)
        await self._check_plans(unit, account, schema, [(f"[{n}].plan", data) for n, data in enumerate(wanted)])
        rows = await unit.session.scalars(select(self._row).where(*self._of(account, schema)))
        now = {row.id: row for row in rows.all()}
        meant = {data.id: data for data in numbered(wanted) if data.id is not None}
        for id in sorted(now.keys() - meant.keys()):
            await self._remove(unit, now[id])
        for id, data in meant.items():
            if id in now:
                await self._set(unit, now[id], data)
            else:
                await self._add(unit, account, schema, id, data)

    def _check_list(self, wanted: Sequence[P]) -> None:
        if len(wanted) > self._at_most:
            raise Invalid.field("", f"{self._at_most} are the most", "too_long")
        ids = [data.id for data in wanted]
        for place, id in enumerate(ids):
            if id is not None and id in ids[:place]:
                raise Invalid.field(f"[{place}].id", f"{id} stands here twice", "twice")

    async def _check_plans(self, unit: Unit, account: AccountId, schema: int, wanted: Iterable[tuple[str, P]]) -> None:
        query = select(PlanRow.number).where(PlanRow.account_id == account, PlanRow.schema_number == schema)
        known = set(await unit.session.scalars(query))
        problems = [
            Problem(field, "unknown_plan", f"schema {schema} has no plan {data.plan}")
            for field, data in wanted
            if data.plan not in known
        ]
        if problems:
            raise Invalid(*problems)

    async def _add(self, unit: Unit, account: AccountId, schema: int, id: int, data: P) -> O:
        row = self._row(account_id=account, schema_number=schema, id=id, **self._columns(data))
        unit.session.add(row)
        await unit.session.flush()
        created = self._out(row)
        await unit.audit(account, "create", self._name, f"{schema}/{id}", after=created.as_audit())
        return created

    async def _set(self, unit: Unit, row: R, data: P) -> O:
        before = self._out(row)
        for column, value in self._columns(data).items():
            setattr(row, column, value)
        after = self._out(row)
        if after != before:
            key, kept = f"{row.schema_number}/{row.id}", before.as_audit()
            await unit.audit(AccountId(row.account_id), "change", self._name, key, before=kept, after=after.as_audit())
        return after

    async def _remove(self, unit: Unit, row: R) -> None:
        before, key = self._out(row), f"{row.schema_number}/{row.id}"
        await remove(unit, row)
        await unit.audit(AccountId(row.account_id), "delete", self._name, key, before=before.as_audit())

    def _of(self, account: AccountId, schema: int) -> tuple[Any, ...]:
        return self._row.account_id == account, self._row.schema_number == schema
