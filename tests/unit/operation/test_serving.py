"""Call control as a process: it takes calls before it reads anything that calls do not need."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import httpx

from centrale.phones.tools import free_port
from centrale.runtime.lifetime import ends_with_us

NOT_FOR_CALLS = ("fastapi", "uvicorn", "starlette", "alembic", "httpx", "typer", "centrale.api.app")


def test_what_the_first_call_does_not_need_is_not_read_before_it() -> None:
    """Callers wait while a killed call control starts again; reading code is most of that."""
    look = f"import sys, centrale.serving; print([name for name in {NOT_FOR_CALLS} if name in sys.modules])"
    read = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert read.stdout.strip() == "[]"


async def test_without_a_switch_the_api_comes_all_the_same_and_says_so(tmp_path: Path) -> None:
    port = free_port()
    settings = {"HOME": tmp_path / "home", "HTTP_PORT": port, "ARI_PORT": free_port(), "SIP_PORT": free_port()}
    environment = os.environ | {f"CENTRALE_{name}": str(value) for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "centrale.serve",
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=ends_with_us(),
    )
    try:
        answer = await _once_it_listens(f"http://127.0.0.1:{port}/healthz", process)
        assert answer.status_code == 503
        assert "Asterisk" in answer.text
    finally:
        process.terminate()
        code = await process.wait()
    assert code == 0


async def _once_it_listens(url: str, process: asyncio.subprocess.Process) -> httpx.Response:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while process.returncode is None:
            try:
                return await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)  # nothing tells from outside when a port begins to listen
    raise AssertionError(f"it ended with {process.returncode}")
