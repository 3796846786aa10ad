"""Nothing that tests or phones start is left when they are killed, such as a run of pytest that somebody ends."""

from __future__ import annotations

import ast
import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from centrale.runtime.lifetime import ends_with_us

ROOT = Path(__file__).parents[3]

STARTS = ("create_subprocess_exec", "create_subprocess_shell", "Popen")

PARENT = """
import subprocess, sys
from centrale.runtime.lifetime import ends_with_us
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, preexec_fn=ends_with_us())
print(child.pid, flush=True)
input()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
async def test_who_was_started_ends_when_who_started_it_is_killed(how: signal.Signals) -> None:
    pipe = asyncio.subprocess.PIPE
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, stdin=pipe, stdout=pipe, preexec_fn=ends_with_us()
    )
    assert parent.stdout is not None
    child = os.pidfd_open(int(await parent.stdout.readline()))
    parent.send_signal(how)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(child, ended.set)
    try:
        async with asyncio.timeout(30):
            await ended.wait()
    finally:
        asyncio.get_running_loop().remove_reader(child)
        os.close(child)
        await parent.wait()


def starts() -> Iterator[tuple[str, ast.Call]]:
    """Where tests and phones start a process and do not wait for it."""
    for folder in ("tests", "src/centrale/phones"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STARTS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_all_that_tests_and_phones_start_is_started_so() -> None:
    found = dict(starts())
    assert len(found) > 8
    for place, call in found.items():
        ends = {it.arg for it in call.keywords} & {"preexec_fn", "stdin"}
        assert "preexec_fn" in ends or _reads(call), f"{place}: say preexec_fn=ends_with_us()"


def _reads(call: ast.Call) -> bool:
    """A process that reads from us ends by itself: its input does."""
    stdin = next((it.value for it in call.keywords if it.arg == "stdin"), None)
    return isinstance(stdin, ast.Attribute) and stdin.attr == "PIPE"
