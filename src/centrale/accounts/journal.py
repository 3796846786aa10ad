"""The crash journal: what is known of running calls, and ended ones that are not in the database yet (design §7).

A line is appended, by one write of some microseconds, before the exchange acts. `kill -9` loses nothing, because the
kernel has the line; a power cut loses at most the last second of running calls, and call records that had no time to
reach the disk: a thread forces the file there within a tenth of a second after a record, else once a second.

Lines are JSON: `open`, `change` (merged into what is known), `closed` (the final call record) and `stored` (it is in
the database); `queue` (something happened in a queue) and `queue_stored` (all up to this one is in the database).
A file that has grown is replaced by one that begins with everything still of use. The state also stands in memory, so a
disk that is full stops no call: the journal is written whole again when there is room.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import structlog

from centrale.accounts.journal_file import Flusher, head, read_back, segments
from centrale.clock import monotonic

log = structlog.get_logger(__name__)

SEGMENT_BYTES = 16 * 1024 * 1024
TRY_AGAIN_AFTER = 1.0
"""Seconds between attempts to write to a disk that refused."""

Fields = dict[str, Any]
NumberedEvent = list[Any]
"""Which run of the exchange told it, its number there, and what it says."""


class JournalInUse(Exception):
    """Another exchange runs in this home; two would write each other's calls."""


