"""Asterisk's log stays small, whoever knocks."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from centrale.operation.log_bound import KEPT, keep_bounded, put_aside_when_large


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "asterisk.log"


def test_a_small_log_and_none_at_all_are_left_alone(path: Path, tmp_path: Path) -> None:
    put_aside_when_large(path, 10)
    assert list(tmp_path.iterdir()) == []
    path.write_text("0123456789")
    put_aside_when_large(path, 10)
    assert [file.name for file in tmp_path.iterdir()] == ["asterisk.log"]


def test_who_has_it_open_writes_on_at_its_beginning(path: Path) -> None:
    with path.open("a") as asterisk:
        asterisk.write("what was said before\n")
        asterisk.flush()
        put_aside_when_large(path, 10)
        asterisk.write("now\n")
    assert path.read_text() == "now\n"
    assert path.with_name("asterisk.log.1").read_text() == "what was said before\n"


def test_only_the_latest_are_kept(path: Path, tmp_path: Path) -> None:
    for number in range(9):
        path.write_text(f"text number {number}")
        put_aside_when_large(path, 10)
    aside = sorted(file for file in tmp_path.iterdir() if file != path)
    assert len(aside) == KEPT
    assert [file.read_text()[-1] for file in aside] == ["8", "7", "6", "5"]


def test_on_a_full_disk_it_is_emptied_without_a_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path, to: Path) -> None:
        to.write_text("half")
        raise OSError("No space left on device")

    path.write_text("long enough to be put aside")
    monkeypatch.setattr(shutil, "copyfile", full)
    put_aside_when_large(path, 10)
    assert path.read_text() == ""
    assert [file.name for file in tmp_path.iterdir()] == ["asterisk.log"]


async def test_it_goes_on_looking_also_when_it_could_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = asyncio.Event()
    refusals = [OSError("not now")]

    def exists(_: Path) -> bool:
        if refusals:
            raise refusals.pop()
        loop.call_soon_threadsafe(looked.set)
        return False

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(Path, "exists", exists)
    looking = asyncio.create_task(keep_bounded(path, every=0.0))
    async with asyncio.timeout(60):
        await looked.wait()
    looking.cancel()
    await asyncio.wait([looking])
    monkeypatch.undo()
    assert looking.cancelled()
