"""PINs: what a hash of them costs (SEC-1). Which ones are good: tests/unit/routing/test_pin_rules.py."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from centrale.accounts import pins


@pytest.fixture(autouse=True)
def in_earnest(quick_pins: PasswordHasher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work that a hash takes outside the tests."""
    monkeypatch.setattr(pins, "_HASHER", quick_pins)


async def test_a_hash_takes_the_least_work_that_is_advised() -> None:
    """OWASP: 19 MiB and two passes, where the lock-out is what stops guessing."""
    stored = await pins.hash_pin("4711")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert pins.is_ours(stored)
    assert await pins.matches("4711", stored)
    assert not await pins.matches("4712", stored)


def test_who_is_nobody_costs_as_much_work() -> None:
    """Else how long it takes tells who there is."""
    assert pins.is_ours(pins._NOBODYS)


async def test_nobody_has_no_pin() -> None:
    assert not await pins.matches("4711", None)
