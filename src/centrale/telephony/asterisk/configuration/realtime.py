"""Channels and trunks, live without a reload: a SQLite file that we write and Asterisk reads when it needs one.

Asterisk looks an object up at each use, so what is committed here counts from the next SIP message on (decision 0002).
The file is a copy: it can be thrown away and filled again from the database at any moment. It holds digests of the
phones' passwords and the passwords of trunks, hence mode 0600.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from centrale.telephony.asterisk.configuration.objects import (
    Row,
    SipChannel,
    SipTrunk,
    channel_rows,
    trunk_rows,
)

_NOTHING_BY_DEFAULT = {
    "ps_endpoints": (
        "context transport aors auth outbound_auth allow dtmf_mode identify_by direct_media rtp_symmetric force_rport "
        "rewrite_contact rtp_timeout timers timers_sess_expires allow_transfer allow_subscribe send_connected_line "
        "trust_connected_line trust_id_inbound trust_id_outbound send_pai language from_user mailboxes "
        "moh_suggest voicemail_extension"
    ),
    "ps_auths": "auth_type username realm password password_digest",
    "ps_aors": "contact mailboxes voicemail_extension",
    "ps_endpoint_id_ips": "endpoint match",
    "lamps": "secret mailboxes voicemail_extension",
}

# Asterisk reads an empty column as an empty text, which is no number and no yes or no: those are always filled.
_ASTERISKS_DEFAULTS = {
    "ps_endpoints": {
        "send_diversion": "yes",
        "device_state_busy_at": "0",
        "mwi_subscribe_replaces_unsolicited": "no",
    },
    "ps_aors": {
        "max_contacts": "0",
        "remove_existing": "no",
        "minimum_expiration": "60",
        "default_expiration": "3600",
        "maximum_expiration": "7200",
        "qualify_frequency": "0",
    },
}

TABLES: dict[str, Row] = {
    table: dict.fromkeys(columns.split(), "") | _ASTERISKS_DEFAULTS.get(table, {})
    for table, columns in _NOTHING_BY_DEFAULT.items()
}
"""Exactly the columns that are used, and what a row holds in those that it does not name."""

ASTERISKS = tuple(table for table in TABLES if table != "lamps")
"""Those that Asterisk reads."""

_LAMPS_ARE_AORS_TOO = (
    """\
CREATE TRIGGER IF NOT EXISTS lamp_comes AFTER INSERT ON lamps BEGIN
    INSERT OR REPLACE INTO ps_aors (id, mailboxes, voicemail_extension)
    VALUES (new.secret, new.mailboxes, new.voicemail_extension);
END""",
    "CREATE TRIGGER IF NOT EXISTS lamp_goes AFTER DELETE ON lamps BEGIN DELETE FROM ps_aors WHERE id = old.secret; END",
)
"""Asterisk reads a lamp as an address of record, by its secret name (`objects.lamp_secret`)."""

_BUSY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Changes:
    """How many phones and trunks were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class RealtimeStore:
    """The file. Every method is one transaction, may be repeated, and blocks for as long as a disk write takes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with self._transaction() as connection:
            for table, columns in TABLES.items():
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
                _add_missing_columns(connection, table, columns)
            for statement in _LAMPS_ARE_AORS_TOO:
                connection.execute(statement)

    def sync(self, channels: Iterable[SipChannel], trunks: Iterable[SipTrunk]) -> Changes:
        """Make the file hold these and nothing else; only what differs is written."""
        wanted = {channel.name: _whole(channel_rows(channel)) for channel in channels}
        wanted |= {trunk.endpoint: _whole(trunk_rows(trunk)) for trunk in trunks}
        with self._transaction() as connection:
            present = _present(connection)
            added = wanted.keys() - present.keys()
            removed = present.keys() - wanted.keys()
            changed = {name for name in wanted.keys() & present.keys() if wanted[name] != present[name]}
            for name in added | changed:
                _put(connection, name, wanted[name])
            for name in removed:
                _remove(connection, name)
        return Changes(len(added), len(changed), len(removed))

    def put_channel(self, channel: SipChannel) -> None:
        """Add a phone, or replace it."""
        with self._transaction() as connection:
            _put(connection, channel.name, _whole(channel_rows(channel)))

    def remove_channel(self, name: str) -> None:
        """Take a phone away; one that is not there is fine."""
        with self._transaction() as connection:
            _remove(connection, name)

    def put_trunk(self, trunk: SipTrunk) -> None:
        """Add a trunk, or replace it. What Asterisk keeps in memory is pushed apart (`pushed_objects`)."""
        with self._transaction() as connection:
            _put(connection, trunk.endpoint, _whole(trunk_rows(trunk)))

    def remove_trunk(self, endpoint: str) -> None:
        """Take a trunk away by its endpoint's name; one that is not there is fine."""
        with self._transaction() as connection:
            _remove(connection, endpoint)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection each time: calls come from whatever thread has time. WAL lets Asterisk read while we write."""
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _add_missing_columns(connection: sqlite3.Connection, table: str, columns: Row) -> None:
    """A new table, or one of an older version, grows to what is used now."""
    present = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
    for column, default in columns.items():
        if column not in present:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN \"{column}\" TEXT NOT NULL DEFAULT '{default}'")


def _whole(rows: dict[str, Row]) -> dict[str, Row]:
    """`rows` with every column of their tables filled."""
    return {table: TABLES[table] | row for table, row in rows.items()}


def _present(connection: sqlite3.Connection) -> dict[str, dict[str, Row]]:
    """Everything in the file, by name and table."""
    found: dict[str, dict[str, Row]] = {}
    for table in TABLES:
        for row in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a name from TABLES
            fields = {column: row[column] for column in TABLES[table]}
            found.setdefault(row["id"], {})[table] = fields
    for secret in [rows["lamps"]["secret"] for rows in found.values() if "lamps" in rows]:
        found.pop(secret, None)  # comes and goes with its lamp
    return found


def _put(connection: sqlite3.Connection, name: str, rows: dict[str, Row]) -> None:
    """Replace all that the file says of `name`; the endpoint comes last, when what it refers to is there."""
    _remove(connection, name)
    for table, row in reversed(rows.items()):
        columns = ", ".join(f'"{column}"' for column in ("id", *row))
        marks = ", ".join("?" * (len(row) + 1))
        statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608 - names from TABLES
        connection.execute(statement, (name, *row.values()))


def _remove(connection: sqlite3.Connection, name: str) -> None:
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (name,))  # noqa: S608 - a name from TABLES
