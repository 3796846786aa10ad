"""One child process of the supervisor that lives no longer than the supervisor."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence

from centrale.runtime.lifetime import ends_with_us


async def start_child(command: Sequence[str], environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `command` with the settings in `environment` added to ours. Raises OSError.

    Its session is its own: Ctrl-C reaches the supervisor only, which then ends things in order. When the supervisor
    itself is killed, the kernel ends the child: two of them on one exchange would both answer the same calls.
    """
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        env=os.environ | environment,
        start_new_session=True,
        preexec_fn=ends_with_us(),
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
