"""Carries an import out, in an order in which no step needs what a later one brings.

What is new comes first, what goes comes last, and what refers to it is changed in between. Numbers that leave one plan
for another schema, or for a person, are taken out of plans before anything else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from centrale.accounts import (
    accounts,
    channels,
    contacts,
    expectations,
    extensions,
    holidays,
    music,
    numbers,
    plans,
    schedules,
    sounds,
    transfer_contacts,
    trunks,
    webhooks,
)
from centrale.accounts.account_file import AccountFile, BadFile, FileExtension, FileProblem, problems_at, written
from centrale.accounts.accounts import AccountIn
from centrale.accounts.channels import ChannelIn
from centrale.accounts.errors import Conflict, Invalid
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.numbers import OrderStatus
from centrale.accounts.placed_yaml import Path, Placed
from centrale.accounts.plans import MAIN, PlanIn, SchemaIn
from centrale.accounts.transfer_audio import MUSIC, SOUNDS, Audio, put_all_in_order, put_music, put_sound
from centrale.accounts.transfer_changes import PINS, Action, Change
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

CREATE_OR_CHANGE = (Action.CREATE, Action.CHANGE)


async def carry_out(
    unit: Unit,
    account: AccountId | None,
    changes: Sequence[Change],
    file: AccountFile,
    placed: Placed,
    audio: Audio,
) -> AccountId:
    """Makes the account what the file says. Raises `BadFile` at the first step that the rules refuse.

    The unit must defer references: two menus may point at each other.
    """
    steps = _Steps(unit, changes, file, placed, audio)
    with steps.at(("account",)):
        created = await _create(unit, file.account) if account is None else account
    await steps.all(created, new=account is None)
    with steps.at(()):
        await unit.settle()
    return created


async def _create(unit: Unit, wanted: AccountIn) -> AccountId:
    numbers_come_later = {"default_caller_id": None, "emergency_caller_id": None}
    return AccountId((await accounts.create(unit, wanted.model_copy(update=numbers_come_later))).id)


@dataclass(slots=True)
class _Steps:
    unit: Unit
    changes: Sequence[Change]
    file: AccountFile
    placed: Placed
    audio: Audio

    async def all(self, id: AccountId, *, new: bool) -> None:
        await self._loosen(id)
        for change in self._of("sound", *CREATE_OR_CHANGE):
            with self.at(change.path):
                await put_sound(self.unit, id, self._wanted(change), self.audio, self.unit.clock.now())
        for change in self._of("extension", *CREATE_OR_CHANGE):
            with self.at(change.path):
                await self._put_extension(id, change)
        leaving_use = [it for it in self._of("number", Action.CHANGE) if self._becomes_inactive(it)]
        for change in self._of("number", *CREATE_OR_CHANGE):
            if change not in leaving_use:
                await self._put_number(id, change)
        for change in self._of("channel", *CREATE_OR_CHANGE):
            with self.at(change.path):
                await self._put_channel(id, change)
        await self._put_account(id, new=new)
        await self._put_schemas(id, new=new)
        for change in self._of("trunks", *CREATE_OR_CHANGE):
            with self.at(change.path):
                await trunks.choose(self.unit, id, self.file.trunks)
        await self._put_music(id)
        await self._delete_users_of_numbers(id)
        for change in leaving_use:
            await self._put_number(id, change)
        await self._delete_each(id, "number", numbers.delete)
        await self._delete_each(id, "extension", extensions.delete)
        for change in self._of("sound", Action.DELETE):
            with self.at(change.path):
                await sounds.delete(self.unit, id, self.audio.folder(SOUNDS), change.key)
        await self._put_expectations(id)
        await self._put_contacts(id)
        await self._put_webhooks(id)

    async def _put_expectations(self, id: AccountId) -> None:
        for change in self._of("expectation", Action.DELETE, Action.CHANGE):
            stored = await expectations.find(self.unit, id, change.key)
            if change.action is Action.DELETE:
                await expectations.delete(self.unit, id, stored.id)
            else:
                await expectations.change(self.unit, id, stored.id, self._wanted(change))
        for change in self._of("expectation", Action.CREATE):
            with self.at(change.path):
                await expectations.create(self.unit, id, self._wanted(change))

    async def _put_contacts(self, id: AccountId) -> None:
        """Once users are there; the own contacts of one who goes go along."""
        changes = list(self._of("contact", *Action))
        there = dict(transfer_contacts.keyed(await transfer_contacts.stored(self.unit, id))) if changes else {}
        for change in changes:
            with self.at(change.path):
                if change.action is Action.CREATE:
                    wanted = self._wanted(change)
                    owner = transfer_contacts.owner_of(wanted)
                    await contacts.create(self.unit, id, owner, transfer_contacts.of_file(wanted))
                elif change.key in there and change.action is Action.CHANGE:
                    wanted = transfer_contacts.of_file(self._wanted(change))
                    await contacts.change(self.unit, id, there[change.key].id, wanted)
                elif change.key in there:
                    await contacts.delete(self.unit, id, there[change.key].id)

    async def _put_webhooks(self, id: AccountId) -> None:
        for change in self._of("webhook", Action.DELETE, Action.CHANGE):
            there = await webhooks.find(self.unit, id, change.key)
            if change.action is Action.DELETE:
                await webhooks.delete(self.unit, id, there.id)
            else:
                await webhooks.change(self.unit, id, there.id, self._wanted(change))
        for change in self._of("webhook", Action.CREATE):
            with self.at(change.path):
                await webhooks.create(self.unit, id, self._wanted(change))

    async def _put_music(self, id: AccountId) -> None:
        for change in self._of("music", *CREATE_OR_CHANGE):
            with self.at(change.path):
                await put_music(self.unit, id, self._wanted(change), self.audio, self.unit.clock.now())
        for change in self._of("music", Action.DELETE):
            with self.at(change.path):
                await music.delete(self.unit, id, self.audio.folder(MUSIC), change.key)
        await put_all_in_order(self.unit, id, self.file.music or [])

    def _of(self, object_type: str, *actions: Action) -> Iterator[Change]:
        return (change for change in self.changes if change.object_type == object_type and change.action in actions)

    def _wanted(self, change: Change) -> Any:
        found: Any = self.file
        for part in change.path:
            found = found[part] if isinstance(part, int) else getattr(found, part)
        return found

    async def _loosen(self, id: AccountId) -> None:
        """Takes those numbers out of plans that another schema or a person is to have."""
        personal = {change.key for change in self._of("number", Action.CHANGE)}
        schema_of = {
            entry.e164: schema.number for schema in self.file.schemas for plan in schema.plans for entry in plan.entries
        }
        for change in list(self._of("plan", Action.CHANGE, Action.DELETE)):
            schema, number = map(int, change.key.split("/"))
            plan = await plans.get_plan(self.unit, id, schema, number)
            staying = [
                entry
                for entry in plan.entries
                if schema_of.get(entry.e164, None if entry.e164 in personal else schema) == schema
            ]
            if staying != plan.entries:
                await plans.change_plan(self.unit, id, schema, number, PlanIn(name=plan.name, entries=staying))

    async def _put_extension(self, id: AccountId, change: Change) -> None:
        wanted: FileExtension = self._wanted(change)
        names = {field.name for field in change.fields}
        others = [pin for pin in PINS if pin in names]
        data = ExtensionIn(**wanted.model_dump(include=set(ExtensionIn.model_fields)))
        if change.action is Action.CREATE:
            await extensions.create(self.unit, id, data)
        elif names - set(PINS) or any(getattr(data, pin) is not None for pin in others):
            # The very PIN that is there already is not set once more.
            given = {pin: getattr(data, pin) if pin in others else None for pin in PINS}
            await extensions.change(self.unit, id, change.key, data.model_copy(update=given))
        for pin in others:
            hash = getattr(wanted, f"{pin}_hash")
            if hash is not None:
                await extensions.set_pin_hash(self.unit, id, change.key, hash.get_secret_value(), name=pin)

    async def _put_number(self, id: AccountId, change: Change) -> None:
        with self.at(change.path):
            if change.action is Action.CREATE:
                await numbers.create(self.unit, id, self._wanted(change))
            else:
                await numbers.change(self.unit, id, change.key, self._wanted(change))

    def _becomes_inactive(self, change: Change) -> bool:
        return self._wanted(change).status is not OrderStatus.ACTIVE

    async def _put_channel(self, id: AccountId, change: Change) -> None:
        data = ChannelIn(**self._wanted(change).model_dump())
        if change.action is Action.CREATE:
            await channels.create(self.unit, id, data)
        else:
            password = data.password if any(field.name == "password" for field in change.fields) else None
            await channels.change(self.unit, id, change.key, data.model_copy(update={"password": password}))

    async def _put_account(self, id: AccountId, *, new: bool) -> None:
        wanted = self.file.account
        unlike_new = wanted.default_caller_id is not None or wanted.emergency_caller_id is not None
        if unlike_new if new else any(self._of("account", Action.CHANGE)):
            with self.at(("account",)):
                await accounts.change(self.unit, id, wanted)

    async def _put_schemas(self, id: AccountId, *, new: bool) -> None:
        """A schema chooses among its plans, so they come in between its making and its choice."""
        for change in self._of("schema", Action.CREATE):
            if not (new and change.key == str(MAIN)):
                with self.at(change.path):
                    wanted = SchemaIn(name=self._wanted(change).name)
                    await plans.create_schema(self.unit, id, wanted, int(change.key))
        for change in self._of("plan", *CREATE_OR_CHANGE):
            schema, number = map(int, change.key.split("/"))
            with self.at(change.path):
                data = PlanIn(**self._wanted(change).model_dump())
                if change.action is Action.CREATE:
                    await plans.create_plan(self.unit, id, schema, data)
                else:
                    await plans.change_plan(self.unit, id, schema, number, data)
        for change in self._of("schema", *CREATE_OR_CHANGE):
            with self.at(change.path):
                wanted = SchemaIn(**self._wanted(change).model_dump(include=set(SchemaIn.model_fields)))
                now = await plans.get_schema(self.unit, id, int(change.key))
                if wanted != SchemaIn(name=now.name, standing=now.standing, override=now.override):
                    await plans.change_schema(self.unit, id, int(change.key), wanted)
                await self._put_times(id, change)

    async def _put_times(self, id: AccountId, change: Change) -> None:
        changed = {field.name.partition(".")[0] for field in change.fields}
        if "schedule" in changed:
            await schedules.replace_all(self.unit, id, int(change.key), self._wanted(change).schedule)
        if "holidays" in changed:
            await holidays.replace_all(self.unit, id, int(change.key), self._wanted(change).holidays)

    async def _delete_users_of_numbers(self, id: AccountId) -> None:
        schemas = {change.key for change in self._of("schema", Action.DELETE)}
        for change in self._of("plan", Action.DELETE):
            schema, number = change.key.split("/")
            if schema not in schemas:  # else it goes with its schema
                with self.at(change.path):
                    await plans.delete_plan(self.unit, id, int(schema), int(number))
        for key in schemas:
            with self.at(("schemas",)):
                await plans.delete_schema(self.unit, id, int(key))
        await self._delete_each(id, "channel", channels.delete)

    async def _delete_each(
        self, id: AccountId, object_type: str, delete: Callable[[Unit, AccountId, str], Awaitable[None]]
    ) -> None:
        for change in self._of(object_type, Action.DELETE):
            with self.at(change.path):
                await delete(self.unit, id, change.key)

    @contextmanager
    def at(self, path: Path) -> Iterator[None]:
        """What is refused in the block is refused at `path` of the file."""
        try:
            yield
        except Invalid as error:
            raise BadFile(*problems_at(path, error, self.placed)) from error
        except Conflict as error:
            inner = (*path, error.field) if error.field else path
            problem = FileProblem(self.placed.line(inner), written(inner), str(error), "correct it")
            raise BadFile(problem) from error
