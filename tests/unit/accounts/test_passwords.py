"""Passwords of the portal: how they are kept, and which are refused (ROLE-1)."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from centrale.accounts import passwords


async def test_a_hash_takes_as_much_work_as_argon2id_is_advised_to() -> None:
    stored = await passwords.hash_password("vier rode fietsen")
    assert stored.startswith("$argon2id$")
    assert "m=65536,t=3,p=4" in stored
    assert not passwords.is_dated(stored)
    assert await passwords.matches("vier rode fietsen", stored)
    assert not await passwords.matches("vier rode fiets", stored)


def test_a_hash_of_less_work_is_dated() -> None:
    assert passwords.is_dated(PasswordHasher(time_cost=1, memory_cost=1024).hash("vier rode fietsen"))


@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$broken"])
async def test_without_a_hash_nothing_matches(stored: str | None) -> None:
    assert not await passwords.matches("this is nobody's password", stored)


async def test_who_is_nobody_costs_as_much_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else how long it takes tells who there is."""
    asked: list[str] = []

    class Counting:
        def verify(self, stored: str, _: str) -> bool:
            asked.append(stored.partition(",p=")[0])
            raise VerifyMismatchError

    stored = await passwords.hash_password("vier rode fietsen")
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    assert not await passwords.matches("wrong", stored)
    assert not await passwords.matches("wrong", None)
    assert asked == ["$argon2id$v=19$m=65536,t=3"] * 2


async def test_every_keyboard_types_the_same_password() -> None:
    """A Mac sends é as two characters, others as one."""
    composed, taken_apart = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"
    assert await passwords.matches(taken_apart, await passwords.hash_password(composed))


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "123456789",
        "wachtwoord1!",
        "Welkom2026!",
        "qwerty12345",
        "0123456789",
        "annadejong2026",
        "aaaaaaaaaaaaaaa",
        "\uff57\uff41\uff43\uff48\uff54\uff57\uff4f\uff4f\uff52\uff44\uff11",  # wachtwoord1 in full-width letters
        "x" * 201,
    ],
)
def test_what_is_guessed_first_is_refused(weak: str) -> None:
    assert passwords.problem(weak, "anna.dejong@acme.example", "Anna de Jong")


@pytest.mark.parametrize("good", ["vier rode fietsen", "correct horse battery", "Xk7#pq92Lm", "日本語の長い合言葉です"])
def test_what_is_long_enough_is_good(good: str) -> None:
    assert passwords.problem(good, "anna.dejong@acme.example", "Anna de Jong") is None
