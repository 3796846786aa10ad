"""Passwords of the portal: argon2id, and the rules for a good one (NIST SP 800-63B: length counts, not signs)."""

from __future__ import annotations

import asyncio
import os
import re
import threading
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200

_HASHER = PasswordHasher()
"""The library's own choice (RFC 9106, low memory): some 50 ms and 64 MiB, in a thread."""

_LESS_URGENT = 10
"""How much nicer than calls (nice(2))."""


def _after_calls() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LESS_URGENT)  # on Linux, of this thread alone


_ASIDE = ThreadPoolExecutor(1, "passwords", _after_calls)
"""One at a time and after the calls: each takes a quarter of a second of all cores, and many may sign in at nine."""

_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$HMDbQlEenhH7Fy1edi41uQ$XmkroS8IAPh2+lNBORYJwC0Dq2SAFKLvy05rICpTlaU"
"""The hash of a random text that nobody knows any more, as expensive as any other."""

_COMMON = re.compile(
    r"(passwor[dt]|wachtwoord|welkom|welcome|qwert|azerty|geheim|secret|letmein|centrale)", re.IGNORECASE
)


def problem(password: str, *known: str) -> str | None:
    """Why `password` is refused, with what to do. `known`: e-mail and name, which anybody guesses first."""
    password = _typed(password)
    if len(password) < SHORTEST:
        return f"is too short: take {SHORTEST} characters or more, such as four words"
    if len(password) > LONGEST:
        return f"is too long: {LONGEST} characters are the most"
    rest = _COMMON.sub("", password)
    for word in _words(known):
        rest = re.sub(re.escape(word), "", rest, flags=re.IGNORECASE)
    rest = re.sub(r"(.)\1{2,}", r"\1", rest)  # aaaa, 0000
    rest = re.sub(r"0123456789?|123456789?0?|12345|1234|987654321|abcdef", "", rest)
    if len(rest) < SHORTEST - 4:
        return "is too easy to guess: it is mostly a common word, your name or a row; take some words more"
    return None


def _words(known: tuple[str, ...]) -> list[str]:
    """Those of `known`, and a name or the part before the @ written as one; the longest first."""
    texts = [text.casefold() for text in known]
    words = {part for text in texts for part in re.split(r"[^\w]+", text)}
    words |= {re.sub(r"[^\w]+", "", text.partition("@")[0]) for text in texts}
    return sorted((word for word in words if len(word) > 2), key=len, reverse=True)


async def hash_password(password: str) -> str:
    """The hash to be stored."""
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, _HASHER.hash, _typed(password))


async def matches(password: str, stored: str | None) -> bool:
    """Is `password` the one behind the hash `stored`? Without a hash: no, after the same time."""
    return await asyncio.get_running_loop().run_in_executor(_ASIDE, _verify, _typed(password[: LONGEST + 1]), stored)


def is_dated(stored: str) -> bool:
    """Was the hash made with less work than hashes are made with now? Whoever knows the password makes it anew."""
    return _HASHER.check_needs_rehash(stored)


def _typed(password: str) -> str:
    """One keyboard sends é as one character and another as two; it is the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def _verify(password: str, stored: str | None) -> bool:
    try:
        return _HASHER.verify(stored or _NOBODYS, password) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False
