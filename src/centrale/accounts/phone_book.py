"""Names of numbers, from the contacts of an account: the storage side of `calls.naming` and of one's own lists (ACC-7).

One look-up in the index on (account, number), whatever the size of the phone book.
"""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType

from sqlalchemy import or_, select

from centrale.accounts.database import Database
from centrale.accounts.models import ContactNumberRow, ContactRow
from centrale.accounts.unit import Unit
from centrale.routing.phone_book import Names
from centrale.routing.snapshot import E164, AccountId, ExtensionNumber

OWNERS_AT_MOST = 2000
"""So many people's own contacts may have one number; of more, the rest see the company's name."""

Numbers = Collection[str]


class PhoneBook:
    """The phone books of all accounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def names_of(self, account: AccountId, number: E164) -> Names:
        """Of several contacts with this number in one book, the oldest gives the name. Raises `StorageUnavailable`."""
        async with self._database.read() as unit:
            return await names_of(unit, account, number)


async def names_of(unit: Unit, account: AccountId, number: E164) -> Names:
    """What the account's contacts call `number`."""
    query = (
        select(ContactRow.owner, ContactRow.name)
        .join(ContactNumberRow, ContactNumberRow.contact_id == ContactRow.id)
        .where(ContactNumberRow.account_id == account, ContactNumberRow.number == number)
        .order_by(ContactRow.owner.is_not(None), ContactRow.id)
        .limit(OWNERS_AT_MOST)
    )
    company, personal = "", dict[ExtensionNumber, str]()
    for owner, name in await unit.session.execute(query):
        if owner is None:
            company = company or name
        else:
            personal.setdefault(owner, name)
    return Names(company, MappingProxyType(personal))


async def names_for(unit: Unit, account: AccountId, user: ExtensionNumber, numbers: Numbers) -> dict[str, str]:
    """What `user` calls each of `numbers`: by their own contacts, else by the company's; of nobody else's."""
    if not numbers:
        return {}
    query = (
        select(ContactNumberRow.number, ContactRow.name)
        .join(ContactNumberRow, ContactNumberRow.contact_id == ContactRow.id)
        .where(
            ContactNumberRow.account_id == account,
            ContactNumberRow.number.in_(set(numbers)),
            or_(ContactRow.owner.is_(None), ContactRow.owner == user),
        )
        .order_by(ContactRow.owner.is_(None), ContactRow.id)
    )
    found: dict[str, str] = {}
    for number, name in await unit.session.execute(query):
        found.setdefault(number, name)
    return found
