"""Which phones are registered, and where: read from Asterisk's own database of contacts, without asking Asterisk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

_CONTACTS = "/registrar/contact/"


@dataclass(frozen=True, slots=True)
class Contact:
    """A registration: the phone's own words for itself, its address, and until when it lasts."""

    user_agent: str
    address: str
    expires: datetime


class Contacts:
    """Reads `astdb.sqlite3`; some tens of microseconds a channel. Asterisk writes it within a second (`db.c`)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, channel: str, now: datetime) -> Contact | None:
        """The registration of `channel` that is valid at `now`. Raises OSError when the file cannot be read."""
        # Keys are `<aor>;@<hash>`.
        valid = self._valid(f"{channel};@", now).values()
        return max(valid, key=lambda contact: contact.expires, default=None)

    def valid(self, now: datetime) -> dict[str, Contact]:
        """All registrations that are valid at `now`, by Asterisk's name for each. Raises OSError."""
        return self._valid("", now)

    def registered(self, channel: str, now: datetime) -> bool | None:
        """Is a phone registered there? None when that cannot be told now."""
        try:
            return self.of(channel, now) is not None
        except OSError:
            return None

    def _valid(self, beginning: str, now: datetime) -> dict[str, Contact]:
        query = "SELECT key, value FROM astdb WHERE key >= ? AND key < ?"
        # An index range, where LIKE would read every contact.
        prefix = f"{_CONTACTS}{beginning}"
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=0.2)) as connection:
                rows = connection.execute(query, (prefix, prefix + "\x7f")).fetchall()
        except sqlite3.Error as error:
            raise OSError(f"Asterisk's list of registered phones cannot be read: {error}") from error
        found = {key.removeprefix(_CONTACTS): _contact(value) for key, value in rows}
        return {key: contact for key, contact in found.items() if contact is not None and contact.expires > now}


def _contact(value: str) -> Contact | None:
    """None for what nobody can read."""
    try:
        return _read(orjson.loads(value))
    except (ValueError, LookupError, OverflowError):
        return None


def _read(fields: dict[str, str]) -> Contact:
    host, port = fields.get("via_addr", ""), fields.get("via_port", "")
    return Contact(
        fields.get("user_agent", ""),
        f"{host}:{port}" if port else host,
        datetime.fromtimestamp(int(fields["expiration_time"]), UTC),
    )
