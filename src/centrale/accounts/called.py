"""What an account calls the things that it speaks of by number or by file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from centrale.accounts.models import ExtensionRow, SoundRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, AccountSnapshot, ExtensionNumber

_MENTIONED = re.compile(r"(?<![\w+.-])[0-9]{2,5}(?![\w-])|[\w-]{1,80}\.wav")


_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_EXTENSIONS = select(ExtensionRow.number, ExtensionRow.name).where(
    ExtensionRow.account_id == bindparam("account"), ExtensionRow.number.in_(_WANTED)
)
_SOUNDS = select(SoundRow.file, SoundRow.name).where(
    SoundRow.account_id == bindparam("account"), SoundRow.file.in_(_WANTED)
)


async def names(unit: Unit, account: AccountId, mentioned: Collection[str]) -> dict[str, str]:
    """The names of the extensions (by number) and sounds (by file) among `mentioned`."""
    files = {it for it in mentioned if it.endswith(".wav")}
    numbers = set(mentioned) - files
    found: dict[str, str] = {}
    for named, wanted in ((_EXTENSIONS, numbers), (_SOUNDS, files)):
        if wanted:
            rows = await unit.session.execute(named, {"account": account, "wanted": list(wanted)})
            found |= {key: name for key, name in rows}  # noqa: C416 - dict() of rows is not typed
    return found


async def names_in(unit: Unit, account: AccountId, text: str) -> Callable[[str], str | None]:
    """Looks up the names of whatever extension or sound may be mentioned in `text`, such as a trace."""
    return (await names(unit, account, set(_MENTIONED.findall(text)))).get


async def names_now(unit: Unit, account: AccountSnapshot, text: str) -> Callable[[str], str | None]:
    """The same, without asking for the extensions: those are looked up in a picture of the account."""
    sounds = await names(unit, account.id, [it for it in set(_MENTIONED.findall(text)) if it.endswith(".wav")])

    def name_of(mentioned: str) -> str | None:
        extension = account.extensions.get(ExtensionNumber(mentioned))
        return sounds.get(mentioned) if extension is None else extension.name

    return name_of
