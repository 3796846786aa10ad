"""`centrale demo` as a newcomer runs it."""

from __future__ import annotations

import asyncio
import os
import re
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path

from centrale.phones.tools import free_port
from centrale.runtime.lifetime import ends_with_us
from tests.e2e.exchange.running import RunningExchange
from tests.e2e.operation.up import CENTRALE


async def demo(environment: dict[str, str]) -> tuple[int | None, str]:
    """Run it to its end: exit code and what it printed, each piece of white space as one."""
    process = await asyncio.create_subprocess_exec(
        str(CENTRALE),
        "demo",
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env=os.environ | environment,
        preexec_fn=ends_with_us(),
    )
    async with asyncio.timeout(120):
        printed, _ = await process.communicate()
    return process.returncode, re.sub(r"\s+", " ", printed.decode())


async def test_it_places_real_calls_and_shows_their_traces_and_that_sound_passed(exchange: RunningExchange) -> None:
    code, printed = await demo(exchange.environment)
    assert code == 0, printed
    assert printed.count("✓ as it should be") == 6
    assert printed.count("audio passed, 2 tones heard") == 5
    assert printed.count("Record of") == 9
    for of_the_trace in (
        "log-on 201 logged on to DEMOEC01",
        "plan Open",
        "caller-id +31205550204",
        "active_by standing",
    ):
        assert of_the_trace in printed
    logons = await exchange.api.get("accounts/1/logons")
    assert logons["items"] == [], "everybody is logged off again, as before"


async def test_without_an_exchange_it_says_what_to_do(tmp_path: Path) -> None:
    code, printed = await demo({"CENTRALE_HOME": str(tmp_path), "CENTRALE_HTTP_PORT": str(free_port())})
    assert code == 1
    assert "No exchange answers" in printed
    assert "centrale up" in printed
    assert "Traceback" not in printed
