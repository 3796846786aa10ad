"""What voicemail asks of storage (VM-2, VM-5, VM-6). Implements `calls.ports.MessageDesk`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select

from centrale.accounts import extensions, messages, sounds
from centrale.accounts.database import Database
from centrale.accounts.desk import Desk, subjects_of
from centrale.accounts.errors import Conflict, NotFound, StorageUnavailable
from centrale.accounts.extensions import ExtensionIn
from centrale.accounts.messages_store import MessageStore
from centrale.accounts.models import ExtensionRow
from centrale.accounts.sounds import Origin
from centrale.accounts.unit import Unit
from centrale.calls.ports import Kept, Leaving, PinVerdict, VoiceMessage, Whence
from centrale.routing.snapshot import AccountId, ExtensionNumber
from centrale.telephony.switch import RecordingId

log = structlog.get_logger(__name__)


class MessageDesk:
    """`desk`: it counts wrong PINs of all kinds together. Messages lie in `home`, sounds in the folder `sounds`."""

    def __init__(self, database: Database, desk: Desk, store: MessageStore, home: Path, sounds: Path) -> None:
        self._database = database
        self._desk = desk
        self._store = store
        self._home = home
        self._sounds = sounds

    # -- leaving a message ---------------------------------------------------------------------------------------

    async def expect(self, recording: RecordingId, leaving: Leaving) -> None:
        """This recording will be a message."""
        await self._store.expect(recording, leaving)

    def expected(self, call: str) -> RecordingId | None:
        """The recording that this call had begun when an earlier process of ours died."""
        return self._store.expected(call)

    async def keep(self, recording: RecordingId, recorded: Path) -> Kept | None:
        """Keeps it on the disk; the database follows. Raises OSError."""
        seconds = await self._store.keep(recording, recorded)
        return None if seconds is None else Kept(f"a message of {seconds:.0f} s is kept")

    # -- listening -----------------------------------------------------------------------------------------------

    async def messages(self, account: AccountId, box: ExtensionNumber, *, new: bool) -> list[VoiceMessage]:
        """The new ones, or those heard before; the oldest first. Raises StorageUnavailable."""
        async with self._database.read() as unit:
            found = await messages.in_box(unit, account, box, new=new)
        return [
            VoiceMessage(
                message.id,
                message.left_at,
                message.caller,
                message.caller_name,
                message.seconds,
                messages.file_of(self._home, account, message.id),
            )
            for message in found
        ]

    async def heard(self, account: AccountId, message: str, now: datetime) -> None:
        """It is new no longer. One that was deleted meanwhile is nobody's concern."""
        try:
            async with self._database.change("voicemail") as unit:
                await messages.set_heard(unit, account, message, now)
        except NotFound:
            return

    async def delete(self, account: AccountId, message: str) -> None:
        """It goes; one that has gone already is fine."""
        try:
            async with self._database.change("voicemail") as unit:
                await messages.delete(unit, account, message)
        except NotFound:
            return

    # -- PIN and options -----------------------------------------------------------------------------------------

    async def try_box_pin(
        self, account: AccountId, whence: Whence, box: ExtensionNumber, pin: str, now: datetime
    ) -> PinVerdict:
        """Checks the PIN of a mailbox; of a user that of voicemail, or the one for logging on when there is none.

        Failures are counted apart from those of logging on, so that guessing one does not lock the other; for the
        channel or caller, and for the account, they count together.
        """
        hash = func.coalesce(ExtensionRow.voicemail_pin_hash, ExtensionRow.pin_hash)
        stored = select(hash).where(
            ExtensionRow.account_id == account, ExtensionRow.number == box, ExtensionRow.kind.in_(extensions.WITH_PIN)
        )
        subjects = subjects_of(account, whence, box, what="voicemail")
        return await self._desk.attempt(account, whence, subjects, pin, stored, now)

    async def choose_box_pin(self, account: AccountId, box: ExtensionNumber, pin: str) -> None:
        """Sets a new one. Raises `Invalid` for one that VM-1 does not allow."""
        async with self._database.change(f"voicemail {box}") as unit:
            await extensions.set_box_pin(unit, account, box, pin)

    async def set_language(self, account: AccountId, box: ExtensionNumber, language: str) -> None:
        """What the box speaks."""
        async with self._database.change(f"voicemail {box}", despite_expectations=True) as unit:
            await unit.lock(account)
            await _change(unit, account, box, {"language": language})

    async def set_greeting(self, account: AccountId, box: ExtensionNumber, recorded: Path | None) -> bool:
        """What callers hear: this recording, or the standard words. The one before, made in the same way, goes.

        False when that cannot be done now.
        """
        try:
            await self._set_greeting(account, box, recorded)
        except (OSError, ValueError, StorageUnavailable) as problem:
            log.warning("a greeting cannot be kept", account=account, box=box, problem=str(problem))
            return False
        return True

    async def _set_greeting(self, account: AccountId, box: ExtensionNumber, recorded: Path | None) -> None:
        maker = f"voicemail {box}"
        async with self._database.change(maker, despite_expectations=True) as unit:
            await unit.lock(account)
            welcome = None
            if recorded is not None:
                name = f"{(await extensions.get(unit, account, box)).name}: greeting"[:80]
                file = await sounds.keep_recording(
                    unit,
                    self._sounds,
                    account,
                    recorded,
                    name=name,
                    origin="greeting",
                    maker=maker,
                    now=unit.clock.now(),
                )
                welcome = {"sound": file}
            before = await _change(unit, account, box, {"welcome": welcome})
            await self._throw_away(unit, account, (before.get("welcome") or {}).get("sound"))

    async def _throw_away(self, unit: Unit, account: AccountId, file: str | None) -> None:
        """A greeting that nobody plays any more."""
        if file is None:
            return
        try:
            if (await sounds.get(unit, account, file)).origin is Origin.GREETING:
                await sounds.delete(unit, account, self._sounds, file)
        except (NotFound, Conflict):
            return  # an uploaded file that has no row, or another extension plays it


async def _change(
    unit: Unit, account: AccountId, box: ExtensionNumber, changes: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Sets fields of the box's voicemail; gives it as it was before."""
    stored = await extensions.get(unit, account, box)
    if stored.kind == "user":
        before: dict[str, Any] = stored.settings.get("voicemail", {})
        wanted = {**stored.settings, "voicemail": {**before, **changes}}
    else:
        before = stored.settings
        wanted = {**before, **changes}
    data = ExtensionIn(number=stored.number, kind=stored.kind, name=stored.name, settings=wanted)
    await extensions.change(unit, account, box, data)
    return before