class Journal:
    """Implements `calls.ports.Journal`. Use from one thread; `close()` when done.

    `open_calls` and `unstored` hold, at the start, what the last run left behind.
    """

    def __init__(self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._segment_bytes = segment_bytes
        self._lock = _only_one(folder)
        self.open_calls: dict[str, Fields] = {}
        """What is known of each running call."""
        self.unstored: dict[str, Fields] = {}
        """Call records that are not in the database yet, oldest first."""
        self.unstored_events: deque[NumberedEvent] = deque()
        """What happened in queues and is not in the database yet, in order."""
        self._source = secrets.token_hex(4)
        self._numbers = count(1)
        self._on_closed: Callable[[], None] | None = None
        self._on_happened: Callable[[], None] | None = None
        self._retry_at = 0.0
        self.problem: str | None = None
        """Why the journal cannot be written now; None when all is well."""
        for line in read_back(folder):
            self._apply(line)
        found = segments(folder)
        self._number = int(found[-1].stem) if found else 0
        self._descriptor: int | None = None
        self._size = self._rotate_at = 0
        self._flusher = Flusher(folder)
        self._start_segment()

    def on_closed(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each record that waits to be stored."""
        self._on_closed = wake

    def on_happened(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each queue event that waits to be stored."""
        self._on_happened = wake

    def opened(self, call: str, fields: Mapping[str, Any]) -> None:
        """A call began; written before anything is done for it."""
        self._append({"t": "open", "call": call, "fields": dict(fields)})

    def changed(self, call: str, fields: Mapping[str, Any]) -> None:
        """More is known of a running call: `fields` replace those of the same name."""
        self._append({"t": "change", "call": call, "fields": dict(fields)})

    def closed(self, call: str, record: Mapping[str, Any]) -> None:
        """The call ended; `record` is its call detail record, to be stored exactly once."""
        self._append({"t": "closed", "call": call, "record": dict(record)}, urgent=True)
        if self._on_closed is not None:
            self._on_closed()

    def stored(self, calls: Iterable[str]) -> None:
        """These records are in the database. If this line is lost they are stored once more, which changes nothing."""
        self._append({"t": "stored", "calls": list(calls)})

    def happened(self, event: Sequence[Any]) -> None:
        """Something happened in a queue; plain values, to be stored exactly once."""
        self._append({"t": "queue", "e": [self._source, next(self._numbers), *event]})
        if self._on_happened is not None:
            self._on_happened()

    def events_stored(self, last: NumberedEvent) -> None:
        """This event and all before it are in the database. If this line is lost they come once more, with the same
        source and number."""
        self._append({"t": "queue_stored", "s": last[0], "n": last[1]})

    def retry(self) -> None:
        """Writes everything anew if the disk refused it before and has room again. Lines try by themselves; this is for
        the silence between them."""
        if self._descriptor is None and monotonic() >= self._retry_at:
            self._start_segment()

    def close(self) -> None:
        """Forces everything to the disk and lets go of the folder."""
        self._flusher.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        os.close(self._lock)

    def _apply(self, line: Fields) -> None:
        """The one place that gives lines their meaning, when they are written and when they are read back."""
        match line:
            case {"t": "open", "call": str(call), "fields": dict(fields)}:
                self.open_calls[call] = fields
            case {"t": "change", "call": str(call), "fields": dict(fields)}:
                if call in self.open_calls:
                    self.open_calls[call] |= fields
            case {"t": "closed", "call": str(call), "record": dict(record)}:
                self.open_calls.pop(call, None)
                self.unstored[call] = record
            case {"t": "stored", "calls": list(calls)}:
                for call in calls:
                    self.unstored.pop(call, None)
            case {"t": "queue", "e": [str(), int(), *_] as event}:
                self.unstored_events.append(event)
            case {"t": "queue_stored", "s": str(source), "n": int(number)}:
                self._drop_events(source, number)
            case _:
                log.warning("journal.strange_line", kind=line.get("t"))

    def _drop_events(self, source: str, number: int) -> None:
        events = self.unstored_events
        last = next((at for at, event in enumerate(events) if event[0] == source and event[1] == number), None)
        for _ in range(0 if last is None else last + 1):
            events.popleft()

    def _append(self, line: Fields, *, urgent: bool = False) -> None:
        line, data = encoded(line)
        self._apply(line)
        if self._descriptor is None:
            self.retry()
            return
        try:
            written = os.write(self._descriptor, data)
        except OSError as error:
            self._failed(error)
            return
        if written < len(data):
            self._failed(OSError("the disk took only a part of a line"))
            return
        self._size += written
        self._flusher.dirty(urgent=urgent)
        if self._size >= self._rotate_at:
            self._start_segment()

    def _start_segment(self) -> None:
        """A new file that begins with everything still of use. The old ones go once it is safely on the disk.

        It gets its name when its beginning is complete: a crash in the middle leaves the old files in force.
        """
        lines = [encoded({"t": "open", "call": call, "fields": it})[1] for call, it in self.open_calls.items()]
        lines += [encoded({"t": "closed", "call": call, "record": it})[1] for call, it in self.unstored.items()]
        lines += [encoded({"t": "queue", "e": event})[1] for event in self.unstored_events]
        beginning = head(lines)
        path = self._folder / f"{self._number + 1:08}.jsonl"
        growing = path.with_suffix(".new")
        descriptor = None
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
            descriptor = os.open(growing, flags, 0o600)
            if os.write(descriptor, beginning) < len(beginning):
                raise OSError("the disk took only a part of the journal")
            growing.rename(path)
        except OSError as error:
            if descriptor is not None:
                os.close(descriptor)
            with suppress(
                OSError
            ):  # a disk that takes nothing may not give anything up either; the next try truncates it
                growing.unlink()
            self._failed(error)
            return
        if self.problem is not None:
            log.info("journal.writes_again")
        self.problem = None
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = descriptor
        self._number += 1
        self._size = len(beginning)
        self._rotate_at = len(beginning) + max(self._segment_bytes, len(beginning))
        self._flusher.switch(path)

    def _failed(self, error: OSError) -> None:
        """From now on only memory knows; a whole new file is tried again soon, as the last line may be torn."""
        if self.problem is None:
            log.error("journal.cannot_be_written", folder=str(self._folder), error=str(error))
        self.problem = f"the journal in {self._folder} cannot be written ({error}); make room on the disk"
        self._retry_at = monotonic() + TRY_AGAIN_AFTER
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def encoded(line: Fields) -> tuple[Fields, bytes]:
    """One line, and what it says. What a hostile phone put into a name may stop nobody who reads it: it becomes `?`."""
    try:
        return line, orjson.dumps(line, default=str) + b"\n"
    except TypeError:
        data = json.dumps(line, default=str, ensure_ascii=False).encode("utf-8", "replace")
        return json.loads(data), data + b"\n"


def _only_one(folder: Path) -> int:
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # The kernel gives it back when the process dies, however it dies.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise JournalInUse(
            f"another exchange is running in {folder.parent}; stop it, or choose another home"
        ) from error
    return descriptor
