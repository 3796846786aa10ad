"""`centrale up`: run the exchange until it is told to stop."""

from __future__ import annotations

import asyncio

from centrale.cli.failure import fail, fail_without_runtime
from centrale.operation.home_lock import HomeInUse
from centrale.operation.logs import configure_logs
from centrale.operation.supervisor import CannotStart, Supervisor
from centrale.settings import Settings
from centrale.telephony.asterisk.runtime import BarProgress, RuntimeUnavailable, ensure_runtime


def up() -> None:
    """Start the exchange; Ctrl-C ends it."""
    settings = Settings()
    try:
        configure_logs(settings.home, "supervisor")
        with BarProgress() as progress:
            runtime = ensure_runtime(settings, progress)
        asyncio.run(Supervisor(settings, runtime).run())
    except RuntimeUnavailable as error:
        fail_without_runtime(error)
    except (CannotStart, HomeInUse) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the exchange cannot start: {error}", "is CENTRALE_HOME a folder that you may write?")
