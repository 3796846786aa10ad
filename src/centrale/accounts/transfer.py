"""Export of one account as one YAML file, and import as a plan: first what would change, then all of it or nothing.

An import is rehearsed: everything is done in a transaction that is thrown away, so that the plan knows of every rule
that would refuse a step. When it is carried out, the plan is made anew and must be the one that was shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from centrale.accounts import (
    account_file,
    accounts,
    channels,
    expectations,
    extensions,
    numbers,
    plans,
    transfer_audio,
    transfer_contacts,
    trunks,
    webhooks,
)
from centrale.accounts.account_file import AccountFile, BadFile, FileProblem
from centrale.accounts.accounts import AccountOut
from centrale.accounts.database import Database
from centrale.accounts.errors import BreaksExpectations, Broken, Conflict, NotFound
from centrale.accounts.extensions import ExtensionOut
from centrale.accounts.placed_yaml import Placed
from centrale.accounts.transfer_audio import Audio
from centrale.accounts.transfer_changes import (
    PINS,
    Change,
    account_fields,
    compare,
    complete_settings,
    nothing,
    stored,
    wanted,
    webhook_fields,
)
from centrale.accounts.transfer_checks import check_platform, complete, without_what_is_over
from centrale.accounts.transfer_steps import carry_out
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

NO_AUDIO = Audio(beside=None, home=None)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import does to the account with customer number `number`; `account` is None when it is to be made."""

    account: AccountId | None
    number: str
    name: str
    changes: tuple[Change, ...]
    broken: tuple[Broken, ...] = field(default=(), compare=False)
    """Saved expectations that it would break, so that it is refused (NP-10)."""


class _Rehearsed(Exception):
    """Ends a transaction that was only for trying."""


async def find(unit: Unit, account: str) -> AccountOut:
    """The account with this customer number, else with this id. Raises `NotFound`."""
    try:
        return await accounts.find(unit, account)
    except NotFound:
        if not account.isascii() or not account.isdigit() or int(account) >= 2**31:
            raise
    return await accounts.get(unit, AccountId(int(account)))


async def export(unit: Unit, account: AccountId, *, with_secrets: bool = False) -> str:
    """The account as YAML. Secrets: passwords of channels as they are, PINs as hashes. Raises `NotFound`."""
    settings = await accounts.get(unit, account)
    state: dict[str, Any] = {"account": account_fields(settings)}
    state["extensions"] = [
        await _extension(unit, account, it, with_secrets) for it in await extensions.list_all(unit, account)
    ]
    state["channels"] = [
        await _channel(unit, account, it, with_secrets) for it in await channels.list_all(unit, account)
    ]
    state["numbers"] = [it.model_dump(mode="json") for it in await numbers.list_all(unit, account)]
    state["schemas"] = [
        {"number": it.number, "name": it.name} | it.model_dump(mode="json")
        for it in await plans.list_schemas(unit, account)
    ]
    state["sounds"] = await transfer_audio.stored_sounds(unit, account)
    state["music"] = await transfer_audio.stored_music(unit, account)
    state["trunks"] = await trunks.chosen(unit, account)
    state["expectations"] = [{"name": it.name} | it.contents() for it in await expectations.list_all(unit, account)]
    state["contacts"] = [transfer_contacts.in_file(it) for it in await transfer_contacts.stored(unit, account)]
    state["webhooks"] = [webhook_fields(it) for it in await webhooks.list_all(unit, account)]
    return account_file.write(state)


async def rehearse(
    database: Database, actor: str, text: str, account: str | None = None, *, audio: Audio | None = None
) -> ImportPlan:
    """What importing `text` would do. `account`: the one to import into, by customer number or id; else the file's own.

    An account that is not there is made. Raises `BadFile` with all that is wrong, `StorageUnavailable`.
    """
    try:
        async with database.change(actor, defer_references=True) as unit:
            plan, _ = await _import(unit, text, account, audio or NO_AUDIO)
            await unit.examine()
            raise _Rehearsed
    except _Rehearsed:
        return plan
    except BreaksExpectations as refusal:
        return replace(plan, broken=refusal.broken)


async def perform(
    database: Database,
    actor: str,
    text: str,
    account: str | None,
    shown: ImportPlan,
    *,
    despite_expectations: bool = False,
    audio: Audio | None = None,
) -> AccountId:
    """Imports `text`, all or nothing. Raises `Conflict` when it would do other than `shown`, `BreaksExpectations`
    unless that is wanted (NP-10), OSError when audio cannot be copied; else as `rehearse`.

    `audio`: where that of new sounds and music is, and belongs; a list of them needs it.
    """
    carried = replace(audio or NO_AUDIO, rehearsed=False)
    try:
        async with database.change(actor, defer_references=True, despite_expectations=despite_expectations) as unit:
            plan, id = await _import(unit, text, account, carried)
            if plan != shown:
                raise Conflict("the account was changed meanwhile; look at the plan again")
    except BaseException:
        carried.undo()
        raise
    return id


async def _import(unit: Unit, text: str, account: str | None, audio: Audio) -> tuple[ImportPlan, AccountId]:
    file, placed = account_file.read(text)
    file, target = await _into(unit, file, placed, account)
    file = without_what_is_over(complete(file, placed), unit.clock.now())
    id = None if target is None else AccountId(target.id)
    if id is not None:
        await unit.lock(id)  # from here on nobody else changes it
    await check_platform(unit, id, file, placed)
    before = nothing() if target is None else await stored(unit, target)
    changes = await compare(unit, id, before, wanted(file), file)
    plan = ImportPlan(id, file.account.number, file.account.name, changes)
    return plan, await carry_out(unit, id, changes, file, placed, audio)


async def _into(
    unit: Unit, file: AccountFile, placed: Placed, account: str | None
) -> tuple[AccountFile, AccountOut | None]:
    """The account that is meant, if it is there, and the file with its customer number."""
    try:
        target = await find(unit, account) if account else await accounts.find(unit, file.account.number)
    except NotFound:
        target = None
    number = target.number if target else account or file.account.number
    try:
        meant = file.account.model_validate(file.account.model_dump() | {"number": number})
    except ValueError as error:
        line, remedy = placed.line(("account", "number")), "name an account that is there, or letters and digits"
        problem = FileProblem(line, "account.number", f"{number} cannot be a customer number", remedy)
        raise BadFile(problem) from error
    return file.model_copy(update={"account": meant}), target


async def _extension(unit: Unit, account: AccountId, it: ExtensionOut, with_secrets: bool) -> dict[str, Any]:
    settings = complete_settings(it.kind, it.settings)
    state = {"number": it.number, "kind": it.kind, "name": it.name, "settings": settings}
    if with_secrets:
        row = await extensions.load(unit, account, it.number)
        state |= {f"{pin}_hash": hash for pin in PINS if (hash := getattr(row, f"{pin}_hash"))}
    return state


async def _channel(unit: Unit, account: AccountId, it: channels.ChannelOut, with_secrets: bool) -> dict[str, Any]:
    state = it.model_dump(mode="json")
    return state | ({"password": await channels.password_of(unit, account, it.name)} if with_secrets else {})
