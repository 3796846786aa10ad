"""Signing in to the portal with e-mail address, password and, where it is on, a code (ROLE-1)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from centrale.accounts import lockouts, passwords, second_factor, sessions, web_users
from centrale.accounts.database import Database
from centrale.accounts.unit import Unit
from centrale.routing.lockout import Locked, after_failure, after_success, verdict


class Refusal(StrEnum):
    """Why somebody is not let in."""

    WRONG = "wrong"
    """Address, password or code: which of them is never told, nor whether there is such a person."""
    CODE_NEEDED = "code_needed"
    """The password is right; now the code."""
    LOCKED = "locked"
    """Too many failures."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Not let in. `until`: when it may be tried again, after too many failures."""

    why: Refusal
    until: datetime | None = None


class SignIn:
    """Lets people in, and slows down who guesses."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def with_password(
        self, email: str, password: str, code: str | None, *, address: str, program: str
    ) -> str | Refused:
        """The text of a new session's cookie, or why not.

        Failures are counted of the person from this address, of the address, and, far more patiently, of the person
        from anywhere: who floods an account from elsewhere hardly locks out its owner. Attempts take turns, so that
        many at the same time cannot slip past the count.
        """
        person = email.strip().lower()[:254]
        subjects = (f"web:{address}:{person}"[:120], f"web-from:{address}"[:120], f"web-user:{person}"[:120])
        now = self._database.clock.now()
        async with self._turn:
            async with self._database.read() as unit:
                guard = await lockouts.guard_of(unit, subjects)
                row = await web_users.find(unit, person)
            locked = verdict(guard, now)
            if isinstance(locked, Locked):
                return Refused(Refusal.LOCKED, locked.until)
            stored = None if row is None or row.disabled else row.password_hash
            right = await passwords.matches(password, stored)
            if right and row is not None and row.totp_secret is not None and not code:
                return Refused(Refusal.CODE_NEEDED)
            async with self._database.change(f"web user {person}") as unit:
                cookie = await self._let_in(unit, row.id, code, address, program) if right and row else None
                after = after_failure(guard, now) if cookie is None else after_success(guard)
                await lockouts.keep(unit, subjects, after, now)
        return cookie or Refused(Refusal.WRONG)

    async def _let_in(self, unit: Unit, id: int, code: str | None, address: str, program: str) -> str | None:
        row = await web_users.load(unit, id)
        if row.totp_secret is not None and not second_factor.spend(unit, row, code or "", unit.clock.now()):
            return None
        row.last_seen = unit.clock.now()
        return await sessions.begin(unit, id, address=address, program=program)
