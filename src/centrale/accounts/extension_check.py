"""Would this extension do? Asked while somebody types it (PTL-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from centrale.accounts import extensions, references
from centrale.accounts.accounts import load as load_account
from centrale.accounts.called import names
from centrale.accounts.errors import Conflict, Invalid
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.models import ExtensionRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId
from centrale.wording import Language, Wording


@dataclass(frozen=True, slots=True)
class Typed:
    """An extension as far as somebody has typed it; without PINs."""

    number: str
    kind: str
    name: str = ""
    settings: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """`summary`: what it would do, in one sentence; None while its settings are not right. `problems`: what saving it
    would be refused for."""

    summary: str | None
    problems: tuple[Invalid | Conflict, ...]


async def check(
    unit: Unit, account: AccountId, typed: Typed, *, exists: bool, language: Language = Language.ENGLISH
) -> Checked:
    """Everything that is wrong with it, PINs aside; nothing is stored.

    `exists`: it is a change of the extension of that number; raises `NotFound` when there is none.
    """
    row = await extensions.load(unit, account, typed.number) if exists else None
    problems: list[Invalid | Conflict] = []
    settings = dict(typed.settings or {})
    data = None
    try:
        data = ExtensionIn(number=typed.number, kind=typed.kind, name=typed.name, settings=settings)
    except ValidationError as error:
        problems.append(Invalid.of(error))
    try:
        if row is None:
            await _check_number(unit, account, typed.number)
    except (Invalid, Conflict) as problem:
        problems.append(problem)
    summary = None
    try:
        valid = extensions.valid_settings(typed.kind, settings)
        await references.check_references(unit, account, typed.kind, valid, own=typed.number)
        summary = await _summary(unit, account, typed.kind, valid, language)
        if data is not None:
            extensions.check_name(data)
    except Invalid as problem:
        problems.append(problem)
    return Checked(summary, tuple(problems))


async def _check_number(unit: Unit, account: AccountId, number: str) -> None:
    extensions.check_number(await load_account(unit, account), number)
    if await unit.session.get(ExtensionRow, (account, number)) is not None:
        raise Conflict(f"extension {number} exists already", field="number")


async def _summary(unit: Unit, account: AccountId, kind: str, settings: dict[str, Any], language: Language) -> str:
    asked: set[str] = set()
    extensions.sentence(kind, settings, Wording(language, asked.add))
    return extensions.sentence(kind, settings, Wording(language, (await names(unit, account, asked)).get))
