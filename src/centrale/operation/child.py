"""One child process of the supervisor that lives no longer than the supervisor."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
from collections.abc import Mapping, Sequence

_PR_SET_PDEATHSIG = 1
"""prctl(2): have a signal sent to ourselves when our parent dies."""

_libc = ctypes.CDLL(None, use_errno=True)


async def start_child(command: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `command` with the settings in `environment` added to ours. Raises OSError.

    Its session is its own: Ctrl-C reaches the supervisor only, which then ends things in order. When the supervisor
    itself is killed, the kernel ends the child: two of them on one exchange would both answer the same calls.
    """
    supervisor = os.getpid()

    def die_with_supervisor() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os._exit(1)  # it died before the line above took effect

    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        env=os.environ | environment,
        start_new_session=True,
        preexec_fn=die_with_supervisor,
    )


async def stop_child(process: asyncio.subprocess.Process, patience: float) -> None:
    """SIGTERM, then SIGKILL after `patience` seconds."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(patience):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
