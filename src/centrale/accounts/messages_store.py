"""Takes messages from the switch into the account: each exactly once, whatever dies on the way (VM-2).

The caller is thanked when the sound and its slip are on the disk (`messages_files`). From there one task brings it into
the database, together with the notices that tell of it; a database that is away is waited for. What an earlier process
was recording when it died is taken up by its call, if that goes on, else by `calls_are_known`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

from centrale.accounts import messages, messages_files, messages_notices
from centrale.accounts.database import Database
from centrale.accounts.errors import StorageUnavailable
from centrale.accounts.messages_files import Slip
from centrale.accounts.unit import Unit
from centrale.accounts.webhooks_events import voicemail_event
from centrale.calls.ports import Leaving
from centrale.telephony.switch import RecordingId

log = structlog.get_logger(__name__)

TIDY_EVERY = 60.0
"""Seconds between looks for what was left lying about."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds before trying a database again that is away; doubled each time."""

LATELY = timedelta(hours=1)
"""No caller of an earlier message is still there to be thanked."""

_CALLER, _NAME = 80, 255
"""Characters that the columns hold."""


class MessageStore:
    """One per home. `recorded`: where the switch puts its recordings. `run()` in a task."""

    def __init__(self, database: Database, home: Path, recorded: Callable[[RecordingId], Path]) -> None:
        self._database = database
        self._home = home
        self._recorded = recorded
        self._work = asyncio.Event()
        self._slips: dict[str, Slip] = {}
        self._complete: dict[str, float] = {}
        """The seconds of those whose sound is in its place."""
        self._kept_before: dict[str, float] = {}
        """The same of messages that an earlier process kept: their callers may not have been thanked."""
        self._left_behind: dict[str, RecordingId] = {}
        self._running: Callable[[str], bool] | None = None
        self._refused: set[str] = set()
        """Messages that the database will not take; they stay in their files for people to look at."""
        database.on_commit(self._committed)

    async def load(self) -> None:
        """Read what an earlier process left; before calls are taken."""
        since = self._database.clock.now() - LATELY
        async with self._database.read() as unit:
            for id, call, seconds in await messages.left_since(unit, since):
                self._left_behind[call] = RecordingId(id)
                self._kept_before[id] = seconds
        for slip in await asyncio.to_thread(messages_files.slips, self._home):
            self._slips[slip.id] = slip
            self._left_behind[slip.call_id] = RecordingId(slip.id)
            seconds_in_place = await asyncio.to_thread(messages_files.in_place, self._home, slip)
            if seconds_in_place is not None:
                self._complete[slip.id] = self._kept_before[slip.id] = seconds_in_place
        self._work.set()

    def calls_are_known(self, running: Callable[[str], bool]) -> None:
        """From now on `running` says whether a call goes on; what the others were recording can be taken in."""
        self._running = running
        self._work.set()

    @property
    def waiting(self) -> int:
        """How many messages are not in the database yet."""
        return len(self._complete)

    # -- for calls -----------------------------------------------------------------------------------------------

    async def expect(self, recording: RecordingId, leaving: Leaving) -> None:
        """This recording will be a message. A disk that is full stops no caller: it may have room by then."""
        slip = Slip(
            id=recording,
            account=leaving.account,
            mailbox=leaving.mailbox,
            left_at=leaving.at,
            caller=_words(leaving.caller)[:_CALLER],
            caller_name=_words(leaving.caller_name)[:_NAME],
            call_id=leaving.call,
        )
        self._slips[slip.id] = slip
        try:
            await asyncio.to_thread(messages_files.write, self._home, slip)
        except OSError as problem:
            log.error("a message is recorded that a crash would lose", message=slip.id, problem=str(problem))

    def expected(self, call: str) -> RecordingId | None:
        """The recording of this call that an earlier process had begun, or even kept, when it died; told once."""
        return self._left_behind.pop(call, None)

    async def keep(self, recording: RecordingId, recorded: Path) -> float | None:
        """Seconds of the message, which is safe now; None: nothing was said. Raises OSError."""
        if recording in self._kept_before:
            return self._kept_before[recording]
        seconds = await asyncio.to_thread(messages_files.take_in, self._home, self._slips[recording], recorded)
        if seconds is None:
            del self._slips[recording]
            return None
        self._complete[recording] = seconds
        self._work.set()
        return seconds

    # -- in the background ---------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Bring messages into the database as they come, and tidy up now and then, until cancelled."""
        pause = 0.0
        tidied = -TIDY_EVERY
        loop = asyncio.get_running_loop()
        while True:
            if pause:
                await asyncio.sleep(pause)
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(TIDY_EVERY):
                        await self._work.wait()
            self._work.clear()
            try:
                await self.flush()
                if loop.time() - tidied >= TIDY_EVERY and self._running is not None:
                    await self.tidy()
                    tidied = loop.time()
            except StorageUnavailable as problem:
                if not pause:
                    log.warning("messages wait for the database", waiting=self.waiting, problem=str(problem))
                pause = min(max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE)
            else:
                if pause:
                    log.info("messages are in the database again")
                pause = 0.0

    async def flush(self) -> None:
        """Bring every message that is complete into the database. Raises StorageUnavailable."""
        await self._take_up()
        for id in [id for id in self._complete if id not in self._refused]:
            slip = self._slips[id]
            try:
                there = await self._insert(slip, self._complete[id])
            except StorageUnavailable:
                raise
            except Exception:  # a mistake of ours about one message must not keep the others from their people
                log.exception("a message cannot be brought into the database", message=slip.id)
                self._refused.add(slip.id)
                continue
            if there:
                await asyncio.to_thread(messages_files.settled, self._home, slip)
            else:
                log.warning("a message came for a mailbox that is no longer there", message=slip.id)
                await asyncio.to_thread(messages_files.remove, self._home, slip.account, slip.id)
            del self._slips[id], self._complete[id]

    async def tidy(self) -> None:
        """Remove sounds that no message has any more, as their mailbox was deleted. Raises StorageUnavailable."""
        for account, ids in await asyncio.to_thread(lambda: list(messages_files.without_slip(self._home))):
            async with self._database.read() as unit:
                known = await messages.ids(unit, account)
            for id in set(ids) - known:
                await asyncio.to_thread(messages_files.remove, self._home, account, id)

    async def _take_up(self) -> None:
        """What calls were recording that are over: of an earlier process, or one whose file could not be kept."""
        if self._running is None:
            return
        for slip in list(self._slips.values()):
            if slip.id not in self._complete and not self._running(slip.call_id):
                try:
                    seconds = await self.keep(RecordingId(slip.id), self._recorded(RecordingId(slip.id)))
                except OSError as problem:
                    log.error("a message cannot be kept", message=slip.id, problem=str(problem))
                else:
                    self._left_behind.pop(slip.call_id, None)
                    log.info("a message of a call that broke off", message=slip.id, seconds=seconds)

    async def _insert(self, slip: Slip, seconds: float) -> bool:
        async with self._database.change("voicemail") as unit:
            if await messages.is_there(unit, slip.account_id, slip.id):
                return True
            message = slip.message(seconds)
            if not await messages.add(unit, slip.account_id, message):
                return False
            await messages_notices.add(unit, slip.account_id, message)
            unit.events.append(voicemail_event(slip.account_id, message))
            return True

    async def _committed(self, unit: Unit) -> None:
        for account, id in sorted(unit.gone_messages):
            await asyncio.to_thread(messages_files.remove, self._home, account, id)


def _words(text: str) -> str:
    """What a phone says of itself, as one line that every database takes."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
