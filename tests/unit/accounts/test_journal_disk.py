"""The crash journal and its disk: full, then with room again, and forced to keep what it has taken (design §7)."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest

from centrale.accounts import journal as journal_module
from centrale.accounts.journal import Journal
from centrale.accounts.journal_file import segments

RECORD = {"id": "c1", "caller": "201"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def left_in(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the next run finds."""
    journal = Journal(folder)
    journal.close()
    return journal.open_calls, journal.unstored


class Disk:
    """Takes what is written, until it is `full`; may take only a part of the line that fills it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        self.takes_bytes = 0
        self._write = os.write
        monkeypatch.setattr(journal_module.os, "write", self.write)

    def write(self, descriptor: int, data: bytes) -> int:
        if not self.full:
            return self._write(descriptor, data)
        if self.takes_bytes:
            taken = self._write(descriptor, data[: self.takes_bytes])
            self.takes_bytes = 0
            return taken
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    monkeypatch.setattr(journal_module, "TRY_AGAIN_AFTER", 0.0)
    return Disk(monkeypatch)


FILLS_ITS_DISK = """
import os, resource, signal, sys
from pathlib import Path
from centrale.accounts import journal as journal_module

journal_module.TRY_AGAIN_AFTER = 0.0
journal = journal_module.Journal(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
for n in range(100):
    journal.opened(f"c{n}", {"caller": "201"})
assert journal.problem is not None
assert len(journal.open_calls) == 100
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
journal.retry()
assert journal.problem is None, journal.problem
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_disk_that_really_takes_no_more_loses_nothing_once_it_has_room(folder: Path) -> None:
    died = subprocess.run([sys.executable, "-c", FILLS_ITS_DISK, str(folder)], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr

    assert list(left_in(folder)[0]) == [f"c{n}" for n in range(100)]


def test_a_full_disk_stops_no_call_and_is_told(folder: Path, disk: Disk) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201"})
    disk.full = True
    journal.opened("c2", {"caller": "202"})
    journal.closed("c1", RECORD)

    assert journal.problem is not None
    assert "make room on the disk" in journal.problem
    assert journal.open_calls == {"c2": {"caller": "202"}}
    assert journal.unstored == {"c1": RECORD}

    disk.full = False
    journal.retry()

    assert journal.problem is None
    journal.close()
    assert left_in(folder) == ({"c2": {"caller": "202"}}, {"c1": RECORD})


@pytest.mark.parametrize("taken", [0, 1, 20])
def test_after_a_full_disk_the_next_line_writes_everything_anew(folder: Path, disk: Disk, taken: int) -> None:
    journal = Journal(folder)
    disk.full, disk.takes_bytes = True, taken
    journal.opened("c1", {"caller": "201"})
    disk.full = False
    journal.opened("c2", {"caller": "202"})
    journal.close()

    assert left_in(folder)[0] == {"c1": {"caller": "201"}, "c2": {"caller": "202"}}


def test_a_call_that_ended_while_the_disk_was_full_is_not_running_after_a_crash(folder: Path, disk: Disk) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201"})
    disk.full = True
    journal.closed("c1", RECORD)
    journal.stored(["c1"])
    older = segments(folder)[0].read_bytes()
    disk.full = False
    journal.retry()
    journal.close()
    # The process died before the older file was removed.
    (folder / "00000001.jsonl").write_bytes(older)

    assert left_in(folder) == ({}, {})


class Forced:
    """Which files were forced to the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.contents: list[bytes] = []
        self.seen = threading.Event()
        monkeypatch.setattr("centrale.accounts.journal_file.os.fsync", self.fsync)

    def fsync(self, descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if path.is_file():
            self.contents.append(path.read_bytes())
            self.seen.set()


@pytest.fixture
def forced(monkeypatch: pytest.MonkeyPatch) -> Forced:
    return Forced(monkeypatch)


def test_a_record_is_forced_to_the_disk_without_delay(
    folder: Path, forced: Forced, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("centrale.accounts.journal_file.FORCE_EVERY", 3600.0)
    journal = Journal(folder)
    assert forced.seen.wait(10)
    forced.seen.clear()
    journal.opened("c1", {})
    journal.closed("c1", RECORD)
    assert forced.seen.wait(10)
    journal.close()

    assert orjson.dumps(RECORD) in forced.contents[1]


def test_closing_forces_everything_and_never_hangs(folder: Path, forced: Forced) -> None:
    for n in range(50):
        journal = Journal(folder)
        journal.opened(f"c{n}", {})
        journal.close()
        assert f'"c{n}"'.encode() in forced.contents[-1]
