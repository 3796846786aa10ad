"""Browsers that somebody signed in with before: nobody else's wrong passwords keep them out (a device cookie, as OWASP
calls it). It opens nothing: whoever steals one may guess as slowly as from any one place."""

from __future__ import annotations

import secrets

from centrale.accounts.vault import Vault, VaultError

_PURPOSE = "known browser"


def new(vault: Vault, id: int) -> str:
    """The text of a cookie for a browser of web user `id`."""
    return vault.seal(f"{_PURPOSE} {id} {secrets.token_urlsafe(12)}")


def of(vault: Vault, text: str, id: int) -> str | None:
    """The name of the browser with this cookie, if web user `id` signed in with it before."""
    try:
        opened = vault.unseal(text)
    except (VaultError, ValueError):
        return None
    purpose, _, name = opened.rpartition(" ")
    return name if purpose == f"{_PURPOSE} {id}" else None
