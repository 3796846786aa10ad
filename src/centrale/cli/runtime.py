"""`centrale runtime`: find or fetch Asterisk and the test tools."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from centrale.cli.failure import fail_without_runtime, settings_or_fail
from centrale.runtime import BarProgress, RuntimeUnavailable, ensure_chromium, ensure_runtime


def runtime(
    tools: Annotated[
        bool, typer.Option("--tools", help="What tests need too: sipp, baresip, PostgreSQL and Chromium.")
    ] = False,
) -> None:
    """Find Asterisk on this machine, or fetch a private one."""
    settings = settings_or_fail()
    try:
        with BarProgress() as progress:
            found = ensure_runtime(settings, progress, tools=tools)
            browser = ensure_chromium(settings, progress) if tools else None
    except RuntimeUnavailable as error:
        fail_without_runtime(error)
    console = Console(highlight=False)
    console.print(f"Asterisk {found.version} ({found.origin})", soft_wrap=True)
    if browser is not None:
        console.print(f"Chromium {browser.version} ({browser.origin})", soft_wrap=True)
