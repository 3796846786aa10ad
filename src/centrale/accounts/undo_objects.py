"""The types of objects of which a change can be taken back, and the ordinary functions that do it (ACC-8).

What keeps a secret or has things of its own beside it (a token, a sound, a schema with its plans) cannot be made again
from the audit, so it is not here, or only with what can be.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from centrale.accounts import (
    accounts,
    channels,
    contacts,
    expectations,
    extensions,
    holidays,
    numbers,
    plans,
    schedules,
    web_users,
    webhooks,
)
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.contacts_fields import ContactIn
from centrale.accounts.errors import Conflict, NotFound
from centrale.accounts.expectations import ExpectationIn
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.fields import Input
from centrale.accounts.numbers import NumberIn
from centrale.accounts.plans import PlanIn, SchemaIn
from centrale.accounts.plans_fields import HolidayIn, PutEntry, PutHoliday, ScheduleEntryIn
from centrale.accounts.roles import Sight
from centrale.accounts.unit import Unit
from centrale.accounts.web_users import WebUserIn
from centrale.accounts.webhooks import WebhookIn
from centrale.routing.snapshot import AccountId

Key = str


@dataclass(frozen=True, slots=True)
class Handled:
    """How things of one type are looked up and changed. Without `create` or `delete`, that is not taken back."""

    model: type[Input]
    get: Callable[[Unit, AccountId, Key], Awaitable[Input]]
    """Raises `NotFound`."""
    change: Callable[[Unit, AccountId, Key, Any], Awaitable[object]]
    create: Callable[[Unit, AccountId, Key, Any], Awaitable[object]] | None = None
    delete: Callable[[Unit, AccountId, Key], Awaitable[object]] | None = None

    def read(self, kept: Mapping[str, Any]) -> Input:
        """What the audit has kept, as the input of a change. Raises `ValidationError` when rules have changed since."""
        return self.model.model_validate({name: kept[name] for name in self.model.model_fields if name in kept})


def _in_schema(key: Key) -> tuple[int, int]:
    """`1/4`: of schema 1, number 4."""
    schema, _, number = key.partition("/")
    return int(schema), int(number)


async def _get_account(unit: Unit, account: AccountId, key: Key) -> Input:
    return await accounts.get(unit, account)


async def _change_account(unit: Unit, account: AccountId, key: Key, data: AccountIn) -> object:
    return await accounts.change(unit, account, data)


async def _create_extension(unit: Unit, account: AccountId, key: Key, data: ExtensionIn) -> object:
    return await extensions.create(unit, account, data)


async def _create_number(unit: Unit, account: AccountId, key: Key, data: NumberIn) -> object:
    return await numbers.create(unit, account, data)


async def _get_schema(unit: Unit, account: AccountId, key: Key) -> Input:
    return await plans.get_schema(unit, account, int(key))


async def _change_schema(unit: Unit, account: AccountId, key: Key, data: SchemaIn) -> object:
    return await plans.change_schema(unit, account, int(key), data)


async def _delete_schema(unit: Unit, account: AccountId, key: Key) -> None:
    schema = await plans.get_schema(unit, account, int(key))
    if schema.plans or schema.schedule or schema.holidays:
        raise Conflict(f"schema {key} has plans by now; delete those first")
    await plans.delete_schema(unit, account, int(key))


async def _get_plan(unit: Unit, account: AccountId, key: Key) -> Input:
    return await plans.get_plan(unit, account, *_in_schema(key))


async def _change_plan(unit: Unit, account: AccountId, key: Key, data: PlanIn) -> object:
    return await plans.change_plan(unit, account, *_in_schema(key), data)


async def _create_plan(unit: Unit, account: AccountId, key: Key, data: PlanIn) -> object:
    return await plans.create_plan(unit, account, _in_schema(key)[0], data)


async def _delete_plan(unit: Unit, account: AccountId, key: Key) -> None:
    await plans.delete_plan(unit, account, *_in_schema(key))


async def _get_entry(unit: Unit, account: AccountId, key: Key) -> Input:
    return await schedules.get(unit, account, *_in_schema(key))


async def _change_entry(unit: Unit, account: AccountId, key: Key, data: ScheduleEntryIn) -> object:
    return await schedules.change(unit, account, *_in_schema(key), data)


async def _create_entry(unit: Unit, account: AccountId, key: Key, data: ScheduleEntryIn) -> object:
    schema, id = _in_schema(key)
    # Under its old id: of two equally narrow entries the later created counts (NP-5).
    there = [PutEntry(**entry.model_dump()) for entry in await schedules.list_all(unit, account, schema)]
    return await schedules.replace_all(unit, account, schema, [*there, PutEntry(**data.model_dump(), id=id)])


async def _delete_entry(unit: Unit, account: AccountId, key: Key) -> None:
    await schedules.delete(unit, account, *_in_schema(key))


async def _get_holiday(unit: Unit, account: AccountId, key: Key) -> Input:
    return await holidays.get(unit, account, *_in_schema(key))


async def _change_holiday(unit: Unit, account: AccountId, key: Key, data: HolidayIn) -> object:
    return await holidays.change(unit, account, *_in_schema(key), data)


async def _create_holiday(unit: Unit, account: AccountId, key: Key, data: HolidayIn) -> object:
    schema, id = _in_schema(key)
    there = [PutHoliday(**holiday.model_dump()) for holiday in await holidays.list_all(unit, account, schema)]
    return await holidays.replace_all(unit, account, schema, [*there, PutHoliday(**data.model_dump(), id=id)])


async def _delete_holiday(unit: Unit, account: AccountId, key: Key) -> None:
    await holidays.delete(unit, account, *_in_schema(key))


async def _get_expectation(unit: Unit, account: AccountId, key: Key) -> Input:
    return await expectations.get(unit, account, int(key))


async def _change_expectation(unit: Unit, account: AccountId, key: Key, data: ExpectationIn) -> object:
    return await expectations.change(unit, account, int(key), data)


async def _create_expectation(unit: Unit, account: AccountId, key: Key, data: ExpectationIn) -> object:
    return await expectations.create(unit, account, data)  # nothing refers to one by its id


async def _delete_expectation(unit: Unit, account: AccountId, key: Key) -> None:
    await expectations.delete(unit, account, int(key))


async def _get_contact(unit: Unit, account: AccountId, key: Key) -> Input:
    return await contacts.get_own(unit, account, contacts.COMPANY, int(key))


async def _change_contact(unit: Unit, account: AccountId, key: Key, data: ContactIn) -> object:
    return await contacts.change(unit, account, int(key), data)


async def _create_contact(unit: Unit, account: AccountId, key: Key, data: ContactIn) -> object:
    return await contacts.create(unit, account, contacts.COMPANY, data)  # nothing refers to one by its id


async def _delete_contact(unit: Unit, account: AccountId, key: Key) -> None:
    await contacts.delete(unit, account, int(key))


async def web_user_id(unit: Unit, account: AccountId, email: str) -> int:
    """Of one of the account's own people. Raises `NotFound`."""
    row = await web_users.find(unit, email)
    if row is None or row.account_id != account:
        raise NotFound("web user", email)
    return row.id


