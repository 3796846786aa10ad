"""PINs: argon2id hashes that a phone call can wait for, and the rules for a good PIN (USR-2, SEC-1).

A PIN has four digits or little more: no hash makes it safe from someone who has the database, and the lock-out
(`routing.lockout`) is what stops guessing by telephone. So the hash may cost what OWASP gives as its minimum (19 MiB,
two passes), about 20 ms, and runs in a thread: calls go on meanwhile.
"""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from centrale.routing.pins import box_pin_problem, must_choose, pin_problem

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$aogCOPy/lwKWJDCSvoZA1w$jiHgeJuF1AE8EZjdHs/Q1jgemxwB+cBWADIE1YaLKeY"
"""The hash of a random text that nobody knows any more, as expensive as any other. Verified when there is no such user,
so that the time of the answer does not tell."""


def problem(pin: str, extension: str, *, by_administrator: bool) -> str | None:
    """Why `pin` is refused, as a sentence. An administrator may set the one that asks for a new one."""
    if by_administrator and must_choose(pin):
        return None
    found = pin_problem(pin, extension)
    return None if found is None else found.value


def box_problem(pin: str, box: str) -> str | None:
    """Why `pin` is refused for voicemail (VM-1), as a sentence."""
    found = box_pin_problem(pin, box)
    return None if found is None else found.value


async def hash_pin(pin: str) -> str:
    """The hash to be stored."""
    return await asyncio.to_thread(_HASHER.hash, pin)


async def matches(pin: str, stored: str | None) -> bool:
    """Is `pin` the one behind the hash `stored`? Without a hash: no, after the same time."""
    return await asyncio.to_thread(_verify, pin, stored)


def is_ours(hash: str) -> bool:
    """Is it a hash of a kind that costs no more than ours? Verifying a foreign one could take all the memory."""
    try:
        return not _HASHER.check_needs_rehash(hash)
    except InvalidHashError:
        return False


def _verify(pin: str, stored: str | None) -> bool:
    try:
        return _HASHER.verify(stored or _NOBODYS, pin) and stored is not None
    except VerifyMismatchError:
        return False
    except InvalidHashError:
        # A hash that was damaged lets nobody in.
        return False
