"""Lists of contacts: searched, sorted and cut by the database, 100,000 of them or more (ACC-7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, union_all

from centrale.accounts.contacts import Owner, home_of, numbers_of, shown
from centrale.accounts.contacts_fields import ContactOut
from centrale.accounts.contacts_text import search_terms
from centrale.accounts.errors import Invalid
from centrale.accounts.models import ContactNumberRow, ContactRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId


class Order(StrEnum):
    """What a list is sorted by."""

    NAME = "name"
    NAME_BACK = "-name"
    COMPANY = "company"
    COMPANY_BACK = "-company"


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A part of a list. `next`: give it as `cursor` for what comes after; None at the end."""

    contacts: list[ContactOut]
    next: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which contacts. `owners`: whose, None among them for the company's. `search`: beginnings of words of the name,
    the company and the e-mail address, or of a number. `number`: one of theirs is this very one."""

    owners: tuple[Owner, ...]
    search: str = ""
    favourite: bool | None = None
    number: str | None = None


async def list_all(
    unit: Unit,
    account: AccountId,
    wanted: Wanted,
    *,
    order: Order = Order.NAME,
    cursor: str | None = None,
    limit: int = 100,
) -> ContactPage:
    """Raises `Invalid` for a cursor that this list did not give."""
    column, back = (ContactRow.by_company if "company" in order else ContactRow.by_name), order.startswith("-")
    filters = await _filters(unit, account, wanted)
    if cursor is not None:
        filters.append(_behind(order, cursor, column, back=back))

    def of(owner: Owner) -> Select[int, str]:
        """In the order of the index, so that no more of it is read than is shown."""
        whose = ContactRow.owner.is_(None) if owner is None else ContactRow.owner == owner
        query = select(ContactRow.id.label("id"), column.label("key")).where(ContactRow.account_id == account, whose)
        by = (column.desc(), ContactRow.id.desc()) if back else (column, ContactRow.id)
        return query.where(*filters).order_by(*by).limit(limit + 1)

    each = [of(owner).subquery() for owner in wanted.owners]
    all = union_all(*(select(it.c.id, it.c.key) for it in each)).subquery()
    by = (all.c.key.desc(), all.c.id.desc()) if back else (all.c.key, all.c.id)
    found = (await unit.session.execute(select(all.c.id, all.c.key).order_by(*by).limit(limit + 1))).all()
    more, found = len(found) > limit, found[:limit]
    ids = [row.id for row in found]
    rows = {row.id: row for row in await unit.session.scalars(select(ContactRow).where(ContactRow.id.in_(ids)))}
    numbers = await numbers_of(unit, ids)
    last = f"{order.value}~{found[-1].id}~{found[-1].key}" if more else None
    return ContactPage([shown(rows[id], numbers[id]) for id in ids], last)


async def _filters(unit: Unit, account: AccountId, wanted: Wanted) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if wanted.search.strip():
        terms = search_terms(wanted.search, (await home_of(unit, account)).country)
        filters += [or_(*(ContactRow.words.contains(f" {it}", autoescape=True) for it in term)) for term in terms]
        if not terms:
            filters.append(ContactRow.id < 0)  # signs only: nobody is called that
    if wanted.favourite is not None:
        filters.append(ContactRow.favourite.is_(wanted.favourite))
    if wanted.number is not None:
        with_it = select(ContactNumberRow.contact_id).where(
            ContactNumberRow.account_id == account, ContactNumberRow.number == wanted.number
        )
        filters.append(ContactRow.id.in_(with_it))
    return filters


def _behind(order: Order, cursor: str, column: Any, *, back: bool) -> ColumnElement[bool]:
    name, _, rest = cursor.partition("~")
    id, _, key = rest.partition("~")
    if name != order.value or not id.isascii() or not id.isdigit() or len(id) > 18:
        raise Invalid.field("cursor", "is not one that this list gave")
    id_behind = ContactRow.id < int(id) if back else ContactRow.id > int(id)
    return or_(column < key if back else column > key, and_(column == key, id_behind))