async def _get_web_user(unit: Unit, account: AccountId, key: Key) -> Input:
    return await web_users.get(unit, await web_user_id(unit, account, key), Sight(account=account))


async def _change_web_user(unit: Unit, account: AccountId, key: Key, data: WebUserIn) -> object:
    return await web_users.change(unit, await web_user_id(unit, account, key), data, Sight(account=account))


async def _delete_web_user(unit: Unit, account: AccountId, key: Key) -> None:
    await web_users.delete(unit, await web_user_id(unit, account, key), Sight(account=account))


async def _get_webhook(unit: Unit, account: AccountId, key: Key) -> Input:
    return await webhooks.get(unit, account, int(key))


async def _change_webhook(unit: Unit, account: AccountId, key: Key, data: WebhookIn) -> object:
    return await webhooks.change(unit, account, int(key), data)


async def _delete_webhook(unit: Unit, account: AccountId, key: Key) -> None:
    await webhooks.delete(unit, account, int(key))


HANDLED: Mapping[str, Handled] = {
    "account": Handled(AccountIn, _get_account, _change_account),
    "extension": Handled(ExtensionIn, extensions.get, extensions.change, _create_extension, extensions.delete),
    "channel": Handled(ChannelIn, channels.get, channels.change, None, channels.delete),  # its password is gone
    "number": Handled(NumberIn, numbers.get, numbers.change, _create_number, numbers.delete),
    "schema": Handled(SchemaIn, _get_schema, _change_schema, None, _delete_schema),  # its plans are gone
    "plan": Handled(PlanIn, _get_plan, _change_plan, _create_plan, _delete_plan),
    "schedule": Handled(ScheduleEntryIn, _get_entry, _change_entry, _create_entry, _delete_entry),
    "holiday": Handled(HolidayIn, _get_holiday, _change_holiday, _create_holiday, _delete_holiday),
    "expectation": Handled(
        ExpectationIn, _get_expectation, _change_expectation, _create_expectation, _delete_expectation
    ),
    contacts.OBJECT: Handled(ContactIn, _get_contact, _change_contact, _create_contact, _delete_contact),
    "webhook": Handled(WebhookIn, _get_webhook, _change_webhook, None, _delete_webhook),  # its secret is gone
    "web user": Handled(WebUserIn, _get_web_user, _change_web_user, None, _delete_web_user),  # so is its password
}
"""By the audit's name for the type."""
