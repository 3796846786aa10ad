"""Who has a phone, told as it changes: read from Asterisk's own database when that was written to (QUE-4)."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from centrale.telephony.asterisk.presence import Presence


class Clock:
    """An hour after the file was written, unless it is moved."""

    moment = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


class Switch:
    """Asterisk's file, and what was told of it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "astdb.sqlite3"
        self.clock = Clock()
        self.told: list[set[str] | None] = []
        self.presence = Presence(self.file, self.clock, lambda names: self.told.append(names and set(names)))

    def holds(self, *names: str, written: timedelta = timedelta(hours=-1)) -> None:
        with closing(sqlite3.connect(self.file)) as file:
            file.execute("CREATE TABLE IF NOT EXISTS astdb (key TEXT PRIMARY KEY, value TEXT)")
            file.execute("DELETE FROM astdb")
            for name in names:
                file.execute("INSERT INTO astdb VALUES (?, '{}')", (f"/registrar/contact/{name};@1f",))
            file.execute("INSERT INTO astdb VALUES ('/pbx/UUID', 'something else')")
            file.commit()
        when = (self.clock.now() + written).timestamp()
        os.utime(self.file, (when, when))


@pytest.fixture
def switch(tmp_path: Path) -> Switch:
    return Switch(tmp_path)


async def test_a_phone_comes_and_goes(switch: Switch) -> None:
    switch.holds("desk")
    await switch.presence.look()
    switch.holds("desk", "hall", written=timedelta(minutes=-50))
    await switch.presence.look()
    switch.holds("hall", written=timedelta(minutes=-40))
    await switch.presence.look()
    assert switch.told == [{"desk"}, {"desk", "hall"}, {"hall"}]


async def test_a_file_that_nobody_wrote_to_is_not_read(switch: Switch) -> None:
    switch.holds("desk")
    for _ in range(3):
        await switch.presence.look()
    assert switch.told == [{"desk"}]


async def test_one_that_was_written_just_now_is_read_again(switch: Switch) -> None:
    """A second write may bear the same time."""
    switch.holds("desk", written=timedelta(0))
    await switch.presence.look()
    before = switch.file.stat()
    switch.holds("hall", written=timedelta(0))
    assert (switch.file.stat().st_mtime_ns, switch.file.stat().st_size) == (before.st_mtime_ns, before.st_size)
    await switch.presence.look()
    assert switch.told == [{"desk"}, {"hall"}]


async def test_while_it_cannot_be_read_nobody_can_tell(switch: Switch) -> None:
    await switch.presence.look()
    switch.file.write_bytes(b"this is no database, and long enough to be seen as such" * 20)
    await switch.presence.look()
    switch.file.unlink()
    switch.holds("desk")
    await switch.presence.look()
    assert switch.told == [None, None, {"desk"}]
