"""The crash journal: what was known of calls survives whatever dies (design §7)."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from centrale.accounts.journal import Journal, JournalInUse
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
