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
        query = "SELECT value FROM astdb WHERE key >= ? AND key < ?"
        # An index range, where LIKE would read every contact. Keys are `<aor>;@<hash>`.
        prefix = f"{_CONTACTS}{channel};@"
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=0.2)) as connection:
                rows = connection.execute(query, (prefix, prefix + "\x7f")).fetchall()
        except sqlite3.Error as error:
            raise OSError(f"Asterisk's list of registered phones cannot be read: {error}") from error
        found = [_contact(orjson.loads(value)) for (value,) in rows]
        valid = [contact for contact in found if contact.expires > now]
        return max(valid, key=lambda contact: contact.expires, default=None)

    def registered(self, channel: str, now: datetime) -> bool | None:
        """Is a phone registered there? None when that cannot be told now."""
        try:
            return self.of(channel, now) is not None
        except OSError:
            return None


def _contact(fields: dict[str, str]) -> Contact:
    host, port = fields.get("via_addr", ""), fields.get("via_port", "")
    return Contact(
        fields.get("user_agent", ""),
        f"{host}:{port}" if port else host,
        datetime.fromtimestamp(int(fields["expiration_time"]), UTC),
    )
