"""Who hears that something was stored, once it can be read."""

from __future__ import annotations

from collections.abc import Callable

from centrale.routing.snapshot import AccountId

Stored = Callable[[frozenset[AccountId]], None]
"""Hears whose call records or statistics are up to date with what happened a moment ago."""


class StoredListeners:
    """Passes that on."""

    def __init__(self) -> None:
        self._listeners: list[Stored] = []

    def __call__(self, accounts: frozenset[AccountId]) -> None:
        for listener in self._listeners:
            listener(accounts)

    def add(self, listener: Stored) -> None:
        """Have `listener` told, too."""
        self._listeners.append(listener)
