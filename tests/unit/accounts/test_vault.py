"""Secrets at rest (SEC-1)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from centrale.accounts import vault as vault_module
from centrale.accounts.vault import Vault, VaultError, strong_password


def test_what_is_sealed_is_read_with_the_same_key_only(tmp_path: Path) -> None:
    sealed = Vault.open(tmp_path / "one").seal("s3cret")

    assert "s3cret" not in sealed
    assert Vault.open(tmp_path / "one").unseal(sealed) == "s3cret"
    with pytest.raises(VaultError, match="back-up"):
        Vault.open(tmp_path / "two").unseal(sealed)


def test_the_key_is_its_owners(tmp_path: Path) -> None:
    Vault.open(tmp_path)
    key = tmp_path / "secrets" / "key"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [it.name for it in key.parent.iterdir()] == ["key"]


def test_a_damaged_key_is_told(tmp_path: Path) -> None:
    Vault.open(tmp_path)
    (tmp_path / "secrets" / "key").write_text("half a k")
    with pytest.raises(VaultError, match="damaged"):
        Vault.open(tmp_path)


def test_processes_that_start_together_have_one_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = iter(range(100))
    monkeypatch.setattr(vault_module.os, "getpid", lambda: next(ids))
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: Vault.open(tmp_path), range(8)))
    sealed = vaults[0].seal("s3cret")
    assert {it.unseal(sealed) for it in vaults} == {"s3cret"}


def test_passwords_differ_and_can_be_typed_over() -> None:
    made = {strong_password() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("0O1lIo")
