"""Reading journal files back, and forcing them to the disk without making a call wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import structlog

log = structlog.get_logger(__name__)

FORCE_EVERY = 1.0
"""Seconds that a line may stay in the kernel's memory only."""
FORCE_AT_MOST_EVERY = 0.1


def segments(folder: Path) -> list[Path]:
    """The journal's files, oldest first; what else lies in the folder is none of its business."""
    return sorted(folder.glob(f"{'[0-9]' * 8}.jsonl"))


def head(lines: list[bytes]) -> bytes:
    """The beginning of a file that repeats everything still of use; marked, so that a reader knows it to be whole."""
    return b"".join([*lines, orjson.dumps({"t": "whole", "lines": len(lines)}), b"\n"])


def read_back(folder: Path) -> Iterator[dict[str, Any]]:
    """All lines that still count, oldest first.

    A file with a whole beginning makes those before it worthless; it would be wrong to read them, as the disk may have
    refused lines in between. A beginning that a power cut tore comes on top of them instead.
    """
    lines: list[dict[str, Any]] = []
    for path in segments(folder):
        own = list(read_lines(path))
        mark = next((n for n, line in enumerate(own) if line.get("t") == "whole"), None)
        if mark is not None and own[mark].get("lines") == mark:
            lines.clear()
        lines += (line for line in own if line.get("t") != "whole")
    yield from lines


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of one file. A torn one (the last, or after a power cut any) is passed over and told in the log."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                line = orjson.loads(raw)
            except orjson.JSONDecodeError:
                log.warning("journal.torn_line", file=path.name, line=number)
                continue
            if isinstance(line, dict):
                yield line


class Flusher:
    """A thread that forces the present file to the disk: within a tenth of a second when it is urgent, else a second.

    Only when a new file is safe there are the older ones removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._named: Path | None = None
        """The last file whose name is safe on the disk too."""
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-flusher", daemon=True)
        self._thread.start()

    def dirty(self, *, urgent: bool) -> None:
        """Something was written."""
        # Waking a thread that was woken already costs a lock and a look at who waits, ten times a call.
        if urgent and not self._hurry.is_set():
            self._hurry.set()
        if not self._wake.is_set():
            self._wake.set()

    def switch(self, path: Path) -> None:
        """From now on `path` is the present file."""
        self._path = path
        self.dirty(urgent=True)

    def close(self) -> None:
        """Forces the rest to the disk and ends the thread."""
        self._closing.set()
        self.dirty(urgent=True)
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._hurry.wait(FORCE_EVERY)
            self._wake.clear()
            self._hurry.clear()
            # Only now: who closes after this look has set `_wake` again.
            closing = self._closing.is_set()
            try:
                self._force()
            except OSError as error:
                # The lines are with the kernel; the next attempt forces them too.
                log.warning("journal.cannot_be_forced_to_disk", error=str(error))
            if closing:
                return
            # Forcing after each of fifty records a second would keep the disk, and who writes to it, waiting.
            self._closing.wait(FORCE_AT_MOST_EVERY)

    def _force(self) -> None:
        path = self._path
        if path is None:
            return
        # By name rather than by the writer's descriptor, which may be closed and reused meanwhile.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path != self._named:
            _force_folder(self._folder)
            self._named = path
            for old in segments(self._folder):
                if old.name < path.name:
                    old.unlink()


def _force_folder(folder: Path) -> None:
    """Makes the names in it durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
