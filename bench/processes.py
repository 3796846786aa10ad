"""What processes used: CPU time and memory, as the kernel counts them; and which core they run on."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def _words(path: Path) -> list[int]:
    """The numbers in a file of /proc; none when its thread ended meanwhile."""
    try:
        return [int(word) for word in path.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def children_of(pid: int) -> list[int]:
    """The process and all processes below it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += _words(task)
    return found


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and everything below it so far, children that ended included; counted in 10 ms."""
    ticks = 0
    for each in children_of(pid):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(map(int, fields[11:15]))  # utime, stime, cutime, cstime (proc(5))
    return ticks / _TICKS_PER_SECOND


def resident_megabytes(pid: int) -> float:
    """Memory that a process and everything below it hold now. Pages that they share count for each."""
    kilobytes = 0
    for each in children_of(pid):
        text = Path(f"/proc/{each}/status").read_text()
        kilobytes += int(text.partition("VmRSS:")[2].split()[0])
    return kilobytes / 1024


def pin(pid: int, cores: set[int]) -> None:
    """Let a process, its threads and everything below it run on `cores` only; what they start later inherits it."""
    for each in children_of(pid):
        for thread in Path(f"/proc/{each}/task").iterdir():
            try:
                os.sched_setaffinity(int(thread.name), cores)
            except ProcessLookupError:
                continue  # it ended while we looked
