"""Playlists of music on hold, live without a reload: two tables in the realtime file (MOH-1, QUE-12).

Asterisk reads a playlist each time that it begins to play one (`cachertclasses = no`), so whoever is put on hold next
hears what stands here then; who listens already hears the old one on. A playlist without pieces is left out: Asterisk
then plays the usual music, and warns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

USUAL = "default"
"""The music of whoever has none of their own."""

TABLES = {
    "musiconhold": "name TEXT PRIMARY KEY, mode TEXT NOT NULL, sort TEXT NOT NULL",
    "musiconhold_entry": "name TEXT NOT NULL, position INTEGER NOT NULL, entry TEXT NOT NULL, "
    "PRIMARY KEY (name, position)",
}
"""The names by which Asterisk looks for them."""

_BUSY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Playlist:
    """Sound files, in the order in which they are played, again and again."""

    files: tuple[Path, ...]
    shuffled: bool = False


class MusicStore:
    """The tables. Every method is one transaction, may be repeated, and blocks for as long as a disk write takes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with self._transaction() as connection:
            for table, columns in TABLES.items():
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}) WITHOUT ROWID")

    def sync(self, playlists: Mapping[str, Playlist]) -> int:
        """Make the tables hold these and nothing else; gives how many differed."""
        wanted = {name: _rows(playlist) for name, playlist in playlists.items() if playlist.files}
        with self._transaction() as connection:
            present = _present(connection)
            changed = {name for name in present.keys() | wanted.keys() if present.get(name) != wanted.get(name)}
            for name in changed:
                for table in TABLES:
                    connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,))  # noqa: S608 - from TABLES
                if name in wanted:
                    sort, entries = wanted[name]
                    connection.execute("INSERT INTO musiconhold VALUES (?, 'playlist', ?)", (name, sort))
                    connection.executemany(
                        "INSERT INTO musiconhold_entry VALUES (?, ?, ?)",
                        [(name, position, entry) for position, entry in enumerate(entries)],
                    )
        return len(changed)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _rows(playlist: Playlist) -> tuple[str, tuple[str, ...]]:
    """How Asterisk is to sort, and the files as it names them: without their type."""
    return "random" if playlist.shuffled else "", tuple(str(file.with_suffix("")) for file in playlist.files)


def _present(connection: sqlite3.Connection) -> dict[str, tuple[str, tuple[str, ...]]]:
    entries: dict[str, list[str]] = {}
    for name, entry in connection.execute("SELECT name, entry FROM musiconhold_entry ORDER BY name, position"):
        entries.setdefault(name, []).append(entry)
    return {
        name: (sort, tuple(entries.get(name, ())))
        for name, sort in connection.execute("SELECT name, sort FROM musiconhold")
    }
