"""`python -m centrale.serve`: call control, API and portal in one process; the supervisor's child.

SIGTERM ends it within moments; the calls go on without it (design §7).
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator

import structlog
import uvicorn
import uvloop
from pydantic import ValidationError

from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import JournalInUse
from centrale.accounts.vault import VaultError
from centrale.bootstrap import CallControl, call_control
from centrale.operation.logs import configure_logs
from centrale.operation.welcome import welcome
from centrale.settings import Settings

log = structlog.get_logger(__name__)

LAST_ANSWERS_SECONDS = 2
"""How long requests that run may take to end; event streams are cut off then, and come back by themselves."""


class Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: this process ends things in an order. `listens`: it does."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with call_control(settings) as control:
        server = Server(
            uvicorn.Config(
                control.app,
                host=str(settings.bind),
                port=settings.http_port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWERS_SECONDS,
            )
        )
        serving = asyncio.create_task(server.serve(), name="web server")
        stopping = asyncio.create_task(stop.wait(), name="signal")
        ready = asyncio.create_task(_ready(control, server), name="ready")
        await asyncio.wait({serving, stopping, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not stop.is_set():
            log.info("calls can be made")
            print(welcome(settings), flush=True)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        for task in (ready, stopping):
            task.cancel()
        await serving


async def _ready(control: CallControl, server: Server) -> None:
    """Return when calls can be made and the API answers."""
    await control.switch.wait_up()
    await server.listens.wait()


def main() -> int:
    """Exit code 0 after a signal, 1 with words when it cannot run."""
    try:
        settings = Settings()
        configure_logs(settings.home, "call-control")
    except ValidationError as error:
        print(f"A setting is wrong: {error}", file=sys.stderr)
        return 1
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings))
    except (StorageUnavailable, VaultError, JournalInUse, OSError) as problem:
        log.error("call control cannot run", problem=str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
