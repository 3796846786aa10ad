"""Which phones are registered, and where: read from Asterisk's own database of contacts, without asking Asterisk."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from centrale.routing.snapshot import ChannelName

_CONTACTS = "/registrar/contact/"
_URI = re.compile(r"sips?:(?:[^@]*@)?(\[[^\]]+\]|[^:;>]+)(?::(\d+))?(.*)", re.IGNORECASE)
_TRANSPORT = re.compile(r"(?:;|\^3B)transport=([a-z]+)", re.IGNORECASE)
"""Asterisk may write a semicolon as `^3B` (sorcery)."""
_OF_SOME = f"""
SELECT wanted.value, astdb.value FROM json_each(?) AS wanted CROSS JOIN astdb
WHERE astdb.key >= '{_CONTACTS}' || wanted.value || ';@' AND astdb.key < '{_CONTACTS}' || wanted.value || ';@\x7f'
"""  # noqa: S608 - ours
"""For each channel one look into the index, as CROSS JOIN has it."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A registration: the phone's own words for itself, the address it gives itself, and until when it lasts.

    `reached_at`: where its packets come from, which differs behind a router. `transport`: `udp`, `tcp` or `tls`.
    """

    user_agent: str
    address: str
    expires: datetime
    reached_at: str = ""
    transport: str = "udp"


class Contacts:
    """Reads `astdb.sqlite3`; some tens of microseconds a channel. Asterisk writes it within a second (`db.c`), and
    until that is on the disk nobody can read: ask in a thread.

    The file stays open: opening takes far longer than asking. May be used by several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        self._identity = (0, 0)

    def named(self, channel: str, now: datetime) -> tuple[str, Contact] | None:
        """The registration of `channel` that is valid at `now`, with Asterisk's name for it, which stays while a phone
        registers again and again. Raises OSError when the file cannot be read."""
        # Keys are `<aor>;@<hash>`.
        valid = self._valid(f"{channel};@", now).items()
        return max(valid, key=lambda it: it[1].expires, default=None)

    def names(self) -> set[str]:
        """Asterisk's names of all registrations; quick, since none of them is read. Raises OSError."""
        return {key for key, _ in self._rows("", "key, ''")}

    def valid(self, now: datetime) -> dict[str, Contact]:
        """All registrations that are valid at `now`, by Asterisk's name for each. Raises OSError."""
        return self._valid("", now)

    def registered(self, channels: Collection[ChannelName], now: datetime) -> set[ChannelName] | None:
        """Those of `channels` on which a phone is registered; None when that cannot be told now."""
        try:
            found = self._ask(_OF_SOME, (orjson.dumps(list(channels)).decode(),))
        except OSError:
            return None
        until = now.timestamp()
        return {
            ChannelName(channel)
            for channel, value in found
            if (expires := _expires(value)) is not None and expires > until
        }

    def _valid(self, beginning: str, now: datetime) -> dict[str, Contact]:
        found = {key: _contact(value) for key, value in self._rows(beginning, "key, value")}
        return {key: contact for key, contact in found.items() if contact is not None and contact.expires > now}

    def _rows(self, beginning: str, columns: str) -> list[tuple[str, str]]:
        query = f"SELECT {columns} FROM astdb WHERE key >= ? AND key < ?"  # noqa: S608 - both are ours
        # An index range, where LIKE would read every contact.
        prefix = f"{_CONTACTS}{beginning}"
        rows = self._ask(query, (prefix, prefix + "\x7f"))
        return [(key.removeprefix(_CONTACTS), value) for key, value in rows]

    def _ask(self, query: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
        with self._lock:
            try:
                return self._open().execute(query, values).fetchall()
            except sqlite3.Error as error:
                self._close()
                raise OSError(f"Asterisk's list of registered phones cannot be read: {error}") from error

    def _open(self) -> sqlite3.Connection:
        """The file that is there now: an Asterisk that starts anew may have made another one."""
        status = self._path.stat()
        if self._file is None or self._identity != (status.st_dev, status.st_ino):
            self._close()
            address = f"file:{self._path}?mode=ro"
            self._file = sqlite3.connect(address, uri=True, timeout=0.2, check_same_thread=False)
            self._identity = status.st_dev, status.st_ino
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _contact(value: str) -> Contact | None:
    """None for what nobody can read."""
    try:
        return _read(orjson.loads(value))
    except (ValueError, LookupError, OverflowError):
        return None


def _expires(value: str) -> int | None:
    """In seconds since 1970; None for what nobody can read."""
    try:
        return int(orjson.loads(value)["expiration_time"])
    except (ValueError, LookupError, TypeError):
        return None


def _read(fields: dict[str, str]) -> Contact:
    uri = fields.get("uri", "")
    reached, transport = _URI.match(uri), _TRANSPORT.search(uri)
    return Contact(
        fields.get("user_agent", ""),
        _joined(fields.get("via_addr", ""), fields.get("via_port", "")),
        datetime.fromtimestamp(int(fields["expiration_time"]), UTC),
        "" if reached is None else _joined(reached[1], reached[2] or ""),
        "udp" if transport is None else transport[1].lower(),
    )


def _joined(host: str, port: str) -> str:
    return f"{host}:{port}" if port else host
