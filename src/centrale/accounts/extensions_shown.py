"""Extensions as the API shows them: as they are stored, with what each does in a sentence.

Nothing is asked for as often. Settings are passed on as the text that they are stored as; they are read for the
sentence only, and once where many have the same, as the people of a company do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError
from sqlalchemy import Select, Text, bindparam, cast, select

from centrale.accounts.called import names
from centrale.accounts.errors import NotFound
from centrale.accounts.models import ExtensionRow
from centrale.accounts.unit import Unit
from centrale.kinds.kind import KindSettings
from centrale.kinds.registry import KINDS
from centrale.routing.snapshot import AccountId
from centrale.wording import Language, Wording

_AT_ONCE = 100
"""Extensions are told in so many, a millisecond's work; calls go on in between."""


class Shown(NamedTuple):
    """The fields of `ExtensionOut` that are shown, in its order. `settings`: as JSON."""

    number: str
    kind: str
    name: str
    settings: str
    summary: str
    has_pin: bool
    has_voicemail_pin: bool

    def described(self) -> dict[str, Any]:
        """To be written as JSON."""
        return {**self._asdict(), "settings": orjson.Fragment(self.settings)}

    def arranged(self) -> dict[str, Any]:
        """What its version is of: without what the system derives."""
        fields = self._asdict()
        del fields["summary"]
        return {**fields, "settings": orjson.loads(self.settings)}


class _Stored(NamedTuple):
    number: str
    kind: str
    name: str
    settings: str
    has_pin: bool
    has_voicemail_pin: bool


_COLUMNS = ExtensionRow.__table__.c
_STORED = select(
    _COLUMNS.number,
    _COLUMNS.kind,
    _COLUMNS.name,
    cast(_COLUMNS.settings, Text),
    _COLUMNS.pin_hash.is_not(None),
    _COLUMNS.voicemail_pin_hash.is_not(None),
).where(_COLUMNS.account_id == bindparam("account"))
_ONE = _STORED.where(_COLUMNS.number == bindparam("number"))
_SOME = _STORED.where(_COLUMNS.number > bindparam("after")).order_by(_COLUMNS.number).limit(bindparam("fetched"))
_SOME_OF_A_KIND = _SOME.where(_COLUMNS.kind == bindparam("kind"))


async def get(unit: Unit, account: AccountId, number: str, *, language: Language = Language.ENGLISH) -> Shown:
    """Its summary in `language`. Raises `NotFound`."""
    found = await _stored(unit, _ONE, {"account": account, "number": number})
    if not found:
        raise NotFound("extension", number)
    return (await _shown(unit, account, found, language))[0]


async def listed(
    unit: Unit,
    account: AccountId,
    *,
    kind: str | None = None,
    after: str = "",
    limit: int = 100,
    language: Language = Language.ENGLISH,
) -> list[Shown]:
    """The account's extensions by number, at most `limit`, from the one behind `after`; of one kind, if given.
    Summaries in `language`."""
    values = {"account": account, "after": after, "fetched": limit}
    if kind is None:
        found = await _stored(unit, _SOME, values)
    else:
        found = await _stored(unit, _SOME_OF_A_KIND, {**values, "kind": kind})
    return await _shown(unit, account, found, language)


async def _stored(unit: Unit, query: Select[Any], values: dict[str, Any]) -> list[_Stored]:
    return list(map(_Stored._make, await unit.session.execute(query, values)))


async def _shown(unit: Unit, account: AccountId, rows: Sequence[_Stored], language: Language) -> list[Shown]:
    told = await _sentences(unit, account, rows, language)
    return [Shown(*row[:4], sentence, *row[4:]) for row, sentence in zip(rows, told, strict=True)]


async def _sentences(unit: Unit, account: AccountId, rows: Sequence[_Stored], language: Language) -> list[str]:
    """What each does, with the names of those that it speaks of, which are looked up at once."""
    asked: list[str] = []
    words = Wording(language, asked.append)
    told: dict[tuple[str, str], str] = {}
    speak_of_others: list[tuple[str, str]] = []
    for nth, settings in enumerate(dict.fromkeys((row.kind, row.settings) for row in rows)):
        if nth and not nth % _AT_ONCE:
            await asyncio.sleep(0)
        before = len(asked)
        told[settings] = _sentence(*settings, words)
        if len(asked) > before:
            speak_of_others.append(settings)
    if asked:
        words = Wording(language, (await names(unit, account, set(asked))).get)
        for settings in speak_of_others:
            told[settings] = _sentence(*settings, words)
    return [told[row.kind, row.settings] for row in rows]


def _sentence(kind: str, settings: str, words: Wording) -> str:
    read = _read(kind, settings)
    if read is None:
        return words("has settings of another version; look at them and save them anew")
    return KINDS[kind].summary(read, words)


@lru_cache(maxsize=1_000)
def _read(kind: str, settings: str) -> KindSettings | None:
    """None for those of another version of the exchange."""
    model: type[KindSettings] = KINDS[kind].settings
    try:
        return model.model_validate(orjson.loads(settings))
    except ValidationError:
        return None
