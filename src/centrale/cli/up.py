"""`centrale up`: run the exchange until it is told to stop."""

from __future__ import annotations

import asyncio

import structlog

from centrale.cli.failure import fail, fail_without_runtime, settings_or_fail
from centrale.operation.home_lock import HomeInUse
from centrale.operation.logs import configure_logs
from centrale.operation.supervisor import CannotStart, Supervisor
from centrale.operation.usual_music import give_usual_music
from centrale.runtime import BarProgress, Runtime, RuntimeUnavailable, ensure_runtime
from centrale.settings import Settings
from centrale.voice.at_home import prompt_library
from centrale.voice.prompts import Prompt
from centrale.voice.speaker import SpeechUnavailable

log = structlog.get_logger(__name__)


def up() -> None:
    """Start the exchange; Ctrl-C ends it."""
    settings = settings_or_fail()
    try:
        configure_logs(settings.home, "supervisor")
        with BarProgress() as progress:
            runtime = ensure_runtime(settings, progress)
        asyncio.run(_run(settings, runtime))
    except RuntimeUnavailable as error:
        fail_without_runtime(error)
    except (CannotStart, HomeInUse) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the exchange cannot start: {error}", "is CENTRALE_HOME a folder that you may write?")


async def _run(settings: Settings, runtime: Runtime) -> None:
    """The apology is spoken by Asterisk alone, while call control is away: so it has to exist before both."""
    prompts = prompt_library(settings)
    apology = None
    try:
        apology = await prompts.sound(Prompt.APOLOGY, settings.language)
    except SpeechUnavailable as problem:
        log.error("callers will hear no apology while call control is away", problem=str(problem))
    finally:
        await prompts.aclose()
    try:
        await asyncio.to_thread(give_usual_music, settings)
    except OSError as problem:
        log.error("who is put on hold will hear nothing", problem=str(problem))
    await Supervisor(settings, runtime, apology=apology).run()
