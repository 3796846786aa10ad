"""Tells whoever shows it (lamps, VM-4) that the messages of a mailbox are others now."""

from __future__ import annotations

from collections.abc import Callable

from centrale.accounts.database import Database
from centrale.accounts.unit import Unit
from centrale.routing.snapshot import AccountId, ExtensionNumber

Told = Callable[[AccountId, ExtensionNumber], None]
"""Called with the account and the mailbox (or user); must not wait."""


class MessageChanges:
    """One per database and process. Whoever in this process changes messages (a caller, a listener at 920, the API, a
    mail that takes its message along), the watchers are told once it is committed."""

    def __init__(self, database: Database) -> None:
        self._watchers: set[Told] = set()
        database.on_commit(self._committed)

    def watch(self, told: Told) -> Callable[[], None]:
        """Have `told` called at every change; returns the function that ends it."""
        self._watchers.add(told)
        return lambda: self._watchers.discard(told)

    async def _committed(self, unit: Unit) -> None:
        for account, mailbox in sorted(unit.mailboxes):
            for told in tuple(self._watchers):
                told(account, mailbox)
