"""Contacts in account files: the company's and every user's own (ACC-7).

A contact has no name that is its own alone, so a file means it by whose it is, its name and its company; of several
that are the same in all of that, by their place among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pydantic import Field
from sqlalchemy import select

from centrale.accounts import contacts
from centrale.accounts.contacts_fields import ContactIn, ContactOut, Home
from centrale.accounts.errors import Invalid
from centrale.accounts.fields import UserField
from centrale.accounts.models import ContactRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber

LOADED_AT_ONCE = 500


class FileContact(ContactIn):
    """A contact. Without `owner` it is one of the company's."""

    owner: UserField | None = Field(default=None, title="Own contact of")


Someone = TypeVar("Someone", FileContact, ContactOut)


async def stored(unit: Unit, account: AccountId) -> list[ContactOut]:
    """All of them: the company's, then those of users; in the order in which they were made."""
    query = select(ContactRow).where(ContactRow.account_id == account)
    query = query.order_by(ContactRow.owner.is_not(None), ContactRow.owner, ContactRow.id)
    rows = (await unit.session.scalars(query)).all()
    found: list[ContactOut] = []
    for begin in range(0, len(rows), LOADED_AT_ONCE):
        part = rows[begin : begin + LOADED_AT_ONCE]
        numbers = await contacts.numbers_of(unit, [row.id for row in part])
        found += [contacts.shown(row, numbers[row.id]) for row in part]
    return found


def keyed(them: Iterable[Someone]) -> Iterator[tuple[str, Someone]]:
    """Each with how a file means it: `Eva Vos (Bakkerij)`, `201: Mum`, `201: Mum #2`."""
    times: Counter[str] = Counter()
    for it in them:
        company = f" ({it.company})" if it.company and it.company != it.name else ""
        key = f"{it.owner}: {it.name}{company}" if it.owner else f"{it.name}{company}"
        times[key] += 1
        yield (f"{key} #{times[key]}" if times[key] > 1 else key), it


def in_file(contact: ContactOut) -> dict[str, Any]:
    """As a file has it: what is not empty."""
    fields = contact.model_dump(mode="json", include=set(ContactIn.model_fields))
    return ({"owner": contact.owner} if contact.owner else {}) | {name: it for name, it in fields.items() if it}


def fields(contact: FileContact | ContactOut, home: Home | None = None) -> dict[str, Any]:
    """What of it can change. `home`: to compare numbers as they will be stored."""
    data: ContactIn = contact
    if home is not None:
        try:
            data = home.normal(contact)
        except Invalid:
            data = contact  # refused when it is to be stored, at its line
    found = data.model_dump(mode="json", include=set(ContactIn.model_fields) - {"numbers"})
    return found | {"numbers": ", ".join(f"{it.number} ({it.label})" for it in data.numbers)}


def of_file(contact: FileContact) -> ContactIn:
    """What is to be stored."""
    return ContactIn.model_validate(contact.model_dump(include=set(ContactIn.model_fields)))


def owner_of(contact: FileContact) -> contacts.Owner:
    """Whose it is."""
    return None if contact.owner is None else ExtensionNumber(contact.owner)
