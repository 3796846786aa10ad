"""What processes used: CPU time and memory, as the kernel counts them; and which core they run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
_ENDED = (FileNotFoundError, ProcessLookupError)


def family(pid: int) -> list[int]:
    """The process and all processes below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except _ENDED:
                continue  # while we looked
    return found


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and everything below it so far, children that ended included; counted in 10 ms.

    Raises FileNotFoundError when the process itself has ended.
    """
    ticks = 0
    for text in _each(pid, "stat"):
        ticks += sum(map(int, text.rpartition(")")[2].split()[11:15]))  # utime, stime, cutime, cstime (proc(5))
    return ticks / _TICKS_PER_SECOND


def cpu_nanoseconds(pid: int) -> int:
    """CPU time of a process and everything below it that still runs; exact, where `cpu_seconds` counts in ticks."""
    threads = (thread for each in family(pid) for thread in Path(f"/proc/{each}/task").iterdir())
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads)


def resident_megabytes(pid: int) -> float:
    """Memory that a process and everything below it hold now. Pages that they share count for each."""
    return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in _each(pid, "status")) / 1024


def _each(pid: int, name: str) -> Iterator[str]:
    """A file of /proc of the whole family."""
    yield Path(f"/proc/{pid}/{name}").read_text()
    for child in family(pid)[1:]:
        try:
            yield Path(f"/proc/{child}/{name}").read_text()
        except _ENDED:
            continue  # its parent has its time now


def pin(pid: int, cores: set[int]) -> None:
    """Let a process, its threads and everything below it run on `cores` only; what they start later inherits it."""
    for each in family(pid):
        for thread in Path(f"/proc/{each}/task").iterdir():
            try:
                os.sched_setaffinity(int(thread.name), cores)
            except ProcessLookupError:
                continue
