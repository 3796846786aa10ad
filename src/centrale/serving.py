"""Serves calls first, then the API, until a signal comes. What `python -m centrale.serve` runs."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import structlog
import uvloop
from pydantic import ValidationError

from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.journal import JournalInUse
from centrale.accounts.vault import VaultError
from centrale.bootstrap import CallControl, call_control
from centrale.operation.logs import configure_logs
from centrale.operation.welcome import welcome
from centrale.settings import Settings

if TYPE_CHECKING:
    from centrale.api.server import Server

log = structlog.get_logger(__name__)

CALLS_FIRST_SECONDS = 2.0
"""So long the API waits for the switch, and for the calls of before to be taken up; then it comes without."""


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with call_control(settings) as control:
        stopping = asyncio.create_task(stop.wait(), name="signal")
        web = asyncio.create_task(_web(control, settings), name="web server")
        await asyncio.wait({web, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        web.cancel()
        with suppress(asyncio.CancelledError):
            await web


async def _web(control: CallControl, settings: Settings) -> None:
    """Serve the API until cancelled; say when calls can be made as well.

    Callers may be waiting, and reading the API's code takes as long as all that comes before: it comes after them,
    and in a thread, so that calls go on meanwhile. Looking at all its routes takes half a second, too.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(CALLS_FIRST_SECONDS):
            await control.taken_up.wait()
    api = await asyncio.to_thread(import_module, "centrale.api.server")
    app = await asyncio.to_thread(import_module("centrale.api.app").bare_app)
    server: Server = api.make_server(app, control.services)
    serving = asyncio.create_task(server.serve())
    ready = asyncio.create_task(_ready(control, server.listens, settings))
    try:
        await asyncio.shield(serving)
    finally:
        ready.cancel()
        server.should_exit = True
        await serving


async def _ready(control: CallControl, listens: asyncio.Event, settings: Settings) -> None:
    """Say when calls can be made and the API answers."""
    await control.switch.wait_up()
    await listens.wait()
    # The accounts and the API's code stay, too: a full look for garbage among them stopped all calls for 80 to 180 ms.
    gc.freeze()
    log.info("calls can be made")
    print(welcome(settings), flush=True)


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
