"""What refers to what inside an account: the check before a delete, and that every reference leads somewhere.

Which fields of a kind refer to something stands in its JSON schema (`x-centrale`, see `kinds.kind.semantic`), so a new
kind takes part without a line here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Text, bindparam, cast, select

from centrale.accounts.errors import Conflict, Invalid, Problem, Use
from centrale.accounts.models import (
    AccountRow,
    ChannelRow,
    ExtensionRow,
    NumberRow,
    PlanEntryRow,
    SoundRow,
    WebUserRow,
)
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

_AS_IT_STANDS = re.compile(r"[A-Za-z0-9+._-]+")
"""Of these, JSON escapes nothing."""


# Statements are put together once: that takes as long as asking.
_WANTED: BindParameter[Any] = bindparam("wanted")
_OF_ACCOUNT: BindParameter[Any] = bindparam("account")
_ENTRIES = select(PlanEntryRow.schema_number, PlanEntryRow.plan_number).where(PlanEntryRow.account_id == _OF_ACCOUNT)
_PLANS_WITH = _ENTRIES.where(PlanEntryRow.e164 == _WANTED)
_LEADING_TO = _ENTRIES.add_columns(PlanEntryRow.e164).where(PlanEntryRow.destination == _WANTED)
_CHANNELS = select(ChannelRow.name).where(ChannelRow.account_id == _OF_ACCOUNT)
_CHANNELS_WITH = _CHANNELS.where(ChannelRow.emergency_caller_id == _WANTED)
_LINKED_TO = _CHANNELS.where(ChannelRow.linked_user == _WANTED)
_NUMBERS_OF = select(NumberRow.e164).where(NumberRow.account_id == _OF_ACCOUNT, NumberRow.user_number == _WANTED)
_WEB_USERS_OF = select(WebUserRow.email).where(WebUserRow.account_id == _OF_ACCOUNT, WebUserRow.extension == _WANTED)
_CALLER_IDS = select(AccountRow.number, AccountRow.default_caller_id, AccountRow.emergency_caller_id).where(
    AccountRow.id == _OF_ACCOUNT
)
_SETTINGS = select(ExtensionRow.number, ExtensionRow.kind, ExtensionRow.settings).where(
    ExtensionRow.account_id == _OF_ACCOUNT
)
_SETTINGS_WITH = _SETTINGS.where(cast(ExtensionRow.settings, Text).like(bindparam("part"), escape="/"))


@dataclass(frozen=True, slots=True)
class Reference:
    """`path` of a field that holds `target`: an extension (of `kind`, or of one of `a|b`, if that matters), or a number
    or a sound of the account."""

    path: str
    target: str
    is_number: bool = False
    kind: str | None = None
    is_sound: bool = False

    @property
    def is_extension(self) -> bool:
        return not (self.is_number or self.is_sound)


@cache
def _schema(kind: str) -> dict[str, Any]:
    from centrale.kinds.registry import KINDS

    return KINDS[kind].settings.model_json_schema()


def references(kind: str, settings: Mapping[str, Any]) -> Iterator[Reference]:
    """Every reference in the settings (as JSON) of an extension of `kind`."""
    schema = _schema(kind)
    yield from _walk(schema, schema.get("$defs", {}), settings, "")


def _walk(schema: Mapping[str, Any], defs: Mapping[str, Any], value: Any, path: str) -> Iterator[Reference]:
    if value is None:
        return
    if "$ref" in schema:
        yield from _walk(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, value, path)
    for alternative in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _walk(alternative, defs, value, path)
    if isinstance(value, str):
        yield from _meant(schema, value, path)
    elif isinstance(value, Mapping):
        for name, inner in schema.get("properties", {}).items():
            yield from _walk(inner, defs, value.get(name), f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _walk(schema.get("items", {}), defs, element, f"{path}[{index}]")


def _meant(schema: Mapping[str, Any], value: str, path: str) -> Iterator[Reference]:
    match schema.get("x-centrale"):
        case "extension":
            yield Reference(path, value, kind=schema.get("kind"))
        case "own-number":
            yield Reference(path, value, is_number=True)
        case "sound":
            yield Reference(path, value, is_sound=True)
        case "destination" | "destinations":
            # An outside number has more digits than any extension, or a plus sign.
            for target in value.split(";"):
                if target.isdigit() and len(target) <= 5:
                    yield Reference(path, target)


async def check_references(
    unit: Unit, account: AccountId, kind: str, settings: Mapping[str, Any], *, own: str, prefix: str = "settings."
) -> None:
    """Raises `Invalid` when the settings of extension `own` refer to something that the account does not have."""
    if unit.defer_references:
        unit.at_the_end(account, check_whole_account)
        return
    found = list(references(kind, settings))
    kinds = await _kinds(unit, account, {r.target for r in found if r.is_extension})
    kinds.setdefault(own, kind)
    numbers = await _numbers(unit, account, {r.target for r in found if r.is_number})
    sounds = await _sounds(unit, account, {r.target for r in found if r.is_sound})
    problems = [p for r in found if (p := _problem(r, kinds, numbers, prefix, sounds)) is not None]
    if problems:
        raise Invalid(*problems)


async def check_whole_account(unit: Unit, account: AccountId) -> None:
    """The same for all extensions of the account; what a deferred unit ends with."""
    rows = await unit.session.execute(
        select(ExtensionRow.number, ExtensionRow.kind, ExtensionRow.settings).where(ExtensionRow.account_id == account)
    )
    extensions = rows.all()
    kinds = {number: kind for number, kind, _ in extensions}
    numbers, sounds = await _numbers(unit, account, None), await _sounds(unit, account, None)
    problems = [
        problem
        for number, kind, settings in extensions
        for reference in references(kind, settings)
        if (problem := _problem(reference, kinds, numbers, f"extensions.{number}.settings.", sounds)) is not None
    ]
    if problems:
        raise Invalid(*problems)


def _problem(
    reference: Reference,
    kinds: Mapping[str, str],
    numbers: Mapping[str, bool],
    prefix: str,
    sounds: Collection[str] = (),
) -> Problem | None:
    field = prefix + reference.path
    if reference.is_sound:
        if reference.target not in sounds:
            message = f"there is no sound {reference.target} in this account; upload or record it first"
            return Problem(field, "unknown_sound", message)
    elif reference.is_number:
        if reference.target not in numbers:
            return Problem(field, "unknown_number", f"{reference.target} is not a number of this account")
        if not numbers[reference.target]:
            return Problem(field, "inactive_number", f"{reference.target} is not active yet")
    elif reference.target not in kinds:
        return Problem(field, "unknown_extension", f"there is no extension {reference.target}")
    elif reference.kind is not None and not fits(kinds[reference.target], reference.kind):
        return Problem(field, "wrong_kind", f"extension {reference.target} is not a {in_words(reference.kind)}")
    return None


def fits(kind: str, wanted: str) -> bool:
    """Is `kind` the one that is `wanted`, or one of several (`user|forward`)?"""
    return kind in wanted.split("|")


def in_words(wanted: str) -> str:
    """`user|forward` as `user or a forward`."""
    return wanted.replace("|", " or a ")


async def _kinds(unit: Unit, account: AccountId, numbers: set[str]) -> dict[str, str]:
    if not numbers:
        return {}
    query = select(ExtensionRow.number, ExtensionRow.kind).where(ExtensionRow.account_id == account)
    found = await unit.session.execute(query.where(ExtensionRow.number.in_(numbers)))
    return {number: kind for number, kind in found.tuples()}  # noqa: C416 - dict() of rows is not typed


async def _numbers(unit: Unit, account: AccountId, among: set[str] | None) -> dict[str, bool]:
    """The account's numbers, and whether each is active."""
    if among is not None and not among:
        return {}
    query = select(NumberRow.e164, NumberRow.status).where(NumberRow.account_id == account)
    if among is not None:
        query = query.where(NumberRow.e164.in_(among))
    return {e164: status == "active" for e164, status in await unit.session.execute(query)}


