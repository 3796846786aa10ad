"""Signing in to the portal with e-mail address, password and, where it is on, a code (ROLE-1)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from centrale.accounts import known_browsers, lockouts, passwords, second_factor, sessions, web_users
from centrale.accounts.database import Database
from centrale.accounts.lockouts import Count
from centrale.accounts.unit import Unit
from centrale.routing.lockout import Policy

FEW = Policy(3, timedelta(seconds=30), timedelta(hours=1), timedelta(minutes=15))
"""For one person from one place: soon slow, since nobody else is kept out."""
MANY = Policy(30, timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=15))
"""For what many share (an office behind one router, a person who is known to all the world): patient, and never slow
for long, so that who fails on purpose hardly keeps others out."""


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


@dataclass(frozen=True, slots=True)
class LetIn:
    """The texts of two cookies: of the session, and of the browser that is known from now on."""

    session: str
    browser: str


class SignIn:
    """Lets people in, and slows down who guesses."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Lock()

    async def with_password(
        self, email: str, password: str, code: str | None, *, address: str, program: str, browser: str = ""
    ) -> LetIn | Refused:
        """Lets in, or says why not.

        Failures are counted of the person from this address, of the address, and of the person from anywhere. Who
        signed in with this browser before has a count of their own, so that nobody else's failures keep them out,
        however many (`browser`: the text of the cookie that it got then). Attempts take turns, so that many at the same
        time cannot slip past the count.
        """
        person = web_users.as_kept(email)[:254]
        now = self._database.clock.now()
        async with self._turn:
            async with self._database.read() as unit:
                row = await web_users.find(unit, person)
                known = None if row is None else known_browsers.of(unit.vault, browser, row.id)
                counts = _counts(person, address, known)
                until = await lockouts.locked(unit, counts, now)
            if until is not None:
                return Refused(Refusal.LOCKED, until)
            stored = None if row is None or row.disabled else row.password_hash
            right = await passwords.matches(password, stored)
            if right and row is not None and row.totp_secret is not None and not code:
                return Refused(Refusal.CODE_NEEDED)
            anew = await _hashed_anew(password, stored) if right else None
            async with self._database.change(f"web user {person}") as unit:
                session = await self._let_in(unit, row.id, code, anew, address, program) if right and row else None
                if session is None or row is None:
                    await lockouts.count_one(unit, counts, now)
                    return Refused(Refusal.WRONG)
                await lockouts.forget(unit, counts[0])
                return LetIn(session, browser if known else known_browsers.new(unit.vault, row.id))

    async def knows_password(self, id: int, password: str) -> Refused | None:
        """Is it the present password of a web user who is signed in? None when it is.

        An unattended browser is no key to the house, and no place to guess the key at either: failures are counted.
        """
        counts = (Count(f"web-present:{id}", FEW),)
        now = self._database.clock.now()
        async with self._turn:
            async with self._database.read() as unit:
                stored = (await web_users.load(unit, id)).password_hash
                until = await lockouts.locked(unit, counts, now)
            if until is not None:
                return Refused(Refusal.LOCKED, until)
            right = await passwords.matches(password, stored)
            async with self._database.change(f"web user {id}") as unit:
                if right:
                    await lockouts.forget(unit, counts[0])
                else:
                    await lockouts.count_one(unit, counts, now)
        return None if right else Refused(Refusal.WRONG)

    async def _let_in(
        self, unit: Unit, id: int, code: str | None, anew: str | None, address: str, program: str
    ) -> str | None:
        row = await web_users.load(unit, id)
        if row.totp_secret is not None and not second_factor.spend(unit, row, code or "", unit.clock.now()):
            return None
        row.last_seen = unit.clock.now()
        row.password_hash = anew or row.password_hash
        return await sessions.begin(unit, id, address=address, program=program)


async def _hashed_anew(password: str, stored: str | None) -> str | None:
    """The hash as it is made today, when the stored one was made with less work."""
    return await passwords.hash_password(password) if stored is not None and passwords.is_dated(stored) else None


def _counts(person: str, address: str, known: str | None) -> Sequence[Count]:
    if known is not None:
        return (Count(f"web-browser:{known}", FEW),)
    place = place_of(address)
    return (
        Count(f"web:{place}:{person}", FEW),
        Count(f"web-from:{place}", MANY),
        Count(f"web-user:{person}", MANY),
    )


def place_of(address: str) -> str:
    """Where somebody sits, as it is counted: whoever has an IPv6 network has its 2^64 addresses."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)
