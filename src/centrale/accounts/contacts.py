"""Contacts of an account: the company's phone book, and each user's own (ACC-7).

The rules for both are the same; who may see which is for the API. What users write into their own stays out of the
audit, which their administrators read: it tells only that there was a change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import delete as delete_from
from sqlalchemy import func, insert, select

from centrale.accounts import contacts_text
from centrale.accounts.contacts_fields import ContactIn, ContactNumber, ContactOut, Home, NumberLabel
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.models import AccountRow, ContactNumberRow, ContactRow
from centrale.accounts.references import check_extension
from centrale.accounts.rows import remove
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber

AT_MOST = 100_000
"""Contacts of one account, everybody's together."""

OWN_AT_MOST = 5_000
"""Contacts of one user."""

COMPANY: None = None
"""The owner of the company's contacts."""

Owner = ExtensionNumber | None

OBJECT = "contact"
OBJECTS = "contacts"
OWN_OBJECT = "own contact"
"""What the audit calls them."""

_FIELDS = ("first_name", "prefix", "surname", "company", "email", "notes", "favourite")


async def create(unit: Unit, account: AccountId, owner: Owner, data: ContactIn) -> ContactOut:
    """Raises `Invalid` for what is no number, `Conflict` when there are too many."""
    await unit.lock(account)
    if owner is not None:
        await check_extension(unit, account, "owner", owner, kind="user")
    await room_for(unit, account, owner, 1)
    normal = (await home_of(unit, account)).normal(data)
    row = ContactRow(account_id=account, owner=owner, **columns(normal))
    unit.session.add(row)
    await unit.session.flush()
    await put_numbers(unit, account, [(row.id, normal.numbers)])
    made = shown(row, normal.numbers)
    await note(unit, account, "create", made, after=made)
    return made


async def get(unit: Unit, account: AccountId, id: int) -> ContactOut:
    """Whosever it is. Raises `NotFound`, also for one of another account."""
    row = await _load(unit, account, id)
    return shown(row, (await numbers_of(unit, [id]))[id])


async def get_own(unit: Unit, account: AccountId, owner: Owner, id: int) -> ContactOut:
    """One of `owner`. Raises `NotFound`, also for somebody else's: that it is there is nobody's business."""
    found = await get(unit, account, id)
    if found.owner != owner:
        raise NotFound(OBJECT, id)
    return found


async def change(unit: Unit, account: AccountId, id: int, data: ContactIn) -> ContactOut:
    """Sets all of it anew; whose it is stays. Raises `NotFound`, `Invalid`."""
    await unit.lock(account)
    row = await _load(unit, account, id)
    before = shown(row, (await numbers_of(unit, [id]))[id])
    normal = (await home_of(unit, account)).normal(data)
    for name, value in columns(normal).items():
        setattr(row, name, value)
    await unit.session.flush()
    await put_numbers(unit, account, [(id, normal.numbers)])
    after = shown(row, normal.numbers)
    await note(unit, account, "change", after, before=before, after=after)
    return after


async def delete(unit: Unit, account: AccountId, id: int) -> None:
    """Raises `NotFound`."""
    await unit.lock(account)
    row = await _load(unit, account, id)
    before = shown(row, (await numbers_of(unit, [id]))[id])
    await remove(unit, row)
    await note(unit, account, "delete", before, before=before)


async def note(
    unit: Unit,
    account: AccountId,
    action: str,
    contact: ContactOut,
    *,
    before: ContactOut | None = None,
    after: ContactOut | None = None,
) -> None:
    """Leave it in the audit; of what is a user's own, only that it was done (`201/17`)."""
    if contact.owner is not None:
        await unit.audit(account, action, OWN_OBJECT, f"{contact.owner}/{contact.id}")
        return
    was = None if before is None else before.as_audit()
    now = None if after is None else after.as_audit()
    await unit.audit(account, action, OBJECT, contact.id, before=was, after=now)


# -- for lists, imports and files ------------------------------------------------------------------------------------


async def home_of(unit: Unit, account: AccountId) -> Home:
    """How numbers are written in the account. Raises `NotFound`."""
    query = select(AccountRow.country, AccountRow.area_code, AccountRow.extension_length)
    row = (await unit.session.execute(query.where(AccountRow.id == account))).one_or_none()
    if row is None:
        raise NotFound("account", account)
    return Home(row.country, row.area_code, row.extension_length or 3)


async def room_for(unit: Unit, account: AccountId, owner: Owner, more: int) -> None:
    """Raises `Conflict` when so many more would be too many."""
    count = select(func.count()).select_from(ContactRow).where(ContactRow.account_id == account)
    if (await unit.session.execute(count)).scalar_one() + more > AT_MOST:
        raise Conflict(f"an account has {AT_MOST} contacts at most; delete some first")
    if owner is not None:
        own = (await unit.session.execute(count.where(ContactRow.owner == owner))).scalar_one()
        if own + more > OWN_AT_MOST:
            raise Conflict(f"a user has {OWN_AT_MOST} contacts at most; delete some first")


def columns(normal: ContactIn) -> dict[str, Any]:
    """The row of a contact whose numbers are normal, with all that is derived of it."""
    names = (normal.first_name, normal.prefix, normal.surname, normal.company)
    by_name, by_company = contacts_text.sort_keys(*names)
    numbers = [number.number for number in normal.numbers]
    return {
        **{name: getattr(normal, name) for name in _FIELDS},
        "name": normal.name,
        "by_name": by_name,
        "by_company": by_company,
        "words": contacts_text.search_words([*names, normal.email], numbers),
    }


async def put_numbers(unit: Unit, account: AccountId, numbers: Iterable[tuple[int, Sequence[ContactNumber]]]) -> None:
    """Have contacts, by id, these numbers and no others."""
    wanted = list(numbers)
    ids = [id for id, _ in wanted]
    await unit.session.execute(delete_from(ContactNumberRow).where(ContactNumberRow.contact_id.in_(ids)))
    rows = [
        {"contact_id": id, "position": place, "account_id": account, "number": it.number, "label": it.label.value}
        for id, of_one in wanted
        for place, it in enumerate(of_one)
    ]
    if rows:
        await unit.session.execute(insert(ContactNumberRow), rows)


async def numbers_of(unit: Unit, ids: Collection[int]) -> dict[int, list[ContactNumber]]:
    """In their order, by contact; each has at least an empty list."""
    found: dict[int, list[ContactNumber]] = defaultdict(list)
    query = select(ContactNumberRow.contact_id, ContactNumberRow.number, ContactNumberRow.label)
    query = query.where(ContactNumberRow.contact_id.in_(ids)).order_by(
        ContactNumberRow.contact_id, ContactNumberRow.position
    )
    for id, number, label in await unit.session.execute(query):
        found[id].append(ContactNumber.model_construct(number=number, label=NumberLabel(label)))
    return found


def shown(row: Any, numbers: Sequence[ContactNumber]) -> ContactOut:
    """A row of contacts with its numbers. What is stored was checked when it came in; checking it again in a list of
    thousands costs more than reading it."""
    return ContactOut.model_construct(
        **{name: getattr(row, name) for name in _FIELDS},
        numbers=list(numbers),
        id=row.id,
        owner=row.owner,
        shown_as=row.name,
    )


async def _load(unit: Unit, account: AccountId, id: int) -> ContactRow:
    row = await unit.session.get(ContactRow, id)
    if row is None or row.account_id != account:
        raise NotFound(OBJECT, id)
    return row
