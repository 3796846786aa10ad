"""`python -m centrale.serve`: call control, API and portal in one process; the supervisor's child.

SIGTERM ends it within moments; the calls go on without it (design §7). Callers wait while a new one starts, and reading
code is most of that: see `serving` for what is read first.
"""

from __future__ import annotations

import gc
import sys

YOUNG = 5_000
"""So many new objects before the newest are looked through for garbage. Python's 700 is less than the calls of a busy
second hold, and nearly all that a call makes goes by itself when it ends."""

TURN = 0.0005
"""Seconds that a thread that computes (statistics, an import, a list being packed) keeps the interpreter from the event
loop each time. With Python's 5 ms each reading of a socket beside such a thread came 6 ms late, now 1 to 2."""


def main() -> int:
    """Exit code 0 after a signal, 1 with words when it cannot run."""
    # Reading code makes a million objects that stay: looking for garbage among them takes a fifth of the time, and
    # would take its time again at each full look later.
    gc.disable()
    from centrale import serving

    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()
    sys.setswitchinterval(TURN)
    return serving.main()


if __name__ == "__main__":
    sys.exit(main())
