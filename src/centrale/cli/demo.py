"""`centrale demo`: real calls through the running exchange."""

from __future__ import annotations

import asyncio

import typer
from rich.console import Console

from centrale.cli.failure import fail, fail_without_runtime, settings_or_fail
from centrale.clock import SystemClock
from centrale.demo.client import Client, DemoImpossible
from centrale.demo.performance import perform
from centrale.demo.terminal import Terminal, summary
from centrale.phones.phone import PhoneError
from centrale.runtime import BarProgress, Runtime, RuntimeUnavailable, ensure_runtime
from centrale.settings import Settings


def demo() -> None:
    """Let real phones call each other through the exchange that runs; exit code 1 when something failed."""
    console = Console(highlight=False)
    settings = settings_or_fail()
    try:
        with BarProgress() as progress:
            runtime = ensure_runtime(settings, progress, tools=True)
        good = asyncio.run(_demo(settings, runtime, console))
    except RuntimeUnavailable as error:
        fail_without_runtime(error)
    except DemoImpossible as error:
        fail(str(error), error.remedy)
    except (PhoneError, OSError) as error:
        fail("the demo's phones cannot be used", "see `centrale doctor`", str(error))
    if not good:
        raise typer.Exit(1)


async def _demo(settings: Settings, runtime: Runtime, console: Console) -> bool:
    async with Client(settings) as client:
        with Terminal(console) as terminal:
            outcomes = await perform(client, runtime, SystemClock(), terminal)
    console.print()
    console.print(summary(outcomes))
    return all(outcome.good for outcome in outcomes)
