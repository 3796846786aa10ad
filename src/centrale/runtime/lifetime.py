"""Processes that live no longer than the one that started them, whatever became of that one."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
"""prctl(2): have a signal sent to ourselves when our parent dies."""

_libc = ctypes.CDLL(None, use_errno=True)


def ends_with_us(number: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn` of a process that is about to be started: the kernel sends it `number` when we die, also when we
    are killed and can do nothing any more.

    Start it in a thread that lives as long as we do: to the kernel, whoever starts a process is a thread.
    """
    parent = os.getpid()

    def ask_the_kernel() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os._exit(1)  # it died before the line above took effect

    return ask_the_kernel