async def _sounds(unit: Unit, account: AccountId, among: set[str] | None) -> set[str]:
    """The files of the account's sounds."""
    if among is not None and not among:
        return set()
    query = select(SoundRow.file).where(SoundRow.account_id == account)
    if among is not None:
        query = query.where(SoundRow.file.in_(among))
    return set(await unit.session.scalars(query))


async def check_own_number(unit: Unit, account: AccountId, field: str, e164: str | None) -> None:
    """Raises `Invalid` unless `e164` is an active number of the account (CID-3, ACC-6), or none is given."""
    if e164 is not None:
        problem = _problem(Reference("", e164, is_number=True), {}, await _numbers(unit, account, {e164}), field)
        if problem is not None:
            raise Invalid(problem)


async def check_extension(unit: Unit, account: AccountId, field: str, number: str, kind: str | None = None) -> None:
    """Raises `Invalid` unless the account has extension `number` (of `kind`)."""
    problem = _problem(Reference("", number, kind=kind), await _kinds(unit, account, {number}), {}, field)
    if problem is not None:
        raise Invalid(problem)


async def uses_of_extension(unit: Unit, account: AccountId, number: str) -> list[Use]:
    """Where an extension is a destination, a member, or the owner of something."""
    ask, own = unit.session.execute, {"account": account, "wanted": number}
    uses = [Use("plan", f"{schema}/{plan}", f"entries.{e164}") for schema, plan, e164 in await ask(_LEADING_TO, own)]
    uses += [Use("channel", name, "linked_user") for (name,) in await ask(_LINKED_TO, own)]
    uses += [Use("number", e164, "user") for (e164,) in await ask(_NUMBERS_OF, own)]
    uses += [Use("web user", email, "extension") for (email,) in await ask(_WEB_USERS_OF, own)]
    return uses + await _uses_in_settings(unit, account, Reference("", number), besides=number)


