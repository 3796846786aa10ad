"""What 905 asks of storage (SYS-6). Implements `calls.ports.SoundDesk`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import structlog

from centrale.accounts import sounds
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.routing.snapshot import AccountId

log = structlog.get_logger(__name__)


class SoundDesk:
    """`folder`: that of all accounts' sounds."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    async def keep_sound(self, account: AccountId, recorded: Path, *, maker: str, now: datetime) -> str | None:
        """Keeps it under a name that says by whom; the date stands beside it. None when that cannot be done now."""
        try:
            async with self._database.change(maker) as unit:
                return await sounds.keep_recording(
                    unit,
                    self._folder,
                    account,
                    recorded,
                    name=f"905, {maker}",
                    origin="recording",
                    maker=maker,
                    now=now,
                )
        except (StorageUnavailable, OSError, ValueError) as problem:
            log.error("a recording of 905 cannot be kept", account=account, problem=str(problem))
            return None
