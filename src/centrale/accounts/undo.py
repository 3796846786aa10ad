"""Taking a change back (ACC-8): the ordinary functions make it undone, so that every rule holds for that, too.

Only if the thing still is as that change left it: whoever changed it since would lose their work otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from centrale.accounts.audit import AuditEntry, entry_of
from centrale.accounts.errors import Conflict, Invalid, NotFound
from centrale.accounts.fields import Input
from centrale.accounts.models import AuditRow
from centrale.accounts.undo_objects import HANDLED, Handled
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

SECRETS = frozenset({"pin", "voicemail_pin", "password", "secret"})
"""The audit tells that these were changed, and not what they were."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """What would be done. `stored`: the thing as it is; `wanted`: as it shall be. None: none."""

    entry: AuditEntry
    stored: Input | None
    wanted: Input | None


def can_be(entry: AuditEntry) -> bool:
    """Is it a change that can be taken back, as far as the audit tells?"""
    handled = HANDLED.get(entry.object_type)
    if handled is None or not SECRETS.isdisjoint(entry.after or ()) or not SECRETS.isdisjoint(entry.before or ()):
        return False
    match entry.action:
        case "change":
            return entry.before is not None and entry.after is not None
        case "create":
            return entry.after is not None and handled.delete is not None
        case "delete":
            return entry.before is not None and handled.create is not None
        case _:
            return False


async def prepare(unit: Unit, account: AccountId, id: int) -> Undoing:
    """Finds out what taking back change `id` means; the caller looks whether that may be, then has it carried out.

    Raises `NotFound`, also for a change in another account, and `Conflict` when it cannot be taken back: for its kind,
    or because the thing was changed since.
    """
    await unit.lock(account)
    row = await unit.session.get(AuditRow, id)
    if row is None or row.account_id != account:
        raise NotFound("change", id)
    entry = entry_of(row)
    if not can_be(entry):
        raise Conflict("this change cannot be taken back: the audit does not keep all of it; change it by hand")
    handled = HANDLED[entry.object_type]
    stored = await _stored(unit, account, entry, handled)
    name = f"{entry.object_type} {entry.object_key}"
    if entry.after is not None:
        if stored is None:
            raise Conflict(f"{name} is not there any more")
        _refuse_changed(name, entry.after, stored)
    elif stored is not None:
        raise Conflict(f"there is a {name} again")
    return Undoing(entry, stored, None if entry.before is None else _wanted(handled, entry.before))


async def carry_out(unit: Unit, account: AccountId, undoing: Undoing) -> None:
    """Does it, and leaves in the audit which change was taken back. Raises whatever the ordinary functions raise."""
    entry, handled, key = undoing.entry, HANDLED[undoing.entry.object_type], undoing.entry.object_key
    if undoing.wanted is None:
        assert handled.delete is not None
        await handled.delete(unit, account, key)
    elif undoing.stored is None:
        assert handled.create is not None
        await handled.create(unit, account, key, undoing.wanted)
    else:
        await handled.change(unit, account, key, undoing.wanted)
    undone = {"change": entry.id, "action": entry.action, "actor": entry.actor, "at": entry.at.isoformat()}
    await unit.audit(account, "undo", entry.object_type, key, after=undone)


async def _stored(unit: Unit, account: AccountId, entry: AuditEntry, handled: Handled) -> Input | None:
    # A web user's address can have been part of the change: it is found under the new one.
    try:
        return await handled.get(unit, account, entry.object_key)
    except NotFound:
        return None


def _refuse_changed(name: str, left: Mapping[str, Any], stored: Input) -> None:
    now = stored.as_audit()
    different = sorted(field for field in left.keys() & now.keys() if left[field] != now[field])
    if different:
        raise Conflict(f"{name} was changed since: {', '.join(different)}; look at it, then change it by hand")


def _wanted(handled: Handled, before: Mapping[str, Any]) -> Input:
    try:
        return handled.read(before)
    except ValidationError as error:
        raise Invalid.of(error) from error
