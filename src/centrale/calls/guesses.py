"""Callers who guess a PIN of an extension (AUT-1, SYX-1) are slowed down like users at 901 (USR-2).

Kept in memory only: a restart forgives, which nobody outside can bring about.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from centrale.routing.lockout import NO_FAILURES, Failures, Guard, Locked, after_failure, after_success, verdict
from centrale.routing.snapshot import AccountId, ExtensionNumber

REMEMBERED = 20_000
"""Callers and extensions kept at most; the longest untouched is forgotten first."""

_Key = tuple[AccountId, ExtensionNumber, str | None]


class Guesses:
    """Counts failures by caller, and by extension for those who change or withhold their number."""

    def __init__(self) -> None:
        self._failures: OrderedDict[_Key, Failures] = OrderedDict()

    def may_try(self, account: AccountId, extension: ExtensionNumber, caller: str, now: datetime) -> bool:
        """Is a PIN looked at now?"""
        return not isinstance(verdict(self._guard(account, extension, caller), now), Locked)

    def wrong(self, account: AccountId, extension: ExtensionNumber, caller: str, now: datetime) -> None:
        """It was not a right one."""
        self._keep(account, extension, caller, after_failure(self._guard(account, extension, caller), now))

    def right(self, account: AccountId, extension: ExtensionNumber, caller: str) -> None:
        """It was."""
        self._keep(account, extension, caller, after_success(self._guard(account, extension, caller)))

    def _guard(self, account: AccountId, extension: ExtensionNumber, caller: str) -> Guard:
        of = self._failures.get
        return Guard(
            extension=of((account, extension, caller), NO_FAILURES),
            account=of((account, extension, None), NO_FAILURES),
        )

    def _keep(self, account: AccountId, extension: ExtensionNumber, caller: str, guard: Guard) -> None:
        for key, failures in (
            ((account, extension, caller), guard.extension),
            ((account, extension, None), guard.account),
        ):
            self._failures.pop(key, None)
            if failures.last is not None:
                self._failures[key] = failures
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)
