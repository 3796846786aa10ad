"""The crash journal: what was known of calls survives whatever dies (design §7)."""

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
from centrale.accounts.journal import Journal, JournalInUse
from centrale.accounts.journal_file import segments

RECORD = {"id": "c1", "caller": "201"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


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


def left_in(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the next run finds."""
    journal = Journal(folder)
    journal.close()
    return journal.open_calls, journal.unstored


def test_the_next_run_finds_what_was_known(folder: Path) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201", "bridge": None})
    journal.opened("c2", {"caller": "202"})
    journal.changed("c1", {"bridge": "b1"})
    journal.closed("c2", RECORD)
    journal.close()

    assert left_in(folder) == ({"c1": {"caller": "201", "bridge": "b1"}}, {"c2": RECORD})


def test_what_is_stored_is_forgotten(folder: Path) -> None:
    journal = Journal(folder)
    for call in ("c1", "c2", "c3"):
        journal.opened(call, {})
        journal.closed(call, RECORD)
    journal.stored(["c1", "c3"])
    journal.close()

    assert left_in(folder) == ({}, {"c2": RECORD})


def test_a_change_of_a_call_that_has_ended_does_not_bring_it_back(folder: Path) -> None:
    journal = Journal(folder)
    journal.closed("c1", RECORD)
    journal.changed("c1", {"bridge": "b1"})
    journal.close()

    assert left_in(folder) == ({}, {"c1": RECORD})


DIES = """
import os, signal, sys
from pathlib import Path
from centrale.accounts.journal import Journal

journal = Journal(Path(sys.argv[1]))
for n in range(300):
    journal.opened(f"c{n}", {"caller": "201"})
    journal.changed(f"c{n}", {"bridge": f"b{n}"})
    if n % 2:
        journal.closed(f"c{n}", {"id": f"c{n}"})
    if n % 10 == 1:
        journal.stored([f"c{n}"])
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_kill_9_loses_nothing(folder: Path) -> None:
    died = subprocess.run([sys.executable, "-c", DIES, str(folder)], check=False)
    assert died.returncode == -signal.SIGKILL

    open_calls, unstored = left_in(folder)
    assert open_calls == {f"c{n}": {"caller": "201", "bridge": f"b{n}"} for n in range(0, 300, 2)}
    assert list(unstored) == [f"c{n}" for n in range(300) if n % 2 and n % 10 != 1]


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


def test_a_torn_last_line_costs_only_itself(folder: Path) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201"})
    journal.closed("c2", RECORD)
    journal.close()
    (file,) = segments(folder)
    whole = file.read_bytes()
    for kept in (len(whole) - 1, len(whole) - 5, len(whole) - 30):
        file.write_bytes(whole[:kept])
        assert left_in(folder)[0] == {"c1": {"caller": "201"}}
        (file,) = segments(folder)


def test_noise_after_a_power_cut_is_passed_over(folder: Path) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201"})
    journal.close()
    (file,) = segments(folder)
    file.write_bytes(
        file.read_bytes()
        + b"\0" * 4096
        + b"\n"
        + b'[1, 2]\n{"t": "dance"}\n{"t":"closed","call":"c2","record":{"id":"c2"}}\n'
    )

    assert left_in(folder) == ({"c1": {"caller": "201"}}, {"c2": {"id": "c2"}})


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


def test_a_beginning_that_was_torn_comes_on_top_of_the_older_file(folder: Path) -> None:
    journal = Journal(folder)
    journal.opened("c1", {"caller": "201"})
    journal.opened("c2", {"caller": "202"})
    journal.close()
    older = segments(folder)[0].read_bytes()
    journal = Journal(folder)
    journal.changed("c2", {"bridge": "b2"})
    journal.close()
    newer = segments(folder)[0]
    # A power cut took one line out of the new file's middle before the older one was removed.
    lines = newer.read_bytes().splitlines(keepends=True)
    newer.write_bytes(b"".join(line for line in lines if b'"c1"' not in line))
    (folder / "00000001.jsonl").write_bytes(older)

    assert left_in(folder)[0] == {"c1": {"caller": "201"}, "c2": {"caller": "202", "bridge": "b2"}}


def test_a_file_that_has_grown_is_replaced_by_what_is_still_of_use(folder: Path) -> None:
    journal = Journal(folder, segment_bytes=4_000)
    journal.opened("c0", {"caller": "201"})
    for n in range(1, 400):
        journal.opened(f"c{n}", {"caller": "202"})
        journal.closed(f"c{n}", RECORD)
        journal.stored([f"c{n}"])
    journal.close()

    files = segments(folder)
    assert len(files) == 1
    assert int(files[0].stem) > 5
    assert files[0].stat().st_size < 8_000
    assert left_in(folder) == ({"c0": {"caller": "201"}}, {})


def test_a_journal_full_of_running_calls_is_not_written_anew_with_each_line(folder: Path) -> None:
    journal = Journal(folder, segment_bytes=1_000)
    for n in range(500):
        journal.opened(f"c{n}", {"caller": "201", "note": "x" * 50})
    journal.close()

    assert int(segments(folder)[0].stem) < 12
    assert len(left_in(folder)[0]) == 500


def test_two_exchanges_in_one_home_are_refused(folder: Path) -> None:
    journal = Journal(folder)
    with pytest.raises(JournalInUse, match="another exchange is running"):
        Journal(folder)
    journal.close()
    Journal(folder).close()


def test_a_hostile_name_does_not_stop_the_journal(folder: Path) -> None:
    journal = Journal(folder)
    journal.closed("c1", {"id": "c1", "caller_name": "a\ud800b", "big": 2**80})
    in_memory = dict(journal.unstored)
    journal.close()

    assert in_memory == {"c1": {"id": "c1", "caller_name": "a?b", "big": 2**80}}
    assert left_in(folder)[1]["c1"]["caller_name"] == "a?b"


def test_other_files_in_the_folder_are_left_alone(folder: Path) -> None:
    folder.mkdir()
    for name in ("set-aside.jsonl", "notes.txt", "7.jsonl"):
        (folder / name).write_text("mine")
    journal = Journal(folder)
    journal.opened("c1", {})
    journal.close()
    Journal(folder).close()

    assert {it.read_text() for it in folder.glob("[7ns]*")} == {"mine"}
    assert [it.name for it in segments(folder)] == ["00000002.jsonl"]


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
