"""What an account calls the things that it speaks of by number or by file."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from sqlalchemy import select

from centrale.accounts.models import ExtensionRow, SoundRow
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId

_MENTIONED = re.compile(r"(?<![\w+.-])[0-9]{2,5}(?![\w-])|[\w-]{1,80}\.wav")


async def names(unit: Unit, account: AccountId, mentioned: Collection[str]) -> dict[str, str]:
    """The names of the extensions (by number) and sounds (by file) among `mentioned`."""
    files = {it for it in mentioned if it.endswith(".wav")}
    numbers = set(mentioned) - files
    found: dict[str, str] = {}
    for row, key, wanted in ((ExtensionRow, ExtensionRow.number, numbers), (SoundRow, SoundRow.file, files)):
        if wanted:
            named = select(key, row.name).where(row.account_id == account, key.in_(wanted))
            found |= {key: name for key, name in (await unit.session.execute(named)).tuples()}  # noqa: C416
    return found


async def names_in(unit: Unit, account: AccountId, text: str) -> Callable[[str], str | None]:
    """Looks up the names of whatever extension or sound may be mentioned in `text`, such as a trace."""
    return (await names(unit, account, set(_MENTIONED.findall(text)))).get
