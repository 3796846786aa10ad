"""What 903 and 904 ask of storage (SYS-4, SYS-5). Implements `calls.ports.QueueDesk`."""

from __future__ import annotations

from datetime import datetime

from centrale.accounts import queues
from centrale.accounts.database import Database
from centrale.calls.ports import QueueVerdict
from centrale.routing.snapshot import AccountId, ExtensionNumber


class QueueDesk:
    """Logs agents on to queues and off."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def log_on_to_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        """Logs the agent on, if the queue's rules allow it."""
        async with self._database.change(f"user {agent}") as unit:
            return await queues.log_on(unit, account, queue, agent, since=now)

    async def log_off_from_queue(
        self, account: AccountId, queue: ExtensionNumber, agent: ExtensionNumber, now: datetime
    ) -> QueueVerdict:
        """Logs the agent off; who made themselves a member is none any more."""
        async with self._database.change(f"user {agent}") as unit:
            return await queues.log_off(unit, account, queue, agent)