async def uses_of_number(unit: Unit, account: AccountId, e164: str) -> list[Use]:
    """Where a telephone number is used: plans, and caller ids (ACC-6)."""
    ask, own = unit.session.execute, {"account": account, "wanted": e164}
    uses = [Use("plan", f"{schema}/{plan}", f"entries.{e164}") for schema, plan in await ask(_PLANS_WITH, own)]
    number, *chosen = (await ask(_CALLER_IDS, own)).one()
    uses += [
        Use("account", number, field)
        for field, caller_id in zip(("default_caller_id", "emergency_caller_id"), chosen, strict=True)
        if caller_id == e164
    ]
    uses += [Use("channel", name, "emergency_caller_id") for (name,) in await ask(_CHANNELS_WITH, own)]
    return uses + await _uses_in_settings(unit, account, Reference("", e164, is_number=True), besides=None)


async def uses_of_sound(unit: Unit, account: AccountId, file: str) -> list[Use]:
    """Which settings of extensions play a sound (SND-1)."""
    return await _uses_in_settings(unit, account, Reference("", file, is_sound=True), besides=None)


async def _uses_in_settings(unit: Unit, account: AccountId, wanted: Reference, *, besides: str | None) -> list[Use]:
    if _AS_IT_STANDS.fullmatch(wanted.target):
        # The database looks which settings hold it at all: reading those of 5,000 extensions takes 0.2 s here.
        part = f"%{wanted.target.replace('_', '/_')}%"
        rows = await unit.session.execute(_SETTINGS_WITH, {"account": account, "part": part})
    else:
        rows = await unit.session.execute(_SETTINGS, {"account": account})
    return [
        Use("extension", number, f"settings.{reference.path}", kind)
        for number, kind, settings in rows
        if number != besides
        for reference in references(kind, settings)
        if replace(reference, path="", kind=None) == wanted
    ]


async def refuse_if_used(unit: Unit, account: AccountId, what: str, uses: list[Use], *, field: str = "") -> None:
    """Raises `Conflict` with the list of uses. In a deferred unit, references in settings are looked at in the end."""
    if unit.defer_references:
        uses = [use for use in uses if use.object_type != "extension"]
        unit.at_the_end(account, check_whole_account)
    if uses:
        raise Conflict(f"{what} is still in use", field=field, uses=uses)
