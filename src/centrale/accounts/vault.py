"""Secrets at rest (SEC-1): encrypted with a key that lives in the home, beside and not inside the database.

A copy of the database alone gives no password away. The key file is made at first use, readable by its owner only;
without it the secrets are lost, so it belongs in the back-up.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

UNAMBIGUOUS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another when typed over from paper (no 0 O o, 1 l I)."""

PASSWORD_LENGTH = 20
"""116 bits of chance with 57 characters."""


class VaultError(Exception):
    """A secret cannot be read: the key file is missing, damaged or not the one it was written with."""


class Vault:
    """Encrypts and decrypts the secrets of one exchange."""

    def __init__(self, key: bytes) -> None:
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise VaultError("the key file is damaged; put back the one from your back-up") from error

    @classmethod
    def open(cls, home: Path) -> Vault:
        """The vault of the exchange in `home`; makes `secrets/key` when there is none."""
        folder = home / "secrets"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "key"
        if not path.exists():
            _write_once(path, Fernet.generate_key())
        return cls(path.read_bytes().strip())

    def seal(self, secret: str) -> str:
        """`secret`, encrypted."""
        return self._fernet.encrypt(secret.encode()).decode("ascii")

    def unseal(self, sealed: str) -> str:
        """The secret again; raises `VaultError` when this is not the key that sealed it."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken as error:
            raise VaultError(
                "a stored password cannot be read with <home>/secrets/key; put back the key from your back-up"
            ) from error


def strong_password() -> str:
    """A password for a phone: strong, and readable when typed over (CHN-1)."""
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(PASSWORD_LENGTH))


def _write_once(path: Path, key: bytes) -> None:
    """Puts the key in place whole; when two processes start at once, the first one's key stays."""
    own = path.with_name(f"key.{os.getpid()}")
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, key)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(own, path)
    except FileExistsError:
        # Another process was first; its key is the key.
        return
    finally:
        own.unlink()
